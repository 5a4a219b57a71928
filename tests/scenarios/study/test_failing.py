"""Runs of a study that fail: told of, with their scenario and log, while the rest go on."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from scenarios.cli import app
from scenarios.study.design import read_design
from scenarios.study.execution import Execution, unwritten
from scenarios.study.failed import FailedRun
from scenarios.study.record import read_results
from scenarios.study.session import run_study
from scenarios.workers.local import Local
from scenarios.workers.work import Result as Outcome
from scenarios.workers.work import Task, Work
from tests.scenarios.campaigns import LABELLING, write

STUDY = """
name = "n"
scenario = "labelling.toml"
seeds = 2
[vary]
"annotators.crowd.noise" = ["one-coin", { kind = "shaky.Shaky" }]
"""
SHAKY = '''
from typing import ClassVar
from agents.annotator.noise import Noise
class Shaky(Noise):
    """Breaks down in the midst of a run."""
    kind: ClassVar[str] = "shaky.Shaky"
    def chances(self, case):
        if case.item in (17, "17"):
            raise RuntimeError("this item is too much for [red]me")
        return [1 / case.classes] * case.classes
'''


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, LABELLING, "labelling.toml")
    write(tmp_path, SHAKY, "shaky.py")
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, STUDY, "study.toml")


def invoke(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    return result.exit_code, result.stderr


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_fails_is_told_of_with_its_scenario_and_its_log_and_the_rest_go_on(study: Path, jobs: int) -> None:
    code, told = invoke("study", study, "--jobs", jobs, "--out", "out", "--quiet", "--no-report")
    assert code == 0
    assert "seeds 0, 1 failed (2 of 4 runs): RuntimeError: this item is too much for [red]me" in told
    rows = read_results(Path("out")).rows
    assert [bool(row["error"]) for row in rows] == [False, False, True, True]
    assert rows[0]["log"] is None
    for row in rows[2:]:
        log = Path("out") / row["log"]
        scenario = log.with_suffix(".toml")
        assert tomllib.loads(scenario.read_text())["seed"] == row["seed"]
        assert json.loads(log.read_text().splitlines()[0])["seed"] == row["seed"]
    assert f"`parley run {(Path('out') / rows[2]['log']).with_suffix('.toml')}` repeats the first; 1 more" in told


def test_the_scenario_that_is_written_repeats_the_failure(study: Path) -> None:
    invoke("study", study, "--jobs", "1", "--out", "out", "--quiet", "--no-report")
    scenario = next(Path("out/failed").glob("*.toml"))
    result = CliRunner().invoke(app, ["run", str(scenario), "--quiet", "--logs", "again"])
    assert isinstance(result.exception, RuntimeError)
    assert str(result.exception) == "this item is too much for [red]me"
    again = next(Path("again").glob("*.jsonl")).read_bytes().splitlines()[1:]
    assert [line[:-20] for line in again] == [line[:-20] for line in scenario.with_suffix(".jsonl").read_bytes().splitlines()[1:]]


def test_a_scenario_that_names_files_finds_them_from_where_it_was_written(study: Path) -> None:
    text = "\n".join(["id,truth", *(f"{number},{'ab'[number % 2]}" for number in range(30))])
    write(study.parent, text + "\n", "data.csv")
    columns = 'source = "csv"\npath = "data.csv"\ntruth = "truth"\nid = "id"'
    write(study.parent, LABELLING.replace('source = "synthetic"\nitems = 60\nclasses = 3', columns), "labelling.toml")
    study.write_text('name = "n"\nscenario = "labelling.toml"\nseeds = 1\n[vary]\n"data.seed_labels" = [0, 31]\n')
    code, told = invoke("study", study, "--jobs", "1", "--out", "deep/down", "--quiet", "--no-report")
    assert code == 0
    assert "seed 0 failed: BadInput: there are to be 31 seed labels" in told
    (scenario,) = Path("deep/down/failed").glob("*.toml")
    code, told = invoke("run", scenario)
    assert code == 2
    assert "there are to be 31 seed labels, but the pool has 30 items" in told


def test_runs_that_failed_are_made_again_when_the_study_goes_on(study: Path) -> None:
    invoke("study", study, "--jobs", "1", "--out", "out", "--quiet", "--no-report")
    before = Path("out/results.csv").read_bytes()
    code, told = invoke("study", study, "--jobs", "1", "--out", "out", "--quiet", "--no-report", "--resume")
    assert "failed (2 of 4 runs)" in told
    assert Path("out/results.csv").read_bytes() == before
    code, told = invoke("study", study, "--jobs", "1", "--out", "out", "--resume", "--no-report")
    assert code == 0


def test_a_study_all_of_whose_runs_fail_says_so(study: Path) -> None:
    study.write_text('name = "n"\nscenario = "labelling.toml"\nseeds = 1\n[vary]\n"data.seed_labels" = [61]\n')
    code, told = invoke("study", study, "--jobs", "1", "--out", "out", "--quiet", "--no-report")
    assert code == 2
    assert "every run failed" in told


# asyncio lets it through at once, and complains of the tasks that it leaves behind.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_component_that_leaves_the_program_costs_its_own_run_alone(study: Path, jobs: int) -> None:
    leaving = SHAKY.replace('RuntimeError("this item is too much for [red]me")', "SystemExit(7)")
    write(study.parent, leaving.replace("shaky.Shaky", "leaving.Shaky"), "leaving.py")
    write(study.parent, STUDY.replace("shaky.Shaky", "leaving.Shaky"), "study.toml")
    code, told = invoke("study", study, "--jobs", jobs, "--seeds", "1", "--out", "out", "--quiet", "--no-report")
    assert code == 0
    assert "seed 0 failed: SystemExit: 7" in told
    assert [row["error"] for row in read_results(Path("out")).rows] == [None, "SystemExit: 7"]


class Elsewhere(NamedTuple):
    """Workers whose files are on another machine than the study."""

    folder: Path

    def finished(self, work: Work[Task, Outcome], tasks: Iterable[Task]) -> Iterator[tuple[int, Outcome]]:
        for each in Local(1).finished(work, tasks):
            for log in self.folder.glob("failed/*.jsonl"):
                log.unlink()
            yield each


def test_a_log_that_is_on_another_machine_is_not_told_of(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    here = run_study(read_design(study), tmp_path / "here", Local(1)).results
    there = run_study(read_design(study), folder, Elsewhere(folder)).results
    assert [row["error"] for row in there.rows] == [row["error"] for row in here.rows]
    assert [row["log"] is not None for row in here.rows] == [False, False, True, True]
    assert [row["log"] for row in there.rows] == [None] * 4


def test_the_log_of_a_process_that_was_ended_under_a_run_is_told_of_as_far_as_it_goes(study: Path, tmp_path: Path) -> None:
    execution = Execution(read_design(study), {})
    cell = execution.missing()[0]
    work = FailedRun(execution.design.origin, tmp_path)
    assert not work.lost(cell)
    unwritten(tmp_path, cell).write_text("as far as it got")
    assert work.lost(cell)
