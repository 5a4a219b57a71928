"""A coordinator that went down, and takes up the campaign where the log says that it was left."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.coordinator.accuracy import Learnt
from agents.coordinator.coordinator import Coordinator
from agents.coordinator.heard import heard_of
from agents.coordinator.inferring import Refit
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.policies.truth_inference import TruthInference
from agents.coordinator.policies.weighted import Weighted
from agents.coordinator.protocols.pairs import Pairs
from agents.coordinator.screening.examiner import Examinee
from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import Cusum, PassMark
from agents.inference.one_coin import OneCoinDawidSkene
from agents.messages import (
    AbstentionSubmitted,
    AnswerSubmitted,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    TaskDeclined,
)
from bus.bus import MessageBus
from bus.clock import run
from bus.faults import Faults
from bus.message import EVERYONE, Envelope, Message, MessageArrived, MessageDelayed, MessageDropped, MessageDuplicated, MessageLost
from tests.agents.coordinator.desk import CANNOT_TELL, Desk, silent
from tests.agents.coordinator.policies import SecondOpinion
from tests.bus.samples import Recorder

SOUND = Faults()


# What a coordinator is, before and after


def books(coordinator: Coordinator) -> dict[str, Any]:
    """Return all that a coordinator knows, but for the questions that its policies have asked."""
    people = coordinator.people
    return {
        "items": (
            coordinator.register.resolved,
            coordinator.register.given_up,
            coordinator.register.revised,
            coordinator._exhausted,
            coordinator.register.agreement.dump(),
        ),
        "closed": {
            item: (case.label, case.revision, case.final, case.answers, case.asked.times, case.asked.answered)
            for item, case in coordinator._docket.closed.items()
        },
        "belief": [coordinator.belief.posterior(item).tolist() for item in (*coordinator._docket.closed, *coordinator._docket.open)]
        if coordinator.belief
        else None,
        "open": {item: (history.asked.times, history.asked.declined) for item, history in coordinator._docket.open.items()},
        "sessions": {item: (case.session, case.statements) for item, case in coordinator._docket.open.items()},
        "money": (people.work.ledger.reserved, people.work.ledger.committed),
        "tasks": {
            name: (task.item, task.attempt, task.price, task.seq, task.due, task.live) for name, task in people.tasks.items()
        },
        "counts": (people.work.live, people.work.expired, people.declined, people.abstained, people.repeated),
        "people": {name: (people.answers[name], people.late[name], people.worked[name]) for name in people._prices},
        "idle": {*people.idle},
        "present": {*people.present},
        "heard": people.intake._heard.keys,
        "screening": None
        if coordinator.screening is None
        else (
            coordinator.screening.voided,
            coordinator.screening.reopened,
            {name: _under_test(coordinator.screening.examiner.of(name)) for name in people._prices},
        ),
    }


def _under_test(person: Examinee) -> tuple[Any, ...]:
    return person.given, person.times, person.declined, person.place, person.tally, person.verdict, person.seq


SCRIPTS = {
    "plain": {"policy": Majority(size=2)},
    "early": {"policy": Majority(size=3, early=True), "pay_cancelled": False},
    "leases": {"policy": Majority(size=2), "lease": 4.0},
    "second opinion": {"policy": SecondOpinion(), "prices": {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}, "budget": 4.0},
    "labels": {"policy": Majority(size=2), "labels": 3},
    "time": {"policy": Majority(size=2), "time": 9.0, "lease": 4.0},
    "silence": {"policy": Majority(size=2), "retry": 3.0, "tries": 1, "lease": 12.0},
    "inference": {"policy": TruthInference(size=2, confidence=0.9, most=4, margin=0.0)},
    "gold": {
        "policy": Majority(size=2),
        "gold": Gold(every=2, test=Cusum(limit=1.5), retroactive=True),
        "known": {"g": "yes", "h": "no", "i": "maybe"},
    },
    "qualification": {
        "policy": Weighted(size=2, accuracy=Learnt(updates="gold")),
        "gold": Gold(test=PassMark(questions=3, right=1)),
        "known": {"g": "yes", "h": "no", "i": "yes"},
        "lease": 5.0,
    },
    "negotiation": {"policy": Negotiation(size=3, rounds=3, stable=0, protocol=Pairs()), "lease": 5.0},
    "fits": {"policy": TruthInference(size=2, following=Refit(method=OneCoinDawidSkene(smoothing=1)))},
}
ITEMS = (1, 2, 3, 4, 5)


def somebody(name: str, item: Item, attempt: int) -> tuple[float, str | None]:
    """Return an answer that takes from 0 to 6 seconds; one in ten is a decline, one in ten "I can't tell"."""
    draw = sum(map(ord, f"{name}{item}{attempt}")) * 2654435761 % 2**32 // 1000
    return float(draw % 7), {3: None, 5: CANNOT_TELL}.get(draw % 10, ("yes", "no")[draw % 2])


def crew(script: str, **others: Any) -> Desk:
    """Return a desk with four people who answer quickly, slowly or not at all."""
    replies = {name: (lambda item, attempt, name=name: somebody(name, item, attempt)) for name in "abcd"}
    if script == "silence":
        replies["d"] = silent
    return Desk(replies, **{"retry": 1000.0, **SCRIPTS[script], **others})


@pytest.mark.parametrize("script", SCRIPTS)
async def test_at_the_end_of_every_instant_who_reads_the_log_knows_what_the_coordinator_knows(script):
    desk = crew(script)
    compared = []

    def compare(event: Envelope) -> None:
        before = desk.record[:-1]
        # What the coordinator says at a new instant follows from what it has just come to know.
        if before and event.time > before[-1].time and event.sender != "coordinator":
            reader = desk.appoint(MessageBus(Recorder().append))
            reader.rebuild(before)
            assert books(reader) == books(desk.coordinator)
            compared.append(event.seq)

    desk.watchers.append(compare)
    await desk.run(*ITEMS, linger=3, then=(6, 7))
    assert len(compared) >= 5


# Cut at every event


@pytest.mark.parametrize("turns", range(3))
@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_campaign_whose_coordinator_goes_down_at_any_event_comes_to_a_sane_end(script, turns):
    whole = crew(script, faults=SOUND)
    await whole.run(*ITEMS)
    for event in range(1, len(whole.record)):
        desk = crew(script, faults=SOUND, **({} if script == "silence" else {"retry": 3.0, "tries": 20}))
        desk.strike(event, turns)
        reason = await desk.run(*ITEMS)
        assert reason == whole.stopped_by
        if reason == "pool" and script not in ("silence", "gold", "qualification"):
            declined = {event.body.item for kind in (TaskDeclined, AbstentionSubmitted) for event in desk.record.of(kind)}
            assert {event.body.item for event in desk.record.of(ItemGivenUp)} <= declined
        ended = [event.body.item for kind in (ItemResolved, ItemGivenUp) for event in desk.record.of(kind)]
        # What is opened again, answers to it having become void, ends more than once.
        ended = [*set(ended)] if script == "gold" else ended
        assert sorted(ended) == sorted({event.body.item for event in desk.record.of(ItemRequested)})


@given(st.sampled_from([*SCRIPTS]), st.integers(1, 60), st.integers(0, 4))
@settings(deadline=None, max_examples=60)
def test_a_coordinator_that_goes_down_asks_nobody_in_vain_and_pays_nobody_twice(script, event, turns):
    async def live() -> None:
        desk = crew(script, faults=SOUND, retry=2.0, tries=3)
        desk.strike(event, turns)
        # The audit of the desk keeps the books.
        await desk.run(*ITEMS, linger=2, then=(6,))

    run(live())


# What was heard

ANSWER = ("a", "x", 0)


def history(*bodies: Message) -> list[Envelope]:
    """Return an answer of a's, number 1, and what the bus says of it."""
    said = AnswerSubmitted(item="x", attempt=0, label="yes", began=0)
    return [
        Envelope(1, 0, "a", "coordinator", None, said),
        *(Envelope(seq, 0, "bus", EVERYONE, 1, body) for seq, body in enumerate(bodies, 2)),
    ]


