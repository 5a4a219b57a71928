"""Confidences leave a log with the answers, and come back with them."""

import csv
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from scenarios.cli import app
from scenarios.loading import load
from tests.scenarios.campaigns import LABELLING, events, run_logged, write


def logged(folder: Path, says: str) -> Path:
    text = LABELLING.replace("price = 0.05", f"price = 0.05\nsays = {says}")
    return run_logged(load(write(folder, text)).scenario, folder)[1]


def parley(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def sure(log: Path) -> list[tuple[object, ...]]:
    return sorted(
        (event["from"], event["body"]["item"], event["body"]["label"], event["body"].get("confidence"))
        for event in events(log)
        if event["kind"] == "answer-submitted"
    )


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_confidences_are_exported_and_imported_as_they_are(ending: str, tmp_path: Path) -> None:
    log = logged(tmp_path, '[{ kind = "confidence", noise = 0.5 }, { kind = "abstain", threshold = 0.5 }]')
    table, back = tmp_path / f"answers.{ending}", tmp_path / "back.jsonl"
    parley("export", log, "--out", table, "--format", ending)
    parley("import", table, "--to", back, "--confidence", "confidence", "--quiet")
    late = {event["cause"] for event in events(log) if event["kind"] == "answer-late"}
    counted = [event for event in events(log) if event["kind"] == "answer-submitted" and event["seq"] not in late]
    assert len(sure(back)) == len(counted)
    assert {*sure(back)} <= {*sure(log)}
    assert all(confidence is not None for *_, confidence in sure(back))


def test_where_nobody_says_how_sure_they_are_a_table_has_no_column_for_it(tmp_path: Path) -> None:
    log = logged(tmp_path, '{ kind = "ranking" }')
    parley("export", log, "--out", tmp_path / "a.csv", "--format", "csv")
    parley("export", log, "--out", tmp_path / "a.parquet", "--format", "parquet")
    with (tmp_path / "a.csv").open(newline="") as file:
        assert next(csv.reader(file)) == ["task", "worker", "label", "start", "duration"]
    assert "confidence" not in pyarrow.parquet.read_schema(tmp_path / "a.parquet").names


def test_abstentions_stand_among_everything_and_not_among_what_counts(tmp_path: Path) -> None:
    log = logged(tmp_path, '[{ kind = "confidence" }, { kind = "abstain", threshold = 0.7 }]')
    parley("export", log, "--out", tmp_path / "counted.csv", "--format", "csv")
    parley("export", log, "--out", tmp_path / "all.csv", "--format", "csv", "--all")
    with (tmp_path / "all.csv").open(newline="") as file:
        rows = [*csv.DictReader(file)]
    abstained = [row for row in rows if row["status"] == "abstained"]
    assert abstained
    assert {(row["label"], row["confidence"]) for row in abstained} == {("", "")}
    assert "" not in {row["label"] for row in rows if row["status"] == "counted"}
    with (tmp_path / "counted.csv").open(newline="") as file:
        assert len([*csv.DictReader(file)]) == sum(row["status"] == "counted" for row in rows)


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [("1.5", "the confidence is 1.5; confidences are probabilities, 0 to 1"), ("sure", "the confidence is 'sure'"), ("nan", "nan")],
)
def test_a_confidence_that_is_no_probability_is_refused_with_its_line(cell: str, complaint: str, tmp_path: Path) -> None:
    file = write(tmp_path, f"task,worker,label,trust\n1,ann,a,0.5\n1,ben,b,{cell}\n", "answers.csv")
    result = CliRunner().invoke(app, ["import", str(file), "--to", str(tmp_path / "log.jsonl"), "--confidence", "trust"])
    assert result.exit_code == 2
    assert "line 3" in result.output.replace("\n", " ")
    assert complaint in " ".join(result.output.split())


def test_a_column_that_happens_to_be_called_confidence_is_read_only_if_it_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "task,worker,label,confidence\n1,ann,a,87\n", "answers.csv")
    parley("import", file, "--to", tmp_path / "log.jsonl", "--quiet")
    assert sure(tmp_path / "log.jsonl") == [("ann", 1, "a", None)]
