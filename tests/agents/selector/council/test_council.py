"""A council through the bus: who is asked what, what comes of it, and what a crash does not change."""

import asyncio
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.component import Unusable
from agents.messages import (
    AnswersCounted,
    Item,
    ItemGivenUp,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    ItemsNominated,
    LabelsKnown,
    NominationsSettled,
    NominationsWanted,
    PoolExhausted,
    TrainingStarted,
)
from agents.selector.council.chair import Chair
from agents.selector.council.council import AnyQueryStrategy, Council
from agents.selector.council.rule import Ordered, Rule, Sitting
from agents.selector.pending import Pending
from agents.selector.pendings.ignore import Ignore
from agents.selector.pendings.kriging_believer import KrigingBeliever
from agents.selector.pendings.local_penalisation import LocalPenalisation
from agents.selector.relabel import Fixed, LabelUncertainty
from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.uncertainty import Entropy, Margin
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, PoolViews
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import run
from bus.message import Envelope
from tests.agents.restarts import after_a_restart
from tests.agents.samples import complaint, dump, make, numbered
from tests.agents.selector.council.house import House, check_rounds
from tests.agents.selector.test_selector import Office
from tests.bus.samples import Recorder

RULES = ["borda", "median-rank", "reciprocal-rank", "approval", "kemeny", "auction", "albl"]


def council(*members: str, rule: Any = "borda", nominations: int = 3) -> Council:
    made = make(AnyQueryStrategy, {"kind": "council", "members": [*members], "rule": rule, "nominations": nominations})
    assert isinstance(made, Council)
    return made


class Backwards(InOrder):
    """The last items first."""

    def scores(self, view: PoolView) -> Scores:
        return -super().scores(view)


def opposed(**dials: Any) -> Council:
    """Return a council one member of which begins with the first items, the other with the last."""
    return Council(members=(InOrder(), Backwards()), nominations=3, **dials)


# The component


def test_it_says_who_sits_there_and_reads_what_it_says() -> None:
    made = council("margin", "random", rule={"kind": "kemeny", "exact": 3})
    table = dump(AnyQueryStrategy, made)
    assert table == {
        "kind": "council",
        "members": [{"kind": "margin"}, {"kind": "random"}],
        "rule": {"kind": "kemeny", "exact": 3},
        "nominations": 3,
    }
    assert make(AnyQueryStrategy, table) == made


def test_members_are_called_by_what_they_are_and_a_second_one_gets_a_number() -> None:
    assert council("margin", "entropy", "margin", "margin").names("selector") == [
        "selector-margin", "selector-entropy", "selector-margin-2", "selector-margin-3",
    ]  # fmt: skip
    # A class derived from one of Parley's inherits its kind, which is another's.
    assert opposed().names("selector") == ["selector-in-order", "selector-Backwards"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"members": []}, "a council needs members; name at least one strategy"),
        ({"members": ["margn"]}, "there is no query strategy 'margn'; did you mean 'margin'?"),
        ({"members": ["council"]}, "there is no query strategy 'council'"),
        ({"members": ["margin"], "nominations": 0}, "greater than or equal to 1"),
        ({"members": ["margin"], "rule": "condorcet"}, "there is no rule of a council 'condorcet'"),
        ({}, "Field required"),
    ],
)
def test_what_makes_no_council_is_refused_and_the_message_says_why(table: dict[str, Any], words: str) -> None:
    assert words in complaint(AnyQueryStrategy, {"kind": "council", **table})


def test_it_needs_a_model_where_a_member_does_or_the_rule() -> None:
    assert not council("random", "in-order").needs_model
    assert council("random", "margin").needs_model
    assert council("random", "in-order", rule="albl").needs_model


# Rounds


