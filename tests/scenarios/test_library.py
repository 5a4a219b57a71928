"""The library: what people start from."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

import pytest
from threadpoolctl import threadpool_limits

from benchmarks.digits_loop import bare_loop, campaign, items_asked, parts
from scenarios.loading import library, load
from scenarios.run import run
from scenarios.study.design import read_design
from scenarios.study.study import Study
from scenarios.summary import Summary
from tests.scenarios.campaigns import run_logged

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", library(), ids=lambda path: path.name)
def test_everything_in_the_library_can_be_used(path: Path) -> None:
    if "[vary]" in path.read_text(encoding="utf-8"):
        assert read_design(path, seeds=1).points
    else:
        assert load(path).scenario.name == path.stem.replace("_", "-")


def test_the_first_script_is_the_quickstart_in_python() -> None:
    quickstart, script = (load(ROOT / "scenarios" / "library" / name).scenario for name in ("quickstart.toml", "first_script.py"))
    assert script.model_copy(update={"name": "quickstart"}) == quickstart


def test_the_first_script_runs_by_itself(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scenarios.library.first_script"]
    result = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
    assert b"accuracy=0.9" in result.stdout
    assert list(tmp_path.glob("logs/first-script-s7-*.jsonl"))


def test_the_quickstart_learns_digits_from_a_noisy_crowd() -> None:
    summary = run(load(ROOT / "scenarios" / "library" / "quickstart.toml").scenario, logs=None)
    assert (summary.labels, summary.answers, summary.cost) == (300, 900, 45.0)
    assert summary.accuracy is not None and summary.accuracy > 0.88
    assert summary.label_accuracy is not None and 0.88 < summary.label_accuracy < 0.97
    assert summary.curve[-1].labels == 320


@pytest.mark.slow
def test_shifts_and_no_shows_are_what_the_scenario_says_of_itself() -> None:
    scenario = load(ROOT / "scenarios" / "library" / "shifts-and-no-shows.toml").scenario
    groups = tuple(group.model_copy(update={"availability": ()}) for group in scenario.annotators)
    seeds = range(1, 6)
    real = [run(scenario.model_copy(update={"seed": seed}), logs=None) for seed in seeds]
    ideal = [run(scenario.model_copy(update={"seed": seed, "annotators": groups}), logs=None) for seed in seeds]

    def mean(several: Iterable[float | None]) -> float:
        return fmean(each or 0.0 for each in several)

    def by_clerks(summaries: list[Summary]) -> float:
        return mean(
            sum(work.answers for work in each.annotators if work.name.startswith("clerk")) / each.answers for each in summaries
        )

    assert mean(each.simulated_seconds / 3600 for each in real) == pytest.approx(30, abs=0.5)
    assert mean(each.simulated_seconds / 3600 for each in ideal) == pytest.approx(3.7, abs=0.1)
    assert (by_clerks(real), by_clerks(ideal)) == (pytest.approx(0.87, abs=0.01), pytest.approx(0.28, abs=0.01))
    assert mean(each.label_accuracy for each in real) == pytest.approx(0.94, abs=0.01)
    assert mean(each.label_accuracy for each in ideal) == pytest.approx(0.87, abs=0.01)
    assert mean(each.utilisation for each in real) == pytest.approx(0.84, abs=0.01)
    assert mean(each.cost for each in real) / mean(each.cost for each in ideal) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("queries", [25, pytest.param(100, marks=pytest.mark.slow)])
def test_asking_one_at_a_time_is_the_plain_loop_of_scikit_learn(queries: int, tmp_path: Path) -> None:
    scenario = campaign(queries)
    _, log = run_logged(scenario, tmp_path)
    with threadpool_limits(1):
        assert items_asked(log) == bare_loop(*parts(scenario), queries)


def studied(name: str, measure: str, seeds: int) -> list[float]:
    """Run one of the library's studies, and return the mean of a measure at each point."""
    study = read_design(ROOT / "scenarios" / "library" / name, seeds=seeds)
    results = Study(study).run()
    assert not any(row["error"] for row in results.rows)
    return [each.mean for each in results.estimates(measure)]


@pytest.mark.slow
def test_the_share_of_no_shows_waits_for_patience_or_thieves_as_the_study_says() -> None:
    hours = [seconds / 3600 for seconds in studied("no-shows.toml", "simulated_seconds", seeds=6)]
    alone, patient, impatient, in_turn, shorter, stolen, shared = hours
    assert alone > 10 * shared
    assert (patient, impatient) == (pytest.approx(4.2, abs=0.4), pytest.approx(3.2, abs=0.5))
    assert (in_turn, shorter) == (pytest.approx(3.35, abs=0.25), pytest.approx(3.3, abs=0.25))
    assert (stolen, shared) == (pytest.approx(3.05, abs=0.2), pytest.approx(3.07, abs=0.2))


@pytest.mark.slow
def test_behind_a_barrier_it_takes_two_to_three_times_as_long_and_the_model_is_no_better_as_the_study_says() -> None:
    seconds = studied("barrier-or-flow.toml", "simulated_seconds", seeds=5)
    shares = [flow / barrier for barrier, flow in zip(seconds[:3], seconds[3:], strict=True)]
    assert shares == [pytest.approx(each, abs=0.07) for each in (0.57, 0.35, 0.31)]
    right = studied("barrier-or-flow.toml", "accuracy", seeds=5)
    assert right == [pytest.approx(0.943, abs=0.02)] * 6


@pytest.mark.slow
def test_bidding_pays_where_messages_take_their_time_and_nobody_boasts_as_the_study_says() -> None:
    minutes = [seconds / 60 for seconds in studied("contract-net.toml", "simulated_seconds", seeds=3)]
    at_once, boasted, late, late_boasted = (minutes[start : start + 4] for start in (0, 4, 8, 12))
    assert at_once == [pytest.approx(each, abs=8) for each in (51, 132, 53, 54)]
    assert boasted[2:] == [pytest.approx(each, abs=8) for each in (81, 56)]
    assert late == [pytest.approx(each, abs=8) for each in (78, 157, 56, 58)]
    assert late_boasted[2:] == [pytest.approx(each, abs=8) for each in (84, 60)]
