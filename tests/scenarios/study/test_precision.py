"""Sequential seeds: as many as the precision takes, whatever the number of jobs."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.cli import app
from scenarios.statistics.sequential import runs_wanted
from scenarios.study.design import read_design
from scenarios.study.record import read_results
from scenarios.study.session import run_study
from scenarios.workers.local import Local
from tests.scenarios.campaigns import LABELLING, write

STUDY = """
name = "n"
scenario = "labelling.toml"
seeds = 4
precision = 0.06
[vary]
"annotators.crowd.noise.accuracy" = [0.5, 0.99]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    write(tmp_path, LABELLING.replace("items = 60", "items = 20"), "labelling.toml")
    return write(tmp_path, STUDY, "study.toml")


def test_each_point_has_as_many_runs_as_its_own_spread_takes(study: Path, tmp_path: Path) -> None:
    results = run_study(read_design(study), tmp_path / "out", Local(1)).results
    counts = [len(results.of(point)) for point in (0, 1)]
    for point, count in enumerate(counts):
        values = results.values(point, "label_accuracy")
        assert count == runs_wanted([values[seed] for seed in range(4)], 0.06)
        assert [*values] == [*range(count)]
    assert counts[0] > 4 and counts[0] > counts[1]
    assert read_results(tmp_path / "out") == results


def test_the_runs_are_the_same_with_two_jobs_and_after_a_stop_at_any_line(study: Path, tmp_path: Path) -> None:
    design = read_design(study)
    expected = run_study(design, tmp_path / "one", Local(1)).results
    assert run_study(design, tmp_path / "two", Local(2)).results == expected
    record = tmp_path / "one" / "runs.jsonl"
    lines = record.read_bytes().splitlines(keepends=True)
    for count in (3, len(lines) - 2):
        record.write_bytes(b"".join(lines[:count]))
        assert run_study(design, tmp_path / "one", Local(1), resume=True).results == expected


def test_where_the_most_seeds_do_not_suffice_that_is_said(study: Path, tmp_path: Path) -> None:
    study.write_text(STUDY.replace("precision = 0.06", "precision = 0.001\nmost_seeds = 6"))
    result = CliRunner().invoke(app, ["study", str(study), "--jobs", "1", "--out", str(tmp_path / "out"), "--quiet", "--no-report"])
    assert "points have wider intervals than 0.001" in result.stderr
    assert len(read_results(tmp_path / "out").of(0)) == 6


def test_a_precision_may_be_given(study: Path, tmp_path: Path) -> None:
    study.write_text(STUDY.replace("precision = 0.06\n", ""))
    arguments = ["study", str(study), "--jobs", "1", "--out", str(tmp_path / "out"), "--quiet", "--no-report", "--precision"]
    assert CliRunner().invoke(app, [*arguments, "0.06"]).exit_code == 0
    assert read_results(tmp_path / "out").precision == 0.06
    refused = CliRunner().invoke(app, [*arguments, "0"])
    assert refused.exit_code == 2
    assert "precision: should be greater than 0" in refused.stderr