async def test_each_member_is_asked_and_nominates_and_the_rule_decides() -> None:
    house = House(opposed(), in_flight=2)
    await house.start()
    kinds = [event.body.kind for event in house.record][1:]
    assert kinds == [*["nominations-wanted"] * 2, *["items-nominated"] * 2, "nominations-settled", *["item-requested"] * 2]
    assert [event.recipient for event in house.record.of(NominationsWanted)] == house.council.names("selector")
    assert [body.items for body in house.bodies(ItemsNominated)] == [(0, 1, 2), (19, 18, 17)]
    # Both have three points, and luck decides between them; who has them no more moves up.
    (settled,) = house.bodies(NominationsSettled)
    assert (sorted(settled.items), settled.scores, settled.weights) == ([0, 19], (3.0, 3.0), ())
    assert house.asked == [*settled.items]
    assert {event.time for event in house.record} == {0}
    await house.resolve(0)
    assert [body.items for body in house.bodies(ItemsNominated)][2:] == [(1, 2, 3), (18, 17, 16)]
    await house.end()


async def test_each_message_follows_from_the_one_before_it() -> None:
    house = House(opposed())
    await house.start()
    first, *_ = house.record
    calls, named = house.record.of(NominationsWanted), house.record.of(ItemsNominated)
    assert {call.cause for call in calls} == {first.seq}
    assert [each.cause for each in named] == [call.seq for call in calls]
    assert {event.cause for kind in (NominationsSettled, ItemRequested) for event in house.record.of(kind)} == {named[-1].seq}
    await house.end()


async def test_as_many_are_nominated_as_there_is_room_for_where_this_is_more() -> None:
    house = House(opposed(), in_flight=5)
    await house.start()
    assert [body.count for body in house.bodies(NominationsWanted)] == [5, 5]
    assert len(house.asked) == 5
    await house.end()


async def test_items_whose_label_is_known_are_nobodys_candidates() -> None:
    house = House(opposed(), awaits_labels=True)
    await house.start(seeds=(0, 1, 18))
    assert [body.items for body in house.bodies(ItemsNominated)] == [(2, 3, 4), (19, 17, 16)]
    await house.end()


async def test_with_a_new_model_members_are_asked_anew_and_requests_name_its_version() -> None:
    house = House(council("margin", "entropy"), in_flight=1)
    await house.start()
    await house.publish(1)
    await house.resolve(*house.asked)
    assert [body.version for body in house.bodies(NominationsWanted)] == [0, 0, 1, 1]
    assert [body.version for body in house.bodies(ItemRequested)] == [0, 1]
    assert [body.items[0] for body in house.bodies(ItemsNominated)][2:] == [19, 19] != [house.asked[0]] * 2
    await house.end()


async def test_members_that_need_a_model_wait_for_the_first_where_one_is_in_training() -> None:
    house = House(council("margin", "random"))
    await house.say(LabelsKnown(items=(0,), labels=(0,)), TrainingStarted(version=1, labels=1))
    assert house.asked == []
    await house.publish(1)
    assert [body.version for body in house.bodies(ItemRequested)] == [1, 1]
    await house.end()


async def test_the_pool_is_said_to_be_exhausted_once_and_nobody_is_asked_for_what_is_not_there() -> None:
    house = House(opposed(), items=5)
    await house.start()
    while open_items := [item for item in house.asked if item not in {body.item for body in house.bodies(ItemResolved)}]:
        await house.resolve(open_items[0])
    assert sorted(house.asked) == [0, 1, 2, 3, 4]
    assert len(house.bodies(PoolExhausted)) == 1
    assert all(body.items for body in house.bodies(ItemsNominated))
    await house.end()


async def test_no_more_than_the_quota_is_asked_for_and_nobody_nominates_for_nothing() -> None:
    house = House(opposed(), in_flight=3, quota=4)
    await house.start()
    await house.resolve(*house.asked)
    await house.resolve(*house.asked[3:])
    assert len(house.asked) == 4
    assert len(house.bodies(NominationsSettled)) == len(house.bodies(NominationsWanted)) / 2 == 2
    await house.end()


