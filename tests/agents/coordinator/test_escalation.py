"""Escalation: with a crowd that follows a script, and at a desk, where tiers have room for so many items."""

import asyncio

import pytest

from agents.coordinator.crowd import GivenUp, NobodyLeft
from agents.coordinator.doubts.votes import Always, Disagreement
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.escalation import Escalation, Tier
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Resolution
from agents.coordinator.rehearsal import Rehearsal
from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import Sprt
from agents.escalation import ItemEscalated
from agents.messages import (
    AnnotatorBlocked,
    Item,
    ItemClosed,
    ItemGivenUp,
    ItemReopened,
    ItemResolved,
    TaskAssigned,
)
from bus.clock import SECOND
from bus.faults import Faults
from tests.agents.coordinator.desk import Desk, always, silent
from tests.agents.samples import complaint, dump, make

CROWD, EXPERT = Tier(of=("crowd",), votes=2), Tier(of=("expert",))
TWO = Escalation(tiers=(CROWD, EXPERT))
THREE = Escalation(tiers=(Tier(of=("llm",), doubt=Always()), CROWD, EXPERT))


def people(**says: object) -> Rehearsal:
    """Return a crowd: of each group, what its people say, one after the other."""
    script = {f"{group}-{at}": label for group, labels in says.items() for at, label in enumerate(labels, 1)}  # type: ignore[arg-type,var-annotated]
    return Rehearsal(script, classes="abcx")


class Full(Rehearsal):
    """There is no room above."""

    async def escalate(self, item: Item, tier: int, room: int | None = None, waits: bool = True) -> bool:
        self.tiers.append(tier)
        return waits


def full(**says: str) -> Full:
    return Full({f"{group}-{at}": label for group, labels in says.items() for at, label in enumerate(labels, 1)}, classes="abcx")


# Going up


def test_what_is_in_no_doubt_stays_where_it_is():
    crowd = people(crowd="aa", expert="x")
    assert crowd.resolve(TWO) == Resolution("a", crowd.answers(0), by="tier 1, crowd")
    assert crowd.tiers == []


def test_what_is_in_doubt_goes_up_and_the_highest_tier_closes_it():
    crowd = people(crowd="ab", expert="x")
    label, answers, closed, settled, by = crowd.resolve(TWO)
    assert by == "tier 2, expert"
    assert (label, len(answers), closed, settled) == ("x", 3, True, True)
    assert crowd.tiers == [2]


def test_each_tier_decides_by_its_own_answers():
    assert people(llm="x", crowd="aa", expert="x").resolve(THREE)[:3:2] == ("a", False)
    two_experts = Escalation(tiers=(CROWD, Tier(of=("expert",), votes=3)))
    assert people(crowd="ab", expert="bxx").resolve(two_experts)[:3:2] == ("x", True)


def test_two_tiers_may_ask_the_same_people_who_answer_once():
    crowd = people(crowd="abccc", expert="x")
    policy = Escalation(tiers=(CROWD, Tier(of=("crowd",), votes=3), EXPERT))
    assert crowd.resolve(policy)[:3:2] == ("c", False)
    assert policy.conclude(0, crowd.answers(0), crowd) == "c"


@pytest.mark.parametrize(("shown", "expected"), [(False, [None, None]), (True, [None, (None, "a", None, None, 1.0)])])
def test_a_tier_may_be_shown_the_label_so_far(shown, expected):
    crowd = people(llm="a", crowd="", expert="x")
    policy = Escalation(tiers=(Tier(of=("llm",), doubt=Always()), Tier(of=("expert",), shown=shown)))
    assert crowd.resolve(policy).label == "x"
    assert crowd.shown == expected


def test_an_escalation_may_follow_another_policy_and_starts_from_its_answers():
    crowd = people(crowd="abb", expert="x")
    policy = Majority(
        size=2, of=("crowd",), doubt=Disagreement(), otherwise=Escalation(tiers=(Tier(of=("crowd",), votes=3), EXPERT))
    )
    assert crowd.resolve(policy)[:3:2] == ("x", True)
    assert crowd.asked == [2, 1, 1]


# Nobody there


def test_of_a_tier_from_which_nobody_answers_the_one_before_decides():
    crowd = people(crowd="aab", expert=[None])
    assert crowd.resolve(Escalation(tiers=(Tier(of=("crowd",), votes=3), EXPERT)))[:3:2] == ("a", False)


