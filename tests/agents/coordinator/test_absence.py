"""People who decline, fall silent, come back, or can say nothing of an item; answers that come again, or at the last instant."""

import asyncio
from collections import Counter
from typing import ClassVar

import pytest

from agents.component import Unusable
from agents.coordinator.crowd import NOBODY_LEFT, Crowd, NobodyLeft
from agents.coordinator.policy import Majority, Policy, Resolution, plurality
from agents.messages import (
    AnnotatorAway,
    AnnotatorBack,
    AnswerLate,
    AnswerRepeated,
    AnswerSubmitted,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    TaskCancelled,
    TaskDeclined,
    TaskExpired,
    TaskReminded,
    TaskUnderWay,
)
from bus.clock import SECOND
from bus.message import Envelope, Message
from tests.agents.coordinator.desk import Desk, always, silent


class Lenient(Policy):
    """A majority of those who are left, if anybody is."""

    kind: ClassVar[str] = "lenient"

    size: int = 2

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        try:
            answers = await crowd.ask(item, self.size)
        except NobodyLeft as lack:
            if not lack.answers:
                raise
            answers = [*lack.answers]
        return Resolution(plurality(answers, item, crowd), answers)

    def most_people(self) -> int:
        return self.size


class Stubborn(Policy):
    """Asks as many as there are, then one fewer, until somebody answers."""

    kind: ClassVar[str] = "stubborn"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        for votes in (3, 2, 1):
            try:
                answers = await crowd.ask(item, votes)
            except NobodyLeft:
                continue
            return Resolution(plurality(answers, item, crowd), answers)
        raise NobodyLeft([])

    def most_people(self) -> int:
        return 3


def told(desk: Desk, kind: type[Message]) -> list[tuple[float, str]]:
    """Return second and annotator of what the coordinator says of annotators."""
    return [(event.time / SECOND, event.body.annotator) for event in desk.record.of(kind)]


def given_up(desk: Desk) -> list[tuple[float, Item, str]]:
    return [(event.time / SECOND, event.body.item, event.body.reason) for event in desk.record.of(ItemGivenUp)]


def answer(item: Item, label: str = "yes", attempt: int = 0) -> AnswerSubmitted:
    return AnswerSubmitted(item=item, attempt=attempt, label=label, began=None)


# Declining


async def test_a_task_that_is_declined_is_asked_of_another_at_once_and_not_paid():
    desk = Desk({"a": always(None, 2), "b": always("yes", 3)}, prices={"a": 1.0, "b": 1.0}, budget=1.0)
    assert await desk.run("x") == "pool"
    assert desk.assigned == [(0, "a", "x", 0), (2, "b", "x", 0)]
    assert desk.labels == {"x": "yes"}
    people = desk.coordinator.people
    assert (people.declined, people.answers, people.expired) == (1, {"b": 1}, 0)
    assert people.ledger.committed == 1.0


async def test_what_follows_a_task_that_was_declined_follows_from_that():
    desk = Desk({"a": always(None, 2), "b": always("yes", 3)})
    await desk.run("x")
    (declined,) = desk.record.of(TaskDeclined)
    assert next(event for event in desk.record if event.recipient == "b").cause == declined.seq


async def test_who_declines_one_item_is_free_for_the_next():
    desk = Desk({"a": lambda item, _attempt: (2.0, None if item == "x" else "yes"), "b": always("yes", 100)})
    await desk.run("y", "x", "z")
    assert [(name, item) for _, name, item, _ in desk.assigned] == [("a", "y"), ("b", "x"), ("a", "z")]
    assert desk.labels == dict.fromkeys("xyz", "yes")


async def test_who_has_declined_an_item_is_not_asked_again_even_when_all_others_have_been():
    desk = Desk({"a": always(None, 1), "b": lambda _item, attempt: ((100.0, 1.0)[attempt], "yes")}, lease=10)
    await desk.run("x", linger=200)
    assert [(name, attempt) for _, name, _, attempt in desk.assigned] == [("a", 0), ("b", 0), ("b", 1)]


