"""Contrasts: differences from the baseline, paired by seed, corrected for the family."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_rel, wilcoxon

from bus.chance import Chance
from scenarios.findings.contrasts import Contrast, contrasts, pooled
from scenarios.findings.findings import findings
from scenarios.findings.quantities import quantities, quantity
from scenarios.statistics.corrections import holm
from scenarios.study.results import Results
from scenarios.study.variation import Settings
from tests.scenarios.study.made import made_curve, made_results, made_row

GAIN = {"a": 0.0, "b": 0.05, "c": -0.05}


def luck(*words: object) -> float:
    return float(Chance(1).stream(*map(str, words)).normal())


def figures(settings: Settings, seed: int) -> dict[str, Any]:
    """Return figures that seeds share, with a gain of each policy and a little luck of each run."""
    policy, noise = str(settings["policy"]), settings.get("noise", 0.7)
    accuracy = float(str(noise)) + GAIN[policy] + 0.05 * luck(seed) + 0.01 * luck(policy, noise, seed)
    return {"accuracy": accuracy, "cost": 10.0 + 5 * (policy == "b") + 0.1 * luck("cost", policy, seed)}


def by_accuracy(results: Results) -> list[Contrast]:
    return contrasts(results, quantities(results)[0])


def test_a_contrast_is_the_paired_test_of_scipy() -> None:
    results = made_results({"policy": ["a", "b"]}, figures, seeds=8)
    (found,) = by_accuracy(results)
    ours, theirs = [*results.values(1, "accuracy").values()], [*results.values(0, "accuracy").values()]
    expected = ttest_rel(ours, theirs)
    assert found.p == pytest.approx(expected.pvalue)
    assert tuple(found.interval) == pytest.approx(tuple(expected.confidence_interval(0.95)))
    assert found.wilcoxon.p == pytest.approx(wilcoxon(ours, theirs).pvalue)
    assert (found.level, found.against, found.place) == (1, 0, 0)
    assert found.paired.mean == pytest.approx(0.05, abs=4 * 0.0142 / math.sqrt(8))
    assert found.mine.mean - found.theirs.mean == pytest.approx(found.paired.mean)
    assert found.bca.low < found.paired.mean < found.bca.high


def test_the_family_is_all_levels_at_all_places_by_one_quantity() -> None:
    results = made_results({"noise": [0.6, 0.7, 0.8], "policy": ["a", "b", "c"]}, figures, seeds=6, compared="policy")
    found = by_accuracy(results)
    assert [(each.place, each.level) for each in found] == [(place, level) for place in range(3) for level in (1, 2)]
    expected, _ = holm([each.p for each in found])
    assert [each.p_holm for each in found] == pytest.approx(expected)
    assert [each.wilcoxon_holm for each in found] == pytest.approx(holm([each.wilcoxon.p for each in found])[0])
    assert all(each.p_holm >= each.p for each in found)


def test_over_all_places_seeds_are_blocks_of_means() -> None:
    results = made_results({"noise": [0.6, 0.8], "policy": ["a", "b"]}, figures, seeds=5, compared="policy")
    (found,) = pooled(results, quantities(results)[0])
    at_places = by_accuracy(results)
    assert found.place is None and found.places == 2 and found.paired.pairs == 5
    assert found.paired.mean == pytest.approx(sum(each.paired.mean for each in at_places) / 2)
    assert found.differences == pytest.approx(
        [sum(both) / 2 for both in zip(*(each.differences for each in at_places), strict=True)]
    )


def test_the_baseline_may_be_another_and_signs_turn() -> None:
    vary = {"policy": ["a", "b"]}
    (there,) = by_accuracy(made_results(vary, figures))
    (back,) = by_accuracy(made_results(vary, figures, against="b"))
    assert back.paired.mean == pytest.approx(-there.paired.mean)
    assert (back.level, back.against) == (0, 1)


def test_runs_that_failed_are_dropped_in_pairs_and_counted() -> None:
    def failing(settings: Settings, seed: int) -> dict[str, Any] | str:
        return "E: no" if (seed, settings["policy"]) in ((1, "a"), (4, "b")) else figures(settings, seed)

    (found,) = by_accuracy(made_results({"policy": ["a", "b"]}, failing))
    assert (found.paired.pairs, found.dropped) == (8, 2)


def test_a_level_that_never_came_to_anything_has_no_pair_and_no_test() -> None:
    results = made_results(
        {"policy": ["a", "b", "c"]}, lambda settings, seed: "E: no" if settings["policy"] == "c" else figures(settings, seed)
    )
    b, c = by_accuracy(results)
    assert b.tested and not c.tested and not c.real
    assert (c.paired.pairs, c.dropped) == (0, 10)
    assert math.isnan(c.superiority) and c.ratio is None
    assert b.p_holm == pytest.approx(b.p)


def test_one_seed_says_a_difference_and_no_more() -> None:
    (found,) = by_accuracy(made_results({"policy": ["a", "b"]}, figures, seeds=1))
    assert found.paired.pairs == 1 and not found.tested and not found.real
    assert math.isnan(found.interval.low) and math.isnan(found.bca.low)


def test_where_all_pairs_are_equal_there_is_nothing_to_test() -> None:
    (found,) = by_accuracy(made_results({"policy": ["a", "b"]}, lambda settings, seed: {"accuracy": 0.5 + 0.01 * seed}))
    assert found.paired.alike and not found.tested and found.effect == 0.0 and found.superiority == 0.5


@pytest.mark.parametrize("vary", [{}, {"policy": ["a"]}])
def test_nothing_is_compared_where_nothing_has_several_values(vary: dict[str, list[str]]) -> None:
    results = made_results(vary, lambda settings, seed: {"accuracy": 0.5 + 0.01 * seed})
    assert by_accuracy(results) == [] == pooled(results, quantities(results)[0])


def test_a_place_without_the_baseline_is_left_out() -> None:
    full = made_results({"noise": [0.6, 0.8], "policy": ["a", "b", "c"]}, figures, compared="policy")
    points = full.points[1:]
    rows = [made_row(at, each, seed, figures(each, seed)) for at, each in enumerate(points) for seed in range(10)]
    results = full._replace(points=points, rows=tuple(rows), against="a")
    assert {each.place for each in by_accuracy(results)} == {1}
    assert all(each.places == 1 for each in pooled(results, quantities(results)[0]))


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(0, 2))
def test_of_whatever_figures_families_are_corrected_alike(table: list[list[float]], seed: int) -> None:
    vary = {"policy": [*range(len(table))]}
    results = made_results(vary, lambda settings, seed: {"accuracy": table[int(str(settings["policy"]))][seed]}, seeds=3)
    for each in by_accuracy(results):
        assert not each.tested or each.p <= each.p_holm <= 1
        assert not each.tested or each.among.low <= each.interval.low + 1e-12
        assert each.real == (each.tested and (each.among.low > 0 or each.among.high < 0)) or each.p_holm == pytest.approx(0.05)


# Areas and targets


def learning(settings: Settings, seed: int) -> dict[str, Any]:
    final = {"a": 0.7, "b": 0.8, "c": 0.6}[str(settings["policy"])] + 0.01 * luck(settings["policy"], seed)
    labels = (10, 20, 40, 80) if settings["policy"] == "a" else (10, 20, 40, 60)
    return {"accuracy": final, "curve": made_curve(final, labels=labels)}


def test_areas_go_over_the_stretch_that_all_runs_of_a_place_have_in_common() -> None:
    curves = {"a": [[0, 0.5, 0, 0, 0, 0], [10, 0.7, 0, 0, 3, 100]], "b": [[4, 0.6, 0, 0, 2, 40], [14, 0.8, 0, 0, 5, 140]]}
    results = made_results(
        {"policy": ["a", "b"]}, lambda settings, seed: {"accuracy": 0.5, "curve": curves[str(settings["policy"])]}
    )
    found = quantities(results)
    # Labels 4 to 10, by straight lines; money 2 to 3, where a model stays until the next.
    for key, ours, theirs in (("area_labels", 0.64, 0.66), ("area_cost", 0.5, 0.6), ("area_simulated_seconds", 0.5, 0.6)):
        area = quantity(found, key)
        assert area is not None
        assert [*area.values[0].values()] == pytest.approx([ours] * 10)
        assert [*area.values[1].values()] == pytest.approx([theirs] * 10)


def test_what_a_target_takes_is_counted_up_to_where_all_are_known_to_have_got() -> None:
    results = made_results({"policy": ["a", "b", "c"]}, learning, seeds=6, target=0.72)
    target = quantity(quantities(results), "target_labels")
    assert target is not None and not target.greater_is_better
    assert {*target.values[2].values()} == {60.0}
    assert max(target.values[1].values()) <= 60
    assert target.measure.title == "labels to reach 72.0 %"


def test_without_curves_or_a_target_that_is_ever_reached_there_is_neither() -> None:
    keys = {each.key for each in quantities(made_results({"policy": ["a", "b"]}, figures, target=0.7))}
    assert keys == {"accuracy", "cost"}
    never = {each.key for each in quantities(made_results({"policy": ["a", "b"]}, learning, target=0.99))}
    assert "area_labels" in never and "target_labels" not in never


def test_of_all_that_failed_there_is_no_quantity_and_findings_say_so() -> None:
    results = made_results({"policy": ["a", "b"]}, lambda settings, seed: "E: no")
    found = findings(results)
    assert found.quantities == () and found.contrasts == () and found.order is None
    assert found.sentences == ("Nothing was found: all 20 runs failed.",)
