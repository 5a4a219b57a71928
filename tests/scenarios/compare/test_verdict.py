"""Which differences are real, and which are not yet."""

import math

import numpy as np
import pytest
from scipy.stats import ttest_rel

from scenarios.compare.verdict import Comparison, Difference, compare
from tests.scenarios.compare.runs import a_run, failed, runs

HARD = [0.0, -0.2, 0.05, -0.1, 0.1, -0.15, 0.02, -0.05]
"""What seeds have in common: some are harder for everybody."""
ONE = [0.80, 0.81, 0.79, 0.80, 0.80, 0.81, 0.79, 0.80]
OTHER = [0.83, 0.83, 0.82, 0.82, 0.83, 0.84, 0.82, 0.84]


def difference(comparison: Comparison, key: str, name: str | None = None) -> Difference:
    found = [each for each in comparison.differences if each.measure.key == key and name in (None, each.name)]
    assert len(found) == 1
    return found[0]


def shares(values: list[float]) -> list[float]:
    return [value + hard for value, hard in zip(values, HARD, strict=True)]


def test_a_difference_that_seeds_hide_is_seen_in_pairs() -> None:
    found = compare(["one", "other"], runs("one", label_accuracy=shares(ONE)) + runs("other", label_accuracy=shares(OTHER)))
    seen = difference(found, "label_accuracy")
    assert seen.verdict == "real"
    assert seen.paired.mean == pytest.approx(np.mean(OTHER) - np.mean(ONE))
    assert (seen.p, seen.low > 0) == (pytest.approx(ttest_rel(shares(OTHER), shares(ONE)).pvalue), True)
    one, other = (standing.means["label_accuracy"] for standing in found.standings)
    assert one.mean + one.half_width > other.mean - other.half_width


def test_the_order_of_rows_says_nothing() -> None:
    rows = runs("one", label_accuracy=shares(ONE)) + runs("other", label_accuracy=shares(OTHER))
    there, back = (compare(["one", "other"], some).differences for some in (rows, rows[::-1]))
    assert repr(there) == repr(back)


def test_what_is_not_yet_real_says_how_many_seeds_would_tell() -> None:
    found = compare(["one", "other"], runs("one", label_accuracy=[0.8, 0.7, 0.9]) + runs("other", label_accuracy=[0.9, 0.68, 0.95]))
    seen = difference(found, "label_accuracy")
    assert seen.verdict == "not yet"
    assert seen.low < 0 < seen.high
    assert seen.needed is not None
    assert seen.needed > 3


def test_what_never_differs_is_the_same_and_is_not_tested() -> None:
    found = compare(["one", "other"], runs("one", label_accuracy=ONE) + runs("other", label_accuracy=OTHER))
    assert difference(found, "labels").verdict == "the same"
    assert found.tests == 1
    assert math.isnan(difference(found, "labels").p)


def test_more_comparisons_make_wider_intervals() -> None:
    noise = np.random.default_rng(5).normal(0.8, 0.02, (8, 8)).tolist()
    two = runs("one", label_accuracy=ONE) + runs("other", label_accuracy=OTHER)
    rows = two + [row for place, values in enumerate(noise) for row in runs(f"{place}", label_accuracy=shares(values))]
    alone = difference(compare(["one", "other"], two), "label_accuracy")
    among = difference(compare(["one", "other", *map(str, range(8))], rows), "label_accuracy", "other")
    assert among.p > alone.p
    assert among.high - among.low > alone.high - alone.low


def test_a_seed_that_failed_for_one_counts_for_no_pair_with_it() -> None:
    rows = runs("one", answers=[300, 310, 320, 330]) + runs("two", answers=[200, 211, 219, 230])
    third = runs("three", answers=[100, 111, 119, 130])
    third[2] = failed("three", 2)
    found = compare(["one", "two", "three"], rows + third)
    assert difference(found, "answers", "two").paired.pairs == 4
    assert difference(found, "answers", "three").paired.pairs == 3
    assert [standing.runs for standing in found.standings] == [4, 4, 3]
    assert [row["seed"] for row in found.failures] == [2]


def test_a_policy_that_always_failed_has_no_pairs() -> None:
    found = compare(["one", "two"], [*runs("one", answers=[300, 310]), failed("two", 0), failed("two", 1)])
    assert {each.verdict for each in found.differences} == {"no pairs"}
    assert found.tests == 0


