"""Data as the Hugging Face hub serves them: what is read of JSON lines and Parquet, and how what cannot be read is refused."""

import gzip
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

from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.source import Dataset
from scenarios.sources import Hub, Jsonl, Parquet

Row = dict[str, Any]

PETS: list[Row] = [
    {"name": "u", "x": 1.5, "pixels": [[1, 2], [3, 4]], "note": "a small animal", "said": {"label": 1}, "label": "cat", "about": 3},
    {"name": "v", "x": 2, "pixels": [[5, 6], [7, 8]], "note": "a larger animal", "said": {"label": 0}, "label": "dog", "about": 4},
    {"name": "w", "x": -3, "pixels": [[9, 0], [0, 0]], "note": "", "said": {"label": 1}, "label": "cat", "about": 3},
]

KINDS = {"jsonl": Jsonl, "parquet": Parquet}


def put(folder: Path, kind: str, rows: list[Row], name: str = "data", features: object = None) -> Path:
    path = folder / f"{name}.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    else:
        table = pa.Table.from_pylist(rows)
        if features is not None:
            table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
        pq.write_table(table, path)
    return path


def load(folder: Path, kind: str, looks: bool = True, **dials: Any) -> Dataset:
    source: Hub = KINDS[kind].model_validate({"path": f"data.{kind}", "truth": "label", **dials})
    return source.load(folder, Chance(7), looks)


both = pytest.mark.parametrize("kind", [*KINDS])


@both
class TestWhatIsRead:
    def test_ids_topics_classes_numbers_and_lists_of_numbers(self, kind: str, tmp_path: Path) -> None:
        put(tmp_path, kind, PETS)
        data = load(tmp_path, kind, id="name", topic="about", features=("pixels", "x"))
        assert data.ids == ["u", "v", "w"]
        assert data.topics == [3, 4, 3]
        assert data.classes == ("cat", "dog")
        assert_array_equal(data.truth, [0, 1, 0])
        assert_array_equal(data.features, [[1, 2, 3, 4, 1.5], [5, 6, 7, 8, 2], [9, 0, 0, 0, -3]])
        assert data.features.dtype == np.float64

    def test_all_other_columns_are_features_where_none_is_named(self, kind: str, tmp_path: Path) -> None:
        put(tmp_path, kind, [{key: row[key] for key in ("x", "pixels", "label")} for row in PETS])
        data = load(tmp_path, kind)
        assert data.ids == [0, 1, 2]
        assert_array_equal(data.features[0], [1.5, 1, 2, 3, 4])
        assert load(tmp_path, kind, looks=False).features is None

    def test_text_becomes_features(self, kind: str, tmp_path: Path) -> None:
        put(tmp_path, kind, PETS)
        features = load(tmp_path, kind, text="note").features
        assert features.format == "csr"
        assert features.shape[0] == 3
        assert features[2].nnz == 0

    def test_a_class_within_an_object_has_the_name_of_its_number(self, kind: str, tmp_path: Path) -> None:
        put(tmp_path, kind, PETS)
        data = load(tmp_path, kind, truth="said.label", classes=("no", "yes", "perhaps"), features=("x",))
        assert data.classes == ("no", "yes", "perhaps")
        assert_array_equal(data.truth, [1, 0, 1])

    def test_classes_keep_their_order_where_data_name_them(self, kind: str, tmp_path: Path) -> None:
        put(tmp_path, kind, PETS)
        data = load(tmp_path, kind, classes=("dog", "cat"), features=("x",))
        assert data.classes == ("dog", "cat")
        assert_array_equal(data.truth, [1, 0, 1])

    def test_several_files_are_one_in_the_order_of_their_names(self, kind: str, tmp_path: Path) -> None:
        (tmp_path / "[parts]").mkdir()
        for number, row in enumerate(reversed(PETS)):
            put(tmp_path / "[parts]", kind, [row], f"train-0000{number}-of-00003")
        data = load(tmp_path / "[parts]", kind, path=f"train-*.{kind}", id="name", features=("x",))
        assert data.ids == ["w", "v", "u"]
        assert_array_equal(data.features[:, 0], [-3, 2, 1.5])

    def test_the_same_data_are_the_same_in_both_formats(self, kind: str, tmp_path: Path) -> None:
        other = next(each for each in KINDS if each != kind)
        put(tmp_path, kind, PETS)
        put(tmp_path, other, PETS)
        one, two = (load(tmp_path, each, id="name", features=("x", "pixels")) for each in (kind, other))
        assert one.ids == two.ids
        assert_array_equal(one.features, two.features)


