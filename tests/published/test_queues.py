"""Clock and queues: what queueing theory says exactly, and what it says on average.

The identities (Kiefer and Wolfowitz, 1955; Little, 1961) hold path by path, to the microsecond, so they need no statistics.
"""

import heapq
import math
from collections import Counter

import numpy as np
import pytest

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from tests.agents.annotator.cases import case
from tests.agents.samples import band, share_band
from tests.published.campaigns import campaign, outcome, recorded, spans

LATENCIES: list[Latency] = [ExponentialTime(mean=1), LognormalTime(median=25, sigma=0.8), FixedTime(time=2)]


def harmonic(count: int) -> float:
    return math.fsum(1 / k for k in range(1, count + 1))


def table(latency: Latency) -> dict[str, object]:
    return {"kind": latency.kind, **latency.model_dump()}


# (a) Kiefer and Wolfowitz: a heap of free times


@pytest.mark.parametrize("latency", LATENCIES[:2])
@pytest.mark.parametrize(("people", "items", "seed"), [(1, 50, 1), (3, 400, 2), (10, 400, 3), (25, 20, 4)])
def test_every_task_begins_and_ends_when_the_recursion_of_free_times_says(latency, people, items, seed):
    record, summary = recorded(campaign(items, people, latency=table(latency), seed=seed))
    names = [f"crowd-{number}" for number in range(1, people + 1)]
    luck = {name: Chance(seed).keyed("annotator", name, "time") for name in names}
    free = [(0, place, name) for place, name in enumerate(names)]
    expected = []
    for item in range(items):
        began, place, name = heapq.heappop(free)
        ended = began + microseconds(latency.seconds(case(item), luck[name].luck(item)))
        expected.append((name, item, began, ended))
        # Continuous times do not tie but at the start.
        heapq.heappush(free, (ended, place, name))
    assert [each[:4] for each in spans(record)] == expected
    assert summary.simulated_seconds == max(ended for *_, ended in expected) / SECOND


def test_with_fixed_times_people_work_in_step():
    record, summary = recorded(campaign(20, 5, latency={"kind": "fixed", "time": 2}))
    assert Counter((each.began, each.ended) for each in spans(record)) == {
        (turn * 2 * SECOND, (turn + 1) * 2 * SECOND): 5 for turn in range(4)
    }
    assert summary.simulated_seconds == 8


# (b) Little's law


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("size", [1, 3])
def test_the_integral_of_open_tasks_is_the_sum_of_their_times(latency, size):
    record, summary = recorded(campaign(300, 7, latency=table(latency), size=size))
    open_tasks = integral = last = 0
    for event in record:
        integral += open_tasks * (event.time - last)
        last = event.time
        open_tasks += event.kind == "task-assigned"
        open_tasks -= event.kind == "answer-submitted"
        assert 0 <= open_tasks <= 7
    assert open_tasks == 0
    assert integral == sum(each.ended - each.began for each in spans(record))
    busy = sum(person.busy for person in summary.annotators) * summary.simulated_seconds
    assert busy == pytest.approx(integral / SECOND, rel=1e-9), "what the summary calls busy is the same"


def test_nobody_is_idle_while_somebody_could_be_asked():
    summary = outcome(2000, 5)
    assert all(person.busy > 0.98 for person in summary.annotators)
    assert sum(person.answers for person in summary.annotators) == 2000


# (c) Makespans


def makespans(items: int, people: int, seeds: int, **tables: object) -> np.ndarray:
    return np.array([outcome(items, people, seed=seed, **tables).simulated_seconds for seed in range(seeds)])


def check_mean(drawn: np.ndarray, expected: float) -> None:
    assert drawn.mean() == pytest.approx(expected, abs=band(float(drawn.std(ddof=1)), len(drawn)))


def batch(people: int) -> dict[str, object]:
    return {"selector": {"barrier": True, "in_flight": people}}


def check_makespan(items: int, people: int, seeds: int) -> None:
    check_mean(makespans(items, people, seeds), (items - people) / people + harmonic(people))


