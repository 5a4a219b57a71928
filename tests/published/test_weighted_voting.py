"""The weighted vote: log-odds are the weights (Nitzan and Paroush, 1982; the examples of Shapley and Grofman, 1984).

Exact by enumeration where the accuracies are known; through the bus in a band of four standard errors. Found are: weights that are
accuracies instead of log-odds, and updates that count twice or not at all.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import log, prod
from typing import Any

import pytest

from agents.coordinator.accuracy import Known, Learnt
from agents.coordinator.crowd import Answer
from agents.coordinator.reliability import Reliability
from bus.chance import Chance
from scenarios.summary import Summary
from tests.agents.samples import share_band
from tests.published.campaigns import outcome

EXAMPLES = {
    (0.9, 0.9, 0.6, 0.6, 0.6): {"alike": 0.87696, "log-odds": 0.92664, "accuracies": 0.9018},
    (0.9, 0.6, 0.6, 0.6, 0.6): {"alike": 0.78624, "log-odds": 0.9, "accuracies": 0.78624},
    (0.95, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7): {"alike": 0.920269, "log-odds": 0.96062, "accuracies": 0.920269},
}
WEIGHTS: dict[str, Callable[[float], float]] = {
    "alike": lambda _: 1.0,
    "log-odds": lambda p: log(p / (1 - p)),
    "accuracies": lambda p: p,
}

Patterns = list[tuple[float, tuple[bool, ...]]]

NEW = 1_000_000
"""An item of which nothing was heard."""


def patterns(people: Sequence[float]) -> Patterns:
    """Return who is right, in every way there is, each with its probability."""
    ways = product((True, False), repeat=len(people))
    return [(prod(p if right else 1 - p for p, right in zip(people, way, strict=True)), way) for way in ways]


def by_weights(people: Sequence[float], weigh: Callable[[float], float]) -> float:
    """Return the accuracy of a vote with such weights; a tie is worth a half."""
    total = 0.0
    for chance, way in patterns(people):
        ahead = sum(weigh(p) if right else -weigh(p) for p, right in zip(people, way, strict=True))
        total += chance * (0.5 if abs(ahead) < 1e-9 else float(ahead > 0))
    return total


def by_belief(people: Sequence[float], belief: Reliability) -> float:
    """Return the accuracy of labels that a belief concludes; person n is called n."""
    luck = Chance(1).keyed("coordinator").luck
    total = 0.0
    for chance, way in patterns(people):
        answers = [Answer(str(number), "right" if right else "wrong", number) for number, right in enumerate(way)]
        total += chance * (belief.best(NEW, answers, luck) == "right")
    return total


@pytest.mark.parametrize("people", EXAMPLES)
@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_enumeration_gives_the_published_values(people, weights):
    assert by_weights(people, WEIGHTS[weights]) == pytest.approx(EXAMPLES[people][weights], abs=1e-6)


@pytest.mark.parametrize("people", EXAMPLES)
def test_a_weighted_vote_is_as_right_as_the_best_weights_make_it(people):
    belief = Known(of={str(number): p for number, p in enumerate(people)}).belief(("right", "wrong"))
    assert by_belief(people, belief) == pytest.approx(EXAMPLES[people]["log-odds"], abs=1e-6)


@pytest.mark.parametrize("people", EXAMPLES)
def test_no_other_weights_do_better(people):
    draw = Chance(5).stream("weights")
    best = EXAMPLES[people]["log-odds"] + 1e-6
    for _ in range(40):
        weights = dict(zip(people, draw.uniform(0, 3, len(people)), strict=True))
        assert by_weights(people, weights.__getitem__) <= best


# Through the bus


def campaign_of(items: int, accuracy: object, people: Sequence[float] = (0.9, 0.9, 0.6, 0.6, 0.6), seed: int = 1) -> Summary:
    latency = {"kind": "exponential", "mean": 1}
    crowd: list[dict[str, Any]] = [
        {"name": f"p{number}", "noise": {"kind": "one-coin", "accuracy": p}, "latency": latency} for number, p in enumerate(people)
    ]
    policy = {"kind": "weighted", "size": len(people), "accuracy": accuracy}
    summary = outcome(items, seed=seed, annotators=crowd, coordination={"policy": policy})
    assert (summary.labels, summary.answers) == (items, items * len(people))
    return summary


BIG = pytest.param(20_000, marks=pytest.mark.slow)


@pytest.mark.parametrize("items", [1000, BIG])
@pytest.mark.parametrize("people", EXAMPLES)
def test_in_a_campaign_a_weighted_vote_is_right_as_often_as_published(people, items):
    known = {"kind": "known", "of": {f"p{number}": p for number, p in enumerate(people)}}
    expected = EXAMPLES[people]["log-odds"]
    assert campaign_of(items, known, people).label_accuracy == pytest.approx(expected, abs=share_band(expected, items))


@pytest.mark.parametrize("items", [1500, BIG])
def test_in_a_campaign_it_learns_from_its_own_labels_whom_to_follow(items):
    people = (0.9, 0.9, 0.6, 0.6, 0.6)
    values, found = EXAMPLES[people], campaign_of(items, "learnt").label_accuracy
    assert found == pytest.approx(values["log-odds"], abs=share_band(values["log-odds"], items))
    assert found > values["alike"] + share_band(values["alike"], items)


def test_one_number_for_all_is_the_majority():
    expected = EXAMPLES[0.9, 0.9, 0.6, 0.6, 0.6]["alike"]
    assert campaign_of(1000, 0.7).label_accuracy == pytest.approx(expected, abs=share_band(expected, 1000))


# Online, by gold


def taught(people: Sequence[float], items: int, seed: int) -> Reliability:
    """Return what is believed after so many gold items, answered by everybody."""
    belief = Learnt(updates="gold").belief(("right", "wrong"))
    right = Chance(seed).stream("answers").random((items, len(people))) < people
    for item, row in enumerate(right.tolist()):
        belief.know(item, "right")
        for number, was_right in enumerate(row):
            belief.hear(item, str(number), "right" if was_right else "wrong")
        belief.settle(item, "right")
    return belief


@pytest.mark.parametrize("people", EXAMPLES)
def test_after_five_hundred_gold_items_a_vote_is_as_good_as_if_accuracies_were_known(people):
    for seed in range(3):
        learnt = by_belief(people, taught(people, 500, seed))
        assert learnt == pytest.approx(EXAMPLES[people]["log-odds"], abs=0.005)
