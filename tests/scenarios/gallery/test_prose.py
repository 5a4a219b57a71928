"""Text of docstrings stands in a page as it was written."""

import pytest

from scenarios.gallery.prose import cell, prose


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("sum_y *p* <b>log</b> p", "sum\\_y \\*p\\* \\<b>log\\</b> p"),
        ("a [link](there), a ~strike~, &lt; and $x$", "a \\[link](there), a \\~strike\\~, \\&lt; and \\$x\\$"),
        (
            "it is\n- no list\n# no heading\n> no quote\n1. no number",
            "it is\n\\- no list\n\\# no heading\n\\> no quote\n1\\. no number",
        ),
        ("a * b <= c > d & e", "a * b <= c > d & e"),
        ("x - y, at 1.5 of 2", "x - y, at 1.5 of 2"),
    ],
)
def test_no_sign_is_taken_for_markup(text: str, written: str) -> None:
    assert prose(text) == written


def test_what_stands_between_backticks_is_code() -> None:
    assert prose("by `pool_size *2*`, or pool_size") == "by `pool_size *2*`, or pool\\_size"


def test_a_cell_stays_one_cell_on_one_line() -> None:
    assert cell('"a" | "b",\n or `P(y|x)`') == '"a" \\| "b", or `P(y\\|x)`'
