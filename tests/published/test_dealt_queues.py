"""Questions that are dealt when they are asked: what a partition loses, what a choice of two saves, what stealing gives back."""

import math
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from agents.annotator.latencies.exponential import ExponentialTime
from agents.coordinator.allocations.shortest_queue import ShortestOf
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from tests.agents.annotator.cases import case
from tests.agents.samples import band
from tests.published.arrivals import Book, Worker, crowd, poisson, serve
from tests.published.campaigns import campaign, outcome, recorded, spans

PARTITIONED = [(100, 5, 25.436), (100, 10, 15.385), (50, 5, 13.899)]


def dealt(items: int, allocation: Any) -> dict[str, Any]:
    """Return the tables of a campaign all of whose items are asked for at once."""
    policy = {"kind": "majority", "size": 1}
    return {"selector": {"in_flight": items}, "coordination": {"policy": policy, "allocation": allocation}}


def makespans(items: int, people: int, allocation: Any, seeds: int) -> np.ndarray:
    return np.array([outcome(items, people, seed=seed, **dealt(items, allocation)).simulated_seconds for seed in range(seeds)])


def longest_share(items: int, people: int) -> float:
    """Return the mean of the longest of the shares: of so many gamma variates."""
    share = stats.gamma(items // people)
    longest, _ = quad(lambda seconds: 1 - share.cdf(seconds) ** people, 0, items)
    return float(longest)


# A static partition


@pytest.mark.parametrize(("items", "people", "published"), PARTITIONED)
def test_the_published_makespan_of_a_partition_is_that_of_its_longest_share(items, people, published):
    assert longest_share(items, people) == pytest.approx(published, abs=1e-3)


def test_everybody_works_through_their_own_share_to_the_microsecond():
    record, summary = recorded(campaign(60, 4, seed=5, **dealt(60, "static-partition")))
    ends: dict[str, int] = defaultdict(int)
    latency = ExponentialTime(mean=1)
    for item in range(60):
        name = f"crowd-{item % 4 + 1}"
        ends[name] += microseconds(latency.seconds(case(item), Chance(5).keyed("annotator", name, "time").luck(item)))
    last = {each.annotator: each.ended for each in sorted(spans(record), key=lambda each: each.ended)}
    assert last == ends
    assert summary.simulated_seconds == max(ends.values()) / SECOND


def check_partition(items: int, people: int, seeds: int) -> None:
    drawn = makespans(items, people, "static-partition", seeds)
    assert drawn.mean() == pytest.approx(longest_share(items, people), abs=band(float(drawn.std(ddof=1)), seeds))


def test_a_partition_takes_as_long_as_its_longest_share():
    check_partition(50, 5, 60)


@pytest.mark.slow
@pytest.mark.parametrize(("items", "people"), [row[:2] for row in PARTITIONED])
def test_many_partitions_take_as_long_as_published(items, people):
    check_partition(items, people, 300)


def test_dealing_in_turn_is_a_partition_where_all_is_asked_at_once():
    tables = [outcome(40, 4, seed=3, **dealt(40, kind)) for kind in ("static-partition", "round-robin")]
    assert tables[0].simulated_seconds == tables[1].simulated_seconds


# Stealing


def harmonic(count: int) -> float:
    return math.fsum(1 / each for each in range(1, count + 1))


def check_stealing(items: int, people: int, seeds: int) -> None:
    drawn = makespans(items, people, "stealing", seeds)
    expected = (items - people) / people + harmonic(people)
    assert drawn.mean() == pytest.approx(expected, abs=band(float(drawn.std(ddof=1)), seeds))


def test_with_stealing_it_takes_no_longer_than_with_one_queue_for_all():
    check_stealing(50, 5, 40)


@pytest.mark.slow
def test_in_many_campaigns_stealing_takes_no_longer_than_one_queue_for_all():
    check_stealing(100, 5, 300)


# Somebody who does not come


GHOST = {"name": "ghost", "latency": {"kind": "fixed", "time": 1}, "availability": {"kind": "arrival", "mean": "10000d"}}


@pytest.mark.parametrize("kind", ["static-partition", "stealing", "round-robin", "shortest-of", "shared-queue"])
def test_the_share_of_somebody_who_does_not_come_waits_unless_it_is_stolen_or_patience_ends(kind):
    crowd = {"name": "crowd", "count": 4, "latency": {"kind": "fixed", "time": 1}}

    def seconds(allocation: Any) -> float:
        summary = outcome(20, seed=2, annotators=[crowd, GHOST], **dealt(20, allocation))
        assert summary.labels == 20
        return summary.simulated_seconds

    waits = kind == "static-partition"
    assert (seconds(kind) > 1e6) == waits
    if waits:
        # Four items were meant for somebody who is not there.
        assert seconds({"kind": kind, "patience": 30}) == 31


# A choice of two


def sojourn(load: float, d: int, people: int, tasks: int, seed: int) -> float:
    """Return how long a task is there on average, the first tenth left out."""
    book = Book()
    arrivals = poisson(load * people, tasks, seed)
    serve(arrivals, crowd(people, Worker(ExponentialTime(mean=1))), book.note, allocation=ShortestOf(d=d), seed=seed)
    labelled = book.labelled
    late = np.argsort(labelled.arrived, kind="stable")[tasks // 10 :]
    return float(labelled.sojourns[late].mean() / SECOND)


def supermarket(load: float, d: int) -> float:
    """Return the mean sojourn of the supermarket model (Mitzenmacher, 2001), of ever so many servers."""
    return math.fsum(load ** ((d**each - d) / (d - 1)) for each in range(1, 30)) if d > 1 else 1 / (1 - load)


def test_the_published_sojourns_are_those_of_the_supermarket_model():
    for load, d, published in (
        (0.7, 1, 3.3333),
        (0.7, 2, 1.6145),
        (0.7, 3, 1.3568),
        (0.9, 2, 2.6141),
        (0.9, 3, 2.0279),
        (0.95, 2, 3.383),
    ):
        assert supermarket(load, d) == pytest.approx(published, abs=1e-3)


def test_a_choice_of_two_halves_the_time():
    two = sojourn(0.7, 2, people=40, tasks=12_000, seed=1)
    # So few servers are a little slower than ever so many.
    assert supermarket(0.7, 2) * 0.96 < two < supermarket(0.7, 2) * 1.07
    assert sojourn(0.7, 1, people=40, tasks=6_000, seed=1) > 1.6 * two


@pytest.mark.slow
@pytest.mark.parametrize(("load", "d"), [(0.7, 2), (0.7, 3), (0.9, 2), (0.9, 3)])
def test_with_many_people_a_little_choice_goes_as_far_as_in_the_supermarket_model(load, d):
    drawn = [sojourn(load, d, people=200, tasks=100_000, seed=seed) for seed in range(2)]
    assert np.mean(drawn) == pytest.approx(supermarket(load, d), rel=0.05)
