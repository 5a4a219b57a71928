"""Dealing: who a question is meant for, how long it waits for them, and whose it is when they do not come."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.allocations.choice import AnyAllocation
from agents.coordinator.allocations.queues import Queues
from agents.coordinator.allocations.round_robin import RoundRobin
from agents.coordinator.allocations.shortest_queue import ShortestOf, _shuffled
from agents.coordinator.allocations.static_partition import StaticPartition, Stealing
from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.policies.majority import Majority
from agents.coordinator.screening.gold import Gold
from agents.messages import AnnotatorCame, AnnotatorLeft, ItemGivenUp, TaskExpired
from bus.chance import Chance
from bus.clock import SECOND, VirtualLoop
from bus.faults import Faults
from bus.stall import Stalled
from tests.agents.coordinator.desk import Desk, Reply, always, silent
from tests.agents.coordinator.policies import SecondOpinion
from tests.agents.coordinator.test_request import wanting
from tests.agents.samples import make, share_band
from tests.bus.samples import run_on

TICK = 1e-6

DEALERS = [StaticPartition(), RoundRobin(), ShortestOf(d=2), ShortestOf(d=9), Stealing()]


def two(a: float, b: float) -> dict[str, Reply]:
    return {"a": always("yes", a), "b": always("yes", b)}


def whose(desk: Desk) -> list[tuple[str, object]]:
    return [(name, item) for _, name, item, _ in desk.assigned]


# A static partition


async def test_of_a_static_partition_everybody_has_their_share_and_the_quick_wait_for_the_slow():
    desk = Desk(two(1, 10), allocation=StaticPartition())
    await desk.run(0, 1, 2, 3)
    assert desk.assigned == [(0, "a", 0, 0), (0, "b", 1, 0), (1, "a", 2, 0), (10, "b", 3, 0)]


async def test_an_item_of_which_several_are_asked_belongs_to_those_who_follow():
    desk = Desk({name: always("yes", 1) for name in "abc"}, Majority(size=2), allocation=StaticPartition())
    await desk.run(0, 1, 2)
    assert sorted(whose(desk)) == [("a", 0), ("a", 2), ("b", 0), ("b", 1), ("c", 1), ("c", 2)]


async def test_an_item_stays_with_its_people_when_it_is_asked_about_again():
    replies = {"a": always("yes", 1), "b": always("no", 1), "c": always("yes", 1)}
    desk = Desk(replies, SecondOpinion(), allocation=StaticPartition())
    await desk.run(0)
    assert whose(desk) == [("a", 0), ("b", 0), ("c", 0)]


async def test_what_is_dealt_to_somebody_who_cannot_say_anything_of_it_belongs_to_the_next():
    desk = Desk({name: always("yes") for name in "abc"}, allocation=StaticPartition(), able={0: ["b", "c"], 1: ["a"]})
    await desk.run(0, 1)
    assert whose(desk) == [("b", 0), ("a", 1)]


# In turn


async def test_in_turn_everybody_gets_the_next_question_be_they_busy_or_not():
    desk = Desk({"a": always("yes", 10), "b": always("yes", 1), "c": always("yes", 1)}, allocation=RoundRobin())
    await desk.run(0, 1, 2, linger=5, then=[3])
    assert desk.assigned[3] == (10, "a", 3, 0)


async def test_in_turn_those_who_are_not_there_are_passed_over():
    desk = Desk({name: always("yes", 1) for name in "abc"}, allocation=RoundRobin(), comers=["b"])
    await desk.run(0, 1, 2, 3)
    assert whose(desk) == [("a", 0), ("c", 1), ("a", 2), ("c", 3)]


async def test_if_nobody_is_there_whose_turn_it_is_will_be():
    desk = Desk({"a": always("yes", 1)}, allocation=RoundRobin(), comers=["a"])
    desk.bus.loop.create_task(desk.say(5, "a", AnnotatorCame(number=0)))
    await desk.run(0)
    assert desk.assigned == [(5, "a", 0, 0)]


# The shortest of some queues


async def test_the_shortest_of_all_queues_is_joined_where_as_many_are_drawn_as_there_are():
    desk = Desk({"a": always("yes", 100), "b": always("yes", 1), "c": always("yes", 100)}, allocation=ShortestOf(d=3))
    await desk.run(0, 1, 2, linger=50, then=[3])
    assert Counter(name for name, _ in whose(desk)) == {"a": 1, "b": 2, "c": 1}


def test_of_equals_chance_decides():
    people = [f"w{number}" for number in range(10)]
    luck = Chance(7).keyed("allocation")
    first = Counter(next(_shuffled(people, luck.luck(item))) for item in range(20_000))
    for name in people:
        assert first[name] / 20_000 == pytest.approx(0.1, abs=share_band(0.1, 20_000))


@given(st.integers(1, 12), st.integers(0, 999))
def test_a_shuffle_has_everybody_once(count, item):
    people = [*map(str, range(count))]
    assert sorted(_shuffled(people, Chance(3).keyed("allocation").luck(item))) == sorted(people)


# Stealing


async def test_who_has_nothing_left_takes_the_oldest_question_of_the_longest_queue():
    replies = {"a": always("yes", 1), "b": always("yes", 100), "c": always("yes", 100)}
    desk = Desk(replies, allocation=Stealing())
    await desk.run(*range(6), "b's last")
    # Of 0 to 5 and one more: a has 0, 3 and the last, b has 1 and 4, c has 2 and 5.
    assert [item for name, item in whose(desk) if name == "a"] == [0, 3, "b's last", 4, 5]
    assert desk.record[-1].time == 100 * SECOND


async def test_nobody_steals_what_they_have_answered():
    desk = Desk({"a": always("yes", 1), "b": always("yes", 10)}, Majority(size=2), allocation=Stealing())
    await desk.run(0, 1)
    assert desk.assigned == [(0, "a", 0, 0), (0, "b", 0, 0), (1, "a", 1, 0), (10, "b", 1, 0)]


# Nobody's absence strands a question


@pytest.mark.parametrize("dealer", DEALERS, ids=repr)
async def test_what_waits_for_somebody_who_leaves_for_good_is_anybodys(dealer):
    desk = Desk(two(1, 1), allocation=dealer, comers=["b"], seed=3)
    desk.bus.loop.create_task(desk.say(0, "b", AnnotatorCame(number=0)))
    desk.bus.loop.create_task(desk.say(2.5, "b", AnnotatorLeft(number=1, until=None)))
    await desk.run(linger=1, then=range(8))
    assert len(desk.labels) == 8


@pytest.mark.parametrize("dealer", DEALERS, ids=repr)
async def test_what_waits_for_somebody_who_lets_a_lease_pass_is_anybodys(dealer):
    desk = Desk({"a": silent, "b": always("yes", 1)}, allocation=dealer, lease=5)
    await desk.run(*range(6))
    assert len(desk.labels) == 6
    assert len(desk.record.of(TaskExpired)) == 1
    assert desk.record[-1].time < 12 * SECOND


async def test_who_hands_in_late_has_their_share_again():
    desk = Desk(two(10, 1), allocation=StaticPartition(), lease=5)
    await desk.run(0, 1, linger=30, then=[2, 3])
    assert [(second, name, item) for second, name, item, _ in desk.assigned if second >= 30] == [
        (30, "a", 2),
        (30, "b", 3),
        (35 + TICK, "b", 2),
    ]


@pytest.mark.parametrize("dealer", DEALERS, ids=repr)
async def test_what_waits_for_somebody_of_whom_nothing_is_heard_is_anybodys(dealer):
    faults = Faults(retry=1, tries=1)
    desk = Desk({"a": silent, "b": always("yes", 1)}, allocation=dealer, retry=1, tries=1, faults=faults)
    await desk.run(*range(6))
    assert len(desk.labels) == 6


@pytest.mark.parametrize("dealer", DEALERS, ids=repr)
async def test_what_waits_for_somebody_who_costs_more_than_there_is_is_anybodys(dealer):
    desk = Desk(two(1, 1), allocation=dealer, prices={"a": 1.0, "b": 0.1}, budget=1.4)
    await desk.run(*range(6))
    # Whoever began, what is left of the money is spent on who is cheap.
    assert desk.coordinator.people.work.ledger.committed >= 0.6
    assert desk.stopped_by in ("budget", "pool")
    assert len(desk.labels) >= 5


@pytest.mark.parametrize("dealer", DEALERS[:2], ids=repr)
async def test_without_patience_a_question_waits_for_whom_it_is_meant_for(dealer):
    desk = Desk({"a": always("yes", 100), "b": always("yes", 1)}, allocation=dealer)
    await desk.run(0, 1, 2)
    assert desk.assigned[-1] == (100, "a", 2, 0)


@pytest.mark.parametrize("dealer", [StaticPartition(patience=7), RoundRobin(patience=7), Stealing(patience=7)], ids=repr)
async def test_when_patience_is_over_a_question_is_anybodys(dealer):
    desk = Desk({"a": always("yes", 100), "b": always("yes", 4)}, allocation=dealer)
    await desk.run(0, 1, 2)
    expected = (4, "b", 2, 0) if dealer.steals else (7, "b", 2, 0)
    assert desk.assigned[-1] == expected


def test_a_share_that_waits_for_somebody_who_does_not_come_stalls_the_campaign_without_patience():
    async def campaign():
        await Desk(two(1, 1), allocation=StaticPartition(), comers=["b"]).run(0, 1)

    with pytest.raises(Stalled, match="resolving 1 waits"):
        run_on(VirtualLoop(), campaign())


async def test_with_patience_it_does_not():
    desk = Desk(two(1, 1), allocation=StaticPartition(patience=30), comers=["b"])
    await desk.run(0, 1)
    assert desk.assigned == [(0, "a", 0, 0), (30, "a", 1, 0)]


async def test_who_comes_before_patience_is_over_finds_their_share():
    desk = Desk(two(1, 1), allocation=StaticPartition(patience=30), comers=["b"])
    desk.bus.loop.create_task(desk.say(20, "b", AnnotatorCame(number=0)))
    await desk.run(0, 1, 2, 3)
    assert [(name, item) for name, item in whose(desk)] == [("a", 0), ("a", 2), ("b", 1), ("b", 3)]


async def test_a_question_that_too_few_are_left_for_is_given_up_wherever_it_waits():
    desk = Desk(two(1, 1), Majority(size=2), allocation=StaticPartition(), comers=["b"])
    desk.bus.loop.create_task(desk.say(5, "b", AnnotatorLeft(number=0, until=None)))
    await desk.run(0)
    assert [event.body.reason for event in desk.record.of(ItemGivenUp)] == [NOBODY_LEFT]


# With gold questions


@pytest.mark.parametrize("dealer", DEALERS, ids=repr)
async def test_a_gold_question_takes_nobodys_own_question_away(dealer):
    known = {"gold": "yes"}
    desk = Desk(two(1, 1), allocation=dealer, gold=Gold(first=1), known=known)
    await desk.run(0, 1, 2, 3)
    assert len(desk.labels) == 4
    assert Counter(item for _, item in whose(desk))["gold"] == 2


# After a restart


@pytest.mark.parametrize("dealer", [*DEALERS, StaticPartition(patience=3)], ids=repr)
@pytest.mark.parametrize("event", range(4, 30, 3))
async def test_after_a_restart_nothing_is_stranded(dealer, event):
    desk = Desk(
        {name: always("yes", seconds) for name, seconds in (("a", 1), ("b", 2), ("c", 5))},
        Majority(size=2),
        allocation=dealer,
        faults=Faults(retry=100),
        retry=100,
    )
    desk.strike(event)
    await desk.run(*range(5))
    assert len(desk.labels) == 5


# The books


def test_a_queue_is_in_the_order_in_which_it_was_joined():
    queues, one, other = Queues(), wanting(2), wanting(1)
    queues.add(one, "a")
    queues.add(other, "a")
    queues.add(one, "b")
    assert ([*queues.of("a")], [*queues.of("b")], [*queues.owners(one)]) == ([one, other], [one], ["a", "b"])
    assert queues.longest_first() == ["a", "b"]
    queues.drop(one)
    assert ([*queues.people], one in queues, other in queues) == (["a"], False, True)
    queues.remove(other, "b")
    queues.remove(other, "a")
    assert not queues.people


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.sampled_from("abc")), max_size=40))
def test_queues_and_owners_say_the_same(steps):
    queues, requests = Queues(), [wanting(3) for _ in range(4)]
    waiting: set[tuple[int, str]] = set()
    for is_added, place, name in steps:
        (queues.add if is_added else queues.remove)(requests[place], name)
        (waiting.add if is_added else waiting.discard)((place, name))
    assert {(requests.index(each), name) for name in queues.people for each in queues.of(name)} == waiting
    assert {(place, name) for place, each in enumerate(requests) for name in queues.owners(each)} == waiting


def test_each_is_named_in_a_scenario():
    assert make(AnyAllocation, {"kind": "static-partition", "patience": "5m"}) == StaticPartition(patience=300)
    assert make(AnyAllocation, "round-robin") == RoundRobin()
    assert make(AnyAllocation, {"kind": "shortest-of", "d": 3}) == ShortestOf(d=3)
    assert make(AnyAllocation, "stealing") == Stealing()
