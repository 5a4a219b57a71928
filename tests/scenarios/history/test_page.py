"""How events are laid out: within a terminal's width, a line each for a pipe, colours only where there are any."""

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from bus.duration import parse_duration
from scenarios.history.narrator import Telling
from scenarios.history.page import Page, stamp

EVENT = {"seq": 770, "t": 1_200_221_500, "kind": "item-resolved", "from": "coordinator", "to": "*"}
TELLING = Telling(
    EVENT, "coordinator → all", "item 816 is 0, by 3 votes", "because of #769, crowd-8's answer", "votes: 0 (crowd-8, crowd-1)"
)


def terminal(width: int, colours: bool = False) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, no_color=not colours, legacy_windows=False)


def pipe() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=80)


def test_a_pipe_gets_a_line_an_event() -> None:
    assert Page(pipe()).lay_out(TELLING) == (
        "20m00.222s  #770  coordinator → all: item 816 is 0, by 3 votes · because of #769, crowd-8's answer · "
        "votes: 0 (crowd-8, crowd-1)\n"
    )


def test_a_terminal_of_eighty_columns_gets_two() -> None:
    assert Page(terminal(80)).lay_out(TELLING) == (
        "20m00.222s  #770  coordinator → all: item 816 is 0, by 3 votes\n"
        "            because of #769, crowd-8's answer · votes: 0 (crowd-8, crowd-1)\n"
    )


def test_a_wide_terminal_gets_one() -> None:
    assert Page(terminal(140)).lay_out(TELLING) == Page(pipe()).lay_out(TELLING)


@pytest.mark.parametrize("width", [50, 60, 80, 100, 200])
@pytest.mark.parametrize("what", ["short", "a sentence " * 12, "x" * 300, "项目" * 60])
def test_no_line_is_wider_than_its_terminal(width: int, what: str) -> None:
    lines = Page(terminal(width)).lay_out(TELLING._replace(what=what)).splitlines()
    wide = re.search(r"[^\x00-\u2fff]", what) is not None
    assert all((len(line) if wide else cell_len(line)) <= width for line in lines)
    assert "".join(what.split()) in "".join("".join(lines).split())


def test_what_has_no_cause_and_no_circumstances_is_one_line_or_wrapped() -> None:
    bare = TELLING._replace(why="", known="")
    assert Page(terminal(80)).lay_out(bare).count("\n") == 1
    assert Page(terminal(50)).lay_out(bare).splitlines()[1].strip()


def test_colours_are_for_terminals_that_have_them() -> None:
    coloured = Page(terminal(80, colours=True)).lay_out(TELLING)
    assert "\x1b[32m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == Page(terminal(80)).lay_out(TELLING)
    assert "\x1b" not in Page(terminal(80)).lay_out(TELLING) + Page(pipe()).lay_out(TELLING)


def test_instants_that_only_count_are_shown_as_numbers() -> None:
    assert Page(pipe(), counted=True).lay_out(TELLING).startswith("1200221500us  #770  coordinator")


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (0, "0.000s"),
        (1, "0.001s"),
        (59_999_999, "1m00.000s"),
        (60_000_000, "1m00.000s"),
        (3_723_456_000, "1h02m03.456s"),
        (2 * 86_400_000_000 + 1, "2d00h00m00.001s"),
    ],
)
def test_an_instant_is_shown_as_it_may_be_asked_for(microseconds: int, text: str) -> None:
    assert stamp(microseconds) == text
    asked = parse_duration(text)
    assert isinstance(asked, float)
    assert 0 <= round(asked * 1e6) - microseconds < 1000