class TestFormats:
    def test_packed_lines_blank_lines_and_a_byte_order_mark_are_read(self, tmp_path: Path) -> None:
        text = put(tmp_path, "jsonl", PETS).read_bytes().replace(b"\n", b"\r\n\r\n")
        (tmp_path / "data.jsonl.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + text))
        assert load(tmp_path, "jsonl", path="data.jsonl.gz", id="name", features=("x",)).ids == ["u", "v", "w"]

    def test_names_of_classes_stand_in_parquet_as_the_hub_writes_them(self, tmp_path: Path) -> None:
        rows = [{"x": 1.0, "label": label} for label in (1, 0, 1)]
        put(tmp_path, "parquet", rows, features={"label": {"_type": "ClassLabel", "names": ["neg", "pos"]}})
        assert load(tmp_path, "parquet").classes == ("neg", "pos")
        assert load(tmp_path, "parquet", classes=("bad", "good")).classes == ("bad", "good")
        put(tmp_path, "parquet", rows, features={"label": {"_type": "Value", "dtype": "int64"}})
        assert load(tmp_path, "parquet").classes == (0, 1)

    def test_parquet_of_many_kinds_of_columns_is_read(self, tmp_path: Path) -> None:
        table = pa.table(
            {
                "label": pa.array(["a", "b", "a"]).dictionary_encode(),
                "f": pa.FixedSizeListArray.from_arrays(pa.array(range(6), pa.float32()), 2),
                "l": pa.array([[1], [2], [3]], pa.large_list(pa.int8())),
                "b": pa.array([True, False, True]),
                "h": pa.array(np.array([0.5, 1, 2], np.float16)),
                "id": pa.array([2**63 - 1, 0, -1]),
            }
        )
        pq.write_table(table, tmp_path / "data.parquet", row_group_size=2)
        data = load(tmp_path, "parquet", id="id")
        assert data.ids == [2**63 - 1, 0, -1]
        assert_array_equal(data.features, [[0, 1, 1, 1, 0.5], [2, 3, 2, 0, 1], [4, 5, 3, 1, 2]])

    @given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.integers(-9, 9)), min_size=1, max_size=9))
    @settings(deadline=None)
    def test_numbers_come_back_as_they_were_written(
        self, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, int]]
    ) -> None:
        folder = tmp_path_factory.mktemp("hub")
        for kind in KINDS:
            put(folder, kind, [{"x": number, "label": label} for number, label in rows])
            data = load(folder, kind)
            assert data.features[:, 0].tolist() == [number for number, _ in rows]
            assert [data.classes[place] for place in data.truth] == [label for _, label in rows]


def good(**changes: Any) -> list[Row]:
    return [{"x": 1, "label": "a"}, {"x": 2, "label": "b", **changes}]


