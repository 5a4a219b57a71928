"""Studies that are refused before their first run, with a message that says what is wrong, and where."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.cli import app
from tests.scenarios.campaigns import write
from tests.scenarios.study.studies import VOTES, write_votes

ACCURACY = '"annotators.crowd.noise.accuracy"'
SAMPLE = f"[sample]\npoints = 8\n[sample.dials]\n{ACCURACY} = {{ low = 0.5, high = 0.9 }}\n"
POINTS = f'points = [{{ {ACCURACY} = 0.6 }}, {{ "coordination.lease" = "9s" }}]\n'


def refused(study: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["study", str(study), "--jobs", "1", "--out", str(study.parent / "out"), *options])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert not (study.parent / "out" / "runs.jsonl").exists()
    return " ".join(result.stderr.split())


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_votes(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("crowd.noise.acc", "crowds.noise.acc", "there is no table 'crowds' in annotators; did you mean 'crowd'?"),
        ("noise.accuracy", "noise.acuracy", "unknown key 'acuracy'; did you mean 'accuracy'?"),
        ("[0.6, 0.9]", "[]", f"study.toml: vary.{ACCURACY[1:-1]}: List should have at least 1 item"),
        ("[0.6, 0.9]", "[0.6, 0.6]", "has the same value twice"),
        ("[0.6, 0.9]", "[0.6, 1.9]", f"at {ACCURACY[1:-1]} = 1.9"),
        ("size = 3", "size = 7", "asks 7 different people"),
        ("seeds = 3", "seeds = 0", "seeds: should be greater than or equal to 1 (found 0)"),
        ("seeds = 3", "seeds = 3\nmost_seeds = 9", "most_seeds without a precision"),
        ("seeds = 3", "seeds = 3\nprecision = 0.1\nmost_seeds = 2", "seeds = 3 to begin with, and most_seeds = 2 at most"),
        ("seeds = 3", "seeds = 1\nprecision = 0.1", "a precision is judged by the spread of the first seeds"),
        ("[vary]", "[vary]\nseed = [1, 2]", "'seed' cannot be varied"),
        ("seeds = 3", 'compare = "stop"', "compare: 'stop' is not varied; there are annotators.crowd.noise.accuracy, coordination"),
        ("seeds = 3", 'compare = "coordination.policy"\nagainst = "nobody"', "against: coordination.policy is never 'nobody'"),
        ("seeds = 3", 'measure = "accuracy"', "there is no learner, and so no model to measure"),
        ("seeds = 3", 'measure = "acuracy"', "measure: should be 'accuracy'"),
        ("labelling.toml", "labeling.toml", "study.toml: scenario: labeling.toml: there is no such file"),
        ("seeds = 3", "target = 90", "target = 90: label_accuracy is a share, above 0 and at most 1; 90 % would be 0.9"),
        ("seeds = 3", "target = -1", "target = -1: label_accuracy is a share"),
        ("[vary]", SAMPLE.replace("0.5", "0.9") + "[vary]", f"study.toml: sample.dials.{ACCURACY[1:-1]}: low = 0.9 and high = 0.9"),
        ("[vary]", SAMPLE.replace("0.5", "nan") + "[vary]", "accuracy.low: should be a finite number (found nan)"),
        ("[0.6, 0.9]", "[nan]", f"vary.{ACCURACY[1:-1]}.0: should be a finite number (found nan)"),
        ("seeds = 3", "seeds = 100_000\nsample.points = 65_536\nsample.dials.a = [1]", "26,214,400,000 runs; a study has 100,000"),
        ("[vary]", SAMPLE + "[vary]", f"{ACCURACY[1:-1]}' is varied twice: in vary and in sample"),
    ],
)
def test_a_study_that_is_not_possible_is_refused(study: Path, old: str, new: str, told: str) -> None:
    study.write_text(VOTES.replace(old, new))
    assert told in refused(study)


def test_one_corner_of_a_grid_that_is_out_of_range_is_named(study: Path) -> None:
    corner = 'selector = [{ in_flight = 5 }]\n"annotators.crowd.count" = [5, 3, 2]\n'
    study.write_text(VOTES.replace("[vary]", "[vary]\n" + corner))
    told = refused(study)
    assert "annotators.crowd.count = 2" in told and '"size": 3' in told


def test_a_range_beyond_the_bounds_of_its_dial_is_refused(study: Path) -> None:
    head = VOTES.split("[vary]")[0]
    study.write_text(head + SAMPLE.replace("0.9", "1.9"))
    told = refused(study)
    assert "less than or equal to 1" in told and ACCURACY[1:-1] in told
    study.write_text(head + SAMPLE.replace("0.9", "0.2"))
    assert "low = 0.5 and high = 0.2: a range goes from a lower value to a higher one" in refused(study)


def test_points_that_set_different_paths_are_refused(study: Path) -> None:
    study.write_text(VOTES.split("[vary]")[0] + POINTS)
    assert "points: each sets the same paths, and number 2 and the first differ in" in refused(study)


def test_two_points_that_are_one_scenario_are_refused(study: Path) -> None:
    study.write_text(VOTES.replace("[0.6, 0.9]", "[0.7]").replace('{ kind = "majority", size = 1 }', '"majority"'))
    study.write_text(study.read_text().replace("size = 3", "size = 1"))
    assert "two points are the same scenario" in refused(study)


def test_a_scenario_is_no_study_and_a_study_no_scenario(study: Path) -> None:
    told = refused(study.parent / "labelling.toml")
    assert "this is no study" in told and "parley run" in told
    result = CliRunner().invoke(app, ["run", str(study)])
    assert result.exit_code == 2
    assert "this is a study, of many runs; `parley study` runs it" in " ".join(result.stderr.split())
    assert "there is no such file" in refused(study.parent / "stdy.toml")


def test_results_do_not_go_into_a_file_and_too_little_is_refused(study: Path) -> None:
    assert "this is a file; name the folder of the results" in refused(study, "--out", str(study))
    assert "seeds" in refused(study, "--seeds", "0")


def test_a_cluster_that_is_not_there_is_refused(study: Path) -> None:
    assert "no address of a scheduler" in refused(study, "--cluster", "nowhere")


def test_dials_that_no_sequence_fills_evenly_are_refused(study: Path) -> None:
    dials = "\n".join(f"d{number} = [1]" for number in range(1001))
    write(study.parent, f'name = "a"\nscenario = "labelling.toml"\n[sample]\npoints = 2\n[sample.dials]\n{dials}', "study.toml")
    assert "sample.dials: Dictionary should have at most 1000 items" in refused(study)
