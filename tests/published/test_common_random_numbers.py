"""The same annotator draws the same luck: so two campaigns are compared on the very same people (Law and Kelton, 1982)."""

import math

import numpy as np
import pytest

from tests.agents.samples import share_band
from tests.published.campaigns import campaign, outcome, recorded, spans

CROWD = {"noise": {"kind": "one-coin", "accuracy": 0.7}, "latency": {"kind": "lognormal", "median": 25, "sigma": 0.8}}


def told(people: int, items: int = 60, size: int | None = None, **more: object) -> dict[tuple[str, object], tuple[object, int]]:
    """Return answer and duration by annotator and item; everybody is asked everything, unless `size` says otherwise."""
    record, _ = recorded(campaign(items, people, size=size or people, classes=4, **{**CROWD, **more}))
    return {(each.annotator, each.item): (each.label, each.ended - each.began) for each in spans(record)}


def test_another_annotator_changes_no_other_ones_answers_and_times():
    few, many = told(3), told(4)
    assert len(few) == 180
    assert {key: value for key, value in many.items() if key[0] != "crowd-4"} == few


def test_another_policy_finds_the_same_people():
    everyone, some = told(5), told(5, size=2)
    assert len(some) == 120
    assert some.items() <= everyone.items()


def test_another_order_and_pace_of_asking_finds_the_same_people():
    plain = told(3)
    for selector in ({"strategy": "random"}, {"in_flight": 1}, {"in_flight": 50}, {"barrier": True}):
        assert told(3, selector=selector) == plain


def test_faster_people_give_the_same_answers_and_better_people_take_the_same_time():
    plain = told(3)
    faster = told(3, latency={"kind": "fixed", "time": 1})
    better = told(3, noise={"kind": "one-coin", "accuracy": 0.9})
    assert {key: label for key, (label, _) in faster.items()} == {key: label for key, (label, _) in plain.items()}
    assert {key: duration for key, (_, duration) in better.items()} == {key: duration for key, (_, duration) in plain.items()}


def test_better_people_are_right_wherever_they_were():
    record, _ = recorded(campaign(60, 3, size=3, classes=4, **CROWD))
    truth = recorded(campaign(60, 1, classes=4, noise={"kind": "one-coin", "accuracy": 1.0}))[0]
    true = {each.item: each.label for each in spans(truth)}
    better = told(3, noise={"kind": "one-coin", "accuracy": 0.9})
    for each in spans(record):
        assert better[each.annotator, each.item][0] in (each.label, true[each.item])


def test_another_seed_draws_anew():
    one, other = told(3, seed=1), told(3, seed=2)
    assert len({duration for _, duration in one.values()} & {duration for _, duration in other.values()}) <= 2


def accuracies(size: int, seeds: range, items: int) -> np.ndarray:
    return np.array([outcome(items, 3, size=size, seed=seed, **CROWD).label_accuracy for seed in seeds])


def gain_in_variance(runs: int, items: int) -> float:
    """Return how much more a difference of unpaired runs varies than one of pairs."""
    one, three = (accuracies(size, range(runs), items) for size in (1, 3))
    elsewhere = accuracies(3, range(runs, 2 * runs), items)
    assert three.mean() > one.mean()
    return float((elsewhere - one).var(ddof=1) / (three - one).var(ddof=1))


def labels(size: int, items: int, **more: object) -> np.ndarray:
    """Return the label of each item."""
    record, _ = recorded(campaign(items, 3, size=size, **{**CROWD, **more}))
    resolved = {event.body["item"]: event.body["label"] for event in record if event.kind == "item-resolved"}
    return np.array([resolved[item] for item in range(items)])


# Exactly, an item: both right with probability 0.637, one with 0.7, the other with 0.784.
BOTH = 0.7 * (1 - 0.3**2)
PAIRED = 0.7 + 0.784 - 2 * BOTH - (0.784 - 0.7) ** 2
UNPAIRED = 0.7 * 0.3 + 0.784 * 0.216


def test_on_the_same_people_the_difference_of_two_policies_varies_less():
    items = 1500
    truth = labels(1, items, noise={"kind": "one-coin", "accuracy": 1.0})
    one, three = ((labels(size, items) == truth).astype(float) for size in (1, 3))
    differ = (one != three).mean()
    expected = 0.7 + 0.784 - 2 * BOTH
    assert differ == pytest.approx(expected, abs=share_band(expected, items))
    assert (three - one).var() < 0.75 * (one.var() + three.var())


@pytest.mark.slow
def test_pairs_of_many_runs_vary_less_by_the_factor_that_theory_gives():
    # A variance of n runs has a relative error of sqrt(2 / n), the ratio of two of sqrt(4 / n) at most.
    runs = 300
    assert gain_in_variance(runs, 60) == pytest.approx(UNPAIRED / PAIRED, rel=4 * math.sqrt(4 / runs))
