"""Chunks: a pool in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from agents.selector.chunks import LEAST, NUMBERS, chunks


@given(st.integers(0, 9000), st.integers(0, 3000))
def test_the_pieces_are_all_rows_once_in_order(rows, width):
    parts = [range(rows)[part] for part in chunks(rows, width)]
    assert [row for part in parts for row in part] == [*range(rows)]
    assert all(len(part) * width <= max(NUMBERS, LEAST * width) for part in parts)
    assert all(len(part) >= LEAST for part in parts[:-1])
