"""IEThresh: fewer and better people are asked, and the label is as good (Donmez, Carbonell and Schneider, 2009)."""

from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from agents.coordinator.policies.iethresh import IEThresh
from bus.chance import Chance
from scenarios.run import run
from scenarios.scenario import Scenario
from tests.agents.samples import band
from tests.published.campaigns import recorded

PEOPLE = 10
QUERIES = 600


def scenario(policy: dict[str, Any], seed: int) -> Scenario:
    """Return a campaign of ten people, right as often as U(.5, 1) says, of whom 600 answers are bought, for one item at a time."""
    return Scenario.model_validate(
        {
            "name": "iethresh",
            "seed": seed,
            "data": {"source": "synthetic", "items": QUERIES},
            "selector": {"in_flight": 1},
            "annotators": [
                {
                    "name": "oracle",
                    "count": PEOPLE,
                    "noise": {"kind": "one-coin", "accuracy": {"kind": "uniform", "low": 0.5, "high": 1.0}},
                    "latency": {"kind": "fixed", "time": 1},
                    "price": 0.01,
                }
            ],
            "coordination": {"policy": policy},
            "stop": {"budget": QUERIES / 100},
        }
    )


ALL: dict[str, Any] = {"kind": "majority", "size": PEOPLE}


def thresholded(epsilon: float) -> dict[str, Any]:
    return {"kind": "iethresh", "epsilon": epsilon}


class Figures(NamedTuple):
    """What campaigns came to, a seed each: how often labels are right, answers an item, and how good those are who were asked."""

    right: np.ndarray
    queries: np.ndarray
    asked: np.ndarray
    pool: np.ndarray


def figures(policy: dict[str, Any], seeds: int) -> Figures:
    rows = []
    for seed in range(seeds):
        campaign = scenario(policy, seed)
        accuracy = {person.name: float(person.noise.accuracy) for person in campaign.people(Chance(seed))}  # type: ignore[attr-defined]
        summary = run(campaign, logs=None)
        asked = sum(work.answers * accuracy[work.name] for work in summary.annotators) / summary.answers
        rows.append((summary.label_accuracy, summary.answers / summary.labels, asked, fmean(accuracy.values())))
    return Figures(*np.array(rows).T)


def is_no_less(one: np.ndarray, other: np.ndarray, by: float = 0.0) -> bool:
    """Return whether a paired difference is not less than `by`, to within four standard errors."""
    gain = one - other
    return bool(gain.mean() + band(float(gain.std(ddof=1)), len(gain)) >= by)


def test_at_each_item_those_are_asked_whom_the_rule_names():
    """Answer by answer: the rule, written out once more, over the answers that the log holds."""
    record, _ = recorded(scenario(thresholded(0.9), seed=3))
    names = [f"oracle-{number}" for number in range(1, PEOPLE + 1)]
    rewards: dict[str, list[int]] = {name: [1, 0] for name in names}
    asked: dict[object, list[str]] = {}
    said: dict[object, dict[str, object]] = {}
    told = {event.seq: event.recipient for event in record if event.kind == "task-assigned"}
    for event in record:
        item = event.body.get("item")
        if event.kind == "item-requested":
            upper = {
                name: np.mean(each) + stats.t.ppf(0.975, len(each) - 1) * np.std(each, ddof=1) / np.sqrt(len(each))
                for name, each in rewards.items()
            }
            asked[item] = [name for name in names if upper[name] >= 0.9 * max(upper.values()) - 1e-12]
        elif event.kind == "answer-submitted":
            said.setdefault(item, {})[told[event.cause or 0]] = event.body["label"]
        elif event.kind == "item-resolved":
            assert sorted(said[item]) == sorted(asked[item])
            for name, label in said[item].items():
                rewards[name].append(int(label == event.body["label"]))
    assert len(asked) > 60


def check_narrowing(seeds: int) -> None:
    everybody = figures(ALL, seeds)
    loose, strict = figures(thresholded(0.9), seeds), figures(thresholded(0.95), seeds)
    assert everybody.queries == pytest.approx(PEOPLE)
    # Simulated without a bus: 5.0 and 3.4 queries an item (standard error .1); those who are asked, .095 and .117 above the pool.
    assert loose.queries.mean() < 0.55 * PEOPLE
    assert strict.queries.mean() < 0.4 * PEOPLE
    assert is_no_less(strict.asked, strict.pool, by=0.10)
    assert (loose.asked - loose.pool).mean() > 0.06
    assert is_no_less(loose.right, everybody.right)
    # The stricter rule saves two thirds of the answers, and loses no more than a point and a half.
    assert is_no_less(strict.right, everybody.right, by=-0.015)


def test_fewer_and_better_people_are_asked_and_labels_are_as_good():
    check_narrowing(12)


@pytest.mark.slow
def test_in_many_campaigns_fewer_and_better_people_are_asked_and_labels_are_as_good() -> None:
    check_narrowing(100)
    everybody, loose = figures(ALL, 100), figures(thresholded(0.9), 100)
    assert loose.right.mean() > everybody.right.mean() - 0.005


def test_the_fewer_may_be_worse_than_the_best_the_fewer_are_asked():
    known = IEThresh(epsilon=0.8).belief(("no", "yes"))
    for name, right in (("a", 19), ("b", 17), ("c", 15), ("d", 10)):
        for number in range(20):
            known.hear(f"{name}{number}", name, "yes" if number < right else "no")
            known.settle(f"{name}{number}", "yes")
    counts = [len(IEThresh(epsilon=each).best("abcd", known)) for each in (0.5, 0.8, 0.9, 0.95, 1.0)]  # type: ignore[arg-type]
    assert counts == sorted(counts, reverse=True)
    assert (counts[0], counts[-1]) == (4, 1)
