"""Files of data in campaigns: what is whole runs and is verified, and whatever is damaged is told by the command, which ends."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from benchmarks.digits_loop import items_asked
from scenarios.cli import app
from scenarios.loading import load
from scenarios.run import Origin, prepare
from tests.scenarios import test_newsgroups, test_openml
from tests.scenarios.campaigns import LEARNING, write

COUNT = 60
TEXTS = [f"item {row} of the {('red', 'green', 'blue')[row % 3]} kind, told {row % 7} times" for row in range(COUNT)]
ROWS = [{"x": [row % 3 + row % 11 / 9, row % 5 / 2], "t": TEXTS[row], "y": row % 3} for row in range(COUNT)]


def _npz(folder: Path) -> None:
    np.savez(folder / "d.npz", features=np.array([row["x"] for row in ROWS]), truth=np.array([row["y"] for row in ROWS]))


def _parquet(folder: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "d.parquet")


def _jsonl(folder: Path) -> None:
    (folder / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")


def _packed(folder: Path) -> None:
    (folder / "d.jsonl.gz").write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in ROWS).encode()))


def _csv(folder: Path) -> None:
    text = "".join(f'{row["x"][0]},"{row["t"]}",{row["y"]}\n' for row in ROWS)  # type: ignore[index]
    (folder / "d.csv").write_text("x,t,y\n" + text, encoding="utf-8")


def _embeddings(folder: Path) -> None:
    np.save(folder / "d.npy", np.array([row["x"] for row in ROWS], np.float32))


def _readme(folder: Path) -> None:
    names = "".join(f"          '{place}': {name}\n" for place, name in enumerate(("red", "green", "blue")))
    head = "---\ndataset_info:\n  features:\n  - name: y\n    dtype:\n      class_label:\n        names:\n"
    (folder / "README.md").write_text(head + names + "---\n", encoding="utf-8")


def _newsgroups(folder: Path) -> None:
    test_newsgroups.keep(folder)


def _openml(folder: Path) -> None:
    rows = "".join(f"{row['x'][0]},{'abc'[row['y']]}\n" for row in ROWS)  # type: ignore[index]
    test_openml.keep(folder, "@relation r\n@attribute x real\n@attribute beast {a,b,c}\n@data\n" + rows)


DATA: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "npz": (_npz, "d.npz", 'source = "npz"\npath = "d.npz"'),
    "parquet": (_parquet, "d.parquet", 'source = "parquet"\npath = "d.parquet"\ntruth = "y"\nfeatures = ["x"]'),
    "parquet text": (
        _parquet,
        "d.parquet",
        'source = "parquet"\npath = "d.*"\ntruth = "y"\ntext = "t"\ntext_features = "characters"',
    ),
    "jsonl": (_jsonl, "d.jsonl", 'source = "jsonl"\npath = "d.jsonl"\ntruth = "y"\nfeatures = ["x"]\nkeep = { 1 = 0.5 }'),
    "packed": (_packed, "d.jsonl.gz", 'source = "jsonl"\npath = "d.jsonl.gz"\ntruth = "y"\ntext = "t"\nclasses = ["a", "b", "c"]'),
    "csv": (
        _csv,
        "d.csv",
        'source = "csv"\npath = "d.csv"\ntruth = "y"\ntext = "t"\ntext_features = { kind = "hashed", columns = 99 }',
    ),
    "embeddings": (_embeddings, "d.npy", 'source = "synthetic"\nitems = 60\nembeddings = { path = "d.npy" }'),
    "README": (
        lambda folder: (_jsonl(folder), _readme(folder))[0],
        "README.md",
        'source = "jsonl"\npath = "d.jsonl"\ntruth = "y"\nfeatures = ["x"]\nclasses_file = "README.md"',
    ),
    "20newsgroups": (_newsgroups, "20news-bydate_py3.pkz", 'source = "20newsgroups"\ncache = "."\ndownload = false'),
    "openml": (
        _openml,
        f"{test_openml.HOME}/data/v1/download/50/beasts.arff.gz",
        'source = "openml"\ndata_id = 5\ncache = "."\ndownload = false',
    ),
}
"""What writes files, which of them is damaged, and the table that reads them."""


def scenario(folder: Path, name: str) -> Path:
    make, _, table = DATA[name]
    make(folder)
    return write(folder, LEARNING.replace('source = "iris"', table).replace("labels = 25", "labels = 12"))


def parley(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


@pytest.mark.parametrize("name", DATA)
def test_a_campaign_runs_and_is_verified(name: str, tmp_path: Path) -> None:
    result = parley("run", scenario(tmp_path, name), "--logs", tmp_path / "logs", "--quiet")
    assert result.exit_code == 0, result.output
    (log,) = (tmp_path / "logs").glob("*.jsonl")
    assert parley("verify", log).exit_code == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_a_campaign_that_covers_the_items_goes_by_their_embeddings(tmp_path: Path, seed: int) -> None:
    path = scenario(tmp_path, "embeddings")
    places = np.random.RandomState(seed).rand(COUNT, 2)
    np.save(tmp_path / "d.npy", places)
    result = parley("run", path, "--logs", tmp_path / "logs", "--quiet", "--set", "selector.strategy=k-center")
    assert result.exit_code == 0, result.output
    (log,) = (tmp_path / "logs").glob("*.jsonl")
    world = prepare(load(path).scenario, Origin(tmp_path))[1]
    seeds = [*world.seeds]
    distances = {item: np.linalg.norm(places[item] - places[seeds], axis=1).min() for item in world.items.ids}
    assert items_asked(log)[0] == max(distances, key=lambda item: distances[item])


def test_a_log_of_other_data_is_told(tmp_path: Path) -> None:
    path = scenario(tmp_path, "embeddings")
    assert parley("run", path, "--logs", tmp_path / "logs", "--quiet").exit_code == 0
    np.save(tmp_path / "d.npy", np.ones((COUNT, 2)))
    (log,) = (tmp_path / "logs").glob("*.jsonl")
    result = parley("verify", log)
    assert result.exit_code == 2
    assert "the data are not those of the run" in " ".join(result.stderr.split())


def damaged(folder: Path, name: str, data: st.DataObject) -> None:
    path = scenario(folder, name)
    file = folder / DATA[name][1]
    whole = file.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 9)) | st.just(len(whole)))
    file.write_bytes(whole[:start] + data.draw(st.binary(max_size=6)) + whole[end:])
    result = parley("check", path)
    assert result.exception is None or isinstance(result.exception, SystemExit), (name, result.exc_info)
    assert result.exit_code in (0, 2), result.output
    assert "Traceback" not in result.output


lenient = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.mark.parametrize("name", DATA)
@given(st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=lenient)
def test_whatever_a_file_of_data_holds_the_command_says_so_and_ends(name: str, tmp_path: Path, data: st.DataObject) -> None:
    damaged(tmp_path, name, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", DATA)
@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=lenient)
def test_whatever_a_file_of_data_holds_three_hundred_times(name: str, tmp_path: Path, data: st.DataObject) -> None:
    damaged(tmp_path, name, data)