async def test_an_item_that_everybody_declines_is_given_up_with_a_reason_and_the_campaign_ends():
    desk = Desk({"a": always(None, 1), "b": always(None, 2)})
    assert await desk.run("x", "y") == "pool"
    assert given_up(desk) == [(3, "y", NOBODY_LEFT), (4, "x", NOBODY_LEFT)]
    assert (desk.coordinator.given_up, desk.coordinator.resolved, desk.coordinator.open_items) == (2, 0, 0)


async def test_when_nobody_is_left_for_an_item_the_others_need_not_go_on_with_it():
    desk = Desk({"a": always(None, 2), "b": always("yes", 100)}, Majority(size=2), prices={"b": 0.5})
    assert await desk.run("x", "y", linger=500) == "pool"
    assert given_up(desk) == [(2, "x", NOBODY_LEFT), (4, "y", NOBODY_LEFT)]
    (first, second) = desk.record.of(TaskCancelled)
    assert [(event.time, event.recipient, event.body.item) for event in (first, second)] == [
        (2 * SECOND, "b", "x"),
        (4 * SECOND, "b", "y"),
    ]
    assert first.cause == desk.record.of(TaskDeclined)[0].seq
    assert desk.coordinator.people.ledger.committed == 1.0, "the work that they had begun is paid, as the dial says"


async def test_an_item_is_hopeless_as_soon_as_too_few_are_left_whatever_is_still_under_way():
    desk = Desk({"a": always("yes", 1), "b": always(None, 2), "c": always("yes", 50)}, Majority(size=3))
    await desk.run("x")
    assert given_up(desk) == [(2, "x", NOBODY_LEFT)]


async def test_a_decline_and_answers_that_suffice_make_a_label():
    desk = Desk({"a": always("yes", 1), "b": always(None, 2), "c": always("yes", 5)}, Majority(size=2))
    await desk.run("x")
    assert desk.labels == {"x": "yes"}


async def test_a_task_that_is_declined_after_its_lease_was_overdue_already():
    desk = Desk({"a": always(None, 12), "b": always("yes", 3)}, lease=10)
    await desk.run("x", linger=50, then=["y"])
    assert told(desk, TaskExpired) == [(10.000001, "a"), (60.000001, "a")]
    assert desk.labels == {"x": "yes", "y": "yes"}
    assert (desk.coordinator.people.declined, desk.coordinator.people.late.total()) == (0, 0)


# Nobody left, as policies see it


async def test_a_policy_may_settle_on_the_answers_that_there_are():
    desk = Desk({"a": always("no", 1), "b": always(None, 2)}, Lenient(size=2))
    assert await desk.run("x", "y") == "pool"
    assert desk.labels == {"x": "no", "y": "no"}
    assert [event.body.votes for event in desk.record.of(ItemResolved)] == [1, 1]
    assert given_up(desk) == []


async def test_a_policy_that_finds_no_answers_to_settle_on_gives_up():
    desk = Desk({"a": always(None, 1), "b": always(None, 2)}, Lenient(size=2))
    assert await desk.run("x") == "pool"
    assert given_up(desk) == [(1, "x", NOBODY_LEFT)]


async def test_a_policy_may_ask_fewer_when_too_few_are_left():
    desk = Desk({"a": always(None, 1), "b": always(None, 2), "c": always("yes", 5)}, Stubborn())
    await desk.run("x")
    assert desk.labels == {"x": "yes"}
    assert [(at, name) for at, name, _, _ in desk.assigned] == [(0, "a"), (0, "b"), (0, "c"), (1, "b"), (1, "c"), (3, "c")]
    cancelled = [(event.time / SECOND, event.recipient) for event in desk.record.of(TaskCancelled)]
    assert cancelled == [(1, "b"), (1, "c"), (3, "c")], "with a question that is over, its tasks end"


async def test_a_policy_that_asks_more_people_than_there_are_is_still_refused():
    desk = Desk({"a": always("yes")}, Majority(size=2))
    with pytest.raises(ExceptionGroup) as failed:
        await desk.run("x")
    assert failed.group_contains(Unusable, match="asks 2 people about item 'x', of 1 annotators")


