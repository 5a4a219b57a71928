"""Reports of runs of every kind: they are there, they are whole, and they say what one must know."""

import re
import sys
from pathlib import Path

import pytest

from agents.component import Trust
from bus.replay import CorruptLog
from scenarios.report.campaign.report import report_of_log
from scenarios.report.document import Picture, Report, Table
from scenarios.report.drawing import drawing
from scenarios.report.html import html_of
from tests.scenarios.campaigns import write
from tests.scenarios.logs import lines_of, write_lines
from tests.scenarios.report.browser import Browser
from tests.scenarios.report.campaign.runs import EVIL, GOLDEN_LOGS, SCENARIOS, evidence, imported, interrupted, log_of, report


def is_whole(found: Report) -> bool:
    """Return whether a report has its first paragraphs, and its pictures can be drawn and its tables read."""
    assert found.title and found.subtitle and found.findings
    names = [picture.name for picture in found.pictures]
    assert len(names) == len(set(names)) and all(re.fullmatch("[a-z0-9-]+", name) for name in names)
    for section in found.sections:
        assert section.title and (section.says or section.parts)
        for part in section.parts:
            if isinstance(part, Table):
                assert part.rows and all(len(row) == len(part.head) for row in part.rows)
                assert all("nan" not in cell for row in part.rows for cell in row)
            else:
                assert part.caption.endswith(".") and part.alt
    texts = [*found.findings, *found.remarks, *(words for section in found.sections for words in section.says)]
    return not [text for text in texts if "nan" in text.split() or "None" in text or not text.endswith((".", ":"))]


def section(found: Report, title: str) -> list[Picture | Table]:
    """Return what is in a section."""
    return [part for each in found.sections if each.title == title for part in each.parts]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_kind_of_campaign_has_a_report(name: str) -> None:
    assert is_whole(report(name))


@pytest.mark.parametrize("log", GOLDEN_LOGS, ids=lambda log: log.stem)
def test_a_log_of_any_version_has_a_report(log: Path) -> None:
    assert is_whole(report_of_log(log))


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.9])
@pytest.mark.parametrize("name", ["learning", "negotiation"])
def test_a_run_that_was_killed_has_a_report_which_says_so(name: str, share: float, tmp_path: Path) -> None:
    found = report_of_log(interrupted(name, share, tmp_path))
    assert is_whole(found)
    assert any("not finished" in remark for remark in found.remarks)


@pytest.mark.parametrize("truth", [True, False])
@pytest.mark.parametrize("times", [True, False])
@pytest.mark.parametrize("several", [True, False])
def test_answers_from_outside_have_a_report_that_says_what_is_not_known(
    truth: bool, times: bool, several: bool, tmp_path: Path
) -> None:
    found = report_of_log(imported(tmp_path, times, truth, several))
    assert is_whole(found)
    assert any("does not say what is true" in remark for remark in found.remarks) is not truth
    assert any("order of the answers" in remark for remark in found.remarks) is not times
    assert bool(section(found, "Who worked when")) is times
    assert bool(section(found, "Agreement")) is several


@pytest.mark.slow
def test_a_page_keeps_what_every_page_promises(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html_of(report("negotiation")), encoding="utf-8")
    look = browser.look_at(page)
    assert len(look.alts) == len(report("negotiation").pictures)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["choosing", "faults", "negotiation", "revisions", "coming-and-going", "crowded"])
def test_every_figure_is_drawn(name: str) -> None:
    for picture in report(name).pictures:
        with drawing(picture) as figure:
            figure.canvas.draw()


def test_sections_are_there_where_they_have_something_to_show_and_only_there() -> None:
    titles = {name: [each.title for each in report(name).sections] for name in SCENARIOS}
    assert all(("Learning curve" in titles[name]) == ("learner" in SCENARIOS[name]) for name in SCENARIOS)
    assert [name for name in SCENARIOS if "Negotiation" in titles[name]] == ["negotiation"]
    assert [name for name in SCENARIOS if "Stop rules" in titles[name]] == ["choosing"]
    assert "Agreement" not in titles["alone"] and "Calibration of labels" not in titles["alone"]
    assert "Money" not in titles["learning"] and "Money" in titles["labelling"]


def test_a_crowd_of_many_has_a_short_table_that_says_so() -> None:
    (table,) = [part for part in section(report("crowded"), "Annotators") if isinstance(part, Table)]
    assert len(table.rows) == 30
    assert table.caption == "The 30 with most answers, of 120 who answered."


