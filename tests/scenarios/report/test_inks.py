"""Inks can be read on white and in the dark, and be told apart by people of any sight."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest

from scenarios.report.inks import DARK, FAINT, LINES, line, style
from tests.scenarios.report.sight import SIGHTS, contrast, difference, seen

COLOURS = [each.color for each in LINES]


@pytest.mark.parametrize("colour", [*COLOURS, FAINT])
def test_every_ink_stands_out_from_white_and_from_the_dark(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 3
    assert contrast(colour, DARK) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_no_two_inks_look_alike_whichever_cone_somebody_lacks(sight: str) -> None:
    assert min(difference(seen(one, sight), seen(other, sight)) for one, other in combinations(COLOURS, 2)) >= 9.9


def test_no_two_lines_differ_by_colour_alone() -> None:
    assert len({each.marker for each in LINES}) == len({str(each.dashes) for each in LINES}) == len(LINES)
    assert line(len(LINES)) == line(0)


def test_whatever_somebody_has_set_for_their_own_figures_is_as_it_was_after_a_report() -> None:
    with mpl.rc_context({"font.size": 31, "axes.grid": True}):
        with style():
            assert mpl.rcParams["font.size"] == 9 and not mpl.rcParams["axes.grid"]
        assert mpl.rcParams["font.size"] == 31 and mpl.rcParams["axes.grid"]


def test_the_arithmetic_of_differences_is_that_of_the_literature() -> None:
    """Pairs 1, 7, 17 and 25 of the test data of Sharma, Wu and Dalal (2005), table 1."""
    for one, other, expected in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert difference(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
