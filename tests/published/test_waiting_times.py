"""How long items wait that come at random: Erlang (1917), Pollaczek (1930) and Khinchine (1932), through the real agents.

Waits in a queue hang together: at a load of .8 the standard error of their mean is ten times what it would be if they did not. So
runs are repeated, and the error is what the runs differ by.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.gamma import GammaTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from bus.clock import SECOND
from tests.agents.samples import band
from tests.published.arrivals import Book, Tasks, Worker, crowd, poisson, serve

MEMORYLESS = ExponentialTime(mean=1)


def check(runs: Iterator[Sequence[float]], expected: Sequence[float]) -> None:
    """Compare means over runs with what is expected, by the error that the runs show."""
    drawn = np.array([*runs])
    for column, value in zip(drawn.T, expected, strict=True):
        assert column.mean() == pytest.approx(value, abs=band(float(column.std(ddof=1)), len(column)))


def tasks_of(people: int, rate: float, latency: Latency, count: int, seed: int) -> Tasks:
    """Return the tasks of a run, in the order in which the items came, but for the first tenth."""
    book = Book()
    serve(poisson(rate, count, seed), crowd(people, Worker(latency)), book.note, seed=seed)
    order = np.argsort(book.tasks.item)[count // 10 :]
    return Tasks(*(column[order] for column in book.tasks))


def waiting_on_average(tasks: Tasks) -> float:
    """Return how many items wait on average over the time from the first arrival to the last."""
    first, last = tasks.arrived[0], tasks.arrived[-1]
    return float((np.minimum(tasks.began, last) - tasks.arrived).clip(0).sum() / (last - first))


# (b) Erlang C

Performance = tuple[float, float, float, float, float]
"""Probability of waiting, mean wait, mean time till the answer, mean number that wait, probability of waiting for over a second."""

PUBLISHED: list[tuple[int, float, Performance]] = [
    (1, 0.5, (0.5, 1.0, 2.0, 0.5, 0.303265)),
    (1, 0.8, (0.8, 4.0, 5.0, 3.2, 0.654985)),
    (2, 1.6, (0.711111, 1.777778, 2.777778, 2.844444, 0.476672)),
    (3, 2.4, (0.647191, 1.078652, 2.078652, 2.588764, 0.355186)),
    (5, 4.0, (0.554113, 0.554113, 1.554113, 2.216450, 0.203847)),
    (5, 4.5, (0.762493, 1.524986, 2.524986, 6.862439, 0.462476)),
    (10, 8.0, (0.409180, 0.204590, 1.204590, 1.636721, 0.055377)),
]


def erlang_b(people: int, load: float) -> float:
    """Return the probability that all are busy, where nobody waits (Erlang, 1917)."""
    weights = [load**count / math.factorial(count) for count in range(people + 1)]
    return weights[-1] / math.fsum(weights)


def erlang_c(people: int, rate: float) -> Performance:
    """Return how a queue does before people who take a second on average, without memory."""
    free = people - rate
    lost = erlang_b(people, rate)
    waits = lost / (1 - rate / people * (1 - lost))
    wait = waits / free
    return waits, wait, wait + 1, rate * wait, waits * math.exp(-free)


def performance(people: int, rate: float, count: int, seed: int) -> Performance:
    tasks = tasks_of(people, rate, MEMORYLESS, count, seed)
    waits, sojourns = tasks.waits / SECOND, (tasks.ended - tasks.arrived) / SECOND
    over = float((waits > 1).mean())
    return float((waits > 0).mean()), float(waits.mean()), float(sojourns.mean()), waiting_on_average(tasks), over


def check_queue(people: int, rate: float, runs: int, count: int) -> None:
    check((performance(people, rate, count, seed) for seed in range(runs)), erlang_c(people, rate))


@pytest.mark.parametrize(("people", "rate", "published"), PUBLISHED)
def test_the_published_performance_is_that_of_the_closed_form(people, rate, published):
    assert erlang_c(people, rate) == pytest.approx(published, abs=1e-6)


@pytest.mark.parametrize(("people", "rate"), [(2, 1.6), (10, 8.0)])
def test_items_wait_as_erlang_says(people, rate):
    check_queue(people, rate, runs=10, count=1000)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "rate"), [row[:2] for row in PUBLISHED])
def test_four_hundred_thousand_items_wait_as_erlang_says(people, rate):
    check_queue(people, rate, runs=20, count=20_000)


# (c) Pollaczek and Khinchine: one person, times of any distribution

LOAD = 0.8

# Of mean 1: times, the mean of their squares, and the mean wait at a load of .8.
GENERAL: list[tuple[Latency, float, float]] = [
    (FixedTime(time=1), 1.0, 2.0),
    (GammaTime(mean=1, shape=2), 1.5, 3.0),
    (MEMORYLESS, 2.0, 4.0),
    (LognormalTime(median=math.exp(-0.5), sigma=1), math.e, 5.437),
]


def pollaczek_khinchine(squares: float) -> float:
    return LOAD * squares / (2 * (1 - LOAD))


def wait_for_one(latency: Latency, count: int, seed: int) -> tuple[float, float]:
    waits = tasks_of(1, LOAD, latency, count, seed).waits / SECOND
    return float((waits > 0).mean()), float(waits.mean())


def check_general(latency: Latency, squares: float, runs: int, count: int) -> None:
    # Whoever comes at random finds the person busy for the share of the time in which they are.
    check((wait_for_one(latency, count, seed) for seed in range(runs)), (LOAD, pollaczek_khinchine(squares)))


@pytest.mark.parametrize(("latency", "squares", "published"), GENERAL)
def test_the_published_waits_are_those_of_the_closed_form(latency, squares, published):
    assert pollaczek_khinchine(squares) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize(("latency", "squares"), [row[:2] for row in GENERAL])
def test_items_wait_for_one_person_by_the_mean_and_the_spread_of_the_times(latency, squares):
    check_general(latency, squares, runs=8, count=600)


@pytest.mark.slow
@pytest.mark.parametrize(("latency", "squares"), [row[:2] for row in GENERAL])
def test_four_hundred_thousand_items_wait_for_one_person_as_long_as_published(latency, squares):
    check_general(latency, squares, runs=20, count=20_000)


# Erlang B: a pool of people on retainer, from which each task takes one, who is replaced after a while (Bernstein, Karger, Miller
# and Brandt, 2012). Here the person who was taken is back by then, and tasks that find nobody are turned away.

POOLS = [(5, 4.0, 0.199067), (5, 3.0, 0.110054), (10, 8.0, 0.121661), (20, 16.0, 0.064411)]


def turned_away(people: int, load: float, latency: Latency, count: int, seed: int) -> tuple[float]:
    book = Book()
    outcome = serve(poisson(load, count, seed), crowd(people, Worker(latency)), book.note, room=people, seed=seed)
    assert not book.tasks.waits.any(), "who finds somebody does not wait"
    assert len(book.tasks.item) == outcome.came - outcome.turned_away
    return (outcome.turned_away / outcome.came,)


def check_pool(people: int, load: float, latency: Latency, runs: int, count: int) -> None:
    check((turned_away(people, load, latency, count, seed) for seed in range(runs)), [erlang_b(people, load)])


@pytest.mark.parametrize(("people", "load", "published"), POOLS)
def test_the_published_shares_of_empty_pools_are_those_of_the_closed_form(people, load, published):
    assert erlang_b(people, load) == pytest.approx(published, abs=1e-6)


def test_a_pool_is_as_often_empty_as_erlang_says():
    check_pool(5, 4.0, MEMORYLESS, runs=10, count=1000)


@pytest.mark.slow
@pytest.mark.parametrize("latency", [MEMORYLESS, GENERAL[-1][0]])
@pytest.mark.parametrize(("people", "load"), [row[:2] for row in POOLS])
def test_pools_are_as_often_empty_as_published_whatever_the_distribution_of_times(people, load, latency):
    check_pool(people, load, latency, runs=20, count=5000)
