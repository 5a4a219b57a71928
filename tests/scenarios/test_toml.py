"""Writing TOML: what was written is what is read."""

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.toml import document, toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8)


@given(VALUES)
@settings(max_examples=60)
def test_a_value_on_one_line_is_read_as_it_is(value: Any) -> None:
    line = toml(value)
    assert "\n" not in line
    assert tomllib.loads(f"x = {line}") == {"x": value}


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
@settings(max_examples=60)
def test_a_document_is_read_as_it_is(tables: dict[str, Any]) -> None:
    assert tomllib.loads(document(tables, "of two lines\nand harmless")) == tables


def test_what_has_no_value_is_left_out_however_deep_it_stands() -> None:
    tables = {"stop": {"time": None, "labels": 5}, "seed": None, "people": [{"noise": {"rate": None, "kind": "one"}}]}
    assert tomllib.loads(document(tables)) == {"stop": {"labels": 5}, "people": [{"noise": {"kind": "one"}}]}
