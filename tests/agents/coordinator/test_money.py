"""Money in campaigns: reserved with the task, committed with the answer, and never overspent."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.coordinator.policies.majority import Majority
from agents.messages import AnswerSubmitted, ItemGivenUp, ItemResolved, TaskAssigned
from bus.clock import SECOND, run
from tests.agents.coordinator.desk import Desk, always

PRICES = st.sampled_from([0.0, 0.01, 0.05, 0.1, 0.25, 0.3, 1.0])


async def test_a_price_is_reserved_with_the_task_and_committed_with_the_answer():
    desk = Desk({"a": always("yes", 5)}, prices={"a": 0.2}, budget=1.0)
    ledger = desk.coordinator.people.work.ledger
    books = []
    desk.watchers.append(lambda event: books.append((type(event.body), ledger.reserved, ledger.committed)))
    await desk.run("x")
    assert (TaskAssigned, 0.2, 0.0) in books
    assert (AnswerSubmitted, 0.2, 0.0) in books
    assert (ItemResolved, 0.0, 0.2) in books


async def test_a_task_says_what_it_pays():
    desk = Desk({"a": always("yes", 5), "b": always("yes", 5)}, Majority(size=2), prices={"a": 0.2, "b": 0.35})
    await desk.run("x")
    assert [event.body.price for event in desk.record.of(TaskAssigned)] == [0.2, 0.35]
    assert desk.coordinator.people.work.ledger.committed == 0.55


async def test_a_spent_budget_ends_the_campaign():
    desk = Desk({"a": always("yes", 5)}, prices={"a": 0.1}, budget=0.3)
    assert await desk.run(*range(9), linger=1000) == "budget"
    assert len(desk.labels) == 3
    assert desk.record[-1].time == 15 * SECOND
    assert len(desk.record.of(ItemGivenUp)) == 6
    assert desk.coordinator.people.work.ledger.committed == 0.3, "and three times 0.1 is 0.3"


async def test_an_item_whose_last_vote_takes_the_last_money_gets_its_label():
    desk = Desk({name: always("yes", 1) for name in "abc"}, Majority(size=3), prices=dict.fromkeys("abc", 1.0), budget=3.0)
    assert await desk.run("x", "y", linger=100) == "budget"
    assert desk.labels == {"x": "yes"}


async def test_money_promised_is_not_promised_twice():
    desk = Desk({name: always("yes", 5) for name in "abcde"}, prices=dict.fromkeys("abcde", 1.0), budget=2.0)
    assert await desk.run(*range(9), linger=1000) == "budget"
    assert len(desk.assigned) == 2


async def test_a_budget_that_pays_all_ends_with_the_pool():
    desk = Desk({"a": always("yes", 5)}, prices={"a": 0.1}, budget=0.3)
    assert await desk.run(1, 2, 3) == "pool"


async def test_work_that_costs_nothing_goes_on_when_the_money_is_spent():
    desk = Desk({"dear": always("yes", 1), "free": always("yes", 1)}, prices={"dear": 1.0}, budget=1.0)
    assert await desk.run(*range(5)) == "pool"
    assert [name for _, name, _, _ in desk.assigned].count("dear") == 1


async def test_whoever_is_too_dear_is_passed_over():
    desk = Desk({"dear": always("yes", 1), "cheap": always("yes", 1)}, prices={"dear": 5.0, "cheap": 0.1}, budget=0.3)
    assert await desk.run(*range(5)) == "budget"
    assert {name for _, name, _, _ in desk.assigned} == {"cheap"}
    assert len(desk.labels) == 3


async def test_a_vote_that_cannot_be_completed_ends_the_campaign():
    desk = Desk({name: always("yes", 1) for name in "abc"}, Majority(size=3), prices=dict.fromkeys("abc", 1.0), budget=2.0)
    assert await desk.run("x", linger=100) == "budget"
    assert desk.labels == {}
    assert desk.coordinator.people.work.ledger.committed == 2.0


async def test_unpaid_cancelled_work_frees_its_money():
    replies = {"a": always("yes", 1), "b": always("yes", 2), "c": always("no", 300)}
    options = {"prices": dict.fromkeys("abc", 1.0), "budget": 4.0}
    unpaid = Desk(replies, Majority(size=3, early=True), pay_cancelled=False, **options)
    assert await unpaid.run("x", "y") == "pool"
    paid = Desk(replies, Majority(size=3, early=True), pay_cancelled=True, **options)
    assert await paid.run("x", "y") == "budget"


@given(
    st.lists(PRICES, min_size=1, max_size=5),
    st.integers(1, 3000).map(lambda cents: cents / 1000),
    st.integers(1, 5),
    st.booleans(),
    st.booleans(),
    st.none() | st.sampled_from([2.0, 5.0]),
)
@settings(max_examples=150, deadline=None)
def test_the_budget_is_overspent_at_no_instant(prices, budget, size, early, pay_cancelled, lease):
    names = "abcde"[: len(prices)]

    def reply(item, attempt, pace):
        return (0.5 if attempt > 1 else (item * pace) % 7), "yes" if (item + pace) % 3 else "no"

    async def live() -> None:
        replies = {name: (lambda item, attempt, pace=pace: reply(item, attempt, pace)) for pace, name in enumerate(names, 1)}
        desk = Desk(
            replies,
            Majority(size=min(size, len(names)), early=early),
            prices=dict(zip(names, prices, strict=True)),
            budget=budget,
            lease=lease,
            pay_cancelled=pay_cancelled,
        )
        # The desk audits the books event by event.
        reason = await desk.run(*range(8))
        assert reason in ("budget", "pool")
        assert desk.coordinator.people.work.ledger.committed <= budget
        if reason == "budget":
            assert budget - desk.coordinator.people.work.ledger.committed < max(prices)

    run(live())