def test_without_a_learner_nobody_is_compared_by_the_accuracy_of_the_model() -> None:
    found = compare(["one", "two"], runs("one", answers=[1, 2]) + runs("two", answers=[3, 5]))
    assert "accuracy" not in [measure.key for measure in found.measures()]


def test_runs_without_a_label_have_no_share_of_right_ones_and_drop_out_of_that_alone() -> None:
    rows = runs("one", label_accuracy=[0.8, 0.7, 0.9], labels=[10, 9, 8])
    rows += runs("two", label_accuracy=[0.9, None, 0.7], labels=[5, 0, 6])
    found = compare(["one", "two"], rows)
    assert difference(found, "label_accuracy").paired.pairs == 2
    assert difference(found, "labels").paired.pairs == 3
    assert difference(found, "right_to_wrong").paired.pairs == 2


def test_minds_changed_are_counted_an_item() -> None:
    rows = runs("vote", labels=[100, 50, 100]) + runs("talk", labels=[100, 50, 100], right_to_wrong=[4, 3, 5])
    found = compare(["vote", "talk"], rows)
    assert found.standings[1].means["right_to_wrong"].mean == pytest.approx((0.04 + 0.06 + 0.05) / 3)
    assert difference(found, "wrong_to_right").verdict == "the same"


def test_one_seed_tells_nothing() -> None:
    found = compare(["one", "two"], [a_run("one", 0, answers=100), a_run("two", 0, answers=900)])
    assert {each.verdict for each in found.differences} == {"not yet"}
    assert math.isnan(difference(found, "answers").low)
    assert difference(found, "answers").needed is None


def test_two_seeds_that_differ_by_one_item_each_tell_nothing_and_by_hundreds_of_answers_much() -> None:
    rows = runs("one", labels=[60, 60], answers=[60, 60], label_accuracy=[48 / 60, 45 / 60], cost=[3.0, 3.0])
    rows += runs("two", labels=[60, 60], answers=[180, 180], label_accuracy=[49 / 60, 46 / 60], cost=[9.0, 9.0])
    found = compare(["one", "two"], rows)
    assert difference(found, "label_accuracy").verdict == "not yet"
    assert difference(found, "answers").verdict == "real"
    assert difference(found, "cost").verdict == "real"


def test_accuracy_is_taken_to_be_as_fine_as_it_is_seen_to_be() -> None:
    # Both are better by the same: but between .80 and .82, nothing was seen to lie.
    found = compare(["one", "two"], runs("one", accuracy=[0.80, 0.80]) + runs("two", accuracy=[0.82, 0.82]))
    assert difference(found, "accuracy").verdict == "not yet"


def test_a_ratio_needs_something_to_be_a_ratio_of() -> None:
    found = compare(["one", "two"], runs("one", cost=[0.0, 0.0]) + runs("two", cost=[2.0, 3.0]))
    assert difference(found, "cost").ratio is None
    assert difference(found, "answers").ratio == 1.0


def wrong_findings(comparisons: int, seeds: int) -> float:
    """Return how often anything is called real among three policies that are no better than each other, on few items."""
    luck, wrong = np.random.default_rng(6), 0
    for _ in range(comparisons):
        rows = []
        for seed in range(seeds):
            hardness = luck.beta(8, 3, 60)
            for name in ("a", "b", "c"):
                labels, answers = int((luck.random(60) < hardness).sum()), int(luck.poisson(180))
                seconds, flips = luck.lognormal(8, 0.2), int(luck.poisson(2))
                rows.append(
                    a_run(name, seed, labels=60, label_accuracy=labels / 60, answers=answers, cost=answers * 0.05,
                          accuracy=labels / 70, simulated_seconds=seconds, right_to_wrong=flips)
                )  # fmt: skip
        wrong += any(each.verdict == "real" for each in compare(["a", "b", "c"], rows).differences)
    return wrong / comparisons


@pytest.mark.parametrize("seeds", [2, 6])
def test_a_difference_that_is_none_is_hardly_ever_called_real(seeds: int) -> None:
    assert wrong_findings(60, seeds) < 0.05 + 4 * math.sqrt(0.05 * 0.95 / 60)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [2, 3, 5, 20])
def test_a_difference_that_is_none_is_hardly_ever_called_real_in_many_comparisons(seeds: int) -> None:
    assert wrong_findings(400, seeds) < 0.05 + 4 * math.sqrt(0.05 * 0.95 / 400)
