"""The menu: which annotators, policies and strategies are tried where nobody says which."""

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

from agents.annotator.noise import Noise
from agents.annotator.people import Varied
from agents.coordinator.policies.escalation import Escalation
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.policies.sequential import Sequential
from agents.coordinator.policies.stopping import Lead
from agents.coordinator.policies.truth_inference import TruthInference
from agents.coordinator.policies.weighted import Weighted
from agents.coordinator.policy import Policy
from scenarios.annotators import AnnotatorsTable
from scenarios.brevity import in_few_letters
from scenarios.scenario import Scenario

POLICY, STRATEGY, IN_FLIGHT = "coordination.policy", "selector.strategy", "selector.in_flight"

_FACTORS = {1: (0.5, 1.0, 2.0, 4.0), 2: (0.5, 1.0, 2.0)}
"""By how much the number of people of each group is varied, by how many groups there are; of more, all are varied alike."""

_SIZES = (1, 3, 5)
_LEADS = ((2, 3), (2, 7), (3, 5), (3, 9))
"""Votes ahead, and people at most, of sequential policies: two of three and three of five come to what majorities do, for less."""

_STRATEGIES = ("random", "margin", "entropy")


Settings = dict[str, Any]
"""What is set, by path."""


def crowds_of(scenario: Scenario, held: Sequence[str] = ()) -> list[Settings]:
    """Return how many people there may be: fewer and more than there are, and with them the items open at once.

    Args:
        scenario: the scenario.
        held: groups that stay as they are.
    """
    free = [group for group in scenario.annotators if group.name not in held and not _is_recorded(group)]
    if not free:
        return [{}]
    factors = _FACTORS.get(len(free), _FACTORS[1])
    found: list[Settings] = []
    for scales in product(factors, repeat=len(free)) if len(free) in _FACTORS else zip(*[factors] * len(free), strict=True):
        counts = {group.name: max(1, round((group.size or 1) * scale)) for group, scale in zip(free, scales, strict=True)}
        settings = _staffing(scenario, counts)
        if settings not in found:
            found.append(settings)
    return found


def crowd_words(scenario: Scenario) -> str:
    """Return how many annotators there are, by group where there are several."""
    groups = scenario.annotators
    return f"{groups[0].size:,}" if len(groups) == 1 else ", ".join(f"{group.name} {group.size:,}" for group in groups)


def policies_of(scenario: Scenario, staffing: dict[str, Any]) -> list[Settings]:
    """Return policies that fit the people, the scenario's own first.

    Args:
        scenario: the scenario.
        staffing: what is set to have more or fewer of them, by path.
    """
    own = scenario.coordination.policy
    of = _asked(own)
    named = {} if of is None else {"of": [*of]}
    there = _people_of(scenario, of, staffing)
    tables: list[dict[str, Any]] = [{"kind": "majority", "size": size, **named} for size in _SIZES]
    for by, most in _LEADS:
        if most <= there:
            tables.append({"kind": "sequential", "until": {"kind": "lead", "by": by}, "most": most, **named})
    if _differ(scenario, of):
        tables.append({"kind": "weighted", "size": 3, **named})
        tables.append({"kind": "truth-inference", "size": 3, **named})
    tables += _escalations(scenario)
    return [{}, *({POLICY: table} for table in tables)]


def strategies_of(scenario: Scenario) -> list[Settings]:
    """Return query strategies, the scenario's own first; none without a learner."""
    if scenario.learner is None:
        return []
    own = strategy_words(scenario)
    return [{}, *({STRATEGY: {"kind": kind}} for kind in _STRATEGIES if kind != own)]


def strategy_words(scenario: Scenario) -> str:
    """Return by which strategy a scenario asks for items, in few letters."""
    strategy = scenario.completed().selector.strategy
    assert strategy is not None, "a scenario that is completed has one"
    return in_few_letters(
        {"kind": strategy.kind or type(strategy).__name__, **strategy.model_dump(mode="json", exclude_defaults=True)}
    )


