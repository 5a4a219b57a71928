"""Every study has a report, whatever came of it, and its figures and tables hold what was found."""

import math
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from scenarios.findings.findings import findings
from scenarios.report.document import Picture, Report, Section, Table
from scenarios.report.inks import style
from scenarios.report.pictures.sheet import measuring
from scenarios.report.study.report import report_of_study
from scenarios.study.results import Results
from scenarios.study.variation import Settings
from tests.scenarios.report.study.shapes import HOSTILE, SHAPES, STRATEGY, kinds, numbers, precise, run, sampled, strategies
from tests.scenarios.study.made import made_curve, made_results


@pytest.fixture(autouse=True)
def in_style() -> Iterator[None]:
    with style(), measuring():
        yield


def picture(report: Report, name: str) -> Picture:
    return next(each for each in report.pictures if each.name == name)


def section(report: Report, title: str) -> Section:
    return next(each for each in report.sections if each.title == title)


def tables(report: Report) -> list[Table]:
    return [part for each in report.sections for part in each.parts if isinstance(part, Table)]


def lines_of(figure: Figure, gid: str) -> list[Line2D]:
    return [each for each in figure.findobj(Line2D) if isinstance(each, Line2D) and each.get_gid() == gid]


def xy(line: Line2D) -> tuple[list[float], list[float]]:
    return [float(x) for x in np.asarray(line.get_xdata())], [float(y) for y in np.asarray(line.get_ydata())]


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "a shoot-out"])
def test_every_shape_of_a_study_has_a_report(shape: str) -> None:
    results = SHAPES[shape]()
    report = report_of_study(results)
    assert report.title == results.name
    names = [each.name for each in report.pictures]
    assert len({*names}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    assert all(each.caption.endswith(".") and each.alt.endswith(".") for each in report.pictures)
    for table in tables(report):
        assert all(len(row) == len(table.head) for row in table.rows)
        assert all(0 <= column < len(table.head) for column in table.numbers)
        assert not any("nan" in cell.split() or "inf" in cell.split() for row in table.rows for cell in row)
    assert {"What was varied", "How it was done"} <= {each.title for each in report.sections}
    assert report.findings


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_every_figure_of_every_shape_is_drawn_and_is_the_same_bytes_each_time(shape: str) -> None:
    for each in report_of_study(SHAPES[shape]()).pictures:
        written = []
        for _ in range(2):
            buffer = BytesIO()
            each.draw().savefig(buffer, format="svg", metadata={"Date": None})
            written.append(buffer.getvalue())
        assert written[0] == written[1]


@pytest.mark.parametrize(
    ("shape", "gid", "names"),
    [
        ("one dial, a number", "trend", {"overview"}),
        ("two numbers", "trend", {"overview", "heat-map"}),
        ("one dial, no number", "runs", {"overview"}),
        ("one point", "runs", {"overview"}),
        ("strategies over data", "mean", {"overview", "heat-map"}),
        ("a sample", "dots", {"overview"}),
    ],
)
def test_the_figure_of_the_measure_suits_what_was_varied(shape: str, gid: str, names: set[str]) -> None:
    report = report_of_study(SHAPES[shape]())
    parts = [part for part in section(report, "Accuracy of the model").parts if isinstance(part, Picture)]
    assert {part.name for part in parts} == names
    assert lines_of(picture(report, "overview").draw(), gid)


def test_lines_over_a_dial_are_its_means_with_their_intervals() -> None:
    results = numbers()
    figure = picture(report_of_study(results), "overview").draw()
    means = results.estimates("accuracy")
    drawn = sorted(round(y, 9) for line in lines_of(figure, "trend") for y in xy(line)[1])
    assert drawn == sorted(round(100 * each.mean, 9) for each in means)
    bars = sorted(round(y, 9) for line in lines_of(figure, "interval") for y in xy(line)[1])
    ends = [100 * (each.mean + sign * each.half_width) for each in means for sign in (-1, 1)]
    assert bars == sorted(round(end, 9) for end in ends)


def test_cells_of_the_heat_map_are_the_means() -> None:
    results = numbers()
    figure = picture(report_of_study(results), "heat-map").draw()
    mesh = next(each for each in figure.findobj(QuadMesh) if isinstance(each, QuadMesh))
    expected = np.array([100 * each.mean for each in results.estimates("accuracy")]).reshape(3, 4)
    assert np.asarray(mesh.get_array()) == pytest.approx(expected)


def test_the_forest_has_the_differences_and_fills_the_marks_of_those_that_are_significant() -> None:
    results = strategies(6, 2)
    found = findings(results)
    figure = picture(report_of_study(results), "differences").draw()
    every = [*found.contrasts_by("accuracy"), *found.pooled_by("accuracy")]
    assert len({each.real for each in every}) == 2
    for gid, wanted in (("significant", True), ("not", False)):
        drawn = sorted(round(xy(line)[0][0], 9) for line in lines_of(figure, gid))
        assert drawn == sorted(round(100 * each.paired.mean, 9) for each in every if each.real is wanted)
    bars = sorted(round(x, 9) for line in lines_of(figure, "interval") for x in xy(line)[0])
    assert bars == sorted(round(100 * end, 9) for each in every for end in (each.among.low, each.among.high))


def test_the_front_has_who_is_on_it_at_its_price() -> None:
    results = strategies()
    found = findings(results)
    figure = picture(report_of_study(results), "pareto").draw()
    worth = found.worth[0]
    money = figure.axes[0]
    drawn = {
        (round(x, 6), round(y, 6)) for line in money.lines if line.get_gid() == "front" for x, y in zip(*xy(line), strict=True)
    }
    standings = [each for each in worth.front.standings if each.on_front]
    assert drawn == {(round(each.means[1], 6), round(100 * each.means[0], 6)) for each in standings}


def test_ranks_are_drawn_and_tabulated_as_they_were_found() -> None:
    results = strategies()
    order = findings(results).order
    assert order is not None
    report = report_of_study(results)
    texts = " ".join(text.get_text() for text in picture(report, "critical-difference").draw().axes[0].texts)
    assert all(f"{rank:.2f}" in texts for rank in order.ranking.mean_ranks)
    assert f"CD {order.ranking.distance:.2f}" in texts
    (table,) = (part for part in section(report, "Who ranks first").parts if isinstance(part, Table))
    assert [row[1] for row in table.rows] == [f"{rank:.2f}" for rank in sorted(order.ranking.mean_ranks)]


def test_the_table_of_differences_has_a_row_for_each_place_and_one_for_all() -> None:
    results = strategies()
    found = findings(results)
    report = report_of_study(results)
    table = next(part for part in section(report, "What is significant").parts if isinstance(part, Table))
    assert len(table.rows) == 3 * (3 + 1)
    assert [row[1] for row in table.rows[:4]] == ["all", "digits", "news", "wine"]
    assert sum(row[-1] == "yes" for row in table.rows) == sum(
        each.real for each in [*found.contrasts_by("accuracy"), *found.pooled_by("accuracy")]
    )


def test_every_point_has_its_row_with_its_runs() -> None:
    results = precise()
    (table,) = (part for part in section(report_of_study(results), "Every point").parts if isinstance(part, Table))
    assert [row[1] for row in table.rows] == ["4", "6", "8"]
    report = report_of_study(sampled())
    (table,) = (part for part in section(report, "Every point").parts if isinstance(part, Table))
    assert len(table.rows) == 64


def test_a_study_that_asked_for_a_precision_says_so_and_how_many_seeds_that_took() -> None:
    said = " ".join(section(report_of_study(precise()), "How it was done").says)
    assert "from 4 to 8 seeds a point" in said
    assert "until the 95 % interval of each mean reached 0.500 %" in said


def test_savings_are_told_where_there_is_a_target() -> None:
    with_target = report_of_study(strategies(target=0.65))
    (table,) = (part for part in section(with_target, "On the way to the target").parts if isinstance(part, Table))
    assert {row[2] for row in table.rows} >= {"4 of 4", "0 of 4"}
    assert "65.0 %" in table.caption
    assert not any(each.title == "On the way to the target" for each in report_of_study(strategies()).sections)
    assert (
        "No run reached" in section(report_of_study(SHAPES["a target that nobody reaches"]()), "On the way to the target").says[0]
    )


def test_runs_that_failed_are_listed_with_their_error_as_it_is() -> None:
    report = report_of_study(SHAPES["every run failed"]())
    assert not report.pictures
    (table,) = section(report, "Runs that failed").parts
    assert isinstance(table, Table)
    assert len(table.rows) == 24
    assert table.rows[0][2] == "ValueError: <b>no</b> & nothing"


def test_names_stand_in_tables_as_they_are_and_settings_in_full() -> None:
    report = report_of_study(SHAPES["hostile names"]())
    cells = {cell for table in tables(report) for row in table.rows for cell in row}
    assert any(HOSTILE[0] in cell for cell in cells)
    legend = next(table for table in tables(report) if table.caption == "What names stand for")
    assert any(HOSTILE[1] in row[2] for row in legend.rows)


def test_curves_of_many_levels_name_the_baseline_and_the_best_and_keep_the_others_back() -> None:
    results = strategies(12, 0, 3)
    report = report_of_study(results)
    figure = picture(report, "learning-curves").draw()
    legend = figure.legends[0] if figure.legends else None
    names = [text.get_text() for text in legend.get_texts()] if legend else []
    assert "strategy-0" in names
    assert 5 <= len(names) <= 8
    assert "stand back" in section(report, "How models learnt").says[0]


def test_curves_end_where_half_of_the_runs_have_ended() -> None:
    def figures(settings: object, seed: int) -> dict[str, object]:
        last = 40.0 if seed < 3 else 400.0
        curve = [[x, 0.5, 0.5, 0.5, x, 60 * x] for x in np.linspace(10, last, 5)]
        return {"accuracy": 0.5, "cost": 1.0, "curve": curve}

    results: Results = made_results({}, figures, seeds=4)
    figure = picture(report_of_study(results), "learning-curves").draw()
    longest = max(max(xy(line)[0]) for line in figure.axes[0].lines)
    assert longest == pytest.approx(40, abs=5)


def test_intervals_that_nobody_knows_are_not_drawn() -> None:
    report = report_of_study(SHAPES["one seed"]())
    assert not lines_of(picture(report, "differences").draw(), "interval")
    assert all(math.isfinite(x) for line in lines_of(picture(report, "pareto").draw(), "interval") for x in xy(line)[0])
    assert "No difference from strategy-0 can be tested" in section(report, "What is significant").says[0]


def test_bars_and_bands_end_where_a_share_does_and_the_caption_says_so() -> None:
    def certain(settings: Settings, seed: int) -> dict[str, Any]:
        return run(0.985 if settings[STRATEGY] == {"kind": "strategy-1"} else 0.5, 10.0, 1.0, seed, settings)

    report = report_of_study(made_results({STRATEGY: kinds(2)}, certain, seeds=3))
    overview = picture(report, "overview")
    assert "Where they would go on beyond all that is possible, they end there." in overview.caption
    ends = [x for line in lines_of(overview.draw(), "interval") for x in xy(line)[0]]
    assert max(ends) == 100.0 and min(ends) < 60
    low = report_of_study(made_results({STRATEGY: kinds(2)}, lambda _, seed: run(0.5, 10.0, 1.0, seed), seeds=3))
    assert "beyond all that is possible" not in picture(low, "overview").caption


def test_what_is_the_same_in_all_pairs_has_no_more_digits_than_money_has() -> None:
    def dearer(settings: Settings, seed: int) -> dict[str, Any]:
        return run(0.5, 45.0 if settings[STRATEGY] == {"kind": "strategy-1"} else 15.0, 1.0, seed, settings)

    report = report_of_study(made_results({STRATEGY: kinds(2)}, dearer, seeds=5))
    table = next(each for each in tables(report) if each.caption.startswith("By everything else"))
    assert table.rows[0][table.head.index("money")] == "+30.00 *"


def test_differences_over_all_places_and_at_single_ones_are_counted_apart() -> None:
    (said,) = section(report_of_study(strategies()), "What is significant").says
    assert said.startswith("Over all places, 3 differences from strategy-0 were tested, and ")
    assert " At single places, 9 differences were tested, and " in said


def test_who_never_arrives_is_not_said_to_save_nothing() -> None:
    def reaching(settings: Settings, seed: int) -> dict[str, Any]:
        better = settings[STRATEGY] == {"kind": "strategy-1"}
        found = run(0.8 if better else 0.6, 10.0, 1.0, seed, settings)
        # Who arrives does so after the other's money is spent.
        return {**found, "curve": made_curve(0.8 if better else 0.6, 0.4, price=2.0 if better else 0.1)}

    report = report_of_study(made_results({STRATEGY: kinds(2)}, reaching, seeds=4, target=0.7))
    (table,) = (part for part in section(report, "On the way to the target").parts if isinstance(part, Table))
    assert table.rows[1][table.head.index("money (95 % interval)")] == "it alone arrives"
