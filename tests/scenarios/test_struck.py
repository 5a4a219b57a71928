"""Misfortunes at any event, whoever it strikes, drawn by the thousand."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bus.clock import SECOND
from scenarios.scenario import Scenario
from tests.scenarios.audit import audit
from tests.scenarios.striking import LEARNING, PEOPLE, SERVICES, played, scenario_of
from tests.scenarios.test_faults import campaigns, happened

down_for = st.sampled_from([0, 1, SECOND, 10 * SECOND, 35 * SECOND])
GOLD = {"every": 3, "test": {"kind": "cusum", "good": 0.9, "bad": 0.5, "limit": 2.5}, "retroactive": True}
MISFORTUNES: dict[str, Callable[[], Scenario]] = {
    "plain": lambda: scenario_of({}),
    "leases": lambda: scenario_of(
        {"drop": 0.1, "duplicate": 0.1, "delay": 0.1, "reorder": 0.1, "delay_time": 20},
        annotators=[{"name": "w", "count": 3, "latency": {"kind": "exponential", "mean": 10}, "price": 0.1}],
        coordination={"policy": {"kind": "majority", "size": 3, "early": True}, "lease": 15},
        stop={"budget": 2.0},
    ),
    "learning": lambda: scenario_of({"delay": 0.2, "delay_time": 20}, **LEARNING),
    "barrier": lambda: scenario_of(
        {"drop": 0.1, "reorder": 0.2}, **{**LEARNING, "selector": {"in_flight": 3, "barrier": True}, "stop": {"time": 150}}
    ),
    "gold": lambda: scenario_of(
        {"drop": 0.05, "delay": 0.1, "delay_time": 20},
        data={"source": "synthetic", "items": 11, "gold_labels": 3},
        annotators=[
            {
                "name": "w",
                "count": 3,
                "latency": {"kind": "exponential", "mean": 10},
                "noise": {"kind": "one-coin", "accuracy": 0.95},
            },
            {
                "name": "guesser",
                "count": 2,
                "latency": {"kind": "exponential", "mean": 5},
                "noise": {"kind": "one-coin", "accuracy": 0.2},
            },
        ],
        coordination={"policy": {"kind": "majority", "size": 2}, "gold": GOLD},
    ),
    "in no time": lambda: scenario_of({}, annotators=[{"name": "w", "count": 3, "latency": {"kind": "fixed", "time": 0}}]),
}


@st.composite
def strikes(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw whom it strikes, and when."""
    which = draw(st.sampled_from([*MISFORTUNES]))
    victims = [*PEOPLE, *SERVICES, *(["learner"] if which in ("learning", "barrier") else [])]
    victim = draw(st.sampled_from(victims))
    down = draw(st.none() | down_for if victim in PEOPLE else down_for)
    return which, {"victim": victim, "event": draw(st.integers(1, 120)), "turns": draw(st.integers(0, 5)), "down": down}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_at_whatever_event_the_campaign_comes_to_a_sane_end(strike: tuple[str, dict[str, Any]]) -> None:
    which, struck = strike
    played(MISFORTUNES[which](), **struck)


@st.composite
def shy_campaigns(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a campaign in which something goes wrong, people decline or cannot tell, and policies ask in ways of their own."""
    drawn = draw(campaigns())
    (people,) = drawn["annotators"]
    noise = {"kind": "tests.scenarios.shy.Shy", "share": draw(st.sampled_from([0.2, 0.6]))}
    if people["count"] >= 3 and draw(st.booleans()):
        policy = draw(st.sampled_from(["Lenient", "SecondOpinion", "Pensive"]))
        drawn["coordination"] = {**drawn["coordination"], "policy": {"kind": f"tests.agents.coordinator.policies.{policy}"}}
    says = [{"kind": "abstain", "threshold": 0.5, "steepness": 0}, {"kind": "decline", "probability": 0.2}]
    speaks = draw(st.sampled_from([{"noise": noise}, {"says": says}, {"says": [{"kind": "confidence", "noise": 1}, *says]}]))
    return {**drawn, "annotators": [{**people, **speaks}]}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(shy_campaigns())
def test_whatever_goes_wrong_where_people_decline_the_campaign_comes_to_a_sane_end(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(shy_campaigns())
def test_in_a_thousand_campaigns_in_which_people_decline_all_come_to_a_sane_end(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_in_two_thousand_campaigns_whoever_goes_down_they_come_to_a_sane_end(strike: tuple[str, dict[str, Any]]) -> None:
    which, struck = strike
    played(MISFORTUNES[which](), **struck)
