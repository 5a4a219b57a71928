"""The market: people are called, bid, and are awarded tasks, into their own queues; nothing is lost when they do not."""

from collections import Counter

import pytest

from agents.coordinator.allocations.auction import Auction
from agents.coordinator.allocations.contract_net import ContractNet, Weights
from agents.coordinator.allocations.posted_price import PostedPrice
from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.policies.majority import Majority
from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import PassMark, Sprt
from agents.messages import (
    AnnotatorBlocked,
    AnswerSubmitted,
    Item,
    ItemGivenUp,
    Label,
    TaskAssigned,
    TaskCancelled,
    TaskExpired,
)
from agents.negotiation import CallForProposals, ProposalRefused, ProposalRejected, Proposed
from bus.clock import SECOND
from bus.faults import Faults
from tests.agents.coordinator.desk import Bid, Desk, always, silent

KNOWN = {f"gold-{number}": "yes" for number in range(4)}
PEOPLE = {name: always("yes", 1.0) for name in "abcde"}


def bids(**etas: float) -> Bid:
    """Have people bid so many seconds, whatever their queue; who is not named refuses, and who bids 0 says nothing."""

    def bid(name: str, call: CallForProposals, tasks: int) -> Proposed | ProposalRefused | None:
        if name not in etas:
            return ProposalRefused(tender=call.tender, item=call.item)
        eta = round(etas[name] * SECOND)
        return Proposed(tender=call.tender, item=call.item, eta=eta, price=0.0) if eta else None

    return bid


def counts(desk: Desk) -> Counter[str]:
    return Counter(event.body.kind for event in desk.record)


@pytest.mark.parametrize("candidates", [1, 2, 3])
@pytest.mark.parametrize("size", [1, 2])
async def test_a_task_takes_three_messages_a_candidate_and_one(candidates, size):
    people = {f"p{number}": always("yes") for number in range(8)}
    desk = Desk(people, Majority(size=size), allocation=ContractNet(candidates=candidates))
    await desk.run(*range(5))
    tasks = 5 * size
    said = counts(desk)
    assert said["call-for-proposals"] == said["proposed"] == candidates * tasks
    assert (said["proposal-rejected"], said["task-assigned"], said["answer-submitted"]) == ((candidates - 1) * tasks, tasks, tasks)
    messages = ("call-for-proposals", "proposed", "proposal-refused", "proposal-rejected", "task-assigned", "answer-submitted")
    assert sum(said[kind] for kind in messages) == (3 * candidates + 1) * tasks


async def test_the_best_bid_gets_the_task_the_others_are_told_and_one_thing_follows_from_the_other():
    desk = Desk(PEOPLE, allocation=ContractNet(candidates="all"), bid=bids(a=3, b=2, c=2.5, d=9, e=4))
    await desk.run("x")
    (award,) = desk.record.of(TaskAssigned)
    assert award.recipient == "b"
    assert {event.recipient for event in desk.record.of(ProposalRejected)} == set("acde")
    bid = desk.record[award.cause - 1]
    call = desk.record[bid.cause - 1]
    assert (bid.sender, type(bid.body), call.recipient, type(call.body)) == ("b", Proposed, "b", CallForProposals)