# Silence


async def test_who_says_nothing_is_reminded_each_time_after_twice_as_long_and_then_counts_as_away():
    desk = Desk({"a": silent, "b": always("yes", 1)}, retry=10, tries=3)
    assert await desk.run("x", linger=500) == "pool"
    reminders = desk.record.of(TaskReminded)
    assert [event.time / SECOND for event in reminders] == [10, 30, 70]
    assert {(event.recipient, event.body.item, event.body.attempt, event.cause) for event in reminders} == {("a", "x", 0, 2)}
    assert told(desk, AnnotatorAway) == told(desk, TaskExpired) == [(150, "a")]
    assert desk.assigned == [(0, "a", "x", 0), (150, "b", "x", 0)]
    assert desk.labels == {"x": "yes"}


async def test_a_reminder_says_what_the_assignment_said():
    desk = Desk({"a": always("yes", 20)}, retry=15, lease=50, prices={"a": 0.5})
    await desk.run("x")
    (assigned,) = [event for event in desk.record if event.kind == "task-assigned"]
    (reminded,) = desk.record.of(TaskReminded)
    assert reminded.body.model_dump() == assigned.body.model_dump()


async def test_who_says_that_the_task_is_under_way_is_never_away():
    desk = Desk({"a": always("yes", 1000)}, retry=10, tries=1)
    assert await desk.run("x") == "pool"
    assert len(desk.record.of(TaskUnderWay)) == len(desk.record.of(TaskReminded)) > 10
    assert not desk.record.of(AnnotatorAway)
    assert desk.labels == {"x": "yes"}


async def test_who_answers_in_time_is_not_reminded():
    desk = Desk({"a": always("yes", 9)}, retry=10)
    await desk.run(*range(5))
    assert not desk.record.of(TaskReminded)


async def test_who_is_away_is_asked_nothing_and_the_rest_go_on_without_them():
    desk = Desk({"a": silent, "b": always("yes", 1), "c": always("yes", 1)}, Majority(size=2), retry=10, tries=1)
    await desk.run("x", linger=100, then=range(5))
    assert [item for _, name, item, _ in desk.assigned if name == "a"] == ["x"]
    assert desk.labels == dict.fromkeys(["x", *range(5)], "yes")


async def test_an_item_for_which_too_few_are_there_is_given_up_when_it_is_asked_for():
    desk = Desk({"a": silent, "b": always("yes", 1)}, Majority(size=2), retry=10, tries=1)
    assert await desk.run("x", linger=100, then=["y"]) == "pool"
    assert given_up(desk) == [(30, "x", NOBODY_LEFT), (100, "y", NOBODY_LEFT)]


async def test_a_campaign_in_which_everybody_leaves_ends_with_all_items_given_up():
    desk = Desk(dict.fromkeys("abc", silent), Majority(size=2), retry=10, tries=2)
    assert await desk.run(*range(7)) == "pool"
    assert Counter(item for _, item, _ in given_up(desk)) == dict.fromkeys(range(7), 1)
    assert {reason for _, _, reason in given_up(desk)} == {NOBODY_LEFT}
    assert told(desk, AnnotatorAway) == [(70, "a"), (70, "b")], "who is left is too few for anything, and need not be waited for"


async def test_an_item_whose_only_doubtful_answer_is_overdue_already_is_given_up_when_that_person_is_away():
    # The lease ends first; the person is listened to all the same, since nobody else can be asked.
    desk = Desk({"a": silent}, lease=5, retry=10, tries=1)
    assert await desk.run("x") == "pool"
    assert told(desk, TaskExpired) == [(5.000001, "a")]
    assert told(desk, AnnotatorAway) == [(30, "a")]
    assert given_up(desk) == [(30, "x", NOBODY_LEFT)]


# Away and back


