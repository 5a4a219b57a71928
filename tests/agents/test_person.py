"""People who have several tasks at a time, as those of the real world do: what a fold makes of them."""

import json
from typing import Any

from agents.person import Stays
from agents.snapshot import dump, load
from agents.state import State

Step = tuple[int, str, str, str, dict[str, Any]]


def requested(item: int) -> Step:
    return (0, "item-requested", "selector", "coordinator", {"item": item, "version": 0, "score": 0.0})


def assigned(t: int, item: int, attempt: int = 0, price: float = 1.0) -> Step:
    return (t, "task-assigned", "coordinator", "ann", {"item": item, "attempt": attempt, "price": price, "lease_until": None})


def answered(t: int, item: int, attempt: int = 0, began: int | None = None) -> Step:
    return (t, "answer-submitted", "ann", "coordinator", {"item": item, "attempt": attempt, "label": "x", "began": began})


def fold(*steps: Step, state: State | None = None) -> State:
    state = state or State()
    for t, kind, sender, recipient, body in steps:
        state.apply({"seq": state.seq + 1, "t": t, "kind": kind, "from": sender, "to": recipient, "cause": None, "body": body})
    return state


def items_of(state: State) -> list[object]:
    person = state.people["ann"]
    return [task.item for task in (*person.beside, person.task) if task]


def test_a_person_who_opens_a_second_task_has_both() -> None:
    state = fold(requested(1), requested(2), assigned(10, 1), assigned(20, 2))
    assert items_of(state) == [1, 2]
    assert state.reserved == 2_000_000


def test_whichever_task_is_answered_first_the_other_stays() -> None:
    for first, left in ((1, 2), (2, 1)):
        state = fold(requested(1), requested(2), assigned(10, 1), assigned(20, 2), answered(30, first, began=15))
        state.settle()
        assert items_of(state) == [left]
        assert state.people["ann"].task is not None
        assert (state.people["ann"].answers, state.people["ann"].worked) == (1, 15)
        assert [len(state.open[item].votes) for item in (first, left)] == [1, 0]
        assert (state.reserved, state.committed) == (1_000_000, 1_000_000)


def test_tasks_that_end_and_begin_at_one_instant_do_not_pile_up() -> None:
    steps = [step for item in range(50) for step in (assigned(item, item), answered(item + 1, item))]
    state = fold(*map(requested, range(50)), assigned(0, 0, attempt=9), *steps)
    state.settle()
    assert items_of(state) == [0]
    assert state.people["ann"].answers == 50


def test_a_repeated_answer_ends_its_task_and_is_not_counted() -> None:
    state = fold(
        requested(1), requested(2), assigned(0, 1), answered(5, 1), assigned(6, 1, attempt=1), assigned(7, 2), answered(8, 1, 1)
    )
    repeated = {"item": 1, "annotator": "ann", "attempt": 1}
    state.apply({"seq": 8, "t": 8, "kind": "answer-repeated", "from": "coordinator", "to": "*", "cause": 7, "body": repeated})
    state.settle()
    assert items_of(state) == [2]
    assert (state.repeated, state.people["ann"].answers, len(state.open[1].votes)) == (1, 1, 1)
    assert (state.reserved, state.committed) == (1_000_000, 1_000_000)


def test_a_snapshot_keeps_all_tasks_of_a_person() -> None:
    state = fold(requested(1), requested(2), assigned(10, 1), assigned(20, 2))
    again = load(json.loads(json.dumps(dump(state))))
    assert items_of(again) == [1, 2]
    fold(answered(30, 1), answered(31, 2), state=again).settle()
    assert items_of(again) == []
    assert again.people["ann"].answers == 2


# When they are there


def test_the_time_that_somebody_is_there_is_the_sum_of_their_stays_and_of_the_one_that_lasts() -> None:
    stays = Stays()
    stays.leave(0, 0, until=10)
    stays.come(1, 10)
    stays.leave(2, 25, until=40)
    assert (stays.until_now(30), stays.there, stays.visits) == (15, False, 1)
    stays.come(3, 40)
    assert (stays.until_now(30 + 17), stays.there, stays.visits) == (22, True, 2)


def test_who_says_nothing_of_it_is_there_all_the_time() -> None:
    assert Stays().until_now(99) == 99


def test_what_is_said_again_counts_once_but_for_when_they_will_be_back() -> None:
    stays = Stays()
    stays.come(0, 0)
    stays.come(0, 7)
    stays.leave(1, 10, until=20)
    stays.leave(1, 12, until=50)
    assert (stays.until_now(30), stays.until, stays.visits) == (10, 50, 1)
    stays.come(0, 15)
    assert not stays.there


def test_only_who_will_never_be_back_is_gone() -> None:
    stays = Stays()
    stays.leave(0, 0, until=10)
    assert not stays.is_gone
    stays.leave(1, 20, until=None)
    assert stays.is_gone
