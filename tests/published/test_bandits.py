"""Bandits: what it costs to find out who is best, through the real bus (Auer, Cesa-Bianchi and Fischer, 2002)."""

from typing import Any, ClassVar

import numpy as np
import pytest

from agents.coordinator.crowd import Crowd
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item
from scenarios.scenario import Scenario
from tests.agents.samples import band
from tests.published.campaigns import outcome

ACCURACIES = [0.50 + 0.05 * arm for arm in range(10)]
STEPS = 2000

REGRETS = {"thompson": 32.0, "epsilon-greedy": 107.0, "ucb1": 203.0, "random": 449.0}
"""What choices cost in right answers, as simulated without a bus: the reference values of the field's simplest setting."""


class Checked(Policy):
    """One person of many, and then somebody who is always right, and decides."""

    kind: ClassVar[str] = "checked"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        answers = await crowd.ask(item, 1, of=[f"arm{arm}" for arm in range(len(ACCURACIES))])
        (judge,) = await crowd.ask(item, 1, of=["judge"])
        return Resolution(judge.label, [*answers, judge])

    def most_people(self) -> int:
        return 2


def pulls(allocation: str, seed: int, steps: int = STEPS) -> np.ndarray:
    """Return how often each arm was asked, the worst first."""
    people = [
        {"name": f"arm{arm}", "noise": {"kind": "one-coin", "accuracy": accuracy}, "latency": {"kind": "fixed", "time": 1}}
        for arm, accuracy in enumerate(ACCURACIES)
    ]
    judge = {"name": "judge", "noise": {"kind": "one-coin", "accuracy": 1}, "latency": {"kind": "fixed", "time": 0}}
    scenario = Scenario.model_validate(
        {
            "name": "bandits",
            "seed": seed,
            "data": {"source": "synthetic", "items": steps},
            "selector": {"in_flight": 1},
            "annotators": [*people, judge],
            "coordination": {"policy": Checked(), "allocation": allocation},
        }
    )
    from scenarios.run import run
    answered = {person.name: person.answers for person in run(scenario, logs=None).annotators}
    assert answered.pop("judge-1") == steps
    return np.array([answered[f"arm{arm}-1"] for arm in range(len(ACCURACIES))])


def regret(allocation, seed):
    return float(pulls(allocation, seed) @ (max(ACCURACIES) - np.array(ACCURACIES)))
