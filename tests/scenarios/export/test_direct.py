"""A log as it is, read by DuckDB and by pandas: the lines of the README, to the letter."""

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from bus.replay import LogReader
from scenarios.export.reading import unwatched
from scenarios.export.tables import write_csv
from scenarios.loading import load
from tests.scenarios.campaigns import LABELLING, run_logged, write
from tests.scenarios.export.story import Story

GOLDEN = Path(__file__).parents[2] / "golden"
SQL = """\
SELECT body->>'item' AS task, "from" AS worker, body->>'label' AS label, t / 1e6 AS seconds
FROM read_json('LOG.jsonl', format = 'newline_delimited', columns = {seq: 'BIGINT', t: 'BIGINT', kind: 'VARCHAR', "from": 'VARCHAR', "to": 'VARCHAR', cause: 'BIGINT', body: 'JSON'})
WHERE kind = 'answer-submitted'
"""  # noqa: E501 (as it stands in the README)


def by_duckdb(log: Path, sql: str = SQL) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(sql.replace("LOG.jsonl", str(log))).fetchall()


def by_pandas(log: Path) -> pd.DataFrame:
    answers = pd.read_json(log, lines=True).query("kind == 'answer-submitted'")
    return answers[["t", "from"]].assign(**{key: answers["body"].str[key] for key in ("item", "label")})


def exported(log: Path) -> list[tuple[str, str, str, float]]:
    """What `parley export --format csv --all` makes of the same answers."""
    file = io.BytesIO()
    write_csv(LogReader(log), file, True, unwatched)
    rows = csv.DictReader(io.StringIO(file.getvalue().decode(), newline=""))
    return [(row["task"], row["worker"], row["label"], float(row["start"]) + float(row["duration"])) for row in rows]


def check(log: Path) -> int:
    expected = exported(log)
    found = by_duckdb(log)
    assert [row[:3] for row in found] == [row[:3] for row in expected]
    assert [row[3] for row in found] == pytest.approx([row[3] for row in expected])
    frame = by_pandas(log)
    assert [*zip(frame["item"].map(str), frame["from"], frame["label"].map(str), strict=True)] == [row[:3] for row in expected]
    assert [*(frame["t"] / 1e6)] == pytest.approx([row[3] for row in expected])
    return len(found)


@pytest.mark.parametrize("name", ["v1-labelling", "v1-learning"])
def test_old_logs_read_directly(name: str) -> None:
    assert check(GOLDEN / f"{name}.jsonl") > 20


def test_a_fresh_log_reads_directly(tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, LABELLING), {}).scenario, tmp_path)
    assert check(log) > 100


def test_ids_may_be_numbers_and_text_in_one_log(tmp_path: Path) -> None:
    story = Story()
    for item in (1, "x", "007", "1e5", "2024-01-01"):
        story.request(item)
        story.assign(item, f"ann-{item}")
        story.answer(item, f"ann-{item}", item, 0)
    log = story.written(tmp_path)
    assert [row[0] for row in by_duckdb(log)] == ["1", "x", "007", "1e5", "2024-01-01"]
    assert [*by_pandas(log)["item"]] == [1, "x", "007", "1e5", "2024-01-01"]


def test_a_run_that_broke_off_reads_directly_if_torn_lines_are_let_go(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes((GOLDEN / "v1-labelling.jsonl").read_bytes()[:30_000])
    found = by_duckdb(log, SQL.replace("'newline_delimited'", "'newline_delimited', ignore_errors = true"))
    assert [row[:3] for row in found] == [row[:3] for row in exported(log)]


@pytest.mark.slow
def test_a_hundred_thousand_events_read_directly(tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, LABELLING.replace("items = 60", "items = 12500")), {}).scenario, tmp_path)
    assert summary.events > 100_000
    assert check(log) == summary.answers + summary.late