async def test_a_barrier_is_filled_by_one_round() -> None:
    house = House(opposed(), in_flight=7, barrier=True)
    await house.start()
    assert len(house.asked) == 7
    await house.resolve(*house.asked[:6])
    assert len(house.asked) == 7
    await house.resolve(house.asked[6])
    assert len(house.asked) == 14
    assert len(house.bodies(NominationsSettled)) == 2
    await house.end()


async def test_a_council_of_one_asks_as_its_member_alone_would() -> None:
    for strategy in (Random(), InOrder(), Margin(), Entropy()):
        house = House(Council(members=(strategy,), nominations=1), items=9, in_flight=3)
        office = Office(items=9, in_flight=3, strategy=strategy)
        for each in (house, office):
            await each.start()
            await each.publish(1)
            for place in range(9):
                await each.resolve(each.asked[place])
            await each.end()
        assert house.asked == office.asked
        assert house.selector.staleness == office.selector.staleness


async def test_before_the_first_model_a_council_asks_as_anybody_does_who_waits_for_one() -> None:
    house, office = House(council("margin", "entropy", "random"), in_flight=4), Office(items=20, in_flight=4, strategy=Margin())
    for each in (house, office):
        await each.start()
        await each.end()
    assert house.asked == office.asked


async def test_an_item_that_is_given_up_makes_room() -> None:
    house = House(council("in-order", rule="auction"), in_flight=1)
    await house.start()
    await house.say(ItemGivenUp(item=0, reason="nobody knows"))
    assert house.asked == [0, 1]
    await house.end()


class Forgetful(Rule):
    """Puts the first nominated item in order, and no other."""

    def order(self, sitting: Sitting) -> Ordered:
        return [(sitting.rows[0], 1.0)]


async def test_a_rule_of_ones_own_that_forgets_items_is_told_so() -> None:
    house = House(opposed(rule=Forgetful()))
    await house.start()
    with pytest.raises(Unusable, match=r"selector\.strategy\.rule must put every nominated item in order"):
        await house._running[0]


class Short(InOrder):
    """Scores one item too few."""

    def scores(self, view: PoolView) -> Scores:
        return super().scores(view)[1:]


async def test_a_member_of_ones_own_that_scores_too_few_items_is_named() -> None:
    house = House(Council(members=(Random(), Short())))
    await house.start()
    with pytest.raises(Unusable, match=r"selector\.strategy\.members\.1 gave scores of shape \(19,\) for 20 items"):
        await house._running[2]


# Members that take their time


async def test_nominations_by_an_older_model_are_asked_for_anew() -> None:
    house = House(council("random", "in-order"), asleep=True)
    await house.start()
    await house.publish(1)
    house.wake()
    await house.say()
    assert [(body.round, body.version) for body in house.bodies(NominationsWanted)] == [(1, 0), (1, 0), (2, 1), (2, 1)]
    assert [body.round for body in house.bodies(NominationsSettled)] == [2]
    assert {body.version for body in house.bodies(ItemRequested)} == {1}
    await house.end()


async def test_room_that_has_grown_since_they_were_asked_is_filled_by_another_round() -> None:
    house = House(council("in-order", nominations=1), in_flight=3, quota=9)
    await house.start()
    (member,) = house.members
    house._running.pop().cancel()
    await house.resolve(0)
    await house.resolve(1)
    assert house.asked == [0, 1, 2]
    house._running.append(asyncio.create_task(member.run()))
    await house.say()
    assert [body.count for body in house.bodies(NominationsWanted)] == [3, 1, 1]
    assert house.asked == [0, 1, 2, 3, 4]
    await house.end()


# What a rule remembers


