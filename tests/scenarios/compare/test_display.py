"""What people see of a comparison, in as much room as there is."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console

from scenarios.compare.asked import take_part
from scenarios.compare.contest import Contest, contest
from scenarios.compare.display import show_comparison
from scenarios.compare.pictures import draw
from scenarios.compare.verdict import Comparison, compare
from scenarios.grid import Row
from tests.scenarios.campaigns import LABELLING, write
from tests.scenarios.compare.runs import a_run, failed, runs


def contest_of(folder: Path, *policies: str) -> Contest:
    return contest(write(folder, LABELLING.replace("count = 5", "count = 9")), take_part(policies, [], []), {}, 8)


def rows_of(names: list[str], seeds: int = 8, **more: Any) -> list[Row]:
    """Return rows in which names further back are better, dearer and slower, by figures as long as they get."""
    luck = np.random.default_rng(1)
    return [
        a_run(
            name, seed, accuracy=0.7 + 0.05 * place + 0.01 * luck.random(), label_accuracy=0.8 + 0.01 * luck.random(),
            answers=1_000_000 + 500_000 * place + int(luck.integers(9999)), cost=123_456.78 * (place + luck.random()),
            simulated_seconds=1e6 * (place + luck.random()), right_to_wrong=3 * place,
            wrong_to_right=int(7 * place * luck.random()), **more,
        )
        for place, name in enumerate(names) for seed in range(seeds)
    ]  # fmt: skip


def shown(planned: Contest, comparison: Comparison, width: int) -> str:
    text = io.StringIO()
    show_comparison(planned, comparison, Console(file=text, width=width))
    return text.getvalue()


@pytest.mark.parametrize(
    "policies",
    [["majority", "sequential"], ["标注者标注者标注者=majority", "$x^2$ (a)=sequential", "a very long name for it=weighted"]],
)
def test_the_table_fits_80_columns_and_no_figure_is_cut_short(tmp_path: Path, policies: list[str]) -> None:
    planned = contest_of(tmp_path, *policies)
    text = shown(planned, compare(planned.names, rows_of(planned.names)), 80)
    lines = text.splitlines()
    assert max(map(cell_len, lines)) <= 80
    for line in lines:
        assert "\u2026" not in line[30:]
    for word in ("accuracy of the model, %", "difference", "interval", "real", "Compared at equal numbers of labels"):
        assert word in text


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_whatever_the_width_nothing_is_lost(tmp_path: Path, width: int) -> None:
    planned = contest_of(tmp_path, "majority", "sequential")
    comparison = compare(planned.names, rows_of(planned.names))
    text = " ".join(shown(planned, comparison, width).split())
    assert text.count(" real") >= len([each for each in comparison.differences if each.verdict == "real"])


def test_every_contender_is_told_in_full_where_its_name_does_not_tell(tmp_path: Path) -> None:
    planned = contest_of(tmp_path, "majority", "b={kind='majority', size=5, early=true}", "as-written")
    text = shown(planned, compare(planned.names, rows_of(planned.names)), 80)
    assert "majority    majority size 1, ties fair, not early" in text
    assert "b           majority size 5, early" in text
    assert "as-written  majority size 3\n" in text


def test_what_is_the_same_in_every_run_takes_one_line(tmp_path: Path) -> None:
    planned = contest_of(tmp_path, "majority", "sequential")
    text = shown(planned, compare(planned.names, rows_of(planned.names)), 80)
    assert "the same in every run: labels 100\n" in text


def test_a_difference_that_is_the_same_in_every_pair_is_said_to_be(tmp_path: Path) -> None:
    planned = contest_of(tmp_path, "majority", "sequential")
    rows = runs("majority", answers=[60] * 4) + runs("sequential", answers=[180] * 4)
    line = next(line for line in shown(planned, compare(planned.names, rows), 80).splitlines() if "+120" in line)
    assert line.split() == ["sequential", "180", "+120", "in", "every", "pair", "real"]


@pytest.mark.parametrize("seeds", [1, 2])
def test_a_policy_that_always_failed_leaves_gaps_and_no_traceback(tmp_path: Path, seeds: int) -> None:
    planned = contest_of(tmp_path, "majority", "sequential")
    rows = [row for row in rows_of(planned.names, seeds) if row["policy"] == "majority"]
    text = shown(planned, compare(planned.names, rows + [failed("sequential", seed) for seed in range(seeds)]), 80)
    assert "nan" not in text
    assert f"{seeds} run" in text
    assert "no run" in text if seeds == 1 else "no pairs" in text


def test_one_seed_shows_figures_and_no_interval(tmp_path: Path) -> None:
    planned = contest_of(tmp_path, "majority", "sequential")
    text = shown(planned, compare(planned.names, rows_of(planned.names, 1)), 80)
    assert "nan" not in text
    assert "\u00b1" not in text
    assert "One seed is one draw of luck" in text


def test_everybody_alike_is_said_so(tmp_path: Path) -> None:
    planned = contest_of(tmp_path, "majority", "sequential")
    text = shown(planned, compare(planned.names, runs("majority", labels=[9, 9]) + runs("sequential", labels=[9, 9])), 80)
    assert "nothing differs" in text
    assert "All pairs are equal" in text


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_same_comparison_makes_the_same_picture(tmp_path: Path, suffix: str) -> None:
    planned = contest_of(tmp_path, "majority", "标注者$x^2$=sequential")
    comparison = compare(planned.names, rows_of(planned.names))
    picture = draw(comparison, suffix)
    assert picture == draw(comparison, suffix)
    assert picture.startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")


def test_a_picture_has_a_panel_for_what_differs_and_its_interval(tmp_path: Path) -> None:
    planned = contest_of(tmp_path, "majority", "sequential")
    svg = draw(compare(planned.names, rows_of(planned.names)), ".svg").decode()
    assert "labels right, points" in svg
    assert "simulated time, days" in svg
    assert "difference from majority; blue: real" in svg
    assert "positions" not in svg


def test_a_picture_of_nothing_is_empty_and_no_error(tmp_path: Path) -> None:
    rows = [*runs("majority", labels=[9, 9]), failed("sequential", 0), failed("sequential", 1)]
    assert draw(compare(["majority", "sequential"], rows), ".svg").startswith(b"<?xml")
