"""Escalations and chains of policies through the bus, with misfortunes at any event; every run is audited."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.escalation import ItemEscalated
from agents.event import event_of
from agents.messages import ItemClosed, ItemGivenUp, ItemReopened, ItemResolved, TaskAssigned
from agents.snapshot import dump, load
from agents.state import State
from bus.clock import SECOND
from bus.message import Envelope
from scenarios.scenario import Scenario
from tests.bus.samples import Recorder
from tests.scenarios.striking import crash, misfortune, played, reasons, resolved, scenario_of, stopped_by

EXPERT = {"kind": "majority", "of": "expert"}
TIERS = [{"of": "crowd", "votes": 2}, {"of": "expert"}]


def crowd(count: int = 3, accuracy: float = 0.7, **more: Any) -> dict[str, Any]:
    noise = {"kind": "one-coin", "accuracy": accuracy}
    return {"name": "crowd", "count": count, "latency": {"kind": "exponential", "mean": 10}, "noise": noise, "price": 0.1, **more}


def expert(count: int = 1, **more: Any) -> dict[str, Any]:
    return {"name": "expert", "count": count, "latency": {"kind": "exponential", "mean": 20}, "price": 1.0, **more}


def tiers(**above: Any) -> dict[str, Any]:
    return {"kind": "escalation", "tiers": [{"of": "crowd", "votes": 2}, {"of": "expert", **above}]}


POLICIES: dict[str, dict[str, Any]] = {
    "tiers": tiers(),
    "wait": tiers(queue=1),
    "accept": tiers(queue=1, full="accept"),
    "drop": tiers(queue=1, full="drop"),
    "three tiers": {
        "kind": "escalation",
        "tiers": [
            {"of": "crowd", "doubt": "always"},
            {"of": "crowd", "votes": 2, "queue": 2, "shown": True},
            {"of": "expert", "queue": 1, "shown": True},
        ],
    },
    "chain": {"kind": "majority", "size": 2, "of": "crowd", "doubt": "disagreement", "otherwise": {**EXPERT, "closes": True}},
    "talk": {
        "kind": "sequential", "until": {"kind": "quorum", "votes": 2}, "most": 2, "of": "crowd",
        "otherwise": {"kind": "negotiation", "size": 3, "of": "crowd", "otherwise": EXPERT},
    },
    "learnt": {"kind": "truth-inference", "size": 2, "of": "crowd", "margin": 0.0, "doubt": "disagreement", "otherwise": EXPERT},
    "posterior": {
        "kind": "majority", "size": 2, "of": "crowd", "otherwise": EXPERT,
        "doubt": {"kind": "posterior", "below": 0.9, "accuracy": "learnt"},
    },
}  # fmt: skip
GOLD = {"every": 3, "test": {"kind": "cusum", "good": 0.9, "bad": 0.5, "limit": 2.5}, "retroactive": True}
LEARNING: dict[str, Any] = {
    "data": {"source": "synthetic", "items": 24, "features": 2, "seed_labels": 4, "test_fraction": 0.5},
    "learner": {"retrain_every": 2, "train_time": 15},
    "selector": {"in_flight": 2, "relabel": {"kind": "label-uncertainty", "share": 0.5, "most": 4}},
    "stop": {"labels": 6},
}


def scenario(policy: dict[str, Any], faults: dict[str, Any] | None = None, **more: Any) -> Scenario:
    social = {"kind": "conformity", "anchoring": 0.5}
    people = more.pop("annotators", [crowd(social=social), expert(social=social)])
    coordination = {"policy": policy, **more.pop("coordination", {})}
    return scenario_of(faults or {}, annotators=people, coordination=coordination, **more)


def after_closing(log: Recorder) -> list[Envelope]:
    """Return what happened to items of which an authority had said that they are closed."""
    closed = {event.body.item: event.seq for event in log.of(ItemClosed)}
    kinds = (ItemResolved, ItemReopened, ItemEscalated, ItemGivenUp, TaskAssigned)
    return [event for event in log if isinstance(event.body, kinds) and event.seq > closed.get(event.body.item, event.seq)]


def at_once(log: Recorder, tier: int) -> int:
    """Return how many items were with a tier at once, at most, between two instants.

    At an instant, one whose policy is stopped may leave its place before it is said why: that its answers are void.
    """
    state, most, now = State(), 0, 0
    for event in log:
        if event.time > now:
            most, now = max(most, sum(each.tier == tier for each in state.open.values())), event.time
        state.apply(event_of(event))
    return most


@st.composite
def strikes(draw: st.DrawFn) -> tuple[Scenario, dict[str, Any], str]:
    """Draw a campaign, and whom misfortune strikes, and when."""
    which = draw(st.sampled_from([*POLICIES]))
    more: dict[str, Any] = {"data": {"source": "synthetic", "items": 8}, "seed": draw(st.sampled_from([1, 2, 3]))}
    if draw(st.booleans()):
        more = {"data": {"source": "synthetic", "items": 11, "gold_labels": 3}, "coordination": {"gold": GOLD}}
    elif draw(st.booleans()):
        more = LEARNING
    if draw(st.booleans()):
        more = {**more, "stop": {"budget": draw(st.sampled_from([1.5, 3.0]))}}
    faults = draw(st.sampled_from([{}, {"drop": 0.1, "reorder": 0.1}, {"delay": 0.2, "delay_time": 20}]))
    victim = draw(st.sampled_from(["coordinator", "coordinator", "selector", "crowd-1", "expert-1"]))
    down = draw(st.sampled_from([0, 1, SECOND, 35 * SECOND, *([None] if victim.endswith("1") else [])]))
    struck = {"victim": victim, "event": draw(st.integers(1, 120)), "turns": draw(st.integers(0, 4)), "down": down}
    return scenario(POLICIES[which], faults, **more), struck, which


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_no_item_is_stranded_no_tier_overfull_and_nothing_closed_opens_again(drawn):
    scenario, struck, which = drawn
    campaign, log = played(scenario, **struck)
    assert not after_closing(log)
    assert campaign.coordinator.places.escalated == len(log.of(ItemEscalated))
    if which in ("wait", "accept", "drop", "three tiers"):
        assert at_once(log, 3 if which == "three tiers" else 2) <= 1


@pytest.mark.parametrize("which", POLICIES)
def test_every_item_comes_to_its_end(which):
    campaign, log = played(scenario(POLICIES[which], data={"source": "synthetic", "items": 30}))
    assert stopped_by(log) == "pool"
    assert len(log.of(ItemResolved)) - campaign.coordinator.register.revised + len(log.of(ItemGivenUp)) == 30
    assert not after_closing(log)


def test_all_that_is_in_doubt_goes_up_and_a_summary_counts_it():
    campaign, log = played(scenario(tiers(), data={"source": "synthetic", "items": 60}))
    up = [event.body.item for event in log.of(ItemEscalated)]
    asked = {event.body.item for event in log.of(TaskAssigned) if event.recipient == "expert-1"}
    assert {*up} == asked == {event.body.item for event in log.of(ItemClosed)}
    assert campaign.summary(None).escalated == len(up) > 10


def test_what_a_log_tells_of_items_that_went_up_is_kept_as_json():
    _, log = played(scenario(POLICIES["three tiers"], data={"source": "synthetic", "items": 20}))
    state, tiers = State(), set()
    for event in log:
        if event.time > state.time:
            tiers |= {each.tier for each in state.open.values()}
            dumped = dump(state)
            state = load(json.loads(json.dumps(dumped)))
            assert dump(state) == dumped
        state.apply(event_of(event))
    assert tiers == {0, 2, 3}
    assert state.escalated == len(log.of(ItemEscalated))


# Absence


def test_experts_who_leave_for_good_strand_nothing():
    people = [crowd(accuracy=0.5), expert(2)]
    log = misfortune(
        {"crashes": [crash("expert-1", 15), crash("expert-2", 25)]},
        annotators=people,
        data={"source": "synthetic", "items": 12},
        coordination={"policy": tiers(queue=2)},
    )
    assert resolved(log) == 12
    assert len(log.of(ItemClosed)) < 8


def test_a_crowd_that_leaves_for_good_leaves_all_to_the_expert():
    log = misfortune(
        {"crashes": [crash(f"crowd-{number}", 0.5) for number in (1, 2, 3)]},
        annotators=[crowd(), expert()],
        coordination={"policy": tiers()},
    )
    assert len(log.of(ItemClosed)) == 6


def test_a_budget_that_ends_while_items_wait_for_room_ends_the_campaign():
    campaign = scenario(tiers(queue=1), annotators=[crowd(accuracy=0.5), expert()], stop={"budget": 4.0})
    _, log = played(campaign.model_copy(update={"data": campaign.data.model_copy(update={"items": 40})}))
    assert stopped_by(log) == "budget"
    assert set(reasons(log)) == {"budget"}


# Anchoring


@pytest.mark.parametrize(("shown", "anchoring", "copies"), [(False, 1.0, False), (True, 0.0, False), (True, 1.0, True)])
def test_an_expert_copies_what_they_are_shown_if_they_are_anchored_by_it(shown, anchoring, copies):
    # A crowd that is always wrong sends all items up; an expert who takes over what they are shown is as wrong.
    policy = {"kind": "escalation", "tiers": [{"of": "crowd", "votes": 2, "doubt": "always"}, {"of": "expert", "shown": shown}]}
    sure = {"kind": "one-coin", "accuracy": 1.0}
    people = [crowd(accuracy=0.0), expert(noise=sure, social={"kind": "conformity", "anchoring": anchoring})]
    campaign, log = played(scenario(policy, annotators=people))
    assert campaign.summary(None).label_accuracy == (0.0 if copies else 1.0)
    views = [event.body.view for event in log.of(TaskAssigned) if event.recipient == "expert-1"]
    assert all((view is not None) is shown for view in views)


# An authority's word, whatever comes after


def test_gold_that_works_backwards_opens_nothing_that_is_closed():
    guessers = {
        "name": "guesser",
        "count": 2,
        "latency": {"kind": "exponential", "mean": 5},
        "noise": {"kind": "one-coin", "accuracy": 0.2},
    }
    policy = {"kind": "escalation", "tiers": [{"of": ["crowd", "guesser"], "votes": 2}, {"of": "expert"}]}
    campaign, log = played(
        scenario(
            policy,
            annotators=[crowd(accuracy=0.95), guessers, expert()],
            data={"source": "synthetic", "items": 43, "gold_labels": 3},
            coordination={"gold": GOLD},
        )
    )
    assert campaign.coordinator.screening.reopened > 0
    assert len(log.of(ItemClosed)) > 5
    assert not after_closing(log)


def test_nobody_asks_again_for_what_is_closed():
    _, log = played(scenario(tiers(), **{**LEARNING, "stop": {}}))
    assert log.of(ItemClosed)
    assert any(event.body.revision for event in log.of(ItemResolved))
    assert not after_closing(log)


def test_truth_inference_revises_no_label_that_somebody_decided_after_it():
    # Of those who are always wrong it turns out late that they are.
    people = [crowd(4, 0.9), {**crowd(2, 0.1), "name": "contrary"}, expert()]
    policy = {**POLICIES["learnt"], "of": ["crowd", "contrary"]}
    campaign, log = played(scenario(policy, annotators=people, data={"source": "synthetic", "items": 200}))
    assert campaign.coordinator.register.revised > 0
    assert log.of(ItemClosed)
    assert not after_closing(log)


# The model against the people


def test_what_the_model_would_call_otherwise_goes_up():
    policy = {"kind": "majority", "of": "crowd", "doubt": {"kind": "model", "above": 0.5}, "otherwise": {**EXPERT, "closes": True}}
    tables = {**LEARNING, "data": {**LEARNING["data"], "items": 120, "separation": 3}, "selector": {"in_flight": 2}, "stop": {}}
    _, log = played(scenario(policy, annotators=[crowd(accuracy=0.7), expert()], **tables))
    closed = log.of(ItemClosed)
    # The crowd is wrong about three items in ten, and a model of what is easy to tell knows better.
    assert 8 < len(closed) < 30
    assert not after_closing(log)
