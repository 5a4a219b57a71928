"""What is exported can be imported, and is then the same."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from scenarios.cli import app
from tests.scenarios.campaigns import LABELLING, write

GOLDEN = Path(__file__).parents[2] / "golden"


def parley(*arguments: str | Path) -> None:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exit_code == 0, result.output


def exported(log: Path, name: str) -> Path:
    parley("export", log, "--format", name, "--quiet")
    return log.with_suffix(".label-studio.json" if name == "label-studio" else f".{name}")


def imported(table: Path, *arguments: str) -> Path:
    log = table.with_name(f"from-{table.name}.jsonl")
    parley("import", table, "--to", log, "--quiet", *arguments)
    return log


def copied(folder: Path, name: str) -> Path:
    log = folder / "log.jsonl"
    log.write_bytes((GOLDEN / f"{name}.jsonl").read_bytes())
    return log


def test_a_table_of_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    table = exported(copied(tmp_path, "v1-labelling"), "csv")
    assert exported(imported(table), "csv").read_text() == table.read_text()


def test_so_does_that_of_a_run_with_leases_and_cancellations(tmp_path: Path) -> None:
    text = LABELLING.replace("size = 3 }", "size = 3, early = true }")
    parley("run", write(tmp_path, text), "--logs", tmp_path, "--quiet")
    (log,) = tmp_path.glob("*.jsonl")
    table = exported(log, "csv")
    assert exported(imported(table), "csv").read_text() == table.read_text()


def test_parquet_comes_back_as_the_same_table(tmp_path: Path) -> None:
    log = copied(tmp_path, "v1-labelling")
    table = exported(log, "csv").read_text()
    assert exported(imported(exported(log, "parquet")), "csv").read_text() == table


def test_tasks_for_label_studio_come_back_with_all_that_they_can_tell(tmp_path: Path) -> None:
    log = copied(tmp_path, "v1-labelling")
    before = [*csv.DictReader(io.StringIO(exported(log, "csv").read_text()))]
    tasks = exported(log, "label-studio")
    after = [*csv.DictReader(io.StringIO(exported(imported(tasks, "--task", "id"), "csv").read_text()))]
    told = ("task", "worker", "label", "duration")
    assert sorted([row[key] for key in told] for row in after) == sorted([row[key] for key in told] for row in before)


def test_times_come_back_counted_from_the_first_start(tmp_path: Path) -> None:
    table = exported(copied(tmp_path, "v1-learning"), "csv")
    again = exported(imported(table), "csv")
    before, after = ([*csv.DictReader(io.StringIO(each.read_text()))] for each in (table, again))
    assert [{**row, "start": ""} for row in before] == [{**row, "start": ""} for row in after]
    assert [float(row["start"]) for row in after] == pytest.approx([float(row["start"]) - 10 for row in before])
    assert exported(imported(again), "csv").read_text() == again.read_text()


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z"), exclude_characters='"\\'), min_size=1, max_size=5
)
SECONDS = st.integers(0, 10**9).map(lambda microseconds: f"{microseconds / 1e6:.6f}")
NOTHING = st.just("")


@pytest.mark.slow
@settings(deadline=None, max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@pytest.mark.parametrize(
    "times", [(SECONDS, SECONDS), (NOTHING, SECONDS), (NOTHING, NOTHING)], ids=["starts", "durations", "order"]
)
@given(st.data())
def test_any_table_that_was_imported_stays_what_it_is(
    times: tuple[st.SearchStrategy[str], st.SearchStrategy[str]], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.tuples(NAMES, NAMES, NAMES, *times), min_size=1, max_size=12))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("task", "worker", "label", "start", "duration"), *rows])
        first = exported(imported(path), "csv")
        again = exported(imported(first), "csv")
        assert again.read_text(encoding="utf-8") == first.read_text(encoding="utf-8")
