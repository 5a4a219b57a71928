"""Results of a study in a local store of MLflow. Importing MLflow takes seconds, and so does each of its runs."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scenarios.cli import app
from scenarios.errors import BadInput
from scenarios.study.record import read_results
from scenarios.study.results import Results
from scenarios.study.tracking import MOST_STEPS
from tests.scenarios.campaigns import LEARNING, write
from tests.scenarios.study.made import made_curve, made_results

LABELS = (10, 20, 40)
POLICIES = [{"kind": "majority", "size": 1}, {"kind": "majority", "size": 3}]
STUDY = 'name = "tracked"\nscenario = "scenario.toml"\nseeds = 2\n[vary]\n"coordination.policy.size" = [1, 3]\n'


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store in a folder, from which nothing goes to anybody."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    return (tmp_path / "store").as_uri()


def made(seeds: int = 2, labels: tuple[int, ...] = LABELS) -> Results:
    return made_results(
        {"coordination.policy": POLICIES, "stop.labels": [40]},
        lambda settings, seed: {
            "accuracy": 0.5 + settings["coordination.policy"]["size"] / 10 + seed / 100,
            "cost": 3.0,
            "curve": made_curve(0.8 + seed / 10, labels=labels),
        },
        seeds=seeds,
    )


def runs_of(store: str, experiment: str) -> tuple[Any, Any, list[Any]]:
    """Return a client, the run of the study, and those of its points in order."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(store)
    found = client.search_runs([client.get_experiment_by_name(experiment).experiment_id])
    (study,) = [run for run in found if "mlflow.parentRunId" not in run.data.tags]
    points = [run for run in found if run.data.tags.get("mlflow.parentRunId") == study.info.run_id]
    assert len(points) == len(found) - 1
    return client, study, sorted(points, key=lambda run: run.info.run_name)


@pytest.mark.slow
def test_a_study_is_a_run_and_each_point_one_below_it(store: str) -> None:
    results = made()
    number = results.to_mlflow(store, "policies")
    client, study, points = runs_of(store, "policies")
    assert study.info.run_id == number
    assert {run.info.status for run in (study, *points)} == {"FINISHED"}
    assert study.data.params == {"scenario": "quickstart.toml", "measure": "accuracy", "points": "2", "seeds": "2"}
    assert study.data.metrics == {"runs": 4.0, "failed": 0.0}
    assert study.data.tags["version.parley"] == "1.0"
    assert [run.info.run_name for run in points] == ["policy majority 1", "policy majority 3"]
    assert [json.loads(run.data.params["coordination.policy"]) for run in points] == POLICIES
    assert [run.data.params["stop.labels"] for run in points] == ["40", "40"]
    for run, estimate in zip(points, results.estimates("accuracy"), strict=True):
        assert run.data.metrics["accuracy"] == estimate.mean
        assert run.data.metrics["accuracy_half_width"] == estimate.half_width
        assert run.data.metrics["runs"] == 2.0
    curve = client.get_metric_history(points[0].info.run_id, "curve/accuracy")
    means = [
        (first[1] + second[1]) / 2
        for first, second in zip(*(made_curve(final, labels=LABELS) for final in (0.8, 0.9)), strict=True)
    ]
    assert [each.step for each in curve] == [10, 20, 40]
    assert [each.timestamp for each in curve] == [600_000, 1_200_000, 2_400_000]
    assert [each.value for each in curve] == pytest.approx(means)


@pytest.mark.slow
def test_failed_runs_few_seeds_and_long_curves_are_logged_as_far_as_they_go(store: str) -> None:
    results = made_results({"stop.labels": [10, 20]}, lambda settings, seed: "failed" if seed else {"cost": 1.0}, seeds=2)
    results.to_mlflow(store)
    _, study, points = runs_of(store, "made")
    assert study.data.metrics == {"runs": 4.0, "failed": 2.0}
    assert [run.data.metrics for run in points] == [{"runs": 1.0, "cost": 1.0}] * 2
    made(1, tuple(range(1, 2_002))).to_mlflow(store, "long")
    client, _, points = runs_of(store, "long")
    assert MOST_STEPS / 2 < len(client.get_metric_history(points[0].info.run_id, "curve/accuracy")) <= MOST_STEPS


@pytest.mark.slow
def test_the_command_logs_what_it_ran_and_what_it_goes_on_from(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, LEARNING)
    write(tmp_path, STUDY, "study.toml")
    command = ["study", "study.toml", "--jobs", "1", "--quiet", "--mlflow", store]
    for more in ([], ["--resume", "--experiment", "again"]):
        result = CliRunner().invoke(app, [*command, *more])
        assert result.exit_code == 0, result.output
    results = read_results(tmp_path / "studies" / "tracked")
    for experiment in ("tracked", "again"):
        _, _, points = runs_of(store, experiment)
        assert [run.data.metrics["accuracy"] for run in points] == [each.mean for each in results.estimates("accuracy")]


@pytest.mark.slow
@pytest.mark.parametrize("uri", ["nonsense://somewhere", "file:///proc/nowhere"])
def test_a_store_that_cannot_be_used_is_refused_before_anything_is_run(
    store: str, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, LEARNING)
    write(tmp_path, STUDY, "study.toml")
    result = CliRunner().invoke(app, ["study", "study.toml", "--jobs", "1", "--mlflow", uri])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"parley: MLflow, {uri}: ")
    assert not (tmp_path / "studies").exists()


def test_without_mlflow_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mlflow", "mlflow.tracking", "mlflow.exceptions"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    with pytest.raises(BadInput, match=r"pip install --editable '.\[mlflow\]'"):
        made().to_mlflow("file:///nowhere")


def test_an_experiment_is_one_of_mlflow() -> None:
    result = CliRunner().invoke(app, ["study", "noise-effects", "--experiment", "mine"])
    assert result.exit_code == 2
    assert "--mlflow says where that is" in result.stderr
