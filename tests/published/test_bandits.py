"""Bandits: what it costs to find out who is best, through the real bus (Auer, Cesa-Bianchi and Fischer, 2002)."""

import math
from typing import Any, ClassVar

import numpy as np
import pytest

from agents.coordinator.crowd import Crowd
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item
from scenarios.run import run
from scenarios.scenario import Scenario
from tests.agents.samples import band, share_band

ACCURACIES = 0.50 + 0.05 * np.arange(10)
STEPS = 2000

PUBLISHED = {"thompson": (32.0, 1.4, 0.87), "epsilon-greedy": (107.0, 5.0, 0.51), "ucb1": (203.0, 1.4, 0.37)}
"""Regret, its standard error, and the share of the best, as simulated without a bus: ten arms, 2,000 steps, a truthful reward."""
AT_RANDOM = 449.0


class Checked(Policy):
    """One person of many, and then somebody who is always right, and decides."""

    kind: ClassVar[str] = "checked"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        answers = await crowd.ask(item, 1, of=[f"arm{arm}" for arm in range(len(ACCURACIES))])
        answers += await crowd.ask(item, 1, of=["judge"])
        return Resolution(answers[-1].label, answers)

    def most_people(self) -> int:
        return 2


def pulls(allocation: Any, seed: int, steps: int = STEPS) -> np.ndarray:
    """Return how often each arm was asked."""
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
    answered = {person.name: person.answers for person in run(scenario, logs=None).annotators}
    assert answered.pop("judge-1") == steps
    return np.array([*answered.values()])


def regrets(allocation: Any, seeds: int) -> tuple[np.ndarray, float]:
    """Return what the choices cost in right answers, a seed, and how often the best was asked."""
    asked = np.array([pulls(allocation, seed) for seed in range(seeds)])
    return asked @ (ACCURACIES[-1] - ACCURACIES), float(asked[:, -1].mean() / STEPS)


def check_regret(allocation: str, seeds: int) -> None:
    regret, error, best = PUBLISHED[allocation]
    drawn, share = regrets(allocation, seeds)
    deviation = float(drawn.std(ddof=1))
    assert drawn.mean() == pytest.approx(regret, abs=math.hypot(band(deviation, seeds), 4 * error))
    assert share == pytest.approx(best, abs=0.12)


def test_who_is_found_out_to_be_best_is_asked_most():
    means = {allocation: float(regrets(allocation, 2)[0].mean()) for allocation in PUBLISHED}
    assert means["thompson"] < means["epsilon-greedy"] < means["ucb1"] < AT_RANDOM / 2


def test_anybody_at_random_costs_the_mean_gap_each_time():
    drawn, share = regrets({"kind": "epsilon-greedy", "epsilon": 1}, 1)
    assert STEPS * float((ACCURACIES[-1] - ACCURACIES).mean()) == pytest.approx(AT_RANDOM, abs=1.5)
    assert drawn[0] == pytest.approx(AT_RANDOM, abs=1.5 + 4 * math.sqrt(STEPS) * float(ACCURACIES.std()))
    assert share == pytest.approx(0.1, abs=share_band(0.1, STEPS))


@pytest.mark.slow
@pytest.mark.parametrize("allocation", PUBLISHED)
def test_finding_out_costs_what_is_published(allocation: str) -> None:
    check_regret(allocation, 40)


@pytest.mark.slow
def test_thompson_costs_least_and_ucb1_most() -> None:
    means = {allocation: regrets(allocation, 20)[0] for allocation in PUBLISHED}
    for better, worse in (("thompson", "epsilon-greedy"), ("epsilon-greedy", "ucb1")):
        gain = means[worse] - means[better]
        assert gain.mean() > band(float(gain.std(ddof=1)), 20)
