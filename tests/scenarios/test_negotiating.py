"""Whole campaigns in which people talk: the same people as in a vote, flips against the truth, misfortunes at any event."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.component import Trust
from agents.messages import AnnotatorBlocked, ItemGivenUp, ItemResolved
from agents.negotiation import MindChanged, MindsJudged, PositionStated, SessionClosed, SessionOpened
from bus.clock import SECOND
from bus.replay import LogReader
from scenarios.loading import load
from scenarios.run import run, verify
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import LABELLING, NEGOTIATION, run_logged, write
from tests.scenarios.logs import lines_of
from tests.scenarios.striking import played, scenario_of
from tests.scenarios.test_faults import plans

SOFT = [{"kind": "soft"}]


def crowd(count: int = 3, **more: Any) -> dict[str, Any]:
    noise = {"kind": "one-coin", "accuracy": 0.6}
    return {"name": "w", "count": count, "latency": {"kind": "exponential", "mean": 10}, "noise": noise, "price": 0.1, **more}


def talk(**dials: Any) -> dict[str, Any]:
    return {"kind": "negotiation", "size": 3, **dials}


POLICIES: dict[str, dict[str, Any]] = {
    "delphi": talk(rounds=2),
    "means": talk(protocol={"kind": "delphi", "feedback": "mean"}, settles="linear"),
    "argument": talk(protocol="argument", within=25, fallback="give-up"),
    "pairs": talk(protocol={"kind": "pairs", "turns": 2}, rounds=4, fee=0.05),
    "opinions": talk(protocol={"kind": "opinions", "topology": "star"}, rounds=5, settles="log-opinion", quorum=1),
    "gossip": talk(protocol={"kind": "gossip", "topology": "ring"}, rounds=6, within=40),
    "debate": talk(protocol="debate", rounds=2, quorum=0, settles="judge"),
    "chain": talk(size=2, rounds=1, trigger="always", otherwise=talk(protocol="argument", rounds=2, within=30)),
}


def campaign(policy: dict[str, Any], faults: dict[str, Any] | None = None, social: Any = "argument", **more: Any) -> Scenario:
    people = more.pop("annotators", None) or [crowd(social=social, says=SOFT)]
    coordination = {"policy": policy, **more.pop("coordination", {})}
    return scenario_of(faults or {}, annotators=people, coordination=coordination, **more)


# The same people


def vote_and_talk(size: int, social: Any, **dials: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lines of the logs of a vote and of a negotiation of the same people."""
    logs = []
    for policy in ({"kind": "majority", "size": size}, {"kind": "negotiation", "size": size, **dials}):
        scenario = Scenario.model_validate(
            {
                "name": "same",
                "seed": 11,
                "data": {"source": "synthetic", "items": 150, "classes": 3},
                "annotators": [crowd(size, social=social)],
                "coordination": {"policy": policy},
            }
        )
        with TemporaryDirectory() as folder:
            logs.append(lines_of(Path(str(run(scenario, logs=Path(folder)).log))))
    return logs[0], logs[1]


def told(lines: list[dict[str, Any]], kind: str, *keys: str) -> dict[Any, Any]:
    found = [(line["from"], line["body"]) for line in lines if line.get("kind") == kind]
    return {(name if "answer" in kind else "", body["item"]): tuple(body[key] for key in keys) for name, body in found}


@pytest.mark.parametrize("social", [None, {"kind": "conformity", "openness": 0}])
@pytest.mark.parametrize("size", [4, 5])
def test_delphi_among_people_whom_nothing_moves_is_the_majority_vote_for_vote(size, social):
    vote, talk = vote_and_talk(size, social)
    assert told(talk, "answer-submitted", "label") == told(vote, "answer-submitted", "label")
    assert told(talk, "item-resolved", "label", "votes") == told(vote, "item-resolved", "label", "votes")
    assert len(told(talk, "session-opened")) > 50


def test_people_who_may_be_persuaded_of_the_truth_are_more_often_right_and_flips_are_counted():
    vote, talk = vote_and_talk(5, {"kind": "argument", "wrong_to_right": 0.8, "right_to_wrong": 0.1}, protocol="argument")
    assert told(talk, "answer-submitted", "label") == told(vote, "answer-submitted", "label")
    (judged,) = [line["body"] for line in talk if line.get("kind") == "minds-judged"]
    changed = [line["body"] for line in talk if line.get("kind") == "mind-changed"]
    assert sum(judged.values()) == len(changed)
    assert judged["wrong_to_right"] > 3 * judged["right_to_wrong"] > 0
    right = [next(line["body"]["right"] for line in lines if line.get("kind") == "labels-judged") for lines in (vote, talk)]
    assert right[1] > right[0]


# Whatever happens


@pytest.mark.parametrize("which", POLICIES)
def test_every_protocol_ends_and_every_session_has_an_end(which):
    _, log = played(
        campaign(POLICIES[which], social={"kind": "debate", "concentration": 2}, data={"source": "synthetic", "items": 20})
    )
    opened, closed = log.of(SessionOpened), log.of(SessionClosed)
    assert 5 < len(opened) == len(closed)
    assert len(log.of(ItemResolved)) + len(log.of(ItemGivenUp)) == 20
    assert log.of(PositionStated) and log.of(MindChanged) and len(log.of(MindsJudged)) == 1