def test_a_tier_of_which_nobody_is_left_is_passed_over():
    assert people(crowd=[None, None], expert="x").resolve(TWO)[:3:2] == ("x", True)
    assert people(llm="a", crowd="", expert="x").resolve(THREE)[:3:2] == ("x", True)


def test_where_fewer_are_left_than_are_wanted_their_answers_have_to_do():
    assert people(crowd="a", expert="x").resolve(TWO)[:3:2] == ("a", False)


def test_where_nobody_answers_at_all_there_is_no_label():
    with pytest.raises(NobodyLeft):
        people(crowd=[None], expert=[None]).resolve(TWO)


# No room


def limited(full: str) -> Escalation:
    return Escalation(tiers=(Tier(of=("crowd",), votes=3), Tier(of=("expert",), queue=1, full=full)))  # type: ignore[arg-type]


def test_an_item_that_finds_no_room_waits_or_is_accepted_or_dropped():
    assert full(crowd="aab", expert="x").resolve(limited("wait"))[:3:2] == ("x", True)
    assert full(crowd="aab", expert="x").resolve(limited("accept"))[:3:2] == ("a", False)
    with pytest.raises(GivenUp, match="tier 2 is full"):
        full(crowd="aab", expert="x").resolve(limited("drop"))


def test_an_item_that_has_no_label_so_far_waits_for_room():
    assert full(expert="x").resolve(limited("accept"))[:3:2] == ("x", True)


# One more answer, or more than are asked for


def extended(policy: Escalation, crowd: Rehearsal) -> Resolution:
    async def again() -> Resolution:
        await policy.decide(0, crowd)
        return await policy.extend(0, crowd.answers(0), crowd)

    return asyncio.run(again())


def test_one_more_answer_is_of_those_who_have_decided_and_may_send_the_item_up():
    crowd = people(crowd="aaa", expert="x")
    label, answers, closed, *_ = extended(TWO, crowd)
    assert (label, len(answers), closed) == ("a", 3, False)
    assert extended(TWO, people(crowd="aab", expert="x"))[:3:2] == ("x", True)


def test_more_answers_than_are_asked_for_amount_to_the_word_of_the_highest_tier_among_them():
    crowd = people(crowd="aab", expert="x")
    asyncio.run(crowd.ask(0, 4))
    label, answers, closed, *_ = TWO.review(0, crowd.answers(0), crowd)
    assert (label, len(answers), closed) == ("x", 4, True)
    assert TWO.review(0, crowd.answers(0)[:3], crowd)[:3:2] == ("a", False)


# At a desk: room, and who waits for it


def tell(seconds: float = 1.0):
    """Be of two minds: two of the crowd never agree."""
    return {"crowd-1": always("a", seconds), "crowd-2": always("b", seconds)}


def at_once(desk: Desk, tier: int = 2) -> int:
    """Return how many items were with a tier at once, at most, by the log alone."""
    there: set[Item] = set()
    most = 0
    for event in desk.record:
        if isinstance(event.body, ItemEscalated) and event.body.tier == tier:
            there.add(event.body.item)
        elif isinstance(event.body, ItemResolved | ItemGivenUp):
            there.discard(event.body.item)
        most = max(most, len(there))
    return most


@pytest.mark.parametrize("queue", [1, 2, 3])
async def test_no_more_items_are_with_a_tier_than_its_queue_holds_and_all_get_their_turn(queue):
    policy = Escalation(tiers=(CROWD, Tier(of=("expert",), queue=queue)))
    desk = Desk({**tell(), "expert-1": always("c", 10.0)}, policy)
    await desk.run(*range(8))
    assert at_once(desk) == queue
    assert desk.labels == dict.fromkeys(range(8), "c")
    assert [event.body.item for event in desk.record.of(ItemEscalated)] == [*range(8)]
    assert {event.body.item for event in desk.record.of(ItemClosed)} == {*range(8)}


