"""Wide figures on a phone: their panels stand one below the other, and each says what it shows."""

from itertools import pairwise

import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from scenarios.report.stack import NARROW, stack


def figure(rows: int, columns: int, count: int, names: int = 3) -> Figure:
    """Return a figure of so many panels, which share their axes and a legend."""
    drawn = Figure(figsize=(7.2, 2.2 * rows), layout="constrained")
    every = drawn.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for number, axes in enumerate(every.flatten()):
        axes.plot([1, 2], [number, 3])
        if number >= count:
            axes.set_axis_off()
    every[0][0].set_ylabel("accuracy, %")
    for axes in every[-1]:
        axes.set_xlabel("labels")
    drawn.legend([Line2D([], []) for _ in range(names)], ["a name of some length"] * names, loc="outside upper left", ncols=names)
    return drawn


@pytest.mark.parametrize(("rows", "columns", "count"), [(1, 2, 2), (1, 3, 3), (2, 3, 5)])
def test_panels_stand_one_below_the_other_and_each_has_its_axes(rows: int, columns: int, count: int) -> None:
    drawn = figure(rows, columns, count)
    assert stack(drawn)
    drawn.draw_without_rendering()
    boxes = [axes.get_window_extent() for axes in drawn.axes]
    assert len(boxes) == count
    assert len({round(box.x0) for box in boxes}) == 1
    assert all(above.y0 > below.y1 for above, below in pairwise(boxes))
    assert all(box.height > 90 for box in boxes)
    assert all(axes.get_xlabel() == "labels" for axes in drawn.axes)
    assert all(any(label.get_text() for label in axes.get_yticklabels()) for axes in drawn.axes)
    (legend,) = drawn.legends
    assert legend.get_window_extent().width <= NARROW * drawn.dpi


def test_panels_below_each_other_are_narrowed_unless_words_stand_in_them() -> None:
    plain, named = figure(2, 1, 2), figure(1, 1, 1)
    named.axes[0].annotate("a name", (1, 1))
    assert stack(plain) and plain.get_figwidth() == NARROW
    assert not stack(named) and named.get_figwidth() == 7.2


def test_a_figure_of_very_many_panels_stays_as_it_is() -> None:
    drawn = figure(5, 3, 13)
    assert not stack(drawn)
    assert drawn.get_figwidth() == 7.2
