"""A campaign's state, folded from events written by hand."""

from typing import Any

import pytest

from agents.state import State

Step = tuple[int, str, str, str, dict[str, Any]]
NONSENSE = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError)

ITEM: Step = (0, "item-requested", "selector", "coordinator", {"item": 5, "version": 0, "score": 0.0})


def assigned(t: int, name: str = "ann", due: int | None = None) -> Step:
    return (t, "task-assigned", "coordinator", name, {"item": 5, "attempt": 0, "price": 0.5, "lease_until": due})


def answered(t: int, name: str = "ann", label: str = "x") -> Step:
    return (t, "answer-submitted", name, "coordinator", {"item": 5, "attempt": 0, "label": label, "began": t - 3})


def resolved(t: int) -> Step:
    return (t, "item-resolved", "coordinator", "*", {"item": 5, "label": "x", "votes": 1, "revision": 0})


def of_message(t: int, kind: str, seq: int, **more: Any) -> Step:
    return (t, kind, "bus", "*", {"message": seq, "to": "coordinator", **more})


def after(*steps: Step) -> State:
    state = State()
    for seq, (t, kind, sender, recipient, body) in enumerate(steps, 1):
        state.apply({"seq": seq, "t": t, "kind": kind, "from": sender, "to": recipient, "cause": None, "body": body})
    return state


def settled(*steps: Step) -> State:
    state = after(*steps)
    state.settle()
    return state


def test_a_price_is_reserved_with_the_task_and_committed_with_the_answer() -> None:
    state = after(ITEM, assigned(0))
    assert (state.reserved, state.committed) == (500_000, 0)
    state = settled(ITEM, assigned(0), answered(9))
    assert (state.reserved, state.committed) == (0, 500_000)


def test_an_answer_is_a_vote_on_the_open_item_and_ends_the_task() -> None:
    state = settled(ITEM, assigned(0), answered(9))
    assert [(vote.annotator, vote.label, vote.time, vote.seq) for vote in state.open[5].votes] == [("ann", "x", 9, 3)]
    assert not state.open[5].under_way
    person = state.people["ann"]
    assert (person.task, person.answers, person.worked) == (None, 1, 3)


def test_a_resolved_item_is_open_no_more_and_its_staleness_counts() -> None:
    other: Step = (0, "item-requested", "selector", "coordinator", {"item": 6, "version": 0, "score": 0.0})
    done: Step = (9, "item-resolved", "coordinator", "*", {"item": 6, "label": "x", "votes": 0, "revision": 0})
    state = settled(ITEM, other, done, assigned(10), answered(19), resolved(19))
    assert (state.open, state.resolved, state.staleness) == ({}, 2, 1)


def test_an_answer_at_the_instant_at_which_its_lease_has_ended_does_not_count() -> None:
    expired: Step = (9, "task-expired", "coordinator", "*", {"item": 5, "annotator": "ann", "attempt": 0})
    late: Step = (9, "answer-late", "coordinator", "*", {"item": 5, "annotator": "ann", "attempt": 0})
    for steps in ((answered(9), expired, late), (expired, answered(9), late)):
        state = settled(ITEM, assigned(0, due=8), *steps)
        assert (state.reserved, state.committed, state.open[5].votes) == (0, 0, [])
        person = state.people["ann"]
        assert (person.answers, person.expired, person.late) == (0, 1, 1)


def test_a_cancelled_task_is_paid_if_the_log_says_so() -> None:
    for paid, committed in ((True, 500_000), (False, 0)):
        cancelled: Step = (9, "task-cancelled", "coordinator", "ann", {"item": 5, "attempt": 0, "paid": paid})
        state = settled(ITEM, assigned(0), cancelled)
        assert (state.reserved, state.committed, state.people["ann"].task) == (0, committed, None)
        assert (state.cancelled, state.cancelled_cost) == (1, committed)


def test_who_declines_is_neither_paid_nor_asked_again() -> None:
    declined: Step = (9, "task-declined", "ann", "coordinator", {"item": 5, "attempt": 0})
    state = settled(ITEM, assigned(0), declined)
    assert (state.reserved, state.committed, state.open[5].votes, [*state.open[5].declined]) == (0, 0, [], ["ann"])
    assert (state.people["ann"].declined, state.people["ann"].answers) == (1, 0)


@pytest.mark.parametrize("kind", ["message-dropped", "message-lost", "message-delayed"])
def test_an_answer_that_does_not_arrive_does_not_count(kind: str) -> None:
    more = {"until": 20} if kind == "message-delayed" else {}
    state = settled(ITEM, assigned(0), answered(9), of_message(9, kind, 3, **more))
    assert (state.reserved, state.committed, state.open[5].votes) == (500_000, 0, [])
    assert state.mishaps.faults == {kind: 1}


def test_an_answer_that_was_delayed_counts_when_it_arrives() -> None:
    steps = (ITEM, assigned(0), answered(9), of_message(9, "message-delayed", 3, until=20), of_message(20, "message-arrived", 3))
    state = settled(*steps)
    assert (state.committed, len(state.open[5].votes), state.mishaps.travelling) == (500_000, 1, {})


def test_an_answer_that_was_lost_on_its_way_is_under_way_no_more() -> None:
    steps = (ITEM, assigned(0), answered(9), of_message(9, "message-delayed", 3, until=20), of_message(15, "message-lost", 3))
    state = settled(*steps)
    assert (state.reserved, state.committed, state.open[5].votes, state.mishaps.travelling) == (500_000, 0, [], {})
    # Should a log say that it arrives all the same, it is of no use to anybody.
    assert settled(*steps, of_message(20, "message-arrived", 3)).open[5].votes == []