@pytest.mark.parametrize("which", POLICIES)
def test_the_same_campaign_writes_the_same_log(which, tmp_path):
    logs = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        logs.append(Path(str(run(campaign(POLICIES[which]), logs=folder).log)))
    assert logs[0].read_bytes() == logs[1].read_bytes()
    verify(logs[0], Trust(everything=False))


GOLD = {"every": 3, "test": {"kind": "cusum", "good": 0.9, "bad": 0.5, "limit": 2.0}, "retroactive": True}
LEARNING: dict[str, Any] = {
    "data": {"source": "synthetic", "items": 24, "features": 2, "seed_labels": 4, "test_fraction": 0.5},
    "learner": {"retrain_every": 2, "train_time": 15},
    "selector": {"in_flight": 2, "relabel": {"kind": "label-uncertainty", "share": 0.5, "most": 4}},
    "stop": {"labels": 6},
}


@st.composite
def strikes(draw: st.DrawFn) -> tuple[Scenario, dict[str, Any]]:
    """Draw a campaign, and whom misfortune strikes, and when."""
    policy = POLICIES[draw(st.sampled_from([*POLICIES]))]
    social = draw(st.sampled_from(["argument", {"kind": "conformity", "openness": 0.6}, "debate"]))
    more: dict[str, Any] = {"data": {"source": "synthetic", "items": 8}, "seed": draw(st.sampled_from([1, 2, 3]))}
    which = draw(st.sampled_from(["plain", "gold", "learning", "budget", "lease", "quota", "allocation"]))
    if which == "gold":
        more = {"data": {"source": "synthetic", "items": 11, "gold_labels": 3}, "coordination": {"gold": GOLD}}
    elif which == "learning":
        more = LEARNING
    elif which == "budget":
        more |= {"stop": {"budget": draw(st.sampled_from([1.05, 2.0, 3.0]))}}
    elif which == "lease":
        more |= {"coordination": {"lease": 15}}
    elif which == "quota":
        more |= {"coordination": {"quota": 4}}
    elif which == "allocation":
        more |= {"coordination": {"allocation": draw(st.sampled_from(["static-partition", "round-robin", "contract-net"]))}}
    come_and_go = {"availability": {"kind": "sessions", "answers": 2, "pause": 60}} if draw(st.booleans()) else {}
    count = draw(st.sampled_from([5] if which == "learning" else [3, 5]))
    more["annotators"] = [crowd(count, social=social, says=SOFT, **come_and_go)]
    faults = draw(st.sampled_from([{}, {"drop": 0.1, "reorder": 0.1}, {"delay": 0.2, "delay_time": 20}]))
    victim = draw(st.sampled_from(["coordinator", "coordinator", "coordinator", "selector", "w-1"]))
    down = draw(st.sampled_from([0, 1, SECOND, 35 * SECOND, *([None] if victim == "w-1" else [])]))
    struck = {"victim": victim, "event": draw(st.integers(1, 200)), "turns": draw(st.integers(0, 4)), "down": down}
    return campaign(policy, faults, social, **more), struck


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_sessions_are_taken_up_and_nobody_is_asked_twice(drawn):
    scenario, struck = drawn
    played(scenario, **struck)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_sessions_are_taken_up_and_nobody_is_asked_twice_at_length(drawn):
    scenario, struck = drawn
    played(scenario, **struck)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*POLICIES]), plans())
def test_whatever_gets_lost_no_session_is_stranded(which, faults):
    played(campaign(POLICIES[which], faults, data={"source": "synthetic", "items": 6}))


def test_who_is_found_out_in_the_middle_of_a_session_has_no_part_in_it_any_more():
    found = 0
    for seed in range(12):
        scenario = campaign(
            talk(size=4, rounds=4, stable=0),
            annotators=[crowd(4, social="argument"), crowd(2, name="guesser", noise={"kind": "one-coin", "accuracy": 0.1})],
            data={"source": "synthetic", "items": 15, "gold_labels": 4},
            coordination={"gold": GOLD},
            seed=seed,
        )
        _, log = played(scenario)
        for blocked in log.of(AnnotatorBlocked):
            found += any(event.time == blocked.time and event.body.outcome == "broken-off" for event in log.of(SessionClosed))
    assert found


def test_who_had_the_last_word_is_told_of_each_label_where_several_may_have_it(tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, NEGOTIATION)).scenario, tmp_path)
    said = Counter(event["body"]["by"] for event in LogReader(log).events() if event["kind"] == ItemResolved.kind)
    assert summary.decided == dict(said) == {"negotiation of crowd": 9, "tier 2, expert": 5}
    alone = load(write(tmp_path, LABELLING)).scenario
    summary, log = run_logged(alone, tmp_path)
    assert not summary.decided
    assert b'"by"' not in log.read_bytes()