@both
class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("rows", "dials", "message"),
        [
            (good(label=None), {}, "{second}: 'label' is missing"),
            (good(label=""), {}, "{second}: 'label' is empty"),
            ([{"x": 1, "label": 0.5}], {}, "{first}: 'label' is 0.5, which is neither a whole number nor text"),
            ([{"x": 1, "label": [1]}], {}, r"{first}: 'label' is \[1\], which is neither"),
            ([{"x": 1, "label": 3}], {"classes": ("a", "b")}, "{first}: 'label' is 3, but the 2 classes are counted from 0"),
            ([{"x": 1, "label": -1}], {"classes": ("a", "b")}, r"{first}: 'label' is -1 \(nobody says it\), but the 2 classes"),
            (good(), {"classes": ("a", "bb")}, "{second}: 'label' is 'b'; did you mean 'bb'"),
            (good(x=None), {}, "{second}: column 'x' is (missing|nan); features are finite numbers"),
            ([{"x": "1", "label": "a"}], {}, "column 'x' (is \"1\"|holds string); features are"),
            ([{"x": [1, 2], "label": "a"}, {"x": [1], "label": "a"}], {}, "{second}: 'x' (is a list of 1|holds 1 numbers)"),
            ([{"x": [], "label": "a"}], {}, "x' (is a list|holds null)"),
            (good(), {"truth": "lable"}, "there is no column 'lable'; did you mean 'label'"),
            (good(), {"truth": "label.of"}, "there is no column 'label.of'; did you mean 'label'"),
            (good(), {"features": ("y",)}, "there is no column 'y'; there are label, x"),
            ([{"label": "a"}], {}, "there is no column for features; name text"),
            (good(), {"id": "x", "features": ("x2",)}, "there is no column 'x2'; did you mean 'x'"),
            ([{"i": 1, "x": 1, "label": 1}] * 2, {"id": "i"}, "{second}: the id 1 stands in {kind} 1 already"),
            ([{"t": "", "label": 1}], {"text": "t"}, "there are no words in 't'"),
            ([{"t": 5, "label": 1}], {"text": "t"}, "{first}: 't' is 5; it should be text"),
            ([{"t": None, "label": 1}], {"text": "t"}, "{first}: 't' is missing"),
        ],
    )
    def test_bad_values_are_refused_with_their_place(
        self, kind: str, tmp_path: Path, rows: list[Row], dials: Row, message: str
    ) -> None:
        word = "line" if kind == "jsonl" else "row"
        put(tmp_path, kind, rows)
        pattern = message.replace("{first}", rf"data\.{kind}, {word} 1").replace("{second}", rf"data\.{kind}, {word} 2")
        with pytest.raises(BadInput, match=rf"^[^\n]*{pattern.replace('{kind}', word)}[^\n]*$"):
            load(tmp_path, kind, **dials)

    def test_an_id_that_stands_in_two_files_is_refused_with_both(self, kind: str, tmp_path: Path) -> None:
        for name in ("part-1", "part-2"):
            put(tmp_path, kind, [{"i": "u", "x": 1, "label": "a"}], name)
        with pytest.raises(BadInput, match=rf"part-2\.{kind}, \w+ 1: the id 'u' stands in \w+ 1 of .*part-1\.{kind} already"):
            load(tmp_path, kind, path=f"part-*.{kind}", id="i")

    def test_files_that_are_not_there_are_refused(self, kind: str, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match=rf"none\.{kind}: No such file.*\(a path starts from the scenario's folder\)"):
            load(tmp_path, kind, path=f"none.{kind}")
        with pytest.raises(BadInput, match=rf"part-\*\.{kind}: no file is called so"):
            load(tmp_path, kind, path=f"part-*.{kind}")
        put(tmp_path, kind, [])
        with pytest.raises(BadInput, match=r"there (are no rows|is no column 'label')"):
            load(tmp_path, kind)

    @pytest.mark.parametrize(
        ("dials", "message"),
        [
            ({"text": "note", "features": ("x",)}, "either features or text"),
            ({"features": ("label",)}, "column 'label' is used twice"),
            ({"classes": ("a", "a")}, "two classes are called the same"),
            ({"classes": ("a",)}, "at least 2 items"),
            ({"classes": ("a", "b"), "classes_file": "README.md"}, "either classes or classes_file"),
            ({"text_features": "words"}, "text_features says what is counted in text, but there is none"),
        ],
    )
    def test_dials_that_contradict_each_other_are_refused(self, kind: str, dials: Row, message: str) -> None:
        with pytest.raises(ValidationError, match=message):
            KINDS[kind].model_validate({"path": "x", "truth": "label", **dials})

    @given(st.data())
    @settings(deadline=None, max_examples=60)
    def test_whatever_a_file_holds_is_read_or_refused(
        self, kind: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder = tmp_path_factory.getbasetemp()
        path = put(folder, kind, PETS)
        whole = path.read_bytes()
        start = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:start] + data.draw(st.binary(max_size=4)) + whole[data.draw(st.integers(start, len(whole))) :])
        with suppress(BadInput):
            assert len(load(folder, kind, id="name", topic="about", features=("x", "pixels")).ids) > 0


NOTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
ANYTHING = st.recursive(
    NOTHING, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
)


@given(st.lists(st.fixed_dictionaries({"label": ANYTHING, "x": ANYTHING, "id": ANYTHING}), min_size=1, max_size=4), st.booleans())
@settings(deadline=None)
def test_whatever_stands_in_a_line_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], text: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with suppress(BadInput):
        assert len(load(folder, "jsonl", id="id", **({"text": "x"} if text else {"features": ("x",)})).ids) == len(rows)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{'x': 1}", "line 2: this is not JSON"),
        (b'{"x": 1', "line 2: this is not JSON"),
        (b'{"x": "caf\xe9"}', "line 2: this is not JSON"),
        (b'{"x": NaN, "label": "a"}', "line 2: this is not JSON"),
        (b'["x", "label"]', "line 2: this is a list; each line should be an object"),
        (b'{"label": "a"}', "line 2: there is no 'x'"),
        (b'{"x": 1, "label": "\\ud800"}', "line 2: this is not JSON"),
        (b'{"x": 1, "label": 7}', "line 2: 'label' is 7, but text in line 1"),
        (b"[" * 1000, "line 2: this is not JSON"),
    ],
)
def test_lines_that_are_no_objects_are_refused(tmp_path: Path, line: bytes, message: str) -> None:
    (tmp_path / "data.jsonl").write_bytes(b'{"x": 1, "label": "a"}\n' + line + b"\n")
    with pytest.raises(BadInput, match=rf"^[^\n]*data\.jsonl, {message}[^\n]*$"):
        load(tmp_path, "jsonl", features=("x",))


def test_a_packed_file_that_is_torn_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(put(tmp_path, "jsonl", PETS * 500).read_bytes())
    (tmp_path / "data.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(BadInput, match=r"data\.jsonl\.gz, after line \d+: the packed file is damaged"):
        load(tmp_path, "jsonl", path="data.jsonl.gz", features=("x",))