def test_an_answer_that_was_doubled_counts_once() -> None:
    repeated: Step = (9, "answer-repeated", "coordinator", "*", {"item": 5, "annotator": "ann", "attempt": 0})
    state = settled(ITEM, assigned(0), answered(9), of_message(9, "message-duplicated", 3), repeated)
    assert (state.committed, len(state.open[5].votes), state.repeated) == (500_000, 1, 1)


def reopened(t: int, *kept: tuple[str, str, int, int]) -> Step:
    void = ("bob", "y", 5, 3)
    return (t, "item-reopened", "coordinator", "*", {"item": 5, "kept": kept, "voided": (void,)})


def test_an_answer_that_came_just_before_its_item_is_opened_again_counts_once() -> None:
    before = (ITEM, assigned(0, "bob"), answered(5, "bob", "y"), assigned(5), assigned(5, "eve"))
    state = settled(*before, answered(9), answered(9, "eve"), reopened(9, ("ann", "x", 9, 6)))
    assert [vote.seq for vote in state.open[5].votes] == [6, 7], "ann's was told of; eve's is heard afterwards"
    assert (state.committed, state.reserved) == (1_500_000, 0)


def test_answers_after_the_end_do_not_count() -> None:
    ended: Step = (9, "campaign-ended", "coordinator", "*", {"stopped_by": "time"})
    state = settled(ITEM, assigned(0), ended, answered(12))
    assert (state.ended, state.stopped_by, state.people["ann"].answers) == (9, "time", 0)


def test_models_and_their_accuracy_are_known_by_version() -> None:
    evaluated = {"version": 1, "labels": 20, "accuracy": 0.75, "macro_f1": 0.7, "log_loss": 0.5}
    training: Step = (0, "training-started", "learner", "*", {"version": 1, "labels": 20})
    published: Step = (5, "model-published", "learner", "*", {"version": 1, "labels": 20})
    assert (after(training).training, after(training).version) == (1, 0)
    state = after(training, published, (5, "model-evaluated", "evaluator", "*", evaluated))
    assert (state.training, state.version, state.trained_on, state.curve[-1].accuracy) == (None, 1, 20, 0.75)


def test_who_is_down_is_known_until_they_are_up_again() -> None:
    down: Step = (3, "agent-crashed", "bus", "*", {"agent": "ann", "until": 9})
    up: Step = (9, "agent-restarted", "bus", "*", {"agent": "ann"})
    assert [*after(down).mishaps.down] == ["ann"]
    assert not after(down, up).mishaps.down


def test_an_event_of_a_kind_that_is_not_known_changes_nothing_but_where_the_log_stands() -> None:
    state = after(ITEM, (7, "coffee-break", "ann", "*", {"cups": 2}))
    assert (state.seq, state.time, [*state.open]) == (2, 7, [5])


@pytest.mark.parametrize(
    "step",
    [
        (1, "item-requested", "selector", "coordinator", {}),
        (1, "item-requested", "selector", "coordinator", {"item": [], "version": 0, "score": 0.0}),
        (1, "item-resolved", "coordinator", "*", None),
        (1, "task-assigned", "coordinator", "ann", {"item": 77, "attempt": 0, "price": 0.5, "lease_until": None}),
        (1, "task-assigned", "coordinator", "ann", {"item": 5, "attempt": 0, "price": 1e308, "lease_until": None}),
        (1, "task-assigned", "coordinator", "ann", {"item": 5, "attempt": "0", "price": 0.5, "lease_until": None}),
        (1, "task-cancelled", "coordinator", "ann", {"item": 5, "attempt": 0, "paid": True}),
        (1, "model-evaluated", "evaluator", "*", {"version": 1}),
        (1, "labels-judged", "evaluator", "*", {"labels": 1, "right": 1, "by_class": [1]}),
        (1, ["answer-submitted"], "ann", "coordinator", {}),
    ],
)
def test_an_event_that_does_not_hold_what_its_kind_holds_is_told_by_its_error(step: Step) -> None:
    with pytest.raises(NONSENSE):
        after(ITEM, step)


def test_what_is_made_of_one_answer_to_a_gold_question_does_not_count_what_came_of_another_asking() -> None:
    known: Step = (0, "gold-known", "campaign", "coordinator", {"items": [5], "labels": ["x"]})
    called: Step = (0, "call-for-proposals", "coordinator", "ann", {"tender": 1, "item": 5, "deadline": 5})
    once_more: Step = (0, "task-assigned", "coordinator", "ann", {"item": 5, "attempt": 1, "price": 0.5, "lease_until": None})
    returned: Step = (9, "task-returned", "ann", "coordinator", {"item": 5, "attempt": 1})
    made_of_it: Step = (9, "gold-answered", "coordinator", "*", {"item": 5, "annotator": "ann", "right": False})
    called_off: Step = (9, "task-cancelled", "coordinator", "ann", {"item": 5, "attempt": 1, "paid": False})
    steps = [known, called, assigned(0), once_more, answered(9, label="y"), returned, made_of_it, called_off]
    state = State()
    for seq, (t, kind, sender, recipient, body) in enumerate(steps, 1):
        cause = 5 if kind == "gold-answered" else None
        state.apply({"seq": seq, "t": t, "kind": kind, "from": sender, "to": recipient, "cause": cause, "body": body})
    state.settle()
    assert (state.cancelled, state.people["ann"].returned, state.people["ann"].answers) == (1, 0, 1)
    assert (state.reserved, state.committed) == (0, 500_000)