async def test_people_are_given_tasks_while_they_are_at_work_and_do_them_one_after_the_other():
    desk = Desk({"a": always("yes"), "b": always("yes", 10.0)}, allocation=ContractNet(candidates="all"), bid=bids(a=1, b=2))
    await desk.run(*range(3))
    assert [(second, name) for second, name, _, _ in desk.assigned] == [(0.0, "a")] * 3
    assert [event.time // SECOND for event in desk.record.of(AnswerSubmitted)] == [1, 2, 3]


async def test_equal_bids_are_decided_by_lot():
    desk = Desk(PEOPLE, allocation=ContractNet(candidates="all"), bid=bids(a=1, b=1, c=1, d=1, e=1))
    await desk.run(*range(400))
    shares = Counter(name for _, name, _, _ in desk.assigned)
    assert set(shares) == set("abcde")
    assert all(abs(count - 80) < 4 * (400 * 0.2 * 0.8) ** 0.5 for count in shares.values())


async def test_a_request_for_several_people_is_one_tender_and_gets_different_people():
    desk = Desk(PEOPLE, Majority(size=3), allocation=ContractNet(candidates="all"), bid=bids(a=3, b=2, c=1, d=4, e=5))
    await desk.run("x", "y")
    for item in ("x", "y"):
        assert [name for _, name, each, _ in desk.assigned if each == item] == ["c", "b", "a"]
    assert {event.body.tender for event in desk.record.of(CallForProposals)} == {1, 2}


async def test_who_refuses_is_called_again_only_after_everybody_else():
    desk = Desk(PEOPLE, allocation=ContractNet(candidates=2), bid=bids(e=1))
    await desk.run("x")
    called = [event.recipient for event in desk.record.of(CallForProposals)]
    assert len(called) == len({*called}) and "e" in called
    assert desk.labels == {"x": "yes"}


async def test_a_tender_is_decided_at_its_deadline_by_the_bids_that_there_are():
    desk = Desk(PEOPLE, allocation=ContractNet(candidates="all", deadline=5), bid=bids(a=0, b=2, c=1, d=0, e=0))
    await desk.run("x")
    (award,) = desk.record.of(TaskAssigned)
    assert (award.recipient, award.time) == ("c", 5 * SECOND + 1)


async def test_a_late_bid_and_a_second_one_are_nothing():
    desk = Desk(PEOPLE, allocation=ContractNet(candidates="all", deadline=5), bid=bids(a=2, b=3, c=0, d=4, e=5))

    def speak(event):
        if isinstance(event.body, CallForProposals) and event.recipient == "c":
            loop, body = desk.bus.loop, Proposed(tender=event.body.tender, item="x", eta=1, price=0.0)
            loop.create_task(desk.say(6.0, "c", body))
            loop.create_task(desk.say(1.0, "b", body))

    desk.watchers.append(speak)
    await desk.run("x", linger=8)
    assert [name for _, name, _, _ in desk.assigned] == ["a"]


async def test_if_everybody_refuses_for_long_and_nothing_is_under_way_an_item_is_given_up():
    desk = Desk(PEOPLE, allocation=ContractNet(candidates=2, again=10), bid=bids(), tries=2)
    await desk.run("x")
    assert [event.body.reason for event in desk.record.of(ItemGivenUp)] == [NOBODY_LEFT]
    called = Counter(event.recipient for event in desk.record.of(CallForProposals))
    assert set(called.values()) == {3}, "each once at first, and once after each of two pauses"
    assert desk.record.of(ItemGivenUp)[0].time == 30 * SECOND, "10 seconds and then 20"


async def test_if_nobody_says_anything_it_is_the_same_after_the_deadlines():
    desk = Desk(
        PEOPLE, allocation=ContractNet(candidates="all", deadline=1, again=10), bid=bids(**dict.fromkeys("abcde", 0)), tries=1
    )
    await desk.run("x")
    assert desk.record.of(ItemGivenUp)[0].time == pytest.approx(12 * SECOND, abs=5)


async def test_who_has_enough_to_do_refuses_and_gets_more_when_they_have_done_something():
    def choosy(name: str, call: CallForProposals, tasks: int) -> Proposed | ProposalRefused:
        if tasks >= 2:
            return ProposalRefused(tender=call.tender, item=call.item)
        return Proposed(tender=call.tender, item=call.item, eta=(tasks + 1) * SECOND, price=0.0)

    desk = Desk({"a": always("yes"), "b": always("yes")}, allocation=ContractNet(again=3600, at_once=1), bid=choosy)
    await desk.run(*range(10))
    assert len(desk.labels) == 10
    assert desk.record[-1].time == 5 * SECOND, "nobody is idle for a moment"


async def test_a_task_that_is_declined_or_overdue_is_called_for_anew():
    people = {"a": always(None), "b": silent, "c": always("yes")}
    desk = Desk(people, allocation=ContractNet(candidates="all"), bid=bids(a=1, b=2, c=3), lease=5)
    await desk.run("x")
    assert [name for _, name, _, _ in desk.assigned] == ["a", "b", "c"]
    assert len(desk.record.of(TaskExpired)) == 1
    assert len({event.body.tender for event in desk.record.of(CallForProposals)}) == 3


async def test_a_task_that_is_cancelled_in_a_queue_is_not_paid():
    people = {"a": always("yes", 5.0), "b": always("yes", 1.0), "c": always("yes", 1.0)}
    policy, etas = Majority(size=3, early=True), ask(a=1.0, b=1.0, c=1.0)
    desk = Desk(people, policy, dict.fromkeys(people, 1.0), allocation=ContractNet(candidates="all"), bid=etas)
    await desk.run("x", "y")
    paid = {event.body.item: event.body.paid for event in desk.record.of(TaskCancelled)}
    assert paid == {"x": True, "y": True} or paid == {"x": True, "y": False}
    assert desk.coordinator.people.work.ledger.committed == 4.0 + sum(paid.values())


async def test_of_however_many_items_at_once_nobody_waits_for_room_for_ever():
    people = {f"p{number}": always("yes") for number in range(8)}
    desk = Desk(people, allocation=ContractNet(candidates="all"))
    await desk.run(*range(1500))
    assert len(desk.labels) == 1500


# Money


def ask(**prices: float) -> Bid:
    """Have people ask for so much."""
    return lambda name, call, tasks: Proposed(tender=call.tender, item=call.item, eta=SECOND, price=prices[name])


def paid(desk: Desk) -> list[tuple[str, float]]:
    return [(event.recipient, event.body.price) for event in desk.record.of(TaskAssigned)]


async def test_in_a_second_price_auction_the_least_bid_does_it_for_the_second_least():
    desk = Desk(PEOPLE, allocation=Auction(candidates="all"), bid=ask(a=3.0, b=1.5, c=2.0, d=4.0, e=5.0))
    await desk.run("x")
    assert paid(desk) == [("b", 2.0)]
    assert desk.coordinator.people.work.ledger.committed == 2.0


async def test_several_winners_all_get_the_first_bid_that_loses():
    desk = Desk(PEOPLE, Majority(size=2), allocation=Auction(candidates="all"), bid=ask(a=3.0, b=1.5, c=2.0, d=4.0, e=5.0))
    await desk.run("x")
    assert paid(desk) == [("b", 3.0), ("c", 3.0)]


async def test_who_bids_alone_gets_the_reserve_and_nobody_gets_more():
    prices = {"a": 9.0, "b": 1.5, "c": 9.0, "d": 9.0, "e": 9.0}
    desk = Desk(PEOPLE, allocation=Auction(candidates="all", reserve=6.0), bid=ask(**prices))
    await desk.run("x")
    assert paid(desk) == [("b", 6.0)]
    desk = Desk({"b": always("yes")}, allocation=Auction(), bid=ask(**prices))
    await desk.run("x")
    assert paid(desk) == [("b", 1.5)], "without a reserve, their own bid"


async def test_in_a_contract_net_people_get_what_they_bid_and_what_it_costs_may_count():
    weights = Weights(price=1.0, eta=0.0)
    desk = Desk(PEOPLE, allocation=ContractNet(candidates="all", weights=weights), bid=ask(a=3.0, b=1.5, c=2.0, d=4.0, e=5.0))
    await desk.run("x")
    assert paid(desk) == [("b", 1.5)]


async def test_at_a_posted_price_some_who_take_less_for_it_do_it():
    desk = Desk(PEOPLE, allocation=PostedPrice(price=2.5, candidates="all"), bid=ask(a=3.0, b=1.5, c=2.0, d=4.0, e=5.0))
    await desk.run(*range(30))
    assert {*paid(desk)} == {("b", 2.5), ("c", 2.5)}


@pytest.mark.parametrize("allocation", [Auction(candidates=2), ContractNet(candidates=2), PostedPrice(price=1.0, candidates=2)])
async def test_the_budget_holds_and_a_campaign_ends_when_nothing_can_be_awarded_any_more(allocation):
    desk = Desk(PEOPLE, allocation=allocation, budget=7.5, bid=ask(**dict.fromkeys("abcde", 1.0)))
    await desk.run(*range(20))
    assert desk.stopped_by == "budget"
    assert (len(desk.labels), desk.coordinator.people.work.ledger.committed) == (7, 7.0)


async def test_what_is_too_dear_waits_until_money_comes_back():
    # b takes the money, and lets the lease pass: a gets it.
    people = {"a": always("yes"), "b": silent}
    desk = Desk(people, allocation=Auction(candidates="all", reserve=1.0), budget=1.0, lease=5.0, bid=ask(a=1.0, b=0.5))
    await desk.run("x", "y")
    assert desk.labels == {"x": "yes"}
    assert desk.stopped_by == "budget"
    assert paid(desk) == [("b", 1.0), ("a", 1.0)]


async def test_whoever_is_cheaper_is_asked_when_the_dearer_cannot_be_paid():
    desk = Desk(PEOPLE, allocation=ContractNet(candidates=1), prices=dict(zip("abcde", (5, 5, 5, 5, 1), strict=True)), budget=1.0)
    await desk.run("x", "y")
    assert paid(desk) == [("e", 1.0)]
    assert desk.stopped_by == "budget"


# Who is there, who is blocked


async def test_of_somebody_with_a_quota_no_more_is_awarded_than_it_leaves():
    desk = Desk({"a": always("yes"), "b": always("yes", 9.0)}, allocation=ContractNet(), bid=bids(a=1, b=5), quotas={"a": 2})
    await desk.run(*range(4))
    assert Counter(name for _, name, _, _ in desk.assigned) == {"a": 2, "b": 2}


@pytest.mark.parametrize("retroactive", [False, True])
async def test_whoever_is_blocked_does_nothing_more_of_what_is_in_their_queue(retroactive):
    def turncoat(item: Item, _attempt: int) -> tuple[float, Label]:
        return 1.0, "no" if item in KNOWN else "yes"

    people = {"a": turncoat, "b": always("yes", 2.0), "c": always("yes", 2.0)}
    gold = Gold(every=3, test=Sprt(good=0.9, bad=0.1, false_alarm=0.2, miss=0.2), retroactive=retroactive)
    desk = Desk(people, allocation=ContractNet(candidates="all"), bid=bids(a=1, b=5, c=5), gold=gold, known=KNOWN)
    await desk.run(*range(9))
    (blocked,) = [event for event in desk.record.of(AnnotatorBlocked) if event.body.annotator == "a"]
    assert not [event for event in desk.record.of(AnswerSubmitted) if event.sender == "a" and event.time > blocked.time]
    assert len(desk.labels) == 9


async def test_who_is_under_test_shows_what_they_can_in_one_task_after_the_other():
    gold = Gold(test=PassMark(questions=2, right=2))
    desk = Desk(
        dict.fromkeys("ab", always("yes")), allocation=ContractNet(candidates="all"), bid=bids(a=1, b=2), gold=gold, known=KNOWN
    )
    await desk.run(*range(6))
    asked = [(second, item in KNOWN) for second, name, item, _ in desk.assigned if name == "a"]
    assert asked[:2] == [(0.0, True), (1.0, True)]
    assert not any(is_gold for _, is_gold in asked[2:])
    assert len(desk.labels) == 6


# Things that go wrong


@pytest.mark.parametrize("event", range(2, 60, 3))
async def test_a_coordinator_that_goes_down_calls_anew_and_hears_no_bid_of_before(event):
    desk = Desk(PEOPLE, Majority(size=2), allocation=ContractNet(candidates=2), faults=Faults(), retry=20)
    desk.strike(event)
    await desk.run(*range(3))
    assert len(desk.labels) == 3
    numbers = [event.body.tender for event in desk.record.of(CallForProposals)]
    assert numbers == sorted(numbers), "no number is given twice"


@pytest.mark.parametrize(("retry", "second"), [(None, 60), (5, 60), (600, 600)])
async def test_left_out_the_deadline_is_a_minute_or_as_long_as_messages_may_take(retry, second):
    faults = None if retry is None else Faults(retry=retry)
    desk = Desk(dict.fromkeys("ab", always("yes")), allocation=ContractNet(), bid=bids(a=1, b=0), faults=faults, retry=retry)
    await desk.run("x")
    assert desk.record.of(TaskAssigned)[0].time == second * SECOND + 1