def policy_words(policy: Policy) -> str:
    """Return what a policy is, in few words."""
    of = f" of {', '.join(policy.of)}" if policy.of else ""
    if type(policy) is Majority and policy == Majority(size=policy.size, of=policy.of):
        return f"majority {policy.size}{of}"
    if type(policy) is Sequential and isinstance(policy.until, Lead):
        until = policy.until
        if policy == Sequential(until=until, most=policy.most, of=policy.of):
            return f"lead {until.by}, at most {policy.most}{of}"
    kind = policy.kind or type(policy).__name__
    if type(policy) is Escalation:
        return _tier_words([(tier.of, tier.votes) for tier in policy.tiers])
    size = {"size": policy.size} if isinstance(policy, Majority | Weighted | TruthInference | Negotiation) else {}
    return in_few_letters({"kind": kind, **size, **policy.model_dump(mode="json", exclude_defaults=True)})


def _tier_words(tiers: Sequence[tuple[Sequence[str], int]]) -> str:
    return "escalation, " + " then ".join(f"{votes} {', '.join(of)}" for of, votes in tiers)


def _staffing(scenario: Scenario, counts: dict[str, int]) -> Settings:
    sizes = {group.name: counts.get(group.name, group.size or 1) for group in scenario.annotators}
    settings: Settings = {
        f"annotators.{group.name}.count": sizes[group.name] for group in scenario.annotators if sizes[group.name] != group.size
    }
    open_now = scenario.selector.in_flight
    if settings and open_now is not None:
        # More people than there is work for would stand idle, and fewer would be far behind the models that choose for them.
        settings[IN_FLIGHT] = max(1, math.ceil(open_now * sum(sizes.values()) / scenario.people_count))
    return settings


def _asked(policy: Policy) -> Sequence[str] | None:
    """Return whom a policy asks first; None for everybody."""
    return policy.tiers[0].of if isinstance(policy, Escalation) else policy.of


def _people_of(scenario: Scenario, of: Sequence[str] | None, staffing: dict[str, Any]) -> int:
    sizes: dict[str, int] = {
        group.name: staffing.get(f"annotators.{group.name}.count", group.size or 0) for group in scenario.annotators
    }
    return sum(sizes.values()) if of is None else sum(sizes.get(name, 1) for name in of)


def _differ(scenario: Scenario, of: Sequence[str] | None) -> bool:
    """Return whether some of those who are asked are more often right than others, as far as is known."""
    groups = [group for group in scenario.annotators if of is None or group.name in of]
    return len(groups) > 1 or any(isinstance(group.noise, Varied) or group.differs("noise") for group in groups)


def _escalations(scenario: Scenario) -> list[dict[str, Any]]:
    """Return tiers of cheap and dear people, and the dear ones alone, where there are both."""
    own = scenario.coordination.policy
    if isinstance(own, Escalation):
        low, high = [*own.tiers[0].of], [*own.tiers[-1].of]
    else:
        prices = {group.name: group.price for group in scenario.annotators if isinstance(group.price, float)}
        if len(scenario.annotators) != 2 or len({*prices.values()}) != 2:
            return []
        cheap, dear = sorted(prices, key=prices.__getitem__)
        low, high = [cheap], [dear]
    tiers = [[{"of": low, "votes": votes}, {"of": high, "votes": 1}] for votes in (2, 3)]
    return [*({"kind": "escalation", "tiers": each} for each in tiers), {"kind": "majority", "size": 1, "of": high}]


def _is_recorded(group: AnnotatorsTable) -> bool:
    """Return whether people give again what real people answered: of these there are as many as there were."""
    noises: list[Any] = [group.noise]
    if group.crowd is not None and group.differs("noise"):
        noises = [group.crowd.person(row).get("noise") for row in range(len(group.crowd))]
    return any(isinstance(noise, Noise) and noise.recording() is not None for noise in noises)
