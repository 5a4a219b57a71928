"""What is drawn holds the figures that it was given, and nothing that is to be read stands over anything else."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from scenarios.report.inks import style
from scenarios.report.pictures import bands, clouds, dots, forest, front, heat, ranks, strips, trends
from scenarios.report.pictures.sheet import measuring, settle
from scenarios.report.pictures.spread import spread

HOSTILE = ["$x_1$ & <script>", "a name that goes on and on, as names of components with many dials may do", "{}%s\\n", "ü 漢字 🙂"]


@pytest.fixture(autouse=True)
def in_style() -> Iterator[None]:
    with style(), measuring():
        yield


def name(number: int) -> str:
    return HOSTILE[number] if number < len(HOSTILE) else f"strategy {number}"


def texts_of(figure: Figure) -> list[Text]:
    settle(figure)
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text() and text.get_visible()]


def box_of(text: Text) -> Bbox:
    return Text.get_window_extent(text)


def overlapping(texts: list[Text]) -> list[tuple[str, str]]:
    boxes = [(text.get_text(), box_of(text)) for text in texts]
    return [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if Bbox.intersection(a, b) and a.overlaps(b)]


def lines_of(figure: Figure, gid: str) -> list[Line2D]:
    return [each for each in figure.findobj(Line2D) if isinstance(each, Line2D) and each.get_gid() == gid]


def some_ranks(count: int) -> list[ranks.Ranked]:
    rng = np.random.default_rng(count)
    return [ranks.Ranked(name(number), float(rank)) for number, rank in enumerate(1 + (count - 1) * rng.beta(2, 2, count))]


def some_spots(count: int) -> tuple[front.Spot, ...]:
    rng = np.random.default_rng(count)
    x = rng.uniform(100, 300, count)
    y = 70 + (x - 100) / 10 - rng.exponential(3.0, count)
    best = [not any(x[b] <= x[a] and y[b] >= y[a] for b in range(count) if b != a) for a in range(count)]
    return tuple(
        front.Spot(
            name(at), float(x[at]), float(y[at]), float(x[at] - 4), float(x[at] + 4), float(y[at] - 1), float(y[at] + 1), best[at]
        )
        for at in range(count)
    )


def test_spread_things_do_not_overlap_and_stay_in_order_and_near() -> None:
    placed = spread([5.0, 5.1, 5.2, 30.0], [2.0, 2.0, 2.0, 2.0], 0.0, 40.0)
    assert placed == pytest.approx([3.1, 5.1, 7.1, 30.0])
    assert spread([0.0, 0.0], [2.0, 2.0], 0.0, 10.0) == pytest.approx([1.0, 3.0])
    assert spread([9.0, 12.0], [2.0, 2.0], 0.0, 10.0) == pytest.approx([7.0, 9.0])
    assert spread([], [], 0.0, 1.0) == []


@pytest.mark.parametrize("count", [2, 3, 12, 40])
def test_names_and_ranks_of_a_critical_difference_diagram_do_not_overlap(count: int) -> None:
    ranked = some_ranks(count)
    figure = ranks.ranks(ranked, 0.4 + 0.1 * count, [(1.5, 1.9)], name(0))
    texts = texts_of(figure)
    assert not overlapping(texts)
    frame = figure.bbox
    assert all(frame.x0 <= box_of(text).x0 and box_of(text).x1 <= frame.x1 for text in texts)
    for each in ranked:
        assert any(f"{each.rank:.2f}" in text.get_text() for text in texts)


def test_bars_of_a_critical_difference_diagram_are_as_long_as_their_groups_and_never_run_together() -> None:
    ranked = [ranks.Ranked(f"s{at}", float(at)) for at in range(1, 9)]
    groups = [(1.0, 3.0), (2.0, 5.0), (3.0, 6.0), (6.1, 8.0)]
    figure = ranks.ranks(ranked, 3.0, groups)
    bars = [(float(bar.get_xdata()[0]), float(bar.get_xdata()[1]), float(bar.get_ydata()[0])) for bar in lines_of(figure, "group")]  # type: ignore[index]
    inch = {each.rank: float(stem.get_xdata()[0]) for each, stem in zip(ranked, lines_of(figure, "rank"), strict=True)}  # type: ignore[index]
    assert len(bars) == 4
    assert {round(low, 3) for low, _, _ in bars} >= {round(inch[1.0] - 0.04, 3), round(inch[3.0] - 0.04, 3)}
    for (low, high, y), (other_low, other_high, other_y) in combinations(bars, 2):
        assert y != other_y or high + 0.05 < other_low or other_high + 0.05 < low
    (distance,) = lines_of(figure, "critical")
    start, end = distance.get_xdata()  # type: ignore[misc]
    assert float(end - start) == pytest.approx(inch[4.0] - inch[1.0])


@pytest.mark.parametrize("count", [1, 3, 12, 37])
def test_names_of_a_front_stand_over_no_mark_and_no_other_name_and_all_of_the_front_have_one(count: int) -> None:
    spots = some_spots(count)
    figure = front.front([front.Scene("", "money", spots), front.Scene("", "hours", spots)], "accuracy, %")
    for axes in figure.axes:
        names = [text for text in axes.texts if text.get_text()]
        assert not overlapping(names)
        marks = axes.transData.transform([(spot.x, spot.y) for spot in spots])
        assert not [text.get_text() for text in names for x, y in marks if box_of(text).contains(x, y)]
        assert len(names) >= sum(spot.front for spot in spots)
        assert count > 14 or len(names) == count


def test_a_front_is_drawn_where_it_is_with_its_intervals_and_as_steps() -> None:
    spots = (
        front.Spot("cheap", 1.0, 60.0, 0.9, 1.1, 59.0, 61.0, True),
        front.Spot("dear", 3.0, 90.0, 2.9, 3.1, 89.0, 91.0, True),
        front.Spot("vain", 3.5, 50.0, float("nan"), float("nan"), 49.0, 51.0, False),
    )
    figure = front.front([front.Scene("", "money", spots)], "accuracy, %")
    assert sorted((float(each.get_xdata()[0]), float(each.get_ydata()[0])) for each in lines_of(figure, "front")) == [
        (1, 60),
        (3, 90),
    ]  # type: ignore[index]
    assert len(lines_of(figure, "spot")) == 1
    assert len(lines_of(figure, "interval")) == 5
    (stairs,) = lines_of(figure, "steps")
    assert [*zip(stairs.get_xdata(), stairs.get_ydata(), strict=True)][:3] == [(1, 60), (3, 60), (3, 90)]  # type: ignore[arg-type]
    assert front.steps(spots, higher=True) == ([1.0, 3.0, 3.0], [60.0, 60.0, 90.0])


def test_cells_of_a_heat_map_hold_its_figures_and_what_is_significant_is_written() -> None:
    values = np.array([[1.5, -2.0], [np.nan, 0.0]])
    sides = heat.Sides("noise", ("low", "high"), "votes", ("1", "3"))
    figure = heat.heat([heat.Map("", values, (("*", ""), ("", "")))], sides, 1, differences=True)
    mesh = next(each for each in figure.findobj(QuadMesh) if isinstance(each, QuadMesh))
    assert np.ma.filled(mesh.get_array(), np.nan) == pytest.approx(values, nan_ok=True)
    low, high = mesh.get_clim()
    assert low == -high
    assert [text.get_text() for text in figure.axes[0].texts] == ["+1.5*", "\u22122.0", "-", "+0.0"]


def test_cells_too_small_for_figures_have_a_scale_instead_and_their_marks() -> None:
    values = np.linspace(0, 1, 60).reshape(2, 30)
    sides = heat.Sides("noise", ("low", "high"), "votes", tuple(map(str, range(30))))
    marks = (("*", *[""] * 29), ("",) * 30)
    figure = heat.heat([heat.Map("", values, marks)], sides, 1)
    assert [text.get_text() for text in figure.axes[0].texts] == ["*"]
    assert len(figure.axes) == 2


def test_a_forest_has_filled_marks_where_differences_are_significant_and_hollow_ones_where_not() -> None:
    branches = (forest.Branch("a", 1.0, 0.5, 1.5, True), forest.Branch("b", 0.1, -0.2, 0.4, False))
    figure = forest.forest([forest.Tree("here", branches), forest.Tree("there", branches[:1])], "difference")
    filled, hollow = lines_of(figure, "significant"), lines_of(figure, "not")
    assert [float(each.get_xdata()[0]) for each in filled] == [1.0, 1.0]  # type: ignore[index]
    assert [float(each.get_xdata()[0]) for each in hollow] == [0.1]  # type: ignore[index]
    assert hollow[0].get_markerfacecolor() == "none"
    assert filled[0].get_markerfacecolor() != "none"


def test_names_at_the_ends_of_lines_do_not_overlap_though_the_lines_do() -> None:
    x = np.linspace(0, 10, 5)
    curves = tuple(bands.Curve(name(at), x, x / 10 + at / 1e4, x / 10 - 0.1, x / 10 + 0.1, at) for at in range(8))
    figure = bands.bands([bands.Panel("", "labels", curves)], "accuracy", target=0.99)
    texts = [text for text in texts_of(figure) if text in figure.axes[0].texts]
    assert len(texts) == 9
    assert not overlapping(texts)


def test_bands_hold_the_means_they_were_given_and_those_that_stand_back_have_no_name() -> None:
    x = np.array([1.0, 2.0, 3.0])
    named = bands.Curve("named", x, x * 10, x * 9, x * 11, 0)
    back = bands.Curve("back", x, x * 8, x * 7, x * 9, None)
    figure = bands.bands([bands.Panel("one", "labels", (named, back)), bands.Panel("two", "money", (named,))], "accuracy")
    drawn = [line.get_ydata() for line in figure.axes[0].lines]
    assert any(np.array_equal(np.asarray(each), x * 10) for each in drawn)
    assert not any("back" in text.get_text() for text in texts_of(figure))


PICTURES: dict[str, Callable[[], Figure]] = {
    "bands": lambda: bands.bands(
        [bands.Panel("", "labels", (bands.Curve(name(0), np.arange(3.0), np.ones(3), np.zeros(3), np.full(3, 2.0), 0),))],
        "accuracy",
    ),
    "clouds": lambda: clouds.clouds(
        [clouds.Cloud(name(1), tuple(clouds.Dot(x, x, at % 2) for at, x in enumerate((1.0, 2.0, 4.0))), (), True)],
        "accuracy",
        HOSTILE[:2],
    ),
    "dots": lambda: dots.dots(
        [dots.Plot("", (dots.Spot(name(0), name(1), 1.0, 0.5, 1.5), dots.Spot(name(0), name(2), 2.0, 1.0, 3.0)))], "x"
    ),
    "forest": lambda: forest.forest([forest.Tree(name(0), (forest.Branch(name(1), 1.0, float("nan"), float("nan"), False),))], "x"),
    "front": lambda: front.front([front.Scene("", "money", some_spots(9))], "accuracy"),
    "heat": lambda: heat.heat([heat.Map(name(0), np.eye(3))], heat.Sides("a", tuple(HOSTILE[:3]), "b", ("1", "2", "3")), 2),
    "ranks": lambda: ranks.ranks(some_ranks(5), 1.0, [(2.0, 3.0)]),
    "strips": lambda: strips.strips([strips.Strip(name(0), (1.0, 2.0), 1.5, 1.0, 2.0)], "accuracy"),
    "trends": lambda: trends.trends(
        [trends.Field("", (trends.Trend(name(0), (0, 1), (1.0, 2.0), (0.5, 1.5), (1.5, 2.5)),))],
        trends.Axis("noise", (0.1, 0.4)),
        "x",
    ),
}


@pytest.mark.parametrize("picture", PICTURES)
def test_the_same_picture_is_the_same_bytes(picture: str) -> None:
    def written() -> bytes:
        buffer = BytesIO()
        PICTURES[picture]().savefig(buffer, format="svg", metadata={"Date": None})
        return buffer.getvalue()

    assert written() == written()