async def test_members_are_told_their_tokens_and_get_more_with_each_model() -> None:
    house = House(council("in-order", "random", rule={"kind": "auction", "tokens": 600, "refund": 0.0}), in_flight=1)
    await house.start()
    (first,) = house.bodies(NominationsSettled)
    bids = {item: bid for body in house.bodies(ItemsNominated) for item, bid in zip(body.items, body.bids, strict=True)}
    assert first.scores == (bids[first.items[0]],) == (300.0,)
    # Before there is a model, all that was bid comes back.
    await house.resolve(*house.asked)
    assert [body.tokens for body in house.bodies(NominationsWanted)] == [600] * 4
    assert [body.weights for body in house.bodies(NominationsSettled)] == [(0.5, 0.5)] * 2
    await house.publish(1)
    await house.resolve(house.asked[-1])
    told = [body.tokens for body in house.bodies(NominationsWanted)][4:]
    # One of them has paid 300 for the second item, and nothing comes back; both have got 600 more.
    assert sorted(told) == [900, 1200]
    await house.end()


async def test_a_bandit_listens_more_to_whoever_was_right_and_only_with_a_model() -> None:
    house = House(council("in-order", "margin", rule="albl"), in_flight=1)
    await house.publish(1)
    await house.start()
    await house.resolve(*house.asked)
    weights = [body.weights for body in house.bodies(NominationsSettled)]
    assert weights == [(0.5, 0.5)] * 2
    await house.publish(2)
    await house.resolve(house.asked[-1])
    assert house.bodies(NominationsSettled)[-1].weights != (0.5, 0.5)
    await house.end()


# With relabelling


async def test_items_with_a_label_are_asked_for_again_beside_new_ones_that_the_council_nominates() -> None:
    house = House(council("random", "in-order"), items=6, in_flight=1, relabel=Fixed(share=0.5, most=2))
    await house.start()
    for _ in range(8):
        item = house.asked[-1]
        again = house.asked.count(item) > 1
        names = ("a", "b")[: 1 + again]
        reopened = [ItemReopened(item=item, kept=(("a", 0, 0, 1),), voided=())] * again
        counted = AnswersCounted(item=item, annotators=names, labels=(0,) * len(names))
        await house.say(*reopened, counted, ItemResolved(item=item, label=0, votes=len(names), revision=int(again)))
    taken = [item for body in house.bodies(NominationsSettled) for item in body.items]
    assert len(taken) == len({*taken}) == len({*house.asked})
    assert 3 <= len(house.asked) - len(taken) <= 5
    check_rounds(house.record, house.council.names("selector"))
    await house.end()


async def test_where_all_items_compete_by_other_scores_the_council_is_not_asked() -> None:
    house = House(council("random", "in-order"), relabel=LabelUncertainty(share="free", most=2))
    await house.start()
    assert house.bodies(NominationsWanted) == []
    assert len(house.asked) == 2
    await house.end()


# Whatever happens


@pytest.mark.parametrize("rule", RULES)
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_no_item_is_asked_for_or_nominated_twice_and_none_is_forgotten(rule: str, data: st.DataObject) -> None:
    members = data.draw(st.lists(st.sampled_from(["margin", "entropy", "random", "in-order"]), min_size=1, max_size=3))
    items, in_flight = data.draw(st.integers(1, 15)), data.draw(st.integers(1, 5))
    quota, barrier = data.draw(st.none() | st.integers(1, 20)), data.draw(st.booleans())
    sitting = council(*members, rule=rule, nominations=data.draw(st.integers(1, 6)))

    async def live() -> None:
        house = House(sitting, items, in_flight, barrier, quota)
        await house.start()
        resolved: list[Item] = []
        version = 0
        while unresolved := [item for item in house.asked if item not in resolved]:
            assert len(unresolved) <= in_flight
            batch = data.draw(st.lists(st.sampled_from(unresolved), min_size=1, unique=True))
            resolved += batch
            await house.resolve(*batch)
            if data.draw(st.booleans()):
                version += 1
                await house.publish(version, first=data.draw(st.booleans()))
        assert len(set(house.asked)) == len(house.asked) == min(items, quota or items)
        await house.end()
        check_rounds(house.record, sitting.names("selector"))

    run(live())