def test_what_stopped_a_campaign_is_told_first_and_its_faults_are_remarked() -> None:
    found = report("out-of-money")
    assert found.findings[0].endswith(" The campaign ended because its money was spent.")
    assert not any("ended" in remark for remark in found.remarks)
    assert any("faults" in remark and "message-dropped" in remark for remark in report("faults").remarks)


def test_findings_have_the_figures_of_the_summary() -> None:
    found, summary = report("negotiation"), evidence("negotiation").summary
    words = " ".join(found.findings)
    right = round((summary.label_accuracy or 0.0) * summary.labels)
    assert f"{summary.labels} items were labelled with {summary.answers} answers" in words
    assert f"{right} are right: {100 * (summary.label_accuracy or 0.0):.1f} %" in words
    assert f"{summary.wrong_to_right} minds changed for the better, {summary.right_to_wrong} for the worse" in words
    assert f"{summary.late} answers came too late and {summary.expired} leases ran out" in words
    (table,) = [part for part in section(report("choosing"), "Stop rules") if isinstance(part, Table)]
    assert [row[0] for row in table.rows] == [each.rule for each in evidence("choosing").summary.advised]


def test_names_of_data_are_on_the_page_as_they_are_and_do_nothing(tmp_path: Path) -> None:
    page = html_of(report_of_log(imported(tmp_path)))
    assert "<script>alert" not in page and "<img src" not in page
    assert "&lt;script&gt;alert" in page
    assert "\x07" not in page and "$x_1$" in page
    assert EVIL not in page


def test_a_very_long_name_is_cut_short(tmp_path: Path) -> None:
    lines = lines_of(log_of("labelling"))
    lines[0]["scenario"]["name"] = "n" * 5000
    found = report_of_log(write_lines(tmp_path / "long.jsonl", lines))
    assert len(found.title) <= 200


DANGER = """
from pathlib import Path
Path("run").write_text("it ran")
from agents.annotator.noises.one_coin import OneCoin
class Noise(OneCoin):
    pass
"""


def test_a_log_is_not_imported_from_unless_it_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, DANGER, "dangerous_noise.py")
    lines = lines_of(log_of("labelling"))
    lines[0]["scenario"]["annotators"][0]["noise"] = {"kind": "dangerous_noise.Noise", "accuracy": 0.7}
    log = write_lines(tmp_path / "foreign.jsonl", lines)
    found = report_of_log(log)
    assert not Path("run").exists() and "dangerous_noise" not in sys.modules
    assert any("--trust" in remark for remark in found.remarks) and is_whole(found)
    trusted = report_of_log(log, Trust(), tmp_path)
    assert Path("run").exists() and not any("--trust" in remark for remark in trusted.remarks)
    del sys.modules["dangerous_noise"]


def test_data_that_are_gone_or_others_are_remarked_and_the_rest_is_told(tmp_path: Path) -> None:
    lines = lines_of(log_of("labelling"))
    lines[0]["data"] = "0" * 16
    other = report_of_log(write_lines(tmp_path / "other.jsonl", lines))
    assert any("not those of the run" in remark for remark in other.remarks) and is_whole(other)
    lines[0]["scenario"]["data"] = {"source": "csv", "path": "gone.csv", "label": "y"}
    gone = report_of_log(write_lines(tmp_path / "gone.jsonl", lines))
    assert any("cannot be made anew" in remark for remark in gone.remarks) and is_whole(gone)
    assert not [line for line in gone.findings if "Worse than the others" in line and "are right;" in line]


def test_data_that_would_fill_the_memory_are_not_made(tmp_path: Path) -> None:
    lines = lines_of(log_of("labelling"))
    lines[0]["scenario"]["data"]["items"] = 10**13
    found = report_of_log(write_lines(tmp_path / "huge.jsonl", lines))
    assert any("10,000,000,000,000 items" in remark for remark in found.remarks) and is_whole(found)


def test_a_damaged_log_has_no_report(tmp_path: Path) -> None:
    log = tmp_path / "damaged.jsonl"
    log.write_bytes(log_of("labelling").read_bytes().replace(b'"label":', b'"lable":', 1))
    with pytest.raises(CorruptLog, match="line"):
        report_of_log(log)


@pytest.mark.slow
def test_the_same_log_gives_the_same_page() -> None:
    assert html_of(report_of_log(log_of("one-label"))) == html_of(report_of_log(log_of("one-label")))
