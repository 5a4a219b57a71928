"""One's own data in files: what is read, and how what cannot be read is refused."""

import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from scenarios.errors import BadInput
from scenarios.tables.arrays import read_npz
from scenarios.tables.contents import Contents, Names
from scenarios.tables.separated import read_csv

NAMES = Names(truth="y", ids="id", texts=None, numbers=None)
HEADER = "id,a,b,y\n"


def csv(folder: Path, text: str | bytes, names: Names = NAMES, name: str = "data.csv") -> Contents:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(path, names)


def npz(folder: Path, names: Names | None = None, **arrays: Any) -> Contents:
    path = folder / "data.npz"
    np.savez(path, **{"y": np.array([0, 1]), "x": np.eye(2), "id": np.array([5, 6]), **arrays})
    return read_npz(path, names or Names("y", "id", None, ("x",)))


def refused(message: str, path: str) -> str:
    """A pattern of the whole message, so that it is one line."""
    return rf"^[^\n]*{path}{message}[^\n]*$"


class TestCsv:
    def test_all_other_columns_are_features(self, tmp_path: Path) -> None:
        contents = csv(tmp_path, HEADER + "u,1,2.5,cat\nv,-3,1e3,dog\n")
        assert contents.ids == ["u", "v"]
        assert contents.labels == ["cat", "dog"]
        assert_array_equal(contents.numbers, [[1, 2.5], [-3, 1000]])

    def test_whole_numbers_become_numbers_and_names_with_digits_do_not(self, tmp_path: Path) -> None:
        contents = csv(tmp_path, HEADER + "7,1,2,-1\n10,1,2,0\n")
        assert contents.ids == [7, 10]
        assert contents.labels == [-1, 0]
        contents = csv(tmp_path, HEADER + "007,1,2,1.0\n10,1,2,0\n")
        assert contents.ids == ["007", "10"]
        assert contents.labels == ["1.0", "0"]
        assert csv(tmp_path, HEADER + f"{'9' * 5000},1,2,1_000\n8,1,2,0\n").labels == ["1_000", "0"]

    def test_byte_order_mark_blank_lines_quotes_and_spaces_are_understood(self, tmp_path: Path) -> None:
        text = b'\xef\xbb\xbfid, a ,b,y\r\n\r\n"x, y",1, 2 ,"cat\n"\r\nz,1,2, dog\r\n\r\n'
        contents = csv(tmp_path, text)
        assert contents.ids == ["x, y", "z"]
        assert contents.labels == ["cat", "dog"]

    def test_tsv_is_separated_by_tabs(self, tmp_path: Path) -> None:
        assert csv(tmp_path, "id\ta\ty\n1\t2\tp, q\n", name="data.tsv").labels == ["p, q"]

    @given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.integers(-9, 9)), min_size=1, max_size=9))
    def test_numbers_come_back_as_they_were_written(
        self, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, int]]
    ) -> None:
        text = "a,y\n" + "".join(f"{number!r},{label}\n" for number, label in rows)
        contents = csv(tmp_path_factory.mktemp("csv"), text, Names("y", None, None, None))
        assert contents.numbers is not None
        assert contents.numbers[:, 0].tolist() == [number for number, _ in rows]
        assert contents.labels == [label for _, label in rows]

    @given(st.integers(0, 40), st.integers(0, 40), st.binary(max_size=4))
    def test_whatever_a_file_holds_is_read_or_refused(
        self, tmp_path_factory: pytest.TempPathFactory, start: int, end: int, piece: bytes
    ) -> None:
        good = b'\xef\xbb\xbfid,a,b,y\r\n1,2,3,"c, d"\r\n4,5,6,x\r\n'
        with suppress(BadInput):
            assert len(csv(tmp_path_factory.getbasetemp(), good[:start] + piece + good[end:]).labels) > 0

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", ": there is no column 'y'; there are none"),
            ("id,a,b,Y\n", ": there is no column 'y'; .*there are Y, a, b, id"),
            ("id;a;y\n1;2;3\n", ": there is no column 'y'; there is id;a;y"),
            ('id,"a\nb"\n', r": there is no column 'y'; there are a\\nb, id"),
            ("id,a,a,y\n", ", line 1: two columns are called 'a'"),
            (",a,id,y\n", r": column 1 has no name \(an index\?\); say in `features` which columns to use"),
            ("id,y\n1,2\n", ": there is no column for features; there are id, y"),
            (HEADER, ": there are no rows"),
            (HEADER + "1,2,3,4\n5,6,7\n", ", line 3: 3 cells, but the header names 4 columns"),
            (HEADER + "1,2,3,4\n\n5,6,7,8,9\n", ", line 4: 5 cells, but the header names 4 columns"),
            (HEADER + "1,2,3,4\n5,6,old,7\n", ", line 3: column 'b' is 'old'; features are finite numbers"),
            (HEADER + '1,2,3,"4\n"\n5,old,6,7\n', ", line 4: column 'a' is 'old'; features are finite numbers"),
            (HEADER + "1,2, ,4\n", ", line 2: column 'b' is empty; features are finite numbers"),
            (HEADER + "1,2,3,4\n5,6,NaN,7\n", ", line 3: column 'b' is nan; features are finite numbers"),
            (HEADER + "1,-inf,3,4\n5,6,7,7\n", ", line 2: column 'a' is -inf; features are finite numbers"),
            (HEADER + "1,2,1e999,4\n", ", line 2: column 'b' is inf; features are finite numbers"),
            (HEADER + "1,2,3,4\n5,6,7, \n", ", line 3: 'y' is empty"),
            (HEADER + "1,2,3,4\n,6,7,8\n", ", line 3: 'id' is empty"),
            (HEADER + "u,2,3,4\nv,2,3,4\n u,6,7,8\n", ", line 4: the id 'u' stands in line 2 already"),
            (HEADER.encode() + b"1,2,3,4\n5,6,7,caf\xe9\n", ", line 3: this is not UTF-8 text"),
            ((HEADER + "1,2,3,4\n").encode("utf-16"), ", line 1: this is not UTF-8 text"),
            (HEADER + '1,2,3,"4\n', ", line 2: unexpected end of data"),
            (HEADER + f"1,2,3,{'4' * 200_000}\n", r", line 2: field larger than field limit \(131072\)"),
        ],
    )
    def test_bad_files_are_refused_with_their_line(self, tmp_path: Path, text: str | bytes, message: str) -> None:
        with pytest.raises(BadInput, match=refused(message, r"data\.csv")):
            csv(tmp_path, text)

    def test_the_nearest_column_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="there is no column 'lable'; did you mean 'label'"):
            csv(tmp_path, "a,label\n1,2\n", Names("lable", None, None, None))
        with pytest.raises(BadInput, match="there is no column 'hight'; did you mean 'height'"):
            csv(tmp_path, "height,label\n1,2\n", Names("label", None, None, ("hight",)))

    @pytest.mark.parametrize(("name", "why"), [("none.csv", "No such file"), (".", "directory"), ("\0", "null byte")])
    def test_files_that_cannot_be_opened_are_refused_saying_where_they_were_sought(
        self, tmp_path: Path, name: str, why: str
    ) -> None:
        with pytest.raises(BadInput, match=rf"{tmp_path.name}.*{why}.*\(a path starts from the scenario's folder\)$"):
            read_csv(tmp_path / name, NAMES)


