"""What the library says of escalation, it does."""

from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from agents.coordinator.policies.choice import AnyPolicy
from scenarios.loading import LIBRARY, load, read_toml
from scenarios.paths import override
from scenarios.run import run
from scenarios.scenario import Scenario
from scenarios.summary import Summary
from tests.agents.samples import make

ESCALATION, MODELS = (read_toml(LIBRARY / f"{name}.toml")["vary"] for name in ("escalation", "llm-and-experts"))


def runs(name: str, policy: dict[str, Any], items: int, seeds: int, **more: Any) -> list[Summary]:
    """Run a scenario of the library with another policy, and values that are set by path."""
    tables = read_toml(Path(LIBRARY / f"{name}.toml"))
    known = load(LIBRARY / f"{name}.toml").scenario.tables()
    for path, value in {"data.items": items, "coordination.policy": policy, **more}.items():
        tables = override(tables, path, value, known)
    assert make(AnyPolicy, policy)
    return [run(Scenario.model_validate({**tables, "seed": seed}), logs=None) for seed in range(seeds)]


def accuracy(several: list[Summary]) -> float:
    return fmean(each.label_accuracy or 0.0 for each in several)


def cost(several: list[Summary]) -> float:
    return fmean(each.cost for each in several)


def test_models_that_are_not_sure_tell_more_than_models_that_differ() -> None:
    majority, differ, unsure, *_ = MODELS["coordination.policy"]
    alone, differing, sure = (runs("models", policy, 300, 1) for policy in (majority, differ, unsure))
    assert accuracy(alone) < accuracy(differing) < accuracy(sure) - 0.03


@pytest.mark.slow
def test_language_models_and_experts_are_what_the_study_says() -> None:
    majority, differ, unsure, finite, experts = (runs("models", policy, 1000, 5) for policy in MODELS["coordination.policy"])
    assert accuracy(majority) == pytest.approx(0.847, abs=0.009)
    assert (accuracy(differ), cost(differ)) == (pytest.approx(0.879, abs=0.007), pytest.approx(66, abs=7))
    assert (accuracy(unsure), cost(unsure)) == (pytest.approx(0.962, abs=0.007), pytest.approx(157, abs=6))
    assert accuracy(finite) == pytest.approx(0.883, abs=0.014)
    assert (accuracy(experts), cost(experts)) == (pytest.approx(0.969, abs=0.002), 500)
    hours = [fmean(each.simulated_seconds for each in several) / 3600 for several in (majority, unsure, finite, experts)]
    assert hours == pytest.approx([0.6, 2.1, 0.64, 6.6], rel=0.08)


@pytest.mark.slow
def test_an_expert_beats_more_votes_where_the_crowd_errs_about_the_same_items_and_not_else() -> None:
    by_chance, together = ESCALATION["annotators.crowd.noise"]
    policies = ESCALATION["coordination.policy"]
    seven, ahead, two, three = policies[1], policies[3], policies[4], policies[5]

    def found(policy: dict[str, Any], noise: dict[str, Any]) -> list[Summary]:
        return runs("experts", policy, 1000, 5, **{"annotators.crowd.noise": noise})

    assert accuracy(found(three, by_chance)) == pytest.approx(0.983, abs=0.006)
    assert accuracy(found(ahead, by_chance)) == pytest.approx(0.986, abs=0.005)
    assert accuracy(found(two, by_chance)) == pytest.approx(0.956, abs=0.013)
    assert cost(found(ahead, by_chance)) < cost(found(three, by_chance))
    assert accuracy(found(seven, together)) == pytest.approx(0.818, abs=0.018)
    assert accuracy(found(ahead, together)) == pytest.approx(0.819, abs=0.013)
    assert accuracy(found(three, together)) == pytest.approx(0.911, abs=0.010)
