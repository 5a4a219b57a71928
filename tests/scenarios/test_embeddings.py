"""Embeddings of the user's own: each item has its row, or they are refused."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from pydantic import ValidationError
from typer.testing import CliRunner

from bus.chance import Chance
from scenarios.cli import app
from scenarios.embeddings import Embeddings
from scenarios.errors import BadInput
from scenarios.sources import Csv, Parquet, Source, Synthetic
from scenarios.world import World, build_world
from tests.scenarios.campaigns import LEARNING, write

ROWS = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.float32)


def put(folder: Path, kind: str, rows: Any = ROWS, ids: list[Any] | None = None) -> None:
    path, ids = folder / f"e.{kind}", [*range(len(rows))] if ids is None else ids
    if kind == "npy":
        np.save(path, rows)
    elif kind == "npz":
        np.savez(path, embeddings=rows, ids=np.array(ids))
    elif kind == "parquet":
        pq.write_table(pa.table({"ids": ids, "embeddings": [*rows]}), path)
    else:
        text = "".join(json.dumps({"ids": name, "embeddings": row.tolist()}) + "\n" for name, row in zip(ids, rows, strict=True))
        path.write_text(text, encoding="utf-8")


def read(folder: Path, kind: str, items: list[Any], ids: str | None = None) -> Any:
    return Embeddings(path=f"e.{kind}", ids=ids).read(folder, None, items)


@pytest.mark.parametrize("kind", ["npy", "npz", "parquet", "jsonl"])
def test_rows_are_in_the_order_of_the_data(kind: str, tmp_path: Path) -> None:
    put(tmp_path, kind)
    found = read(tmp_path, kind, ["u", "v", "w"])
    assert_array_equal(found, ROWS)
    assert found.dtype == (np.float64 if kind == "jsonl" else np.float32)


@pytest.mark.parametrize("kind", ["npz", "parquet", "jsonl"])
def test_rows_are_found_by_ids_whether_written_as_numbers_or_as_text(kind: str, tmp_path: Path) -> None:
    put(tmp_path, kind, ids=["30", "10", "20"])
    assert_array_equal(read(tmp_path, kind, [10, 30], "ids"), ROWS[[1, 0]])
    put(tmp_path, kind, ids=[30, 10, 20])
    assert_array_equal(read(tmp_path, kind, ["20", "30"], "ids"), ROWS[[2, 0]])


@given(st.lists(st.integers(0, 99), min_size=1, max_size=9, unique=True), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_each_item_gets_its_own_row(tmp_path_factory: pytest.TempPathFactory, ids: list[int], random: Any) -> None:
    folder = tmp_path_factory.getbasetemp()
    put(folder, "npz", np.array([[item, -item] for item in ids], np.float64), ids)
    asked = random.sample(ids, len(ids))
    assert read(folder, "npz", asked, "ids")[:, 0].tolist() == asked


@pytest.mark.parametrize("kind", ["npy", "npz", "parquet", "jsonl"])
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS[:2], "there are 2 embeddings, but the data have 3 items; name the items in embeddings.ids"),
        (np.vstack([ROWS, ROWS]), "there are 6 embeddings, but the data have 3 items"),
        (
            np.where(ROWS == 5, np.nan, ROWS),
            "(the embedding of item 'v' has numbers that are infinite or NaN|line 2: this is not JSON)",
        ),
        (
            np.where(ROWS == 5, np.inf, ROWS),
            "(the embedding of item 'v' has numbers that are infinite or NaN|line 2: this is not JSON)",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(kind: str, tmp_path: Path, rows: Any, message: str) -> None:
    put(tmp_path, kind, rows)
    with pytest.raises(BadInput, match=rf"^[^\n]*e\.{kind}(: |, ){message}"):
        read(tmp_path, kind, ["u", "v", "w"])


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"embeddings": np.ones(3)}, "array 'embeddings' is 3, of type float64; it should be items x features"),
        ({"embeddings": np.array([["a"]] * 3)}, "array 'embeddings' is 3 x 1, of type <U1"),
        ({"embeddings": np.array([[None]] * 3)}, "array 'embeddings' cannot be read"),
        ({"embedings": ROWS}, "there is no array 'embeddings'; did you mean 'embedings'"),
        ({"embeddings": ROWS, "ids": np.array([1, 2])}, "array 'ids' has 2 rows, but 'embeddings' has 3"),
        ({"embeddings": ROWS, "ids": np.array([1, 2, 1])}, "the id '1' stands there twice, in rows 1 and 3"),
        ({"embeddings": ROWS, "ids": np.array([1, 2, 3])}, r"item 0 has no embedding \(nor do 1 others\)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "e.npz", **{"ids": np.array([0, 1, 2]), **arrays})
    with pytest.raises(BadInput, match=rf"e\.npz: {message}"):
        read(tmp_path, "npz", [0, 1, 5], "ids")


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    for kind, message in (("csv", "embeddings are read of .npy"), ("npy", "this is no .npy file of numbers"), ("txt", "read of")):
        (tmp_path / f"e.{kind}").write_text("1,2\n", encoding="utf-8")
        with pytest.raises(BadInput, match=rf"e\.{kind}: .*{message}"):
            read(tmp_path, kind, [0])
    np.save(tmp_path / "e.npy", np.array([[None]]))
    with pytest.raises(BadInput, match="Python objects are never unpickled"):
        read(tmp_path, "npy", [0])
    with pytest.raises(BadInput, match="holds one array, and no ids"):
        read(tmp_path, "npy", [0], "ids")
    with pytest.raises(BadInput, match="embeddings has no path, and these data stand in no file"):
        Embeddings().read(tmp_path, None, [0])
    with pytest.raises(BadInput, match=r"none\.npy: No such file"):
        Embeddings(path="none.npy").read(tmp_path, None, [0])


@given(st.integers(0, 200), st.binary(min_size=1, max_size=4), st.sampled_from(["npy", "npz"]))
@settings(deadline=None)
def test_whatever_a_file_holds_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, piece: bytes, kind: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    put(folder, kind)
    path = folder / f"e.{kind}"
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + piece + whole[place + len(piece) :])
    with suppress(BadInput):
        assert np.isfinite(read(folder, kind, [0, 1, 2])).all()


# In a world


def world_of(source: Source, folder: Path, **dials: Any) -> World:
    return build_world(source.model_copy(update=dials), Chance(7), folder, learner=True)


def test_a_pool_keeps_the_embeddings_of_its_own_items_and_the_digest_tells_them_apart(tmp_path: Path) -> None:
    put(tmp_path, "npy", np.arange(100.0).reshape(50, 2))
    source = Synthetic(items=50, seed_labels=5)
    world, plain = world_of(source, tmp_path, embeddings=Embeddings(path="e.npy")), world_of(source, tmp_path)
    assert world.items.embeddings[:, 0].tolist() == [2 * item for item in world.items.ids]
    assert world.items.ids == plain.items.ids
    assert world.digest != plain.digest
    put(tmp_path, "npy", np.arange(100.0).reshape(50, 2) + 1)
    assert world_of(source, tmp_path, embeddings=Embeddings(path="e.npy")).digest != world.digest


def test_rare_classes_keep_the_embeddings_of_the_items_that_stay(tmp_path: Path) -> None:
    put(tmp_path, "npz", np.arange(100.0).reshape(50, 2))
    world = world_of(Synthetic(items=50, seed_labels=5, keep={"1": 0.2}), tmp_path, embeddings=Embeddings(path="e.npz"))
    assert len(world.items) < 30
    assert world.items.embeddings[:, 0].tolist() == [2 * item for item in world.items.ids]


def test_a_column_of_the_data_can_be_their_embeddings_and_is_no_feature_then(tmp_path: Path) -> None:
    rows = [{"x": float(row), "y": row % 2, "vector": [row, row + 0.5]} for row in range(40)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "d.parquet")
    source = Parquet(path="d.parquet", truth="y", embeddings=Embeddings(array="vector"), seed_labels=4)
    world = world_of(source, tmp_path)
    assert world.items.features.shape[1] == 1
    assert world.items.embeddings[:, 1].tolist() == [item + 0.5 for item in world.items.ids]


def test_embeddings_that_do_not_fit_end_a_run_before_it_begins(tmp_path: Path) -> None:
    put(tmp_path, "npz", np.ones((149, 2)))
    text = LEARNING.replace('source = "iris"', 'source = "iris"\nembeddings = { path = "e.npz" }')
    result = CliRunner().invoke(app, ["run", str(write(tmp_path, text))])
    assert result.exit_code == 2
    assert "there are 149 embeddings, but the data have 150 items" in " ".join(result.stderr.split())


def test_a_misspelt_key_is_told() -> None:
    with pytest.raises(ValidationError, match="unknown key 'column'; there are array, ids, path"):
        Csv.model_validate({"path": "x.csv", "truth": "y", "embeddings": {"column": "v"}})
