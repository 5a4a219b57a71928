"""Allocation: which of the waiting people gets which of the waiting questions."""

from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.allocations.choice import AnyAllocation
from agents.coordinator.allocations.shared_queue import OldestFirst, SharedQueue
from tests.agents.coordinator.test_request import wanting
from tests.agents.samples import make

QUEUE = OldestFirst()


def test_the_oldest_question_goes_to_whoever_has_been_idle_longest():
    first, second = wanting(1), wanting(1)
    assert QUEUE.match([first, second], dict.fromkeys(["b", "a"])) == (first, "b")


def test_a_question_that_nobody_idle_may_be_asked_lets_a_younger_one_pass():
    first, second = wanting(2), wanting(2)
    first.assign("a")
    assert QUEUE.match([first, second], dict.fromkeys(["a"])) == (second, "a")
    assert QUEUE.match([first, second], dict.fromkeys(["a", "b"])) == (first, "b")


def test_without_people_or_questions_there_is_no_pair():
    taken = wanting(2)
    taken.assign("a")
    assert QUEUE.match([wanting(1)], dict.fromkeys([])) is None
    assert QUEUE.match([], dict.fromkeys(["a"])) is None
    assert QUEUE.match([taken], dict.fromkeys(["a"])) is None


@given(st.lists(st.sets(st.sampled_from("abcd")), max_size=5), st.permutations("abcd"), st.integers(0, 4))
def test_the_pair_is_the_first_that_may_be_made(asked, order, count):
    idle, requests = order[:count], []
    for names in asked:
        request = wanting(4, people=5)
        for name in names:
            request.assign(name)
        requests.append(request)
    obvious = [(request, name) for request in requests for name in idle if request.may_ask(name)]
    assert QUEUE.match(requests, dict.fromkeys(idle)) == (obvious[0] if obvious else None)


def test_a_shared_queue_is_what_there_is():
    assert make(AnyAllocation, "shared-queue") == SharedQueue()