DIALS: dict[str, dict[str, Any]] = {
    "borda": {"council": council("margin", "random", "entropy"), "items": 12, "in_flight": 3},
    "kemeny": {"council": council("in-order", "random", rule="kemeny"), "items": 9, "in_flight": 2, "quota": 7},
    "auction": {"council": council("margin", "random", "in-order", rule="auction"), "items": 12, "in_flight": 3},
    "albl": {"council": council("margin", "random", rule="albl"), "items": 12, "in_flight": 3},
    "barrier": {"council": council("margin", "in-order", rule="auction"), "items": 12, "in_flight": 3, "barrier": True},
    "seeds": {"council": council("margin", "random"), "items": 12, "in_flight": 4, "awaits_labels": True},
}


async def a_history(dials: str) -> tuple[Recorder, House]:
    """Return what happens where items get their labels or are given up until the pool is exhausted, and models come and go."""
    house = House(**DIALS[dials])
    await house.start(seeds=(2, 5))
    ended: list[Item] = []
    version = 0
    while opened := [item for item in house.asked if item not in ended]:
        batch = opened[: 1 + len(ended) % 2]
        ended += batch
        bodies: list[Any] = [ItemResolved(item=item, label=int(item) % 2, votes=1, revision=0) for item in batch]
        if len(ended) % 5 == 0:
            bodies[-1:] = [ItemGivenUp(item=batch[-1], reason="nobody knows")]
        if len(ended) % 3 == 0:
            version += 1
            await house.say(*bodies, TrainingStarted(version=version, labels=len(ended)))
            await house.publish(version, first=version % 2 == 1)
        else:
            await house.say(*bodies)
    await house.end()
    return house.record, house


@pytest.mark.parametrize("dials", DIALS)
def test_a_selector_that_goes_down_at_any_event_goes_on_as_if_it_had_not(dials: str) -> None:
    history, house = run(a_history(dials))
    check_rounds(history, house.council.names("selector"))
    assert len(history.of(NominationsSettled)) >= 3
    for cut in range(1, len(history) + 1):
        (exhausted,) = history.of(PoolExhausted) or history[-1:]
        if dials == "barrier" and cut < exhausted.seq and history[cut - 1][1:3] == (exhausted.time, "selector"):
            # It stays to be said until the batch is in.
            continue
        since = run(after_a_restart(house.another, history, cut, in_turn=True))
        assert since == history[cut:], cut


@pytest.mark.parametrize("dials", DIALS)
def test_a_member_that_goes_down_at_any_event_goes_on_as_if_it_had_not(dials: str) -> None:
    history, house = run(a_history(dials))
    for name in house.council.names("selector")[:2]:
        for cut in range(1, len(history) + 1):

            def make_member(bus: MessageBus, name: str = name) -> Any:
                return house.member(name, bus)

            since = run(after_a_restart(make_member, history, cut, in_turn=True))
            assert since == history[cut:], cut


# What is under way


@pytest.mark.parametrize(
    ("member", "pending", "before", "after"),
    [
        (Random(), Ignore(), True, True),
        (Random(), LocalPenalisation(), False, False),
        (Random(), KrigingBeliever(), True, True),
        (InOrder(), Ignore(), False, False),
        (InOrder(), KrigingBeliever(), True, False),
        (Entropy(), LocalPenalisation(), True, False),
    ],
    ids=str,
)
def test_it_is_known_which_members_nominate_by_chance_alone(member: Strategy, pending: Pending, before: bool, after: bool) -> None:
    views = PoolViews(numbered(9, np.zeros((9, 1))), None, Chance(7).keyed("selector"))
    for version, even in ((0, before), (1, after)):
        chair = Chair(Council(members=(member,)), "selector", np.ones(9, np.bool_), views, 9, Chance(7), pending)
        ((name, call),) = chair.calls(2, version)
        nominated = ItemsNominated(round=call.round, items=(3, 4), bids=())
        chair.note(Envelope(1, 0, name, "selector", None, nominated))
        assert [ballot.even for ballot in chair._ballots.values()] == [even]
