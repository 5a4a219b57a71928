"""Expertise: who knows what, found out while they are asked, and what it saves (Donmez and Carbonell, 2008)."""

from typing import Any

import numpy as np
import pytest

from scenarios.run import run
from scenarios.scenario import Scenario
from scenarios.summary import Summary
from tests.agents.samples import band

REGIONS = {"kind": "regions", "regions": 3, "spread": 2.5, "of": {"kind": "one-coin", "accuracy": 0.7}}
"""People of whom each is good at some regions of the items and bad at others."""


def summary(people: list[dict[str, Any]], coordination: dict[str, Any], seed: int, items: int, **tables: Any) -> Summary:
    data = {"source": "synthetic", "items": items, "features": 4, "separation": 0, "classes": 3, **tables.pop("data", {})}
    groups = [{"latency": {"kind": "exponential", "mean": 30}, **group} for group in people]
    scenario = {"name": "expertise", "seed": seed, "data": data, "selector": {"in_flight": 24}, "annotators": groups, **tables}
    return run(Scenario.model_validate({**scenario, "coordination": coordination}), logs=None)


# Topics


def gain_by_topics(seeds: int, items: int) -> tuple[np.ndarray, np.ndarray]:
    """Return by how much more labels are right than from one queue for all, and how much longer they take, a seed."""

    def figures(allocation: Any, seed: int) -> np.ndarray:
        coordination = {"policy": {"kind": "majority", "size": 3}, "allocation": allocation}
        made = summary([{"name": "crowd", "count": 6, "noise": REGIONS}], coordination, seed, items)
        assert made.answers == 3 * items
        return np.array([made.label_accuracy, made.simulated_seconds])

    allocations = ("shared-queue", {"kind": "topics", "regions": 3})
    shared, matched = (np.array([figures(each, seed) for seed in range(seeds)]) for each in allocations)
    return matched[:, 0] - shared[:, 0], matched[:, 1] / shared[:, 1]


def test_questions_that_go_to_those_who_know_most_of_them_are_answered_better_for_as_much_money_and_time():
    gain, slower = gain_by_topics(4, 400)
    assert gain.mean() > 0.05
    assert slower.mean() < 1.05


@pytest.mark.slow
def test_in_many_campaigns_matching_by_topic_is_better_beyond_four_standard_errors() -> None:
    gain, slower = gain_by_topics(24, 600)
    assert gain.mean() > max(0.05, band(float(gain.std(ddof=1)), len(gain)))
    assert slower.mean() < 1.05


# Proactive learning


def check_proactive(seeds: int) -> None:
    people = [
        {"name": "cheap", "count": 5, "price": 0.05, "noise": REGIONS},
        {"name": "dear", "count": 2, "price": 0.30, "noise": {"kind": "one-coin", "accuracy": 0.95}},
    ]

    def right(allocation: Any, seed: int) -> tuple[float, float]:
        coordination = {"policy": {"kind": "majority", "size": 1}, "gold": {"first": 15}, "allocation": allocation}
        made = summary(people, coordination, seed, 1000, data={"gold_labels": 30}, stop={"budget": 40.0})
        dear = sum(work.answers for work in made.annotators if work.name.startswith("dear"))
        return made.labels * (made.label_accuracy or 0.0), dear / made.answers

    proactive = {"kind": "proactive", "regions": 3, "reward": "gold", "explore": 4, "worth": 1.0, "waits": 8}
    with_it, without = (np.array([right(each, seed) for seed in range(seeds)]) for each in (proactive, "shared-queue"))
    gain = with_it[:, 0] / without[:, 0]
    assert gain.mean() - 1 > max(0.3, band(float(gain.std(ddof=1)), seeds))
    assert with_it[:, 1].mean() < without[:, 1].mean() / 2, "who is dear is asked where nobody else knows"


def test_the_same_money_buys_more_right_labels_where_question_and_person_are_chosen_together():
    check_proactive(3)


@pytest.mark.slow
def test_in_many_campaigns_the_same_money_buys_more_right_labels() -> None:
    check_proactive(16)
