"""`parley calibrate` and `parley fidelity`, as a person uses them."""

import json
import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from scenarios.loading import load
from scenarios.run import Origin, run
from tests.scenarios.crowds.files import write_log
from tests.scenarios.report.browser import Browser

SCENARIO = """
name = "fitted"
[data]
source = "csv"
path = "truth.csv"
id = "task"
truth = "truth"
[[annotators]]
people = "people.toml"
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    write_log(folder, items=40, people=8, votes=4)
    return folder


@pytest.fixture(autouse=True)
def in_the_logs_folder(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(log)


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def read(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


CALIBRATE = ("calibrate", "answers.csv", "--truth", "truth.csv")
FIDELITY = ("fidelity", "answers.csv", "--truth", "truth.csv", "--simulations", "4")


@pytest.fixture(scope="module")
def calibrated(log: Path) -> Result:
    """What is printed where people and a page are written; once for all tests, as it takes its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(log)
        return parley(*CALIBRATE, "--out", "people.toml", "--page", "page.html")


@pytest.fixture(scope="module")
def tried(log: Path) -> Result:
    """What is printed of a trial whose bound is missed, and whose plot is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(log)
        return parley(*FIDELITY, "--plot", "plot.png", "--max-mae", "0", "--max-times", "0.0001")


# calibrate


def test_what_calibrate_writes_runs_at_once(calibrated: Result) -> None:
    assert calibrated.exit_code == 0, calibrated.output
    for line in ("a crowd of 8", "people: people.toml", "page: page.html"):
        assert line in calibrated.stdout
    Path("fitted.toml").write_text(SCENARIO)
    loaded = load(Path("fitted.toml"))
    assert loaded.scenario.people_count == 8
    summary = run(loaded.scenario, None, origin=Origin(loaded.folder))
    assert (summary.labels, summary.stopped_by) == (40, "pool")


def test_json_holds_what_is_promised_and_nothing_else_is_printed() -> None:
    found = read(parley(*CALIBRATE, "--json"))
    assert (found["people"], found["answers"], found["items"], found["known"]) == (8, 160, 40, 40)
    assert found["classes"] == ["c0", "c1", "c2"]
    assert 0 <= found["accuracy"]["p5"] <= found["accuracy"]["p50"] <= found["accuracy"]["p95"] <= 1
    assert found["work_times"]["aic"].keys() >= {"lognormal", "weibull", "gamma"}
    assert found["sessions"]["answers"] >= 1
    assert found["out"] is None


@pytest.mark.slow
def test_quiet_says_nothing_and_writes_all_the_same() -> None:
    result = parley(*CALIBRATE, "--quiet", "--out", "quiet.parquet")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("quiet.parquet").stat().st_size > 0


def test_the_page_is_whole_in_itself_and_shows_what_was_fitted(calibrated: Result, browser: Browser) -> None:
    look = browser.look_at(Path("page.html"))
    assert len(look.alts) == 8
    headings = ["The crowd", "Votes", "People", "Confusion", "Work times", "Sessions", "Families of work times"]
    places = [look.text.index(f"\n{heading}\n") for heading in headings]
    assert places == sorted(places)
    assert "Half of the people are right in" in look.text


@pytest.mark.slow
def test_the_same_page_is_the_same_bytes(calibrated: Result) -> None:
    assert parley(*CALIBRATE, "--quiet", "--page", "other.html").exit_code == 0
    assert Path("page.html").read_bytes() == Path("other.html").read_bytes()


def test_what_a_file_says_is_text_on_the_page_in_the_file_and_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    monkeypatch.chdir(tmp_path)
    evil, kind = '<script>alert("1")</script>[red]\x1b[31m', "$x$<b>\\"
    rows = "".join(f'{task},"{evil.replace(chr(34), chr(34) * 2)}{who}","{kind if (task + who) % 3 else "plain"}"\n'
                   for task in range(8) for who in range(3))  # fmt: skip
    name = "<i>answers[red].csv"
    Path(name).write_text("task,worker,label\n" + rows)
    result = parley("calibrate", name, "--page", "page.html", "--out", "people.toml")
    assert result.exit_code == 0, result.output
    assert "\x1b[31m" not in result.output
    assert "Not learnt: how often people are right" in (look := browser.look_at(Path("page.html"))).text
    assert not {"script", "i"} & {*look.tags}
    assert "<i>answers[red].csv" in look.text and "$x$<b>\\" in look.words
    assert "Items and people" in look.text and "Nothing says what is true" in look.text
    assert load_people(Path("people.toml")) == 3


def load_people(path: Path) -> int:
    from agents.component import Trust
    from scenarios.crowds.reading import read_crowd

    return len(read_crowd(path, Trust()))


REFUSED = {
    "no file": (("calibrate", "nix.csv"), "No such file"),
    "a name that says no format": ((*CALIBRATE, "--out", "people.txt"), r"--out people\.txt: the name should end in the format"),
    "a page that is none": ((*CALIBRATE, "--page", "page.pdf"), r"--page page\.pdf: .*\.html"),
    "a file that is to be read": (("calibrate", "answers.parquet", "--out", "answers.parquet"), "is to be read; name another"),
    "a folder that is not there": ((*CALIBRATE, "--out", "nix/people.toml"), "there is no folder"),
    "classes twice": ((*CALIBRATE, "--classes", "a,a"), "--classes 'a,a': write different names"),
    "another class": ((*CALIBRATE, "--classes", "c0,c1"), "the label 'c2' is none of the classes"),
    "a column that is not there": ((*CALIBRATE, "--worker", "who"), "there is no column 'who'"),
    "a truth of other tasks": (("calibrate", "answers.csv", "--truth", "other.csv"), "none of its tasks"),
    "a seed that is none": ((*CALIBRATE, "--seed", str(2**64)), "a seed is a whole number"),
    "no truth": (("fidelity", "answers.csv"), "nothing says what is true, and fidelity is judged by it; give --truth"),
    "more gold than truth": ((*FIDELITY, "--gold", "41"), "--gold 41: the true class is known of 40 items only"),
    "two trials at once": ((*FIDELITY, "--gold", "4", "--afresh"), "--afresh and --gold: these are trials of their own"),
    "a plot that is none": ((*FIDELITY, "--plot", "plot.gif"), r"--plot plot\.gif: .*\.png, \.svg"),
    "an impossible kind of trial": ((*FIDELITY, "--held-out", "labels"), "'labels' is not one of"),
    "bounds below 0": ((*FIDELITY, "--max-mae", "-1"), "greater than or equal to 0"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_used_is_refused_with_the_reason(what: str, log: Path) -> None:
    arguments, message = REFUSED[what]
    Path("other.csv").write_text("task,truth\nx,c0\n")
    if not Path("answers.parquet").exists():
        os.link("answers.csv", "answers.parquet")
    result = parley(*arguments)
    assert result.exit_code == 2, result.output
    assert re.search(message, " ".join(result.stderr.split())), result.stderr
    assert "Traceback" not in result.output


# fidelity


def test_fidelity_tells_what_is_promised() -> None:
    found = read(parley(*FIDELITY, "--json"))
    promised = {"curve_mae", "curve_worst", "kappa_real", "kappa_simulated", "gain_real", "gain_simulated", "times_distance",
                "unanimous_real", "unanimous_simulated", "spread_real", "spread_simulated"}  # fmt: skip
    assert promised <= {*found}
    assert found["votes"] == [1, 2, 3, 4]
    errors = [100 * abs(one - other) for one, other in zip(found["curve_real"], found["curve_simulated"], strict=True)]
    assert found["curve_mae"] == pytest.approx(sum(errors) / 4)
    assert found["curve_worst"] == pytest.approx(max(errors))
    assert (found["tests"], found["simulations"]) == (1, 4)


@pytest.mark.parametrize(
    ("options", "tests", "how"),
    [
        (("--held-out", "items"), 8, "fitted to half of the items, tested on the others"),
        (("--held-out", "people"), 8, "fitted to half of the people, tested on the answers of the others"),
        (("--afresh",), 1, "people drawn afresh from those who were fitted"),
        (("--gold", "10"), 1, "fitted with the truth of 10 of 40 items, judged by all"),
        (("--gold", "0"), 1, "fitted with the truth of 0 of 40 items, judged by all"),
    ],
)
@pytest.mark.slow
def test_each_trial_says_what_it_is(options: tuple[str, ...], tests: int, how: str) -> None:
    found = read(parley(*FIDELITY, "--json", *options))
    # Of so few people, some halves have nothing in common with the others.
    assert tests / 2 <= found["tests"] <= tests
    assert found["how"] == how
    assert found["curve_mae"] is not None and found["times_distance"] is not None
    assert ("no_worse" in found) == (options == ("--held-out", "items"))


def test_a_bound_that_is_missed_ends_in_1(tried: Result) -> None:
    assert tried.exit_code == 1
    assert re.search(r"the curve's mean error is [\d.]+ points, more than 0\n", tried.stderr)
    assert "the distance of work times is" in tried.stderr


@pytest.mark.slow
def test_bounds_that_are_met_end_in_0() -> None:
    met = parley(*FIDELITY, "--quiet", "--max-mae", "100", "--max-kappa", "1")
    assert (met.exit_code, met.output) == (0, "")


def test_a_bound_of_what_is_not_known_is_missed(tmp_path: Path) -> None:
    answers, truth = write_log(tmp_path, items=12, times=False)
    missed = parley("fidelity", str(answers), "--truth", str(truth), "--simulations", "2", "--quiet", "--max-times", "1")
    assert (missed.exit_code, missed.stderr) == (1, "parley: the distance of work times is not known\n")


def test_the_plot_is_drawn_though_a_bound_is_missed(tried: Result) -> None:
    assert "plot: plot.png" in tried.stdout
    assert Path("plot.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_plot_may_be_drawn_in_lines() -> None:
    assert parley(*FIDELITY, "--plot", "plot.svg").exit_code == 0
    ElementTree.parse("plot.svg")


def test_the_screen_shows_real_beside_simulated(tried: Result) -> None:
    for what in ("1 vote is right", "majority of all is right", "gain of Dawid-Skene", "Fleiss' kappa", "work times", "KS"):
        assert what in tried.stdout


@pytest.mark.slow
def test_the_same_seed_says_the_same() -> None:
    one, other, third = (read(parley(*FIDELITY, "--json", "--seed", seed)) for seed in ("1", "1", "2"))
    assert one == other != third
