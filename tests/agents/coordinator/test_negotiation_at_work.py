"""Negotiation through the bus: rounds are work, which takes time and money, and people who come, go and fall silent."""

from typing import Any

import pytest

from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.protocols.argument import Argument
from agents.coordinator.protocols.gossip import Gossip
from agents.coordinator.protocols.pairs import Pairs
from agents.messages import AnswerLate, AnswerRepeated, AnswerSubmitted, ItemGivenUp, ItemResolved, Label, TaskAssigned, View
from agents.negotiation import MindChanged, PositionStated, SessionClosed, SessionOpened
from bus.clock import SECOND
from bus.faults import Faults
from bus.message import MessageLost
from tests.agents.coordinator.desk import Desk, Reply, always, silent


def follows(_name: str, view: View) -> Label:
    """Return the most frequent of the labels that somebody sees, their own being the first of equals."""
    assert view[2] is not None
    labels = [view[2][1], *(voice[1] for voice in view[3])]
    return max(labels, key=labels.count)


def stays(_name: str, view: View) -> Label:
    assert view[2] is not None
    return view[2][1]


SAYS = {"ann": "yes", "ben": "no", "cid": "yes"}


def desk(policy: Negotiation | None = None, **others: Any) -> Desk:
    """Return a desk of three who answer in 1, 2 and 3 seconds, of whom one differs; each follows the most."""
    replies = {name: always(label, 1.0 + second) for second, (name, label) in enumerate(SAYS.items())}
    return Desk(**{"replies": replies, "policy": policy or Negotiation(size=3), "react": follows, **others})


def rounds_of(desk: Desk) -> list[tuple[float, str, int]]:
    """Return second, member and round of each call to a round."""
    tasks = [event for event in desk.record.of(TaskAssigned) if event.body.view is not None]
    return [(event.time / SECOND, event.recipient, event.body.view[0]) for event in tasks]


async def test_who_differs_is_shown_what_the_others_hold_and_may_change_their_mind():
    here = desk()
    assert await here.run("x") == "pool"
    assert here.labels == {"x": "yes"}
    assert rounds_of(here) == [(3.0, name, 1) for name in ("ann", "ben", "cid")]
    (opened,) = here.record.of(SessionOpened)
    assert (opened.body.protocol, sorted(opened.body.members)) == ("delphi", ["ann", "ben", "cid"])
    (changed,) = here.record.of(MindChanged)
    assert changed.body == MindChanged(item="x", annotator="ben", turn=1, before="no", after="yes")
    (closed,) = here.record.of(SessionClosed)
    assert (closed.body.rounds, closed.body.outcome, closed.time) == (1, "consensus", 6 * SECOND)


@pytest.mark.parametrize("protocol", [Gossip(), Pairs()], ids=lambda each: each.kind)
async def test_the_whole_committee_is_in_a_session_whomever_its_first_round_calls(protocol):
    here = desk(Negotiation(size=3, protocol=protocol), react=stays)
    await here.run("x")
    assert len([member for _, member, turn in rounds_of(here) if turn == 1]) == 2
    (opened,) = here.record.of(SessionOpened)
    assert sorted(opened.body.members) == ["ann", "ben", "cid"]


async def test_where_all_agree_nobody_talks():
    here = desk(replies={name: always("yes") for name in "abc"})
    await here.run("x")
    assert not here.record.of(SessionOpened)
    assert [event.body.votes for event in here.record.of(ItemResolved)] == [3]


async def test_a_session_ends_when_nobody_moves_or_when_the_rounds_are_over():
    here = desk(react=stays)
    await here.run("x")
    assert [(event.body.outcome, event.body.rounds) for event in here.record.of(SessionClosed)] == [("stable", 1)]
    here = desk(Negotiation(size=3, rounds=2, stable=0), react=stays)
    await here.run("x")
    assert [(event.body.outcome, event.body.rounds) for event in here.record.of(SessionClosed)] == [("rounds", 2)]