class TestNpz:
    def test_numbers_truth_values_and_text_are_read(self, tmp_path: Path) -> None:
        contents = npz(tmp_path, y=np.array([True, False]), x=np.array([[1], [2]], dtype=np.float16), id=np.array(["a", "b"]))
        assert contents.labels == [1, 0]
        assert [type(label) for label in contents.labels] == [int, int]
        assert contents.ids == ["a", "b"]
        assert contents.numbers is not None
        assert contents.numbers.dtype == np.float64

    @pytest.mark.parametrize(
        ("arrays", "message"),
        [
            ({"y": np.array([0.0, 1.0])}, "array 'y' is 2, of type float64; it should be one row of whole numbers or text"),
            ({"y": np.eye(2, dtype=int)}, "array 'y' is 2 x 2, of type int64; it should be one row of whole numbers or text"),
            ({"y": np.array(0)}, "array 'y' is a single value, of type int64; it should be one row"),
            ({"y": np.array([0, "a"], dtype=object)}, "array 'y' cannot be read .*Python objects are never unpickled"),
            ({"y": np.array([], dtype=int), "x": np.empty((0, 2)), "id": np.array([], dtype=int)}, "there are no rows"),
            ({"x": np.ones(2)}, "array 'x' is 2, of type float64; it should be items x features, of numbers"),
            ({"x": np.empty((2, 0))}, "array 'x' is 2 x 0, of type float64; it should be items x features"),
            ({"x": np.array([["1"], ["2"]])}, "array 'x' is 2 x 1, of type <U1; it should be items x features, of numbers"),
            ({"x": np.eye(3)}, "array 'x' has 3 rows, but 'y' has 2"),
            ({"id": np.array([1])}, "array 'id' has 1 rows, but 'y' has 2"),
            ({"id": np.array([1.5, 2])}, "array 'id' is 2, of type float64; it should be one row of whole numbers or text"),
        ],
    )
    def test_bad_arrays_are_refused_by_their_names(self, tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
        with pytest.raises(BadInput, match=refused(f": {message}", r"data\.npz")):
            npz(tmp_path, **arrays)

    @pytest.mark.parametrize(
        ("arrays", "message"),
        [
            ({"x": np.array([[1, 2], [3, np.nan]])}, "row 1: column 1 is nan; features are finite numbers"),
            ({"id": np.array([4, 4])}, "row 1: the id 4 stands in row 0 already"),
            ({"y": np.array(["a", ""])}, "row 1: 'y' is empty"),
        ],
    )
    def test_bad_values_are_refused_with_their_row(self, tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
        with pytest.raises(BadInput, match=refused(f", {message}", r"data\.npz")):
            npz(tmp_path, **arrays)

    def test_numbers_too_large_for_64_bits_are_refused(self, tmp_path: Path) -> None:
        largest = np.finfo(np.longdouble).max
        if np.isfinite(np.float64(np.finfo(np.float64).max)) and largest == np.finfo(np.float64).max:
            pytest.skip("long double is double here")
        with pytest.raises(BadInput, match="row 0: column 0 is inf"):
            npz(tmp_path, x=np.full((2, 2), largest))

    def test_missing_arrays_are_refused_with_the_nearest_name(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match=r"there is no array 'labels'; did you mean 'label'\? there are id, label, x, y"):
            npz(tmp_path, Names("labels", None, None, ("x",)), label=np.arange(2))

    def test_files_that_are_no_archive_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "data.npz"
        np.save(tmp_path / "one.npy", np.eye(2))
        for content in (b"", b"id,y\n", b"PK\x03\x04 torn", (tmp_path / "one.npy").read_bytes()):
            path.write_bytes(content)
            with pytest.raises(BadInput, match=refused(": this is no .npz file, as numpy.savez writes them", r"data\.npz")):
                read_npz(path, NAMES)
        with pytest.raises(BadInput, match=r"none\.npz: No such file"):
            read_npz(tmp_path / "none.npz", NAMES)

    def test_damaged_arrays_are_refused(self, tmp_path: Path) -> None:
        npz(tmp_path)
        path = tmp_path / "data.npz"
        with zipfile.ZipFile(path) as archive:
            start = archive.getinfo("x.npy").header_offset
        damaged = bytearray(path.read_bytes())
        for content in (start + 60, start + 170):
            torn = damaged.copy()
            torn[content] ^= 0xFF
            path.write_bytes(torn)
            with pytest.raises(BadInput, match=r"data\.npz: array 'x' cannot be read"):
                read_npz(path, Names("y", None, None, ("x",)))

    @given(st.integers(0, 800), st.binary(min_size=1, max_size=4))
    @settings(deadline=None)
    def test_whatever_a_file_holds_is_read_or_refused(
        self, tmp_path_factory: pytest.TempPathFactory, place: int, piece: bytes
    ) -> None:
        folder = tmp_path_factory.getbasetemp()
        npz(folder)
        good = (folder / "data.npz").read_bytes()
        (folder / "data.npz").write_bytes(good[:place] + piece + good[place + len(piece) :])
        with suppress(BadInput):
            assert len(read_npz(folder / "data.npz", Names("y", "id", None, ("x",))).labels) > 0

    def test_what_is_not_named_is_not_read(self, tmp_path: Path) -> None:
        contents = npz(tmp_path, Names("y", None, None, ()), x=np.array([None, None]), id=np.array([None, None]))
        assert contents.numbers is None
        assert contents.ids is None
