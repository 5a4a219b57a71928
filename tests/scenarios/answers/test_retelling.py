"""Answers, retold as events: what happens, in which order, and what a fold makes of it."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.component import Unusable
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy, Resolution
from agents.event import event_of
from agents.state import State
from bus.message import Envelope
from scenarios.answers.retelling import Retelling
from scenarios.answers.table import Answers
from scenarios.answers.timeline import timeline
from tests.scenarios.answers.files import TABLE, read


def table(*rows: tuple[Any, ...], truth: dict[Any, Any] | None = None) -> Answers:
    """Answers: task, worker, label, and perhaps start and duration."""
    tasks, workers, labels, starts, durations = ([*each] for each in zip(*((*row, None, None)[:5] for row in rows), strict=True))
    return Answers(Path("a.csv"), "line", tasks, workers, labels, starts, durations, range(2, len(rows) + 2), truth or {})


def told(answers: Answers, policy: Policy | None = None, seed: int = 0) -> list[Envelope]:
    return [*Retelling(answers, timeline(answers), policy, seed).events()]


def folded(events: list[Envelope]) -> State:
    state = State()
    for event in events:
        state.apply(event_of(event))
    state.settle()
    return state


def lines(events: list[Envelope]) -> list[str]:
    """Each event in a few words."""
    return [
        f"{each.time} {each.kind} {each.sender} > {each.recipient} ({each.cause}) "
        + " ".join(f"{name}={value}" for name, value in each.body.model_dump().items() if name not in ("version", "score", "price"))
        for each in events
    ]


def test_a_file_is_told_as_the_campaign_that_would_have_collected_it(tmp_path: Path) -> None:
    assert lines(told(read(tmp_path, TABLE))) == [
        "0 campaign-started campaign > * (None) items=2 classes=('no', 'yes')",
        "0 item-requested selector > coordinator (1) item=7",
        "0 task-assigned coordinator > ann (2) item=7 attempt=0 lease_until=None",
        "2500000 task-assigned coordinator > bob (2) item=7 attempt=0 lease_until=None",
        "4000000 answer-submitted ann > coordinator (3) item=7 attempt=0 label=yes began=0",
        "5500000 answer-submitted bob > coordinator (4) item=7 attempt=0 label=no began=2500000",
        "10000000 item-requested selector > coordinator (1) item=9",
        "10000000 task-assigned coordinator > ann (7) item=9 attempt=0 lease_until=None",
        "11000000 task-assigned coordinator > cat (6) item=7 attempt=0 lease_until=None",
        "11000000 answer-submitted cat > coordinator (9) item=7 attempt=0 label=yes began=None",
        "11000000 item-resolved coordinator > * (10) item=7 label=yes votes=3 revision=0",
        "12500000 answer-submitted ann > coordinator (8) item=9 attempt=0 label=no began=10000000",
        "12500000 item-resolved coordinator > * (12) item=9 label=no votes=1 revision=0",
        "12500000 campaign-ended coordinator > * (13) stopped_by=pool",
        "12500000 truth-told evaluator > * (14) items=(7, 9) labels=('yes', 'no')",
        "12500000 labels-judged evaluator > * (14) labels=2 right=2 by_class=((1, 1), (1, 1))",
    ]


def test_an_answer_that_is_repeated_is_kept_marked_and_not_counted() -> None:
    events = told(table(("t", "ann", "x"), ("t", "ann", "y"), ("t", "bob", "x"), ("t", "ann", "y")))
    marked = [(event.cause, event.body.model_dump()) for event in events if event.kind == "answer-repeated"]
    assert marked == [
        (6, {"item": "t", "annotator": "ann", "attempt": 1}),
        (11, {"item": "t", "annotator": "ann", "attempt": 2}),
    ]
    assert [event.body.votes for event in events if event.kind == "item-resolved"] == [2]
    state = folded(events)
    assert (state.repeated, {name: person.answers for name, person in state.people.items()}) == (2, {"ann": 1, "bob": 1})
    assert (state.resolved, state.reserved, state.committed) == (1, 0, 0)


def test_of_answers_to_one_task_the_first_to_come_counts() -> None:
    events = told(table(("t", "ann", "late", 0.0, 50.0), ("t", "ann", "early", 10.0, 5.0)))
    assert [event.body.label for event in events if event.kind == "item-resolved"] == ["early"]
    assert [event.body.attempt for event in events if event.kind == "answer-repeated"] == [0]
    assert folded(events).people["ann"].answers == 1


def test_people_who_do_several_things_at_once_have_them_all() -> None:
    events = told(table(("a", "ann", "x", 0.0, 10.0), ("b", "ann", "x", 2.0, 3.0), ("c", "ann", "x", 4.0, 9.0)))
    state = State()
    held = []
    for event in events:
        state.apply(event_of(event))
        person = state.people.get("ann")
        held.append(len(person.beside) + (person.task is not None) if person else 0)
    assert max(held) == 3
    state.settle()
    assert (state.people["ann"].answers, state.people["ann"].worked, state.people["ann"].beside) == (3, 22_000_000, [])


def test_who_skipped_a_task_declines_it_and_may_answer_later() -> None:
    events = told(table(("t", "ann", None), ("t", "ann", "x"), ("t", "bob", None)))
    assert [event.kind for event in events if event.sender in ("ann", "bob")] == [
        "task-declined",
        "answer-submitted",
        "task-declined",
    ]
    state = folded(events)
    assert (state.people["ann"].declined, state.people["ann"].answers, state.repeated, state.resolved) == (1, 1, 0, 1)


def test_an_item_to_which_nobody_had_an_answer_is_given_up() -> None:
    events = told(table(("t", "ann", None), ("u", "ann", "x"), truth={"t": "x", "u": "x"}))
    assert [event.body.reason for event in events if event.kind == "item-given-up"] == ["nobody had an answer"]
    assert events[-1].body.model_dump() == {"labels": 1, "right": 1, "by_class": ((1, 1),)}


def test_without_truth_nothing_is_judged() -> None:
    assert told(table(("t", "ann", "x")))[-1].kind == "campaign-ended"


def test_truth_is_told_some_items_at_a_time() -> None:
    rows = [(item, "ann", "x") for item in range(2500)]
    told_of = [
        event.body.items for event in told(table(*rows, truth=dict.fromkeys(range(2500), "x"))) if event.kind == "truth-told"
    ]
    assert [len(items) for items in told_of] == [1000, 1000, 500]
    assert [item for items in told_of for item in items] == [*range(2500)]


def test_truth_may_be_a_class_that_nobody_answered() -> None:
    events = told(table(("t", "ann", 1), truth={"t": 0}))
    assert events[0].body.model_dump() == {"items": 1, "classes": (0, 1)}
    assert events[-1].body.model_dump() == {"labels": 1, "right": 0, "by_class": ((1, 0), (0, 0))}


def test_ties_are_broken_by_the_seed() -> None:
    answers = table(*((item, worker, label) for item in range(60) for worker, label in (("ann", "x"), ("bob", "y"))))
    labels = [[event.body.label for event in told(answers, seed=seed) if event.kind == "item-resolved"] for seed in (1, 1, 2)]
    assert labels[0] == labels[1] != labels[2]
    assert set(labels[0]) == {"x", "y"}


def test_another_policy_may_rest_on_fewer_answers_or_give_an_item_up() -> None:
    rows = [("t", "a", "x"), ("t", "b", "x"), ("t", "c", "y"), ("u", "a", "x")]
    events = told(table(*rows), Majority(size=2))
    outcomes = [event.body.model_dump() for event in events if event.kind in ("item-resolved", "item-given-up")]
    assert outcomes == [
        {"item": "t", "label": "x", "votes": 2, "revision": 0},
        {"item": "u", "reason": "the policy asks for more answers than there are"},
    ]
    assert (folded(events).resolved, folded(events).given_up) == (1, 1)


class Inventor(Majority):
    """Settles on something else."""

    async def resolve(self, item: Any, crowd: Any) -> Resolution:
        return Resolution("z", await crowd.ask(item, 1))


def test_a_label_that_is_no_class_is_refused() -> None:
    with pytest.raises(Unusable, match="the policy settled on 'z' for item 't', which is none of the classes"):
        told(table(("t", "a", "x")), Inventor())


def test_names_that_cannot_stand_in_a_log_are_changed_throughout() -> None:
    events = told(table(("t", "coordinator", "x"), ("t", 'a"b', "x"), ("t", 'a"b', "x")))
    people = [event.sender for event in events if event.kind == "answer-submitted"]
    assert people == ["worker-coordinator", "a_b", "a_b"]
    assert [event.recipient for event in events if event.kind == "task-assigned"] == people
    assert [event.body.annotator for event in events if event.kind == "answer-repeated"] == ["a_b"]


ROWS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["ann", "bob", "coordinator"]),
        st.sampled_from([None, 0, 1, 2]),
        st.none() | st.integers(0, 5).map(float),
        st.none() | st.integers(0, 4).map(float),
    ),
    min_size=1,
    max_size=24,
)


TRUTHS = st.dictionaries(st.integers(0, 4), st.integers(0, 3))


@given(ROWS, TRUTHS)
@settings(deadline=None)
def test_what_was_answered_folds_to_what_the_file_says(rows: list[tuple[Any, ...]], truth: dict[int, int]) -> None:
    check_fold(rows, truth)


@pytest.mark.slow
@given(ROWS, TRUTHS)
@settings(deadline=None, max_examples=2000)
def test_whatever_was_answered_folds_to_what_the_file_says(rows: list[tuple[Any, ...]], truth: dict[int, int]) -> None:
    check_fold(rows, truth)


def check_fold(rows: list[tuple[Any, ...]], truth: dict[int, int]) -> None:
    answers = table(*rows, truth={task: label for task, label in truth.items() if any(row[0] == task for row in rows)})
    events = told(answers)
    assert [event.seq for event in events] == [*range(1, len(events) + 1)]
    assert all(before.time <= event.time for before, event in pairwise(events))
    assert all(event.cause is None or event.cause < event.seq for event in events)
    state = folded(events)
    labelled = [row for row in rows if row[2] is not None]
    counted = {row[:2] for row in labelled}
    assert state.resolved == len({task for task, _ in counted})
    assert state.resolved + state.given_up == state.items == len({row[0] for row in rows})
    assert sum(person.answers for person in state.people.values()) == len(counted)
    assert (state.repeated, sum(person.declined for person in state.people.values())) == (
        len(labelled) - len(counted), len(rows) - len(labelled),
    )  # fmt: skip
    assert all(person.task is None and not person.beside for person in state.people.values())
    assert (state.open, state.reserved, state.committed, state.stopped_by) == ({}, 0, 0, "pool")
    if answers.truth:
        assert state.judged is not None
        assert state.judged.labels == len(answers.truth.keys() & {task for task, _ in counted})
    votes = Counter(event.kind for event in events)
    assert votes["task-assigned"] == len(rows) == votes["answer-submitted"] + votes["task-declined"]