async def test_who_is_heard_of_again_is_back_and_a_late_answer_is_late():
    desk = Desk({"a": silent, "b": always("yes", 1)}, prices={"a": 0.7, "b": 0.1}, retry=10, tries=1)
    word = asyncio.create_task(desk.say(200, "a", answer("x", "no")))
    await desk.run("x", linger=300, then=["y", "z"])
    await word
    assert told(desk, AnnotatorAway)[0] == (30, "a")
    (back,) = desk.record.of(AnnotatorBack)
    (late,) = desk.record.of(AnswerLate)
    said = next(event for event in desk.record.of(AnswerSubmitted) if event.sender == "a")
    assert (back.time / SECOND, back.body.annotator, back.cause, late.cause) == (200, "a", said.seq, said.seq)
    assert desk.labels["x"] == "yes"
    assert desk.coordinator.people.late == {"a": 1}
    assert (300, "a", "z", 0) in desk.assigned, "who is back may be asked"


async def test_who_is_back_may_be_asked_again_what_nobody_has_answered():
    script = {("x", 0): silent("x", 0), ("x", 1): (1.0, "yes")}
    desk = Desk({"a": lambda item, attempt: script[item, attempt], "b": always("no", 100)}, lease=5, retry=10, tries=1)
    word = asyncio.create_task(desk.say(50, "a", answer("x", "no")))
    await desk.run("x", linger=200)
    await word
    assert [(at, name, attempt) for at, name, _, attempt in desk.assigned] == [(0, "a", 0), (5.000001, "b", 0), (50, "a", 1)]
    assert desk.labels == {"x": "yes"}


async def test_any_word_of_somebody_who_was_away_is_enough_to_be_there_again():
    desk = Desk({"a": silent, "b": always("yes", 5)}, retry=10, tries=1)
    word = asyncio.create_task(desk.say(100, "a", TaskUnderWay(item="x", attempt=0)))
    await desk.run("x", linger=150, then=["y"])
    await word
    assert told(desk, AnnotatorAway)[0] == (30, "a")
    assert told(desk, AnnotatorBack) == [(100, "a")]
    reminders = [event.time / SECOND for event in desk.record.of(TaskReminded)]
    assert reminders[:2] == [10, 110], "and the task that they have is listened for again"


async def test_who_is_away_twice_is_told_twice():
    desk = Desk({"a": silent, "b": always("yes", 1)}, retry=10, tries=1)
    words = [asyncio.create_task(desk.say(second, "a", TaskUnderWay(item="x", attempt=0))) for second in (100, 300)]
    await desk.run("x", linger=1000)
    await asyncio.gather(*words)
    assert told(desk, AnnotatorAway) == [(30, "a"), (130, "a"), (330, "a")]
    assert told(desk, AnnotatorBack) == [(100, "a"), (300, "a")]


# Again


async def test_an_answer_that_comes_again_is_told_and_neither_counted_nor_paid():
    desk = Desk({"a": always("no", 1), "b": always("yes", 10)}, Majority(size=2), prices={"a": 0.5, "b": 0.5}, retry=100)
    again = asyncio.create_task(desk.say(5, "a", answer("x", "no")))
    await desk.run("x", linger=50)
    await again
    (repeated,) = desk.record.of(AnswerRepeated)
    assert (repeated.time / SECOND, repeated.body.annotator, repeated.body.item, repeated.body.attempt) == (5, "a", "x", 0)
    assert repeated.cause == next(event.seq for event in desk.record.of(AnswerSubmitted) if event.time == 5 * SECOND)
    assert [(event.time / SECOND, event.body.votes) for event in desk.record.of(ItemResolved)] == [(10, 2)]
    people = desk.coordinator.people
    assert (people.repeated, people.answers, people.late.total()) == (1, {"a": 1, "b": 1}, 0)
    assert people.ledger.committed == 1.0


async def test_an_answer_that_comes_again_while_its_annotator_is_at_another_item_disturbs_nobody():
    desk = Desk({"a": always("yes", 10)}, retry=100)
    again = asyncio.create_task(desk.say(15, "a", answer("x")))
    await desk.run("x", "y", linger=50)
    await again
    assert len(desk.record.of(AnswerRepeated)) == 1
    assert [event.time / SECOND for event in desk.record.of(ItemResolved)] == [10, 20]


