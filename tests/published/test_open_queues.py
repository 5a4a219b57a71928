"""Open queues: items that come whenever they come, and what queueing theory says of how long they wait.

The recursion of Kiefer and Wolfowitz (1955) and the law of Little (1961) hold path by path, to the microsecond, and need no
statistics.
"""

import heapq
from collections.abc import Mapping, Sequence
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.gamma import GammaTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from tests.agents.annotator.cases import case
from tests.published.arrivals import Book, Worker, crowd, poisson, serve

LATENCIES: list[Latency] = [ExponentialTime(mean=1), LognormalTime(median=1, sigma=1), GammaTime(mean=1), FixedTime(time=1)]


def served(arrivals: Sequence[int], people: Mapping[str, Worker], seed: int = 1, **options: object) -> Book:
    book = Book()
    serve(arrivals, people, book.note, seed=seed, **options)
    return book


# (a) Kiefer and Wolfowitz: a heap of free times


def recursion(arrivals: Sequence[int], people: Mapping[str, Worker], seed: int) -> list[tuple[int, str, int, int]]:
    """Return item, person, begin and end of each task: each goes to whoever is free first, and began free first of several."""
    luck = {name: Chance(seed).keyed("annotator", name, "time") for name in people}
    # Who end at one instant are free in the order in which they began.
    free = [(0, place, name) for place, name in enumerate(people)]
    tasks = []
    for item, arrived in enumerate(arrivals):
        since, _, name = heapq.heappop(free)
        began = max(arrived, since)
        ended = began + microseconds(people[name].latency.seconds(case(item), luck[name].luck(item)))
        tasks.append((item, name, began, ended))
        heapq.heappush(free, (ended, len(people) + item, name))
    return tasks


def check_path(arrivals: Sequence[int], people: Mapping[str, Worker], seed: int) -> None:
    book = served(arrivals, people, seed)
    names, tasks = [*book.names], book.tasks
    found = zip(
        tasks.item.tolist(), [names[person] for person in tasks.person], tasks.began.tolist(), tasks.ended.tolist(), strict=True
    )
    expected = recursion(arrivals, people, seed)
    assert sorted(found) == expected
    assert tasks.waits.sum() == sum(began for _, _, began, _ in expected) - sum(arrivals)


# Some that make much happen at one instant.
GAPS = st.one_of(st.sampled_from([0, SECOND // 2, SECOND]), st.integers(0, 3 * SECOND))
TIMES = st.sampled_from([*LATENCIES, FixedTime(time=0.5), FixedTime(time=0)])


@given(gaps=st.lists(GAPS, min_size=1, max_size=40), latencies=st.lists(TIMES, min_size=1, max_size=6), seed=st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_every_wait_is_that_of_the_recursion_whoever_comes_when(gaps, latencies, seed):
    people = {f"person-{place}": Worker(latency) for place, latency in enumerate(latencies)}
    check_path([*accumulate(gaps)], people, seed)


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize(("people", "load"), [(1, 0.9), (3, 0.5), (10, 0.95), (4, 1.5)])
def test_every_wait_is_that_of_the_recursion_under_every_load(latency, people, load):
    check_path([*poisson(load * people, 500)], crowd(people, Worker(latency)), seed=1)


@pytest.mark.slow
def test_a_hundred_thousand_waits_are_those_of_the_recursion():
    check_path([*poisson(4.75, 100_000)], crowd(5, Worker(ExponentialTime(mean=1))), seed=1)