async def test_the_members_of_a_round_wait_for_those_who_are_at_other_work():
    # ben is at y, for ten seconds, when they are to talk about x.
    def ben(item, attempt):
        return (10.0 if item == "y" else 2.0), "no"

    here = desk(Negotiation(size=3, rounds=1), replies={"ann": always("yes"), "ben": ben, "cid": always("yes", 3.0)})
    await here.run("x", "y")
    talks = [(second, name) for second, name, _ in rounds_of(here)]
    assert ("ben" in {name for second, name in talks if second >= 12}) and here.labels["x"] == "yes"


# Deadlines and silence


def falls_silent(label: Label) -> Reply:
    """Answer at first, and never again."""
    return lambda item, attempt: (1.0, label) if not attempt else silent(item, attempt)


@pytest.mark.parametrize(("silence", "label", "votes"), [("keeps", "no", 3), ("abstains", "yes", 2)])
async def test_who_is_silent_when_the_time_of_a_round_is_over_keeps_their_position_or_leaves(silence, label, votes):
    # ann and ben hold on to what they hold; cid, who holds what ben does, is silent.
    replies = {"ann": always("yes"), "ben": always("no"), "cid": falls_silent("no")}
    convinced = lambda name, view: "yes" if name == "ann" else view[2][1]  # noqa: E731
    turning = (lambda name, view: "yes") if silence == "abstains" else convinced
    here = Desk(replies, Negotiation(size=3, rounds=1, within=5.0, silent=silence), react=turning)
    await here.run("x")
    assert here.labels == {"x": label}
    (closed,) = here.record.of(SessionClosed)
    assert closed.time == pytest.approx(6 * SECOND, abs=1)
    assert [event.body.votes for event in here.record.of(ItemResolved)] == [votes]


async def test_where_nobody_says_anything_the_session_ends_in_silence():
    here = desk(Negotiation(size=3, rounds=5, within=4.0), replies={name: falls_silent(label) for name, label in SAYS.items()})
    await here.run("x")
    assert [(event.body.outcome, event.body.rounds) for event in here.record.of(SessionClosed)] == [("silence", 1)]
    assert here.labels == {"x": "yes"}


