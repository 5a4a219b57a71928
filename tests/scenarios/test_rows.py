"""Rows of text: where they begin, and how much of one is read."""

from pathlib import Path

import pytest

from scenarios.errors import BadInput
from scenarios.rows import LONGEST_ROW, are_whole, read_rows, whole_or_text


def rows(folder: Path, content: str | bytes, name: str = "data.csv") -> list[tuple[int, list[str]]]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [*read_rows(path)]


def test_each_row_has_the_number_of_its_first_line(tmp_path: Path) -> None:
    assert rows(tmp_path, 'a,b\n\n"c\nd",e\nf,g\n') == [(1, ["a", "b"]), (3, ["c\nd", "e"]), (5, ["f", "g"])]


def test_tabs_separate_in_a_file_that_ends_in_tsv(tmp_path: Path) -> None:
    assert rows(tmp_path, "a,b\tc\n", "data.tsv") == [(1, ["a,b", "c"])]


def test_a_separator_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_text("a,b\tc\n", encoding="utf-8")
    assert [*read_rows(path, separator="\t")] == [(1, ["a,b", "c"])]


@pytest.mark.parametrize(
    "row", ["x" * LONGEST_ROW, "x," * LONGEST_ROW, '"x\n",' * (LONGEST_ROW // 4)], ids=["cell", "cells", "lines"]
)
def test_a_row_that_memory_might_not_hold_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(BadInput, match=r"data\.csv, line 3: the row is longer than 16 million characters$"):
        rows(tmp_path, "a,b\nc,d\n" + row)


def test_many_rows_may_be_longer_together(tmp_path: Path) -> None:
    row = ",".join(["x" * 1000] * 1000)
    assert len(rows(tmp_path, f"{row}\n" * 20)) == 20


def test_what_cannot_be_opened_is_refused_with_the_hint(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.csv: No such file or directory$"):
        [*read_rows(tmp_path / "none.csv")]
    with pytest.raises(BadInput, match=r"none\.csv: No such file or directory \(look elsewhere\)$"):
        [*read_rows(tmp_path / "none.csv", "look elsewhere")]


def test_whole_numbers_are_those_that_are_written_as_numbers_are() -> None:
    assert whole_or_text(["1", "-2", "0"]) == [1, -2, 0]
    for cell in ("01", "1.0", "+1", "", "1_0", "-0", "9" * 19, "٣"):
        assert not are_whole(["1", cell])
        assert whole_or_text(["1", cell]) == ["1", cell]
