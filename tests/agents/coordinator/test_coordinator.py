"""The coordinator: who is asked, what the answers amount to, and when it ends."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.coordinator.policies.majority import Majority
from agents.messages import AnswerSubmitted, CampaignEnded, ItemGivenUp, ItemRequested, ItemResolved, TaskAssigned, TaskCancelled
from bus.clock import SECOND, run
from tests.agents.coordinator.desk import Desk, always

YES = {name: always("yes") for name in "abcde"}


async def test_an_item_is_asked_of_so_many_different_people():
    desk = Desk(YES, Majority(size=3))
    assert await desk.run("x") == "pool"
    assert [name for _, name, _, _ in desk.assigned] == ["a", "b", "c"]
    (resolved,) = desk.record.of(ItemResolved)
    assert (resolved.body.label, resolved.body.votes, resolved.body.revision) == ("yes", 3, 0)


async def test_the_label_is_what_most_people_answer():
    desk = Desk({"a": always("yes"), "b": always("no"), "c": always("no")}, Majority(size=3))
    await desk.run("x")
    assert desk.labels == {"x": "no"}


async def test_the_slowest_answer_counts_as_much_as_the_first():
    desk = Desk({"a": always("yes", 1), "b": always("no", 2), "c": always("no", 500)}, Majority(size=3))
    await desk.run("x")
    assert desk.labels == {"x": "no"}
    assert desk.record[-1].time == 500 * SECOND


async def test_whoever_is_free_gets_the_oldest_question_and_whoever_waited_longest_the_first():
    desk = Desk({"a": always("yes", 3), "b": always("yes", 2)})
    await desk.run(1, 2, 3, 4, linger=9, then=[5, 6])
    assert desk.assigned == [(0, "a", 1, 0), (0, "b", 2, 0), (2, "b", 3, 0), (3, "a", 4, 0), (9, "b", 5, 0), (9, "a", 6, 0)]


async def test_a_person_with_another_question_lets_younger_ones_be_asked_meanwhile():
    # With two votes an item and two people, both are at the first item; the second waits for the quick one.
    desk = Desk({"a": always("yes", 10), "b": always("yes", 1)}, Majority(size=2))
    await desk.run("x", "y")
    assert desk.assigned == [(0, "a", "x", 0), (0, "b", "x", 0), (1, "b", "y", 0), (10, "a", "y", 0)]


async def test_more_items_than_people_all_get_their_label():
    desk = Desk(YES, Majority(size=3))
    await desk.run(*range(50))
    assert desk.labels == dict.fromkeys(range(50), "yes")
    assert desk.coordinator.register.resolved == 50
    assert Counter(item for _, _, item, _ in desk.assigned) == dict.fromkeys(range(50), 3)


async def test_each_event_follows_from_the_one_before():
    desk = Desk({"a": always("yes", 1), "b": always("yes", 2)}, Majority(size=2))
    await desk.run("x")
    (requested,) = desk.record.of(ItemRequested)
    first, second = desk.record.of(AnswerSubmitted)
    tasks = desk.record.of(TaskAssigned)
    assert [task.cause for task in tasks] == [requested.seq] * 2
    assert [first.cause, second.cause] == [task.seq for task in tasks]
    assert desk.record.of(ItemResolved)[0].cause == second.seq


# Stopping early


async def test_an_early_majority_stops_when_decided_and_cancels_the_rest():
    desk = Desk({"a": always("yes", 1), "b": always("yes", 2), "c": always("no", 300)}, Majority(size=3, early=True))
    await desk.run("x")
    assert desk.labels == {"x": "yes"}
    (cancelled,) = desk.record.of(TaskCancelled)
    assert (cancelled.time, cancelled.recipient, cancelled.body.item) == (2 * SECOND, "c", "x")
    assert desk.record[-1].time == 2 * SECOND


async def test_a_cancelled_person_is_free_for_the_next_item_at_once():
    desk = Desk({"a": always("yes", 1), "b": always("yes", 2), "c": always("no", 300)}, Majority(size=3, early=True))
    await desk.run("x", "y")
    assert (2, "c", "y", 0) in desk.assigned
    assert desk.labels == {"x": "yes", "y": "yes"}


@pytest.mark.parametrize("paid", [True, False])
async def test_cancelled_work_is_paid_or_not_as_the_dial_says(paid):
    replies = {"a": always("yes", 1), "b": always("yes", 2), "c": always("no", 300)}
    desk = Desk(replies, Majority(size=3, early=True), prices=dict.fromkeys("abc", 0.5), pay_cancelled=paid)
    await desk.run("x")
    assert desk.coordinator.people.work.ledger.committed == (1.5 if paid else 1.0)
    assert [event.body.paid for event in desk.record.of(TaskCancelled)] == [paid]


async def test_an_undecided_vote_is_not_stopped_early():
    desk = Desk({"a": always("yes", 1), "b": always("no", 2), "c": always("no", 300)}, Majority(size=3, early=True))
    await desk.run("x")
    assert desk.labels == {"x": "no"}
    assert not desk.record.of(TaskCancelled)


# The end


async def test_it_ends_when_so_many_labels_are_there_and_gives_up_the_rest():
    desk = Desk({"a": always("yes", 1), "b": always("yes", 50)}, labels=3)
    assert await desk.run(*range(9), linger=1000) == "labels"
    assert len(desk.labels) == 3
    assert desk.record[-1].time == 3 * SECOND
    assert "b" in [event.recipient for event in desk.record.of(TaskCancelled)]
    assert {event.body.reason for event in desk.record.of(ItemGivenUp)} == {"labels"}
    assert len(desk.record.of(ItemGivenUp)) == 6


async def test_it_ends_at_a_time_to_the_microsecond():
    desk = Desk({"a": always("yes", 4)}, time=10.5)
    assert await desk.run(*range(9), linger=1000) == "time"
    assert desk.record[-1].time == 10_500_000
    assert len(desk.labels) == 2
    assert desk.coordinator.open_items == 7


async def test_a_time_that_nobody_reaches_does_not_hold_the_campaign_open():
    desk = Desk({"a": always("yes", 4)}, time=1000)
    assert await desk.run(1) == "pool"
    assert desk.record[-1].time == 4 * SECOND


async def test_a_time_ends_a_campaign_in_which_nothing_happens():
    desk = Desk({"a": always("yes", 4)}, time=100)
    assert await desk.run(linger=1000) == "time"
    assert desk.record[-1].time == 100 * SECOND


async def test_it_ends_with_the_pool_when_all_is_resolved_and_no_more_is_to_come():
    desk = Desk({"a": always("yes", 4)})
    assert await desk.run(1, linger=50, then=[2]) == "pool"
    assert desk.record[-1].time == 54 * SECOND
    assert len(desk.labels) == 2


async def test_an_empty_pool_ends_at_once():
    desk = Desk({"a": always("yes")})
    assert await desk.run() == "pool"
    assert [type(event.body) for event in desk.record][-1] is CampaignEnded


# Whatever happens

SCRIPTS = st.tuples(st.sampled_from([0.0, 1.0, 2.0, 7.0]), st.sampled_from(["yes", "no", "maybe"]))


@st.composite
def desks(draw: st.DrawFn) -> dict[str, object]:
    """Campaigns of all kinds: prices, budgets, votes, leases, limits; and what each person does with each item."""
    people = draw(st.integers(1, 5))
    size = draw(st.integers(1, people))
    prices = {name: draw(st.sampled_from([0.0, 0.01, 0.1, 0.3, 1.0])) for name in "abcde"[:people]}
    return {
        "prices": prices,
        "policy": Majority(size=size, early=draw(st.booleans())),
        "budget": draw(st.none() | st.sampled_from([0.3, 0.5, 1.0, 3.0])),
        "lease": draw(st.none() | st.sampled_from([0.5, 1.0, 3.0])),
        "pay_cancelled": draw(st.booleans()),
        "labels": draw(st.none() | st.integers(1, 6)),
        "time": draw(st.none() | st.sampled_from([1.0, 6.5, 20.0])),
    }


@given(desks(), st.integers(0, 8), st.integers(0, 4), st.sampled_from([0.0, 3.0, 30.0]), st.data())
@settings(max_examples=200, deadline=None)
def test_in_every_campaign_tasks_end_once_money_suffices_and_items_are_resolved_or_given_up(options, now, later, linger, data):
    scripts: dict[tuple[str, object, int], tuple[float, str]] = {}

    def reply(name, item, attempt):
        # Who has been asked twice is quick, or a lease might end for ever.
        first = data.draw(SCRIPTS, label=f"{name} on {item}") if attempt < 2 else (0.25, "yes")
        return scripts.setdefault((name, item, attempt), first)

    async def live() -> None:
        names = [*options["prices"]]
        replies = {name: (lambda item, attempt, name=name: reply(name, item, attempt)) for name in names}
        desk = Desk(replies, **options)
        reason = await desk.run(*range(now), linger=linger, then=range(now, now + later))
        limits = {"labels": options["labels"], "time": options["time"], "budget": options["budget"], "pool": True}
        assert limits[reason] is not None
        if reason == "labels":
            assert desk.coordinator.register.resolved >= options["labels"]
        if reason == "pool":
            assert len(desk.labels) == now + later
        if reason == "budget":
            assert desk.budget - round(desk.coordinator.people.work.ledger.committed * 1e6) < max(desk.prices.values())
        if options["time"] is not None:
            assert desk.record[-1].time <= options["time"] * SECOND

    run(live())