async def test_what_finds_no_room_is_accepted_at_once():
    policy = Escalation(tiers=(CROWD, Tier(of=("expert",), queue=1, full="accept")))
    desk = Desk({**tell(), "expert-1": always("c", 100.0)}, policy)
    await desk.run(*range(6))
    up = [event.body.item for event in desk.record.of(ItemEscalated)]
    assert up == [0]
    assert {item for item, label in desk.labels.items() if label == "c"} == {*up}
    assert {event.time for event in desk.record.of(ItemResolved)} == {SECOND * second for second in (2, 3, 4, 5, 6, 101)}


async def test_what_finds_no_room_is_dropped():
    desk = Desk({**tell(), "expert-1": always("c", 100.0)}, Escalation(tiers=(CROWD, Tier(of=("expert",), queue=1, full="drop"))))
    await desk.run(*range(4))
    assert {event.body.item: event.body.reason for event in desk.record.of(ItemGivenUp)} == dict.fromkeys(
        [1, 2, 3], "tier 2 is full"
    )


async def test_an_item_leaves_its_place_when_it_goes_on():
    tiers = (Tier(of=("llm",), doubt=Always()), Tier(of=("crowd",), votes=2, queue=1), Tier(of=("expert",), queue=1))
    desk = Desk({"llm-1": always("a"), **tell(), "expert-1": always("c", 10.0)}, Escalation(tiers=tiers))
    await desk.run(*range(5))
    assert desk.labels == dict.fromkeys(range(5), "c")
    # While the expert is at the first item, the crowd goes on: two items are done by them, and wait for the expert's room.
    second = [event.time for event in desk.record.of(ItemEscalated) if event.body.tier == 2]
    assert second[-1] < 10 * SECOND


async def test_money_that_is_spent_ends_a_campaign_in_which_items_wait_for_room():
    policy = Escalation(tiers=(CROWD, Tier(of=("expert",), queue=1)))
    prices = {"crowd-1": 1.0, "crowd-2": 1.0, "expert-1": 10.0}
    desk = Desk({**tell(), "expert-1": always("c", 10.0)}, policy, prices, budget=21.0)
    assert await desk.run(*range(4)) == "budget"
    assert desk.labels == {0: "c"}
    assert {event.body.reason for event in desk.record.of(ItemGivenUp)} == {"budget"}


async def test_money_that_buys_no_expert_ends_a_campaign_in_which_all_others_wait_for_room():
    # The crowd could be paid still, but nobody wants them any more: item 0 has the only place, and the rest waits for it.
    policy = Escalation(tiers=(CROWD, Tier(of=("expert",), queue=1)))
    prices = {"crowd-1": 0.1, "crowd-2": 0.1, "expert-1": 1.0}
    desk = Desk({**tell(), "expert-1": always("c")}, policy, prices, budget=1.2)
    assert await desk.run(*range(4)) == "budget"
    assert desk.labels == {}


async def test_whoever_is_called_to_a_place_is_waited_for_though_nobody_else_can_be_paid():
    # Item 2 wants somebody who is too dear when item 0 is settled, and item 1 gets its place: that one can be paid still.
    tiers = (Tier(of=("crowd",), votes=2), Tier(of=("expert",), queue=1))
    prices = {"crowd-1": 8.0, "crowd-2": 8.0, "expert-1": 1.0}
    desk = Desk({**tell(), "expert-1": always("c", 5.0)}, Escalation(tiers=tiers), prices, budget=34.0)
    assert await desk.run(0, 1, 2) == "budget"
    assert desk.labels == {0: "c", 1: "c"}


async def test_an_expert_who_never_answers_strands_nothing():
    policy = Escalation(tiers=(CROWD, Tier(of=("expert",), queue=1)))
    desk = Desk({**tell(), "expert-1": silent}, policy, faults=Faults(), retry=10.0)
    await desk.run(*range(5))
    assert {*desk.labels} == {*range(5)}
    assert set(desk.labels.values()) <= {"a", "b"}
    assert not desk.record.of(ItemClosed)


@pytest.mark.parametrize("event", range(4, 60, 3))
@pytest.mark.parametrize("turns", [0, 2])
async def test_a_coordinator_that_goes_down_gives_everybody_the_place_back_that_they_had(event, turns):
    policy = Escalation(tiers=(CROWD, Tier(of=("expert",), queue=2)))
    desk = Desk({**tell(), "expert-1": always("c", 10.0)}, policy, faults=Faults(), retry=30.0)
    desk.strike(event, turns)
    await desk.run(*range(6))
    assert desk.labels == dict.fromkeys(range(6), "c")
    assert at_once(desk) == 2
    up = [event.body.item for event in desk.record.of(ItemEscalated)]
    assert sorted(up) == [*range(6)]
    # Nobody is asked twice by the same tier.
    assert len(desk.assigned) == 18


