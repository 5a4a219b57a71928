"""Campaigns in which messages and agents fail: whatever goes wrong, nothing counts twice, and nothing is stranded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, reject, settings
from hypothesis import strategies as st

from agents.component import Trust
from agents.coordinator.crowd import Answer
from agents.coordinator.intake import Intake
from agents.coordinator.replies import Reply
from agents.messages import AnswerSubmitted
from bus.faulty import FaultyBus
from bus.message import Envelope
from scenarios.campaign import Campaign
from scenarios.errors import BadInput
from scenarios.loading import make
from scenarios.run import Origin, prepare, run
from scenarios.summary import Summary
from tests.scenarios.audit import audit

SERVICES = ["selector", "coordinator", "evaluator"]


def happened(tables: dict[str, Any], logs: Path | None = None) -> tuple[Campaign, Sequence[Envelope], Summary]:
    """Run a campaign, and return it with its events and its summary."""
    campaigns: list[Campaign] = []
    try:
        scenario = make(tables, "scenario", {}, Trust())
        prepare(scenario, Origin())
    except BadInput:
        # A lease that nobody meets, one class only: such a campaign is refused.
        reject()
    summary = run(scenario, logs, on_start=campaigns.append)
    bus = campaigns[0]._bus
    assert isinstance(bus, FaultyBus)
    return campaigns[0], bus.history, summary


def tables(faults: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "name": "faulty",
        "seed": 3,
        "data": {"source": "synthetic", "items": 6},
        "annotators": [{"name": "w", "count": 3, "latency": {"kind": "exponential", "mean": 20}, "price": 0.1}],
        "coordination": {"policy": {"kind": "majority", "size": 2}},
        "faults": faults,
        **others,
    }


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


times = st.sampled_from([0, 1, 10, 20, 60, 150, 300, 1000])
lengths = st.sampled_from([1, 5, 20, 60, 300])
rates = st.sampled_from([0.0, 0.0, 0.05, 0.25])


def strikes(names: Sequence[str], services: Sequence[str] = SERVICES) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Faults of certain messages, on the links that there are."""
    people = [(name, "coordinator") for name in names] + [("coordinator", name) for name in names]
    between = [(one, other) for one in ("campaign", *services) for other in services if one != other]
    which = st.tuples(st.sampled_from([*people, *between]), st.integers(0, 6))
    what = st.tuples(st.sampled_from(["duplicate", "drop", "delay", "reorder"]), lengths)
    return st.dictionaries(which, what, max_size=4).map(
        lambda plan: [
            {"sender": sender, "recipient": recipient, "number": number, "does": does, "by": by}
            for ((sender, recipient), number), (does, by) in plan.items()
        ]
    )


