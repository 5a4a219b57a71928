"""Open queues: items that come whenever they come, and what queueing theory says of how long they wait.

The recursion of Kiefer and Wolfowitz (1955) and the law of Little (1961) hold path by path, to the microsecond, and need no
statistics.
"""

import heapq
from collections.abc import Hashable, Mapping, Sequence
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.gamma import GammaTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from agents.annotator.noises.one_coin import OneCoin
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.sequential import Sequential
from agents.coordinator.policies.stopping import Lead
from agents.coordinator.policy import Policy
from agents.messages import AnswerSubmitted, Item, ItemRequested, ItemResolved, TaskAssigned, TaskCancelled
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from bus.message import Envelope
from tests.agents.annotator.cases import case
from tests.published.arrivals import Book, Worker, crowd, poisson, serve

LATENCIES: list[Latency] = [ExponentialTime(mean=1), LognormalTime(median=1, sigma=1), GammaTime(mean=1), FixedTime(time=1)]


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
    book = Book()
    serve(arrivals, people, book.note, seed=seed)
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


# (b) Little


class Population:
    """Those who are inside, window by window from empty to empty: the integral of their number, and the sum of their times."""

    def __init__(self) -> None:
        self.windows: list[tuple[int, int]] = []
        self.entered: dict[Hashable, int] = {}
        self._integral = self._times = self._last = 0

    def enter(self, who: Hashable, time: int) -> None:
        assert who not in self.entered
        self._pass(time)
        self.entered[who] = time

    def leave(self, who: Hashable, time: int) -> None:
        self._pass(time)
        self._times += time - self.entered.pop(who)
        if not self.entered:
            self.windows.append((self._integral, self._times))
            self._integral = self._times = 0

    def _pass(self, time: int) -> None:
        self._integral += len(self.entered) * (time - self._last)
        self._last = time


class Census:
    """Counts open items, those of them that nobody is or was at, and tasks under way."""

    def __init__(self) -> None:
        self.open, self.queueing, self.under_way = Population(), Population(), Population()
        self.cancelled = 0

    def note(self, event: Envelope) -> None:
        body, time = event.body, event.time
        if isinstance(body, ItemRequested):
            self.open.enter(body.item, time)
            self.queueing.enter(body.item, time)
        elif isinstance(body, TaskAssigned):
            if body.item in self.queueing.entered:
                self.queueing.leave(body.item, time)
            self.under_way.enter((event.recipient, body.item), time)
        elif isinstance(body, AnswerSubmitted):
            self._end(event.sender, body.item, time)
        elif isinstance(body, TaskCancelled):
            self.cancelled += 1
            self._end(event.recipient, body.item, time)
        elif isinstance(body, ItemResolved):
            self.open.leave(body.item, time)

    def _end(self, name: str, item: Item, time: int) -> None:
        # An answer may be given at the very instant at which its task is cancelled.
        if (name, item) in self.under_way.entered:
            self.under_way.leave((name, item), time)


POLICIES: list[Policy] = [
    Majority(),
    Majority(size=3),
    Majority(size=3, early=True),
    Sequential(until=Lead(by=2), most=3),
]


@given(
    gaps=st.lists(GAPS, min_size=1, max_size=40),
    latencies=st.lists(TIMES, min_size=3, max_size=6),
    policy=st.sampled_from(POLICIES),
    room=st.none() | st.integers(1, 5),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=100, deadline=None)
def test_the_integral_of_their_number_is_the_sum_of_their_times_between_any_two_empty_instants(gaps, latencies, policy, room, seed):
    census = Census()
    people = {f"person-{place}": Worker(latency, OneCoin(accuracy=0.7)) for place, latency in enumerate(latencies)}
    outcome = serve([*accumulate(gaps)], people, census.note, policy, room=room, seed=seed)
    for population in (census.open, census.queueing, census.under_way):
        assert not population.entered
        assert all(integral == times for integral, times in population.windows)
    if not census.cancelled:
        assert sum(times for _, times in census.under_way.windows) == outcome.coordinator.people.worked.total()
