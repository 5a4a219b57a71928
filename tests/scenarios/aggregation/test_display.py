"""What people see of what answers amount to, in as much room as there is."""

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from agents.inference.agreement import agreement_of
from agents.inference.answers import table_of
from agents.inference.majority import MajorityVote
from scenarios.aggregation.display import show_comparison, show_verdict
from scenarios.aggregation.method import all_methods
from scenarios.aggregation.names import cut, printable, quoted, shortened
from scenarios.aggregation.problem import Problem
from scenarios.aggregation.verdict import judge, ranked

PATH = "https://example.org/pictures/with/a/very/long/path/"


def shown(table, width, *methods):
    methods = methods or (MajorityVote(),)
    problem = Problem(table, table.gold)
    verdicts = ranked([judge(problem, method, 0, lambda: 0.0) for method in methods])
    text = io.StringIO()
    console = Console(file=text, width=width)
    if len(methods) > 1:
        show_comparison("answers.csv", problem, verdicts, agreement_of(table), console)
    else:
        show_verdict("answers.csv", problem, verdicts[0], agreement_of(table), console)
    return text.getvalue()


def crowd(item, person, label, items=30, people=1000, classes=50):
    rows = range(items * 4)
    return table_of(
        [item(row // 4) for row in rows],
        [person(7 * row % people) for row in rows],
        [label((row * row + row // 4) % classes) for row in rows],
    )


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    "names",
    [
        (
            lambda item: f"{PATH}{item:04d}.jpg",
            lambda who: f"{who:04d}-{'x' * 60}-{who:04d}",
            lambda kind: f"a class called {kind:02d}",
        ),
        (lambda item: f"问题{item}" * 12, lambda who: f"標註者{who}🙂" * 9, lambda kind: f"标签{kind}" * 5),
        (lambda item: item, lambda who: f"w{who}", lambda kind: kind),
    ],
    ids=["long", "wide", "short"],
)
def test_figures_are_whole_however_long_and_wide_names_are(width, names):
    table = crowd(*names)
    text = shown(table, width)
    lines = text.splitlines()
    assert {cell_len(line) for line in lines} == {width}
    assert len(lines) <= 24
    assert len(re.findall(r"0\.\d{3}  0\.\d{3} to 0\.\d{3} ", text)) == 6
    assert f"... {len(table.people) - 6:,} more" in text


def test_names_that_differ_at_their_ends_are_told_from_each_other():
    text = shown(crowd(lambda item: f"{PATH}{item:04d}.jpg", str, str), 80)
    assert len({*re.findall(r"\d\d\d\d\.jpg", text)}) == 3


def test_methods_side_by_side_fit_eighty_columns_with_their_whole_names():
    text = shown(crowd(str, str, lambda kind: "ab"[kind % 2]), 80, *all_methods())
    for method in all_methods():
        assert type(method).kind in text
    assert "seconds" in text
    assert {len(line) for line in text.splitlines()} == {80}


def test_one_who_did_not_come_to_rest_is_marked():
    assert "*" not in shown(crowd(str, str, str), 80, MajorityVote(), MajorityVote())
    tired = next(method for method in all_methods() if type(method).kind == "dawid-skene").model_copy(update={"most": 1})
    assert "1*" in shown(crowd(str, str, str), 80, MajorityVote(), tired)


@pytest.mark.parametrize("most", range(2, 30))
@pytest.mark.parametrize("text", ["short", "a name that is too long for that", "漢字ばかりの長い名前です", "🙂" * 20, ""])
def test_no_name_takes_more_room_than_there_is(text, most):
    assert cell_len(shortened(text, most)) <= most
    assert cell_len(cut(text, most)) <= most
    if cell_len(text) <= most:
        assert shortened(text, most) == cut(text, most) == text


def test_names_are_quoted_where_they_hold_blanks_and_cannot_move_a_cursor():
    assert quoted("two words", 20) == '"two words"'
    assert quoted("", 20) == '""'
    assert printable("a\x1b[2J\nb") == "a\\x1b[2J\\nb"