@pytest.mark.parametrize("event", range(4, 40, 2))
async def test_what_had_a_place_before_the_coordinator_went_down_is_not_turned_away_after_it(event):
    policy = Escalation(tiers=(CROWD, Tier(of=("expert",), queue=2, full="accept")))
    desk = Desk({**tell(), "expert-1": always("c", 10.0)}, policy, faults=Faults(), retry=30.0)
    desk.strike(event)
    await desk.run(*range(6))
    up = {event.body.item for event in desk.record.of(ItemEscalated)}
    assert {item for item, label in desk.labels.items() if label == "c"} == up
    assert at_once(desk) == 2


# An authority's word

ONE_WRONG = Sprt(good=0.9, bad=0.1, false_alarm=0.2, miss=0.2)
KNOWN: dict[Item, str] = {f"gold-{number}": "a" for number in range(4)}


async def test_what_the_highest_tier_has_decided_is_not_opened_again_when_answers_become_void():
    def turncoat(item: Item, _attempt: int) -> tuple[float, str]:
        return 1.0, "b"

    replies = {"crowd-1": always("a"), "crowd-2": turncoat, "crowd-3": always("a", 2.0), "expert-1": always("a", 2.0)}
    gold = Gold(every=4, test=ONE_WRONG, retroactive=True)
    desk = Desk(replies, TWO, gold=gold, known=KNOWN)
    await desk.run(*range(10))
    assert [event.body.annotator for event in desk.record.of(AnnotatorBlocked)] == ["crowd-2"]
    closed = {event.body.item: event.seq for event in desk.record.of(ItemClosed)}
    assert closed
    blocked = desk.record.of(AnnotatorBlocked)[0].seq
    assert any(seq < blocked for seq in closed.values())
    for kind in (ItemReopened, ItemEscalated, TaskAssigned):
        assert not [event for event in desk.record.of(kind) if event.body.item in closed and event.seq > closed[event.body.item]]
    assert {*desk.labels.values()} == {"a"}


# What makes no sense


@pytest.mark.parametrize(
    ("tiers", "complains"),
    [
        ([{"of": "crowd", "votes": 2}], "tiers are two at least, not 1"),
        ([{"of": "crowd"}, {"of": "expert"}], "tier 1 never leaves doubt 'disagreement', as nobody disagrees with themselves"),
        ([{"of": "crowd", "votes": 2, "queue": 3}, {"of": "expert"}], "tier 1 is where items begin"),
        ([{"of": "crowd", "votes": 2}, {"of": "expert", "doubt": "tie"}], "tier 2 has a doubt, but it is the last"),
        ([{"of": "crowd", "votes": 2}, {"of": "expert", "full": "drop"}], "its queue has no end; set `queue`"),
        ([{"of": "crowd", "votes": 2}, {"of": "expert", "queue": 0}], "greater than or equal to 1"),
        ([{"of": "crowd", "votes": 2}, {"of": "expert", "full": "droop"}], "'wait', 'accept' or 'drop'"),
        ([{"votes": 2}, {"of": "expert"}], "Field required"),
        ([{"of": "crowd", "vote": 2}, {"of": "expert"}], "did you mean 'votes'?"),
    ],
)
def test_tiers_that_make_no_sense_are_refused(tiers, complains):
    assert complains in complaint(AnyPolicy, {"kind": "escalation", "tiers": tiers})


def test_of_an_escalation_each_tier_says_whom_it_asks():
    table = {"kind": "escalation", "of": "crowd", "tiers": [{"of": "crowd", "votes": 2}, {"of": "expert"}]}
    assert "each tier has its own `of`" in complaint(AnyPolicy, table)


def test_an_escalation_is_made_again_from_what_a_header_shows_of_it():
    policy = Escalation(tiers=(Tier(of=("llm",), doubt=Always()), Tier(of=("expert",), queue=3, full="accept", shown=True)))
    assert make(AnyPolicy, dump(AnyPolicy, policy)) == policy
    assert THREE.most_people() == 4
