"""Clock and queues: what queueing theory says exactly, and what it says on average.

The identities (Kiefer and Wolfowitz, 1955; Little, 1961) hold path by path, to the microsecond, so they need no statistics.
"""

import heapq
import math
from collections import Counter

import numpy as np
import pytest
from scipy.integrate import quad

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.gamma import GammaTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from tests.agents.annotator.cases import case
from tests.agents.samples import band
from tests.published.campaigns import campaign, outcome, recorded, spans

LATENCIES: list[Latency] = [ExponentialTime(mean=1), LognormalTime(median=25, sigma=0.8), FixedTime(time=2)]


def harmonic(count: int) -> float:
    return math.fsum(1 / k for k in range(1, count + 1))


def lognormal(sigma: float) -> LognormalTime:
    """Return lognormal times of mean 1."""
    return LognormalTime(median=math.exp(-(sigma**2) / 2), sigma=sigma)


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


def cumulant(order: int, items: int, people: int) -> float:
    """Return a cumulant of the makespan: of a sum of exponential times, while all are busy and when one after the other is not."""
    busy = (items - people) / people**order
    return math.factorial(order - 1) * (busy + math.fsum(1 / left**order for left in range(1, people + 1)))


def makespans(items: int, people: int, seeds: int, **tables: object) -> np.ndarray:
    return np.array([outcome(items, people, seed=seed, **tables).simulated_seconds for seed in range(seeds)])


def check_mean(drawn: np.ndarray, expected: float) -> None:
    assert drawn.mean() == pytest.approx(expected, abs=band(float(drawn.std(ddof=1)), len(drawn)))


def batch(people: int) -> dict[str, object]:
    return {"selector": {"barrier": True, "in_flight": people}}


def check_makespan(items: int, people: int, seeds: int) -> None:
    drawn = makespans(items, people, seeds)
    variance = cumulant(2, items, people)
    excess = cumulant(4, items, people) / variance**2
    assert drawn.mean() == pytest.approx(cumulant(1, items, people), abs=band(math.sqrt(variance), seeds))
    assert drawn.var(ddof=1) == pytest.approx(variance, rel=band(math.sqrt(2 + excess), seeds))


def check_barrier(items: int, people: int, seeds: int) -> None:
    check_mean(makespans(items, people, seeds, **batch(people)), items / people * harmonic(people))


def test_the_published_makespans_are_those_of_the_closed_form():
    for items, people, mean in ((100, 5, 21.2833), (100, 10, 11.9290), (50, 5, 11.2833)):
        assert (items - people) / people + harmonic(people) == pytest.approx(mean, abs=1e-4)
        assert cumulant(1, items, people) == pytest.approx(mean, abs=1e-4)
    assert math.sqrt(cumulant(2, 100, 5)) == pytest.approx(2.294, abs=1e-3)
    assert math.sqrt(cumulant(2, 100, 10)) == pytest.approx(1.565, abs=1e-3)
    for items, people, mean in ((100, 5, 45.667), (100, 10, 29.290), (50, 5, 22.833)):
        assert items / people * harmonic(people) == pytest.approx(mean, abs=1e-3)


def test_a_campaign_takes_as_long_as_exponential_times_say():
    check_makespan(100, 5, 60)


def test_synchronous_batches_take_a_harmonic_number_longer():
    check_barrier(100, 5, 40)


@pytest.mark.slow
@pytest.mark.parametrize(("items", "people"), [(100, 5), (100, 10), (50, 5)])
def test_many_campaigns_take_as_long_as_published(items, people):
    check_makespan(items, people, 400)


@pytest.mark.slow
@pytest.mark.parametrize(("items", "people"), [(100, 5), (100, 10), (50, 5)])
def test_many_synchronous_campaigns_take_as_long_as_published(items, people):
    check_barrier(items, people, 300)


# (d) Over-assignment: the first answers of more people than are needed

FIRST: list[tuple[int, int, dict[str, object], float]] = [
    (3, 3, {"kind": "majority", "size": 3}, 1.833),
    (3, 5, {"kind": "majority", "size": 5, "early": True}, 0.7833),
    (3, 7, {"kind": "sequential", "until": {"kind": "quorum", "votes": 3}, "most": 7, "at_once": 7}, 0.5095),
]


