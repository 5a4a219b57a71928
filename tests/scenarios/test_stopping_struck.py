"""Campaigns with rules in which somebody goes down: the word is said once, and the campaign ends."""

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.messages import CampaignEnded, ItemGivenUp, StoppingAdvised
from bus.clock import SECOND
from scenarios.scenario import Scenario
from tests.scenarios.audit import audit
from tests.scenarios.ruled import RULES
from tests.scenarios.striking import LEARNING as LEARNS
from tests.scenarios.striking import PEOPLE, SERVICES, crash, played, scenario_of
from tests.scenarios.test_faults import campaigns, happened

STOPS: dict[str, Any] = {
    **LEARNS,
    "stop": {"rules": RULES, "act": True},
    "coordination": {"policy": {"kind": "majority", "size": 1}},
}


def advised(record: Any) -> list[StoppingAdvised]:
    return [event.body for event in record.of(StoppingAdvised)]


@cache
def moment_of_advice() -> tuple[int, float]:
    """Return at which event, and when, a rule first fires where nothing goes wrong."""
    _, record = played(scenario_of({}, **STOPS))
    first = record.of(StoppingAdvised)[0]
    assert record.of(CampaignEnded)[0].body.stopped_by == "rule"
    return first.seq, first.time / SECOND


@pytest.mark.parametrize("agent", ["coordinator", "selector", "evaluator"])
@pytest.mark.parametrize("since", [-1.0, 0.0])
def test_who_is_down_when_a_rule_fires_hears_of_it_or_says_it_later_and_the_campaign_ends(agent: str, since: float) -> None:
    _, at = moment_of_advice()
    _, record = played(scenario_of({"crashes": [crash(agent, at + since, 100)]}, **STOPS))
    assert len(record.of(StoppingAdvised)) >= 1
    ended = record.of(CampaignEnded)[0]
    assert ended.body.stopped_by == "rule"
    if agent in ("coordinator", "selector") and since < 0:
        assert ended.time >= (at + since + 100) * SECOND
        assert not [event for event in record.of(ItemGivenUp) if event.seq < record.of(StoppingAdvised)[0].seq]


@pytest.mark.parametrize("victim", ["selector", "coordinator"])
@pytest.mark.parametrize("turns", [0, 2, 5])
@pytest.mark.parametrize("before", [0, 1])
def test_at_whatever_turn_somebody_goes_down_the_word_is_said_once(victim: str, turns: int, before: int) -> None:
    event, _ = moment_of_advice()
    _, record = played(scenario_of({}, **STOPS), victim=victim, event=event - before, turns=turns, down=10 * SECOND)
    assert record.of(CampaignEnded)[0].body.stopped_by == "rule"
    assert len({each.rule for each in advised(record)}) == len(advised(record)) >= 1


@st.composite
def strikes(draw: st.DrawFn) -> tuple[Scenario, dict[str, Any]]:
    """Draw which rules there are, whom it strikes, and when."""
    rules = draw(st.lists(st.sampled_from(range(len(RULES))), min_size=1, max_size=3, unique=True))
    stop = {"rules": [RULES[rule] for rule in rules], "act": draw(st.booleans()), "labels": 12}
    faults = {"drop": 0.05, "delay": 0.15, "reorder": 0.1, "delay_time": 20}
    selector = {"in_flight": 3, "barrier": draw(st.booleans()), "strategy": draw(st.sampled_from(["margin", "random"]))}
    victim = draw(st.sampled_from(["selector", "coordinator", *SERVICES, "learner", PEOPLE[0]]))
    down = draw(st.sampled_from([0, 1, SECOND, 35 * SECOND, 300 * SECOND]))
    struck = {"victim": victim, "event": draw(st.integers(1, 150)), "turns": draw(st.integers(0, 5)), "down": down}
    return scenario_of(faults, **{**LEARNS, "selector": selector, "stop": stop}), struck


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_at_whatever_event_rules_fire_when_they_should(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_in_many_campaigns_whoever_goes_down_rules_fire_when_they_should(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@st.composite
def with_rules(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small campaign in which something goes wrong, and rules that end it or are noted."""
    drawn = draw(campaigns().filter(lambda each: "learner" in each))
    rules = draw(st.lists(st.sampled_from(range(len(RULES))), min_size=1, max_size=3, unique=True))
    drawn["stop"] = {**drawn["stop"], "rules": [RULES[rule] for rule in rules], "act": draw(st.booleans())}
    return drawn


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[*HealthCheck])
@given(with_rules())
def test_whatever_goes_wrong_nothing_is_stranded_by_a_rule(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)
