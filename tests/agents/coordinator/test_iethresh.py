"""IEThresh: who may be nearly as good as the best."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agents.coordinator.belief import Belief
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.iethresh import Agreement, IEThresh
from agents.coordinator.rehearsal import Rehearsal
from agents.messages import ItemResolved, TaskAssigned
from bus.faults import Faults
from tests.agents.coordinator.desk import Desk, always, silent
from tests.agents.samples import make


def judged(**right: tuple[int, int]) -> Agreement:
    """Return what is known of people who were right so often of so many."""
    known = Agreement(("no", "yes"))
    for name, (agreed, asked) in right.items():
        for number in range(asked):
            known.hear(f"{name}-{number}", name, "yes" if number < agreed else "no")
            known.settle(f"{name}-{number}", "yes")
    return known


@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.01, 0.05, 0.2]))
def test_the_upper_end_is_that_of_students_interval(agreed, disagreed, alpha):
    rewards = [1, 0] + [1] * agreed + [0] * disagreed
    number = len(rewards)
    mean = sum(rewards) / number
    deviation = math.sqrt(sum((each - mean) ** 2 for each in rewards) / (number - 1))
    expected = mean + stats.t.ppf(1 - alpha / 2, number - 1) * deviation / math.sqrt(number)
    assert judged(a=(agreed, agreed + disagreed)).upper("a", alpha) == pytest.approx(expected)


def test_at_first_everybody_is_asked_and_later_only_the_good():
    policy = IEThresh(epsilon=0.9)
    assert policy.best("abc", judged()) == ["a", "b", "c"]
    known = judged(a=(38, 40), b=(36, 40), c=(20, 40))
    assert policy.best("abc", known) == ["a", "b"]
    assert IEThresh(epsilon=1).best("abc", known) == ["a"]
    # Of a newcomer nothing is known: they may be better than all.
    assert policy.best("abcd", known) == ["d"]


def test_another_label_judges_anew_and_gold_at_once():
    known = Agreement(("no", "yes"))
    known.know("gold", "yes")
    known.hear("gold", "a", "yes")
    known.hear(1, "a", "yes")
    known.hear(1, "b", "no")
    known.settle(1, "yes")
    assert known.accuracies() == {"a": 3 / 4, "b": 1 / 3}
    known.settle(1, "no")
    assert known.accuracies() == {"a": 2 / 4, "b": 2 / 3}
    known.forget("b")
    known.settle(1, "yes")
    assert known.accuracies() == {"a": 3 / 4}


def test_the_posterior_is_what_was_voted():
    known = Agreement(("no", "yes"))
    assert known.posterior(1).tolist() == [0.5, 0.5]
    for name, label in (("a", "yes"), ("b", "yes"), ("c", "no"), ("d", "yes")):
        known.hear(1, name, label)
    assert known.posterior(1).tolist() == [0.25, 0.75]


async def test_those_who_seem_good_are_asked_and_most_votes_win():
    known = judged(a=(38, 40), b=(36, 40), c=(37, 40), d=(15, 40))
    crowd = Rehearsal({"a": "yes", "b": "no", "c": "yes", "d": "no"}, classes=("no", "yes"), belief=known)
    label, answers, *_ = await IEThresh(epsilon=0.8).resolve("x", crowd)
    assert label == "yes"
    assert [answer.annotator for answer in answers] == ["a", "b", "c"]


async def test_groups_may_be_left_out():
    crowd = Rehearsal({"a-1": "yes", "b-1": "no", "a-2": "yes"}, classes=("no", "yes"), belief=judged())
    _, answers, *_ = await IEThresh(of="a").resolve("x", crowd)
    assert [answer.annotator for answer in answers] == ["a-1", "a-2"]


async def test_a_crowd_that_was_made_for_another_policy_is_refused():
    class Other(Belief):
        hear = posterior = forget = lambda *_: None  # type: ignore[assignment]

    with pytest.raises(TypeError, match="iethresh"):
        await IEThresh().resolve("x", Rehearsal({"a": "yes"}, belief=Other(())))


# Through the bus


async def test_who_errs_is_asked_no_more_after_a_while():
    desk = Desk({"a": always("yes"), "b": always("yes"), "c": always("yes"), "d": always("no")}, IEThresh(epsilon=0.9))
    await desk.run(*range(6), linger=60, then=range(6, 12))
    asked = [(event.body.item, event.recipient) for event in desk.record.of(TaskAssigned)]
    assert {name for item, name in asked if item == 0} == {"a", "b", "c", "d"}
    assert {name for item, name in asked if item >= 6} == {"a", "b", "c"}
    assert {event.body.label for event in desk.record.of(ItemResolved)} == {"yes"}


async def test_of_whom_nothing_is_heard_does_not_hold_the_others_up():
    desk = Desk({"a": always("yes"), "b": always("yes"), "c": silent}, IEThresh(), faults=Faults(retry=1), retry=1, tries=1)
    await desk.run(1, 2)
    assert desk.labels == {1: "yes", 2: "yes"}


@pytest.mark.parametrize("event", range(4, 40, 6))
async def test_after_a_restart_what_was_learnt_is_known_again(event):
    desk = Desk({"a": always("yes"), "b": always("yes", 2), "c": always("no", 3)}, IEThresh(), faults=Faults(retry=100), retry=100)
    desk.strike(event)
    await desk.run(*range(4))
    assert len(desk.labels) == 4
    known = desk.coordinator.belief
    assert isinstance(known, Agreement)
    # Nobody's answer is judged twice.
    answered = {name: desk.coordinator.people.answers[name] for name in "abc"}
    assert known._number == {name: number for name, number in answered.items() if number}


def test_it_is_named_in_a_scenario():
    assert make(AnyPolicy, {"kind": "iethresh", "epsilon": 0.95}) == IEThresh(epsilon=0.95)