async def test_a_late_answer_that_comes_again_is_late_once():
    desk = Desk({"a": always("no", 20), "b": always("yes", 1)}, lease=10, retry=100)
    again = asyncio.create_task(desk.say(30, "a", answer("x", "no")))
    await desk.run("x", linger=50)
    await again
    assert told(desk, AnswerLate) == [(20, "a")]
    assert told(desk, AnswerRepeated) == [(30, "a")]


async def test_a_decline_that_comes_again_is_passed_over():
    desk = Desk({"a": always(None, 1), "b": always("yes", 10)}, retry=100)
    again = asyncio.create_task(desk.say(5, "a", TaskDeclined(item="x", attempt=0)))
    await desk.run("x", linger=50)
    await again
    assert desk.coordinator.people.declined == 1
    assert desk.labels == {"x": "yes"}


async def test_an_answer_to_a_task_that_was_never_given_is_late_and_counts_for_nothing():
    desk = Desk({"a": always("yes", 10), "b": always("yes", 10)}, retry=100)
    words = [
        asyncio.create_task(desk.say(5, name, answer(item, "no", attempt)))
        for name, item, attempt in (("a", "x", 7), ("b", "q", 0))
    ]
    await desk.run("x", linger=50)
    await asyncio.gather(*words)
    assert told(desk, AnswerLate) == [(5, "a"), (5, "b")]
    assert desk.labels == {"x": "yes"}


# At the last instant


def at_the_label(desk: Desk, number: int, turns: int, body: Message, sender: str) -> None:
    """Let somebody say something at the instant of the label of that number, so many turns of the loop later."""
    labels = []

    async def say() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await desk.bus.publish(body, sender, "coordinator")

    def watch(event: Envelope) -> None:
        if isinstance(event.body, ItemResolved):
            labels.append(event)
            if len(labels) == number:
                desk.saying = asyncio.create_task(say())  # type: ignore[attr-defined]

    desk.watchers.append(watch)


@pytest.mark.parametrize("turns", range(4))
async def test_an_answer_at_the_very_instant_of_the_end_counts_or_is_late_but_is_never_passed_over(turns):
    desk = Desk({"a": always("yes", 1), "b": silent}, labels=1, prices={"a": 0.5, "b": 0.5}, retry=100)
    at_the_label(desk, 1, turns, answer("y"), "b")
    assert await desk.run("x", "y", linger=50) == "labels"
    before_the_end = [event for event in desk.record.of(AnswerSubmitted) if event.seq < desk.record[-1].seq]
    heard = len(desk.record.of(AnswerLate)) + desk.coordinator.people.answers.total()
    assert heard == len(before_the_end) >= 1


async def test_among_the_turns_of_the_last_instant_are_those_in_which_an_answer_is_late_and_those_in_which_it_counts():
    late = []
    for turns in range(4):
        desk = Desk({"a": always("yes", 1), "b": silent}, labels=1, retry=100)
        at_the_label(desk, 1, turns, answer("y"), "b")
        await desk.run("x", "y", linger=50)
        late.append(len(desk.record.of(AnswerLate)))
    assert {0, 1} == {*late}


@pytest.mark.parametrize("turns", range(4))
async def test_an_item_requested_at_the_very_instant_of_the_end_is_given_up(turns):
    desk = Desk({"a": always("yes", 1)}, labels=1, retry=100)
    at_the_label(desk, 1, turns, ItemRequested(item="z", version=0, score=0.0), "selector")
    assert await desk.run("x", "y", linger=50) == "labels"
    in_time = any(event.body.item == "z" and event.seq < desk.record[-1].seq for event in desk.record.of(ItemRequested))
    assert [item for _, item, _ in given_up(desk)] == ["y", *(["z"] if in_time else [])]


# Who can say what


async def test_only_those_are_asked_about_an_item_who_can_say_something():
    able = {"x": ["b"], "y": ["a", "c"], "z": ["c"]}
    desk = Desk({name: always("yes", 5) for name in "abc"}, able=able)
    await desk.run("x", "y", "z")
    assert {(name, item) for _, name, item, _ in desk.assigned} == {("b", "x"), ("a", "y"), ("c", "z")}