@pytest.mark.parametrize(("first", "people", "policy", "published"), FIRST)
def test_the_first_of_several_answers_are_there_after_a_part_of_a_harmonic_number(first, people, policy, published):
    items = 400
    # They are all of one mind, one item at a time, and whoever comes too late is free at once.
    tables = {"coordination": {"policy": policy}, "selector": {"in_flight": 1}}
    summary = outcome(items, people, {"kind": "one-coin", "accuracy": 1}, **tables)
    expected = harmonic(people) - harmonic(people - first)
    deviation = math.sqrt(math.fsum(1 / left**2 for left in range(people - first + 1, people + 1)))
    assert expected == pytest.approx(published, abs=5e-4)
    assert summary.simulated_seconds / items == pytest.approx(expected, abs=band(deviation, items))
    assert (summary.answers, summary.cancelled) == (items * first, items * (people - first))


# (e) Utilisation behind a barrier

UTILISATION = [
    *((people, ExponentialTime(mean=1), share) for people, share in ((5, 0.438), (10, 0.341), (20, 0.278))),
    *((5, lognormal(sigma), share) for sigma, share in ((0.25, 0.761), (0.5, 0.598), (1, 0.405))),
    *((10, lognormal(sigma), share) for sigma, share in ((0.25, 0.695), (0.5, 0.502), (1, 0.293))),
]


def utilisation(people: int, latency: Latency) -> float:
    """Return the part of a batch's time in which people are busy: the mean time, of a second, over the mean of the longest."""
    longest, _ = quad(lambda seconds: 1 - latency.within(seconds) ** people, 0, math.inf)
    return float(1 / longest)


def check_utilisation(people: int, latency: Latency, batches: int) -> None:
    record, summary = recorded(campaign(batches * people, people, latency=table(latency), **batch(people)))
    times = np.array([each.ended - each.began for each in spans(record)]).reshape(batches, people) / SECOND
    work, longest = times.mean(axis=1), times.max(axis=1)
    busy = work.sum() / longest.sum()
    expected = utilisation(people, latency)
    # The error of a ratio of two sums.
    deviation = float((work - expected * longest).std(ddof=1) / longest.mean())
    assert busy == pytest.approx(expected, abs=band(deviation, batches))
    assert np.mean([person.busy for person in summary.annotators]) == pytest.approx(busy, rel=1e-9), "as the summary has it"


@pytest.mark.parametrize(("people", "latency", "published"), UTILISATION)
def test_the_published_utilisation_is_one_over_the_mean_of_the_longest_time(people, latency, published):
    assert utilisation(people, latency) == pytest.approx(published, abs=6e-4)
    if isinstance(latency, ExponentialTime):
        assert utilisation(people, latency) == pytest.approx(1 / harmonic(people), abs=1e-9)


@pytest.mark.parametrize(("people", "latency"), [UTILISATION[0][:2], UTILISATION[5][:2]])
def test_behind_a_barrier_people_are_busy_for_a_part_of_the_time(people, latency):
    check_utilisation(people, latency, batches=300)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "latency"), [row[:2] for row in UTILISATION])
def test_behind_many_barriers_people_are_busy_for_the_published_part_of_the_time(people, latency):
    check_utilisation(people, latency, batches=5000)


# (f) Partitions: items that are everybody's own from the start, or anybody's

PARTITIONS = [(100, 5, 25.436), (100, 10, 15.385), (50, 5, 13.899)]


def partition(items: int, people: int) -> float:
    """Return how long the slowest of so many takes on average, each of whom has as many items of a second each."""
    share = GammaTime(mean=items / people, shape=items / people)
    longest, _ = quad(lambda seconds: 1 - share.within(seconds) ** people, 0, math.inf)
    return float(longest)


def check_partition(items: int, people: int, seeds: int, kind: str, expected: float) -> None:
    check_mean(
        makespans(items, people, seeds, coordination={"allocation": {"kind": kind}}, selector={"in_flight": items}), expected
    )


@pytest.mark.parametrize(("items", "people", "published"), PARTITIONS)
def test_the_published_times_of_a_partition_are_those_of_the_slowest_of_several_sums(items, people, published):
    assert partition(items, people) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize("kind", ["static-partition", "round-robin"])
def test_where_items_are_everybodys_own_the_slowest_is_waited_for(kind):
    check_partition(50, 5, 40, kind, partition(50, 5))


def test_where_they_are_stolen_it_takes_as_long_as_if_they_had_been_anybodys():
    # Nobody is idle as long as an item is left that nobody is at, which is all that counts where times have no memory.
    check_partition(50, 5, 40, "stealing", cumulant(1, 50, 5))


@pytest.mark.slow
@pytest.mark.parametrize(("items", "people"), [row[:2] for row in PARTITIONS])
def test_many_partitions_take_as_long_as_published_and_stealing_takes_less(items, people):
    check_partition(items, people, 400, "static-partition", partition(items, people))
    check_partition(items, people, 400, "stealing", cumulant(1, items, people))
