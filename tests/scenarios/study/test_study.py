"""Studies: a grid of dials times seeds, and honest means."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.cli import app
from scenarios.errors import BadInput
from scenarios.grid import Row
from scenarios.run import run
from scenarios.study.design import read_design
from scenarios.study.study import Study
from tests.scenarios.study.studies import VOTES, write_votes


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_votes(tmp_path)


def rows_of(study: Path) -> list[Row]:
    return [*Study.read(study).run().rows]


def test_every_combination_is_run_with_every_seed(study: Path) -> None:
    rows = rows_of(study)
    assert len(rows) == 2 * 2 * 3
    assert len({(row["annotators.crowd.noise.accuracy"], row["coordination.policy"]["size"], row["seed"]) for row in rows}) == 12
    assert all(row["error"] is None for row in rows)


def test_a_row_is_what_the_run_alone_would_have_given(study: Path) -> None:
    planned = read_design(study)
    row = Study(planned).run().rows[4]
    alone = run(planned.points[1].scenario.model_copy(update={"seed": 1}), logs=None)
    assert (row["label_accuracy"], row["answers"], row["cost"]) == (alone.label_accuracy, alone.answers, alone.cost)


def test_a_run_that_fails_is_told_of_and_the_others_go_on(tmp_path: Path) -> None:
    text = 'name = "n"\nscenario = "labelling.toml"\nseeds = 2\n[vary]\n"data.seed_labels" = [0, 61]\n'
    rows = rows_of(write_votes(tmp_path, text))
    assert [row["error"] is None for row in rows] == [True, True, False, False]
    assert "seed labels" in rows[2]["error"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.6, 0.9", "0.6, 1.9", "accuracy = 1.9.*less than or equal to 1"),
        ("0.6, 0.9", "", "vary.*at least 1 item"),
        ("crowd.noise", "crowds.noise", "did you mean 'crowd'"),
        ("size = 3", "size = 7", "asks 7 different people"),
        ("labelling.toml", "labeling", "there is no such file"),
        ("[vary]", "[vary]\nseed = [1, 2]", "cannot be varied"),
        ("seeds = 3", "seeds = 0", "greater than or equal to 1"),
        ("seeds = 3", "seed = 3", "unknown key 'seed'; did you mean 'seeds'"),
    ],
)
def test_a_study_that_is_impossible_anywhere_is_refused_before_its_first_run(study: Path, old: str, new: str, message: str) -> None:
    study.write_text(VOTES.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        read_design(study)


def test_the_command_writes_a_tidy_table_and_shows_means_with_intervals(study: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["study", str(study), "--jobs", "1", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "means of 3 runs" in result.stdout
    assert "\u00b1" in result.stdout
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert json.loads(rows[0]["coordination.policy"]) == {"kind": "majority", "size": 1}
    assert float(rows[0]["label_accuracy"]) <= 1


def test_the_number_of_seeds_may_be_given(study: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["study", str(study), "--seeds", "1", "--jobs", "1", "--out", str(tmp_path), "--json"])
    assert len(json.loads(result.stdout)) == 4


def test_more_noise_makes_labels_worse_and_more_votes_make_them_better(study: Path) -> None:
    rows = rows_of(study)
    accuracy = [sum(row["label_accuracy"] for row in rows[start : start + 3]) / 3 for start in (0, 3, 6, 9)]
    assert accuracy[0] < accuracy[1] < accuracy[3]
    assert accuracy[0] < accuracy[2] < accuracy[3]


def test_runs_that_fail_alike_are_told_of_once(tmp_path: Path) -> None:
    path = write_votes(tmp_path, 'name = "n"\nscenario = "labelling.toml"\n[vary]\n"data.seed_labels" = [0, 61]\n')
    arguments = ["study", str(path), "--seeds", "7", "--jobs", "1", "--out", str(tmp_path / "out"), "--quiet"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert result.stderr.startswith("seeds 0, 1, 2, 3, 4 and 2 more failed (7 of 14 runs): ")
    assert result.stderr.count("more failed") == 1