async def test_a_lease_ends_a_members_part_in_a_round():
    here = desk(replies={**{name: always("yes") for name in ("ann", "cid")}, "ben": falls_silent("no")}, lease=10.0)
    await here.run("x")
    assert here.labels == {"x": "yes"}
    assert [event.time // SECOND for event in here.record.of(SessionClosed)] == [11]


# Money


async def test_a_reply_costs_as_much_as_an_answer_or_the_fee():
    prices = {"ann": 0.1, "ben": 0.2, "cid": 0.3}
    dear, cheap = desk(prices=prices), desk(Negotiation(size=3, fee=0.01), prices=prices)
    await dear.run("x")
    await cheap.run("x")
    assert dear.coordinator.people.work.ledger.committed == pytest.approx(1.2)
    assert cheap.coordinator.people.work.ledger.committed == pytest.approx(0.63)


async def test_where_the_money_is_spent_in_the_middle_of_a_round_what_they_hold_is_settled():
    # Three answers and one reply: nothing is left for the others.
    here = desk(prices=dict.fromkeys(SAYS, 1.0), budget=4.5)
    assert await here.run("x", linger=60, then="y") == "budget"
    assert here.labels == {"x": "yes"}
    assert [event.body.item for event in here.record.of(ItemGivenUp)] == ["y"]
    assert len(here.record.of(PositionStated)) == 1


# Goings


async def test_a_member_who_is_not_heard_of_any_more_is_not_waited_for():
    here = desk(
        replies={**{name: always("yes") for name in ("ann", "cid")}, "ben": falls_silent("no")}, retry=2.0, tries=1, faults=Faults()
    )
    await here.run("x")
    assert here.labels == {"x": "yes"}
    assert [event.body.outcome for event in here.record.of(SessionClosed)] == ["stable"]


async def test_of_a_committee_that_never_comes_together_those_who_are_there_decide():
    here = desk(Negotiation(size=3), replies={"ann": always("yes"), "ben": always(None), "cid": always("no")}, react=stays)
    await here.run("x")
    assert here.labels["x"] in ("yes", "no")
    assert {name for _, name, _ in rounds_of(here)} == {"ann", "cid"}


# Cut at every event


@pytest.mark.parametrize("turns", range(3))
@pytest.mark.parametrize(
    "policy",
    [
        Negotiation(size=3, rounds=3, stable=0, quorum=1),
        Negotiation(size=3, rounds=2, stable=0, protocol=Argument(), otherwise=Negotiation(size=3, rounds=2, stable=0)),
        Negotiation(size=3, rounds=2, stable=0, within=2.5, protocol=Argument()),
    ],
    ids=["delphi", "chain", "deadlines"],
)
async def test_a_coordinator_that_goes_down_takes_up_sessions_where_they_were(policy, turns):
    def crew(**others: Any) -> Desk:
        replies = {name: always(label, 1.0 + second) for second, (name, label) in enumerate(SAYS.items())}
        return Desk(replies, policy, react=_moody, faults=Faults(), retry=4.0, tries=20, **others)

    whole = crew()
    await whole.run("x", "y")
    assert len(whole.record.of(SessionClosed)) >= 2
    for event in range(1, len(whole.record)):
        here = crew()
        here.strike(event, turns)
        await here.run("x", "y")
        assert _changes(here) == sorted(str(event.body) for event in here.record.of(MindChanged))
        # What is lost is said again later, perhaps too late for the round.
        if policy.within is None:
            assert here.labels == whole.labels
            for kind in (PositionStated, SessionOpened, SessionClosed, MindChanged):
                assert _said(here, kind) == _said(whole, kind)


def _moody(name: str, view: View) -> Label:
    """Return what somebody holds who goes to and fro, but by what they see alone."""
    assert view[2] is not None
    labels = sorted([view[2][1], *(voice[1] for voice in view[3])], key=str)
    return labels[(sum(map(ord, name)) + view[0]) % len(labels)]


def _said(desk: Desk, kind: Any) -> list[tuple[Any, ...]]:
    bodies = [(event.sender, event.body.model_copy(update={"began": None, "members": ()})) for event in desk.record.of(kind)]
    return sorted({(sender, str(body)) for sender, body in bodies})


def _changes(desk: Desk) -> list[str]:
    """Return which changes of mind follow from what was said and counts."""
    held: dict[tuple[Any, str], Label] = {}
    passed_over = {event.cause for kind in (AnswerLate, AnswerRepeated, MessageLost) for event in desk.record.of(kind)}
    changes = []
    for event in desk.record:
        body = event.body
        if isinstance(body, AnswerSubmitted | PositionStated) and event.seq not in passed_over:
            before = held.get((body.item, event.sender))
            held[body.item, event.sender] = body.label
            if isinstance(body, PositionStated) and before is not None and before != body.label:
                changes.append(MindChanged(item=body.item, annotator=event.sender, turn=body.turn, before=before, after=body.label))
    return sorted(str(change) for change in changes)


async def test_delphi_among_people_whom_nothing_moves_is_the_majority_vote_for_vote():
    def labels(policy: Majority | Negotiation) -> Desk:
        def reply(name: str) -> Reply:
            return lambda item, attempt: (1.0, ("yes", "no", "maybe")[sum(map(ord, f"{name}{item}")) * 2654435761 % 2**32 // 7 % 3])

        return Desk({name: reply(name) for name in "abcd"}, policy, react=stays)

    vote, talk = labels(Majority(size=4)), labels(Negotiation(size=4, rounds=3))
    items = range(40)
    await vote.run(*items)
    await talk.run(*items)
    assert vote.labels == talk.labels
    assert len(talk.record.of(SessionOpened)) > 20


async def test_who_had_nothing_to_say_in_a_round_is_not_called_to_it_again_after_a_restart():
    def ben(item, attempt):
        return 2.0, None if attempt else "no"

    def crew(**others: Any) -> Desk:
        replies = {"ann": always("yes", 1.0), "ben": ben, "cid": always("maybe", 9.0)}
        return Desk(replies, Negotiation(size=3, rounds=2, stable=0), react=stays, faults=Faults(), retry=30.0, **others)

    whole = crew()
    await whole.run("x")
    # The audit of the desk keeps the books: nobody is called twice to a round.
    for event in range(1, len(whole.record)):
        here = crew()
        here.strike(event, 1)
        await here.run("x")
        assert _said(here, PositionStated) == _said(whole, PositionStated)
