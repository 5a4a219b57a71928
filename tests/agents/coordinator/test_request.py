"""A question under way: one item, so many answers wanted."""

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.crowd import Answer
from agents.coordinator.request import Asked, Request


def wanting(votes: int, people: int = 3, enough=None, asked=None, answered=None, declined=None, able=None) -> Request:
    done: asyncio.Future[list[Answer]] = asyncio.Future(loop=asyncio.new_event_loop())
    done.get_loop().close()
    before = Asked()
    before.times = {} if asked is None else asked
    before.answered = set() if answered is None else answered
    before.declined = set() if declined is None else declined
    return Request("x", votes, enough, done, 1, dict.fromkeys("abcdefgh"[:people]), before, able)


def answer(name: str, label: str = "yes") -> Answer:
    return Answer(name, label, 9)


def test_it_lacks_the_people_who_are_neither_asked_nor_heard():
    request = wanting(3)
    assert request.lacking == 3
    request.assign("a")
    request.assign("b")
    assert request.lacking == 1
    request.accept(answer("a"))
    assert request.lacking == 1
    request.expire("b", 5)
    assert request.lacking == 2


def test_it_is_complete_with_the_last_answer():
    request = wanting(2)
    for name in "ab":
        request.assign(name)
    assert [request.accept(answer(name)) for name in "ab"] == [False, True]
    assert request.answers == [answer("a"), answer("b")]


def test_it_is_complete_before_that_if_the_answers_suffice():
    heard: list[int] = []

    def enough(answers: Sequence[Answer]) -> bool:
        heard.append(len(answers))
        return len(answers) == 2

    request = wanting(3, enough=enough)
    assert [request.accept(answer(name)) for name in "ab"] == [False, True]
    assert heard == [1, 2]


def test_attempts_count_from_zero_and_go_on_from_earlier_questions_about_the_item():
    asked = {"a": 2}
    request = wanting(2, asked=asked)
    assert (request.assign("a"), request.assign("b")) == (2, 0)
    assert asked == {"a": 3, "b": 1}


def test_nobody_is_asked_who_has_answered_or_is_at_it():
    request = wanting(3, people=2)
    for name in "ab":
        request.assign(name)
    assert not request.may_ask("a")
    request.expire("a", 5)
    assert request.may_ask("a"), "everybody was asked, and a has not answered"
    request.accept(answer("b"))
    assert not request.may_ask("b")


def test_nobody_is_asked_twice_before_everybody_once():
    request = wanting(1, people=2)
    request.assign("a")
    request.expire("a", 5)
    assert not request.may_ask("a")
    assert request.may_ask("b")


def test_a_lease_that_ends_is_the_cause_of_what_follows():
    request = wanting(1)
    request.assign("a")
    request.expire("a", 42)
    assert request.cause == 42


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30), st.integers(1, 4))
def test_answers_come_from_different_people_and_are_never_more_than_wanted(steps, votes):
    request = wanting(votes, people=4)
    complete = False
    for name, in_time in steps:
        if complete or not request.lacking or not request.may_ask(name):
            continue
        request.assign(name)
        if in_time:
            complete = request.accept(answer(name))
        else:
            request.expire(name, 1)
        assert request.lacking >= 0
    names = [each.annotator for each in request.answers]
    assert len(set(names)) == len(names) <= votes
    assert complete == (len(names) == votes)


def test_nobody_is_asked_who_has_declined():
    request = wanting(2, people=3)
    request.assign("a")
    request.decline("a", 7)
    assert not request.may_ask("a")
    assert (request.lacking, request.cause) == (2, 7)


def test_it_is_hopeless_when_more_answers_are_lacking_than_people_are_left():
    request = wanting(2, people=3)
    for name in "ab":
        assert not request.is_hopeless
        request.assign(name)
        request.decline(name, 7)
    assert request.is_hopeless


def test_who_is_overdue_may_still_be_hoped_for():
    request = wanting(1, people=1)
    request.assign("a")
    request.expire("a", 5)
    assert not request.is_hopeless
    assert request.may_ask("a")


def test_only_those_are_asked_who_can_say_anything():
    request = wanting(1, people=4, able=("b", "d"))
    assert [name for name in "abcd" if request.may_ask(name)] == ["b", "d"]
    assert [*request.candidates(dict.fromkeys("dcba"))] == ["b", "d"]
    assert [*request.candidates(dict.fromkeys("cd"))] == ["d"]
    assert not request.is_hopeless
    for name in "bd":
        request.assign(name)
        request.expire(name, 5)
    assert request.may_ask("b"), "everybody was asked who can answer"
    assert wanting(3, people=4, able=("b", "d")).is_hopeless


def test_to_see_that_it_is_hopeful_no_more_people_are_looked_at_than_are_lacking():
    class Counted(list[str]):
        looked_at = 0

        def __iter__(self):
            for name in super().__iter__():
                self.looked_at += 1
                yield name

    able = Counted("abcdefgh")
    assert not wanting(2, people=8, able=able).is_hopeless
    assert able.looked_at == 2