def check_barrier(items: int, people: int, seeds: int) -> None:
    drawn = makespans(items, people, seeds, **batch(people))
    check_mean(drawn, items / people * harmonic(people))
    # The work is `items` seconds on average; over batches it is done at 1 / H of what there are people for.
    assert items / people / drawn.mean() == pytest.approx(1 / harmonic(people), rel=0.1)


def test_the_published_makespans_are_those_of_the_closed_form():
    assert (100 - 5) / 5 + harmonic(5) == pytest.approx(21.2833, abs=1e-4)
    assert (100 - 10) / 10 + harmonic(10) == pytest.approx(11.9290, abs=1e-4)
    assert 100 / 5 * harmonic(5) == pytest.approx(45.667, abs=1e-3)
    assert 1 / harmonic(5) == pytest.approx(0.438, abs=1e-3)


def test_a_campaign_takes_as_long_as_exponential_times_say():
    check_makespan(100, 5, 60)


def test_synchronous_batches_take_a_harmonic_number_longer():
    check_barrier(100, 5, 40)


def test_behind_a_barrier_people_are_busy_one_harmonic_part_of_the_time():
    summary = outcome(2000, 5, **batch(5))
    busy = np.mean([person.busy for person in summary.annotators])
    # 400 batches; a batch takes H_5 = 2.283 seconds with a deviation of 1.21, so the share is known to 0.023 or so, at four errors.
    assert busy == pytest.approx(1 / harmonic(5), abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("people", [5, 10])
def test_many_campaigns_take_as_long_as_published(people):
    check_makespan(100, people, 400)


@pytest.mark.slow
@pytest.mark.parametrize("people", [5, 10])
def test_many_synchronous_campaigns_take_as_long_as_published(people):
    check_barrier(100, people, 300)


# (d) Staleness


def stalenesses(items: int, people: int, latency: Latency) -> np.ndarray:
    """Return, item by item, the labels that came between its request and its own label; from the log alone."""
    record, summary = recorded(campaign(items, people, latency=table(latency)))
    labels, opened, drawn = 0, {}, []
    for event in record:
        if event.kind == "item-requested":
            opened[event.body["item"]] = labels
        elif event.kind == "item-resolved":
            drawn.append(labels - opened[event.body["item"]])
            labels += 1
    assert summary.staleness == pytest.approx(np.mean(drawn))
    return np.array(drawn)


CONTINUOUS = [*LATENCIES[:2], LognormalTime(median=10, sigma=0.05)]


@pytest.mark.parametrize("latency", CONTINUOUS)
@pytest.mark.parametrize("people", [1, 5])
def test_mean_staleness_is_one_less_than_the_people_whatever_the_latency(latency, people):
    drawn = stalenesses(1500, people, latency)
    assert drawn.mean() == pytest.approx(people - 1, abs=people**2 / 1500)


def test_labels_that_come_at_one_instant_are_all_seen_by_the_next_requests():
    # Five people in step: the labels of a turn find 0 to 4 before them, and its successors are scored after all of them.
    assert stalenesses(500, 5, FixedTime(time=2)).tolist() == [0, 1, 2, 3, 4] * 100


def test_staleness_under_exponential_times_is_geometric():
    people, items = 5, 4000
    drawn = stalenesses(items, people, LATENCIES[0])
    for count in range(3):
        expected = 1 / people * (1 - 1 / people) ** count
        # Neighbouring items share their labels, and the counts are a little correlated: half as much again.
        assert (drawn == count).mean() == pytest.approx(expected, abs=1.5 * share_band(expected, items))
    assert drawn.var() == pytest.approx(people * (people - 1), rel=0.25)


@pytest.mark.slow
@pytest.mark.parametrize("latency", CONTINUOUS)
def test_mean_staleness_over_many_items_is_one_less_than_the_people(latency):
    assert stalenesses(20_000, 10, latency).mean() == pytest.approx(9, abs=100 / 20_000)