def crashes(agents: Sequence[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Agents that go down for a while."""
    crash = st.fixed_dictionaries({"agent": st.sampled_from([*agents]), "at": times, "down": lengths})
    return st.lists(crash, max_size=3, unique_by=lambda each: each["agent"])


@st.composite
def plans(draw: st.DrawFn, people: int = 3, services: Sequence[str] = SERVICES) -> dict[str, Any]:
    """Draw what goes wrong, as `[faults]` says it."""
    names = [f"w-{number}" for number in range(1, people + 1)]
    faults: dict[str, Any] = {"retry": draw(lengths), "tries": draw(st.integers(1, 5)), "delay_time": draw(lengths)}
    for rate in ("drop", "duplicate", "delay", "reorder"):
        faults[rate] = draw(rates)
    faults["messages"] = draw(strikes(names, services))
    down = draw(crashes([*names, *services]))
    again = [
        {"agent": crash["agent"], "at": crash["at"] + crash["down"] + draw(lengths), "down": draw(lengths)}
        for crash in down
        if draw(st.booleans())
    ]
    gone = draw(st.sets(st.sampled_from(names), max_size=2))
    leaving = [{"agent": name, "at": draw(times)} for name in sorted(gone)]
    faults["crashes"] = [*(crash for crash in (*down, *again) if crash["agent"] not in gone), *leaving]
    if draw(st.booleans()):
        faults["until"] = draw(times)
    return faults


skill_tests = st.sampled_from(
    [
        {"kind": "sprt", "good": 0.9, "bad": 0.5, "false_alarm": 0.3, "miss": 0.3},
        {"kind": "beta", "threshold": 0.7, "confidence": 0.7},
        {"kind": "cusum", "good": 0.9, "bad": 0.5, "limit": 2.0},
    ]
)
pass_marks = st.sampled_from(
    [{"kind": "pass-mark", "questions": 2, "right": right, "early": early} for right in (1, 2) for early in (False, True)]
)


@st.composite
def golds(draw: st.DrawFn) -> dict[str, Any]:
    """Draw when gold questions are asked, of two, and what is made of the answers."""
    gold: dict[str, Any] = {"retroactive": draw(st.booleans())}
    if draw(st.booleans()):
        return {**gold, "test": draw(pass_marks)}
    how_many = draw(st.sampled_from([{"first": 1}, {"share": 0.4}, {"every": 2}, {"every": 3}]))
    return {**gold, **how_many, "test": draw(skill_tests)}


@st.composite
def availabilities(draw: st.DrawFn, lease: bool) -> list[dict[str, Any]]:
    """Draw when people are there; where there are leases, they may leave tasks undone without a word."""
    overtime = draw(st.booleans())
    parts: list[dict[str, Any]] = [
        {"kind": "shifts", "days": ["mon"], "begins": 0, "ends": 86400, "breaks": [[20, 60], [100, 400]], "overtime": overtime},
        {"kind": "sessions", "answers": 2, "answers_sigma": 0.5, "pause": 40, "pause_sigma": 1},
        {"kind": "sessions", "time": 45, "pause": 60, "pause_sigma": 1, "overtime": overtime},
        {"kind": "arrival", "mean": 50},
        {"kind": "churn", "lifetime": 200},
        {"kind": "churn", "leaves_after": {"kind": "uniform", "low": 1, "high": 6}},
        {"kind": "rate-limit", "requests": 2, "burst": 30},
        {"kind": "batches", "every": 25},
        {"kind": "abandonment", "probability": 0.3, "returns": 1},
    ]
    if lease:
        silent = [{"kind": "no-show", "probability": 0.3, "pause": 15}, {"kind": "abandonment", "probability": 0.3, "returns": 0.5}]
        parts += silent
    return draw(st.lists(st.sampled_from(parts), min_size=1, max_size=3))


@st.composite
def campaigns(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small campaign in which something goes wrong."""
    people = draw(st.integers(1, 4))
    latency = draw(
        st.sampled_from([{"kind": "fixed", "time": 10}, {"kind": "fixed", "time": 0}, {"kind": "exponential", "mean": 30}])
    )
    size = draw(st.integers(1, people))
    policy = draw(
        st.sampled_from(
            [
                {"kind": "majority", "size": size},
                {"kind": "majority", "size": size, "early": True},
                {"kind": "truth-inference", "size": size, "margin": 0.0},
                {"kind": "truth-inference", "size": 1, "most": people, "confidence": 0.9, "following": {"kind": "refit"}},
            ]
        )
    )
    coordination = {"policy": policy, "pay_cancelled": draw(st.booleans()), "lease": draw(maybe(st.sampled_from([15, 40, 200])))}
    stop = {
        "labels": draw(maybe(st.integers(1, 6))),
        "budget": draw(maybe(st.sampled_from([0.5, 2.0]))),
        "time": draw(maybe(times.filter(bool))),
    }
    learner = draw(st.sampled_from([None, None, None, {"retrain_every": 2, "train_time": 15}]))
    services = [*SERVICES, "learner"] if learner else SERVICES
    gold = draw(st.none() | golds())
    coordination["gold"] = gold
    data: dict[str, Any] = {"source": "synthetic", "items": draw(st.integers(4, 8))}
    if learner:
        data = {"source": "synthetic", "items": 24, "features": 2, "seed_labels": 4, "test_fraction": 0.5}
    if gold is not None:
        data = {**data, "items": data["items"] + 3, "gold_labels": 2}
    present = draw(st.just([]) | availabilities(coordination["lease"] is not None))
    accuracy: Any = 0.7 if gold is None else {"kind": "uniform", "low": 0.2, "high": 1.0}
    drawn = tables(
        draw(plans(people, services)),
        seed=draw(st.integers(0, 99)),
        data=data,
        learner=learner,
        selector={"in_flight": draw(st.integers(1, 4)), "barrier": draw(st.booleans())},
        annotators=[
            {
                "name": "w",
                "count": people,
                "latency": latency,
                "price": 0.1,
                "availability": present,
                "noise": {"kind": "one-coin", "accuracy": accuracy},
            }
        ],
        coordination={key: value for key, value in coordination.items() if value is not None},
        stop={key: value for key, value in stop.items() if value is not None},
    )
    return {key: value for key, value in drawn.items() if value is not None}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(campaigns())
def test_whatever_goes_wrong_nothing_counts_twice_and_nothing_is_stranded(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(campaigns())
def test_in_two_thousand_campaigns_nothing_counts_twice_and_nothing_is_stranded(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plans(), st.integers(0, 99))
def test_when_faults_stop_and_nobody_has_left_every_item_gets_its_label(plan: dict[str, Any], seed: int) -> None:
    for crash in plan["crashes"]:
        crash.setdefault("down", 60)
    plan |= {"until": 300, "tries": 20}
    campaign, log, summary = happened(tables(plan, seed=seed))
    audit(campaign, log)
    assert (summary.labels, summary.given_up, summary.stopped_by) == (6, 0, "pool")


def test_an_answer_that_is_counted_twice_is_found_and_shrunk_to_a_single_duplicate(monkeypatch: pytest.MonkeyPatch) -> None:
    careful = Intake._take_stray

    async def careless(self: Intake, envelope: Envelope, reply: Reply) -> None:
        """Count an answer that has been counted."""
        request = next(
            (task.request for task in self._tasks.values() if task.item == reply.item), self._requests.lacking.get(reply.item)
        )
        heard = (envelope.sender, reply.item, reply.attempt) in self._heard.keys
        if not isinstance(reply, AnswerSubmitted) or request is None or not heard:
            await careful(self, envelope, reply)
        elif request.accept(Answer(envelope.sender, reply.label, envelope.seq)):
            await self._requests.complete(request, envelope)

    monkeypatch.setattr(Intake, "_take_stray", careless)

    def breaks(plan: dict[str, Any]) -> bool:
        try:
            campaign, log, _ = happened(tables(plan))
            audit(campaign, log)
        except (AssertionError, ValueError):
            return True
        return False

    search = settings(max_examples=1000, deadline=None, database=None, derandomize=True, suppress_health_check=[*HealthCheck])
    plan = st.fixed_dictionaries(
        {"messages": strikes(["w-1", "w-2", "w-3"]), "crashes": crashes(["w-1", "coordinator", "selector"])}
    )
    smallest = find(plan, breaks, settings=search)
    (strike,) = smallest["messages"]
    assert (strike["does"], strike["recipient"]) == ("duplicate", "coordinator")
    assert strike["sender"].startswith("w-")
    assert not smallest["crashes"]