@pytest.mark.parametrize("able", [{"x": []}, {}])
async def test_an_item_of_which_nobody_can_say_anything_is_given_up_at_once(able):
    desk = Desk({"a": always("yes", 5)}, able=able | {"y": ["a"]})
    assert await desk.run("x", "y") == "pool"
    assert given_up(desk) == [(0, "x", NOBODY_LEFT)]
    assert desk.labels == {"y": "yes"}


async def test_an_item_is_given_up_when_those_are_away_who_could_say_something():
    desk = Desk({"a": silent, "b": always("yes", 5)}, able={"x": ["a"], "y": ["b"]}, retry=10, tries=1)
    assert await desk.run("x", "y", linger=100) == "pool"
    assert given_up(desk) == [(30, "x", NOBODY_LEFT)]


async def test_who_is_overdue_is_asked_again_when_all_have_been_who_can_say_something():
    desk = Desk({"a": lambda _item, attempt: ((20.0, 1.0)[attempt], "yes"), "b": always("no", 1)}, able={"x": ["a"]}, lease=10)
    await desk.run("x", linger=50)
    assert desk.assigned == [(0, "a", "x", 0), (20, "a", "x", 1)]
    assert desk.labels == {"x": "yes"}


# Money and time


async def test_money_that_was_promised_to_somebody_who_is_away_is_free_for_others():
    desk = Desk({"a": silent, "b": always("yes", 5)}, prices={"a": 1.0, "b": 1.0}, budget=1.0, retry=10, tries=1)
    assert await desk.run("x", linger=100) == "pool"
    assert desk.labels == {"x": "yes"}
    assert desk.coordinator.people.ledger.committed == 1.0


async def test_a_budget_that_buys_nothing_of_those_who_are_left_ends_the_campaign():
    desk = Desk({"a": silent, "b": always("yes", 5)}, prices={"a": 0.1, "b": 1.0}, budget=0.5, retry=10, tries=1)
    assert await desk.run("x", "y", linger=100) == "budget"
    assert given_up(desk) == [(30, "x", "budget"), (30, "y", "budget")]


async def test_a_budget_ends_a_campaign_in_which_an_item_was_given_up_before():
    declining = {name: (lambda item, _attempt: (1.0, None if item == "x" else "yes")) for name in "ab"}
    desk = Desk(declining, prices={"a": 1.0, "b": 1.0}, budget=3.0)
    assert await desk.run("x", "y", "z", "w", "v", linger=100) == "budget"
    assert [(item, reason) for _, item, reason in given_up(desk)] == [("x", NOBODY_LEFT), ("v", "budget")]


async def test_a_policy_that_is_about_to_settle_on_what_there_is_does_so_before_the_budget_ends_the_campaign():
    desk = Desk({"a": always("yes", 1), "b": always(None, 2)}, Lenient(size=2), prices={"a": 1.0, "b": 1.0}, budget=2.0)
    words = [asyncio.create_task(desk.say(0.5, "selector", ItemRequested(item="y", version=0, score=0.0)))]
    assert await desk.run("x", linger=100) == "budget"
    await asyncio.gather(*words)
    assert desk.labels["x"] == "yes"


async def test_a_time_limit_ends_a_campaign_in_which_everybody_is_silent():
    desk = Desk(dict.fromkeys("ab", silent), time=25, retry=10, tries=5)
    assert await desk.run("x", "y") == "time"
    assert given_up(desk) == [(25, "x", "time"), (25, "y", "time")]


async def test_a_time_limit_ends_a_campaign_in_which_everybody_is_away():
    desk = Desk(dict.fromkeys("ab", silent), time=500, retry=10, tries=1)
    assert await desk.run("x", linger=1000) == "time"
    assert given_up(desk) == [(30, "x", NOBODY_LEFT)] or given_up(desk) == [(60, "x", NOBODY_LEFT)]
    assert desk.record[-1].time == 500 * SECOND
