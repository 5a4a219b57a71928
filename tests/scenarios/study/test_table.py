"""What people see of a study: a table that fits its terminal, and sentences under it."""

import io
import re
from typing import Any

import pytest
from rich.console import Console

from scenarios.study.results import Results
from scenarios.study.table import MOST_POINTS, show_study
from scenarios.study.variation import Settings
from tests.scenarios.study.made import made_results

MAJORITIES = [{"kind": "majority", "size": 1, "of": "crowd"}, {"kind": "majority", "size": 3, "of": "crowd"}]


def shown(results: Results, width: int = 120) -> str:
    file = io.StringIO()
    show_study(results, Console(file=file, width=width))
    return file.getvalue()


def figures(settings: Settings, seed: int) -> dict[str, Any]:
    size = 3 if "size': 3" in str(settings) else 1
    return {
        "label_accuracy": 0.7 + 0.05 * size + 0.001 * seed,
        "accuracy": 0.6 + 0.05 * size + 0.002 * seed,
        "labels": 30,
        "cost": 1234.5 * size + seed,
        "simulated_seconds": 3660.0 * size + 60 * seed,
    }


def test_the_table_has_means_with_intervals_and_below_it_stands_what_was_found() -> None:
    text = shown(made_results({"coordination.policy": MAJORITIES}, figures, seeds=5, measure="label_accuracy"))
    unwrapped = text.replace(" \n", " ")
    assert "means of 5 runs" in text
    assert re.search(r"majority 3 +85\.20 ± 0\.20 ", text)
    assert "Majority 3 has 10.0 points more of its labels right than majority 1 (95 % interval 8.8 to 11.2, 5 seeds)" in unwrapped
    assert "it costs 3.0 times as much" in unwrapped


def test_of_policies_with_many_dials_only_what_differs_is_shown() -> None:
    text = shown(made_results({"coordination.policy": MAJORITIES}, figures))
    assert "majority 1" in text and "majority 3" in text
    assert "crowd" not in text and "{" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_the_table_fits_its_terminal_and_cuts_no_figure_short(width: int) -> None:
    glad = {"kind": "truth-inference", "following": {"kind": "refit", "method": {"kind": "glad"}}, "size": 3}
    policies = [*MAJORITIES, {"kind": "truth-inference"}, glad]
    text = shown(made_results({"coordination.policy": policies, "stop": [{"labels": 30}, {"time": "6h"}]}, figures), width)
    assert max(map(len, text.splitlines())) <= width
    assert "\u2026" not in text.partition("\n\n")[0]
    assert "61.0" in text or "65.9" in text or "65.90" in text


def test_where_there_is_little_room_figures_are_left_out_and_it_is_said() -> None:
    results = made_results({"coordination.policy": MAJORITIES}, figures)
    assert "for want of room 2 figures are left out" in shown(results, 45)
    assert "left out" not in shown(results, 120)
    assert "1,239.00 ± " in shown(results, 120)


def test_settings_are_broken_at_hyphens_and_spaces_and_not_within_words() -> None:
    strategies = ["expected-error-reduction", {"kind": "filter", "by": "least-confident", "then": "graph-density"}]
    pendings = ["kriging-believer", "local-penalisation"]
    words = set(re.split(r"[-,\s]+", shown(made_results({"strategy": strategies, "pending": pendings}, figures), 60)))
    assert {"expected", "error", "reduction", "filter", "kriging", "believer", "local", "penalisation"} <= words


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_a_study_of_which_nothing_came_or_nothing_is_varied_is_shown_too(width: int) -> None:
    failed = made_results({"coordination.policy": MAJORITIES}, lambda settings, seed: "ValueError: no", seeds=1)
    text = shown(failed, width)
    assert "majority" in text
    assert "all 2 runs failed" in text.replace("\n", " ").replace("  ", " ")
    unvaried = made_results({}, lambda settings, seed: {"labels": 30}, seeds=1)
    assert "30" in shown(unvaried, width)


def test_what_is_the_same_everywhere_is_told_once_and_whole() -> None:
    mixture = {"kind": "mixture", "by": "item", "of": ["guess", {"kind": "one-coin", "accuracy": 0.9}], "weights": [1, 3]}
    text = shown(made_results({"annotators.crowd.noise": [mixture]}, figures), 150)
    assert text.count("mixture by item, of [guess, one-coin accuracy 0.9], weights [1, 3]") == 1


def test_what_stands_in_the_line_above_is_not_said_again() -> None:
    lines = shown(made_results({"coordination.policy": MAJORITIES, "selector.barrier": [True, False]}, figures)).splitlines()
    assert sum("majority 3  " in line for line in lines) == 1


def test_of_very_many_points_some_are_shown_and_it_is_said_how_many_are_not() -> None:
    results = made_results({"stop.labels": [*range(MOST_POINTS + 5)]}, figures, seeds=2)
    assert "and 5 more settings" in shown(results)


def test_text_that_would_move_the_cursor_or_look_like_markup_is_shown_as_text() -> None:
    odd = made_results({"name": ["[red]x[/red]", "\x1b[2Jy", "z"]}, figures, name="[bold]study\x07")
    text = shown(odd)
    assert "[red]x[/red]" in text and "\x1b" not in text and "\x07" not in text and "[bold]study" in text
