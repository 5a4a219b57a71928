"""People who bid have several tasks: the fold of the events knows each, whatever the order in which they end."""

from typing import Any

from agents.snapshot import dump, load
from agents.state import State
from tests.agents.test_state import Step, after, settled


def requested(item: int) -> Step:
    return (0, "item-requested", "selector", "coordinator", {"item": item, "version": 0, "score": 0.0})


def called(tender: int, item: int, name: str = "ann") -> Step:
    return (0, "call-for-proposals", "coordinator", name, {"tender": tender, "item": item, "deadline": 9})


def given(t: int, item: int, price: float = 0.5, name: str = "ann") -> Step:
    return (t, "task-assigned", "coordinator", name, {"item": item, "attempt": 0, "price": price, "lease_until": None})


def said(t: int, kind: str, item: int, **more: Any) -> Step:
    return (t, kind, "ann", "coordinator", {"item": item, "attempt": 0, **more})


def answered(t: int, item: int) -> Step:
    return said(t, "answer-submitted", item, label="x", began=t)


def cancelled(t: int, item: int, paid: bool) -> Step:
    return (t, "task-cancelled", "coordinator", "ann", {"item": item, "attempt": 0, "paid": paid})


START = (requested(5), requested(6), called(1, 5), called(2, 6), given(0, 5), given(0, 6, 0.25))


def items(state: State) -> list[Any]:
    return [task.item for task in state.people["ann"].tasks]


def test_tasks_lie_in_the_order_in_which_they_were_given() -> None:
    state = after(*START)
    assert items(state) == [5, 6]
    assert (state.reserved, state.tenders) == (750_000, 2)


def test_either_may_end_first_and_each_costs_what_was_agreed() -> None:
    state = settled(*START, answered(7, 6))
    assert items(state) == [5]
    assert (state.reserved, state.committed) == (500_000, 250_000)
    state = settled(*START, answered(7, 5), said(8, "task-returned", 6))
    assert items(state) == []
    assert (state.reserved, state.committed, state.people["ann"].returned) == (0, 500_000, 1)


def test_one_that_is_cancelled_in_the_queue_leaves_the_other_as_it_is() -> None:
    state = settled(*START, cancelled(3, 6, False))
    assert items(state) == [5]
    assert (state.reserved, state.committed, state.cancelled, state.cancelled_cost) == (500_000, 0, 1, 0)


def test_a_task_that_is_given_at_the_instant_of_an_answer_does_not_make_it_count() -> None:
    # The answer crosses with its cancellation: what was awarded in between says nothing of it.
    more = (requested(7), called(3, 7), answered(9, 5), given(9, 7), cancelled(9, 5, True))
    state = settled(*START, *more)
    assert items(state) == [6, 7]
    assert state.people["ann"].answers == 0
    assert (state.reserved, state.committed, state.cancelled_cost) == (750_000, 500_000, 500_000)


def test_a_snapshot_holds_all_that_somebody_has_to_do() -> None:
    state = after(*START)
    again = load(dump(state))
    assert dump(again) == dump(state)
    assert (items(again), again.tenders) == ([5, 6], 2)


def test_what_somebody_answered_at_the_instant_at_which_they_are_blocked_is_void_as_well() -> None:
    gold: Step = (0, "gold-known", "campaign", "coordinator", {"items": (9,), "labels": ("y",)})
    scored: Step = (7, "gold-answered", "coordinator", "*", {"item": 9, "annotator": "ann", "right": False})
    blocked: Step = (7, "annotator-blocked", "coordinator", "*", {"annotator": "ann", "right": 0, "asked": 1, "retroactive": True})
    given_up: Step = (7, "item-given-up", "coordinator", "*", {"item": 5, "reason": "so"})
    state = settled(gold, *START, given(0, 9), answered(7, 5), answered(7, 9), scored, cancelled(7, 6, False), blocked, given_up)
    assert (state.voided, state.committed, items(state)) == (1, 1_000_000, [])