@pytest.mark.parametrize(
    ("fate", "heard"),
    [
        ([], True),
        ([MessageDropped(message=1, to="coordinator")], False),
        ([MessageLost(message=1, to="coordinator")], False),
        ([MessageDelayed(message=1, to="coordinator", until=9)], False),
        ([MessageDelayed(message=1, to="coordinator", until=9), MessageArrived(message=1, to="coordinator")], True),
        ([MessageDelayed(message=1, to="coordinator", until=9), MessageLost(message=1, to="coordinator")], False),
        ([MessageDuplicated(message=1, to="coordinator")], True),
        ([MessageDuplicated(message=1, to="coordinator"), *[MessageLost(message=1, to="coordinator")] * 2], False),
        (
            [
                MessageDelayed(message=1, to="coordinator", until=9),
                MessageArrived(message=1, to="coordinator"),
                MessageLost(message=1, to="coordinator"),
            ],
            False,
        ),
    ],
)
def test_an_answer_was_heard_unless_the_log_says_that_it_did_not_arrive(fate, heard):
    assert heard_of(history(*fate)) == ({ANSWER} if heard else set())


def test_an_answer_that_was_lost_and_said_again_was_heard():
    said = history(MessageDropped(message=1, to="coordinator"))
    again = said[0]._replace(seq=3)
    assert heard_of([*said, again]) == {ANSWER}
    assert heard_of([*said, again, Envelope(4, 0, "bus", EVERYONE, 3, MessageDropped(message=3, to="coordinator"))]) == set()


def test_a_decline_is_heard_as_an_answer_is():
    assert heard_of([Envelope(1, 0, "a", "coordinator", None, TaskDeclined(item="x", attempt=0))]) == {ANSWER}
