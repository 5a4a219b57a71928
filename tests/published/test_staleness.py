"""Staleness: how many labels come between an item's request and its own label, where so many people are always busy.

Whatever the times, the mean is one less than the people, as long as labels come one by one. It is a sum: of n items, c of them in
flight, the label of place j (from 0) has j before it; and each label but the last c is followed at once by a request, which finds
it there. What came between is 0 + 1 + ... + (n - 1) less 1 + 2 + ... + (n - c), which is (c - 1) (n - c / 2), exactly.

Labels that come at one instant are all there before the next requests are made, so less comes between: the requests that follow m
labels that come together find m (m - 1) / 2 more than if they had come one by one. Where all take equally long and work in step, m
is c, and the mean is (c - 1) / 2. Labels that take no time come one by one.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.gamma import GammaTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from bus.chance import Luck
from tests.agents.samples import band
from tests.published.campaigns import campaign, recorded

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Staggered(FixedTime):
    """Every answer takes the same time, but for the first `people` items, which take from a part of it to all of it."""

    kind: ClassVar[str] = "staggered"

    people: int = 5

    def seconds(self, case: Case, luck: Luck) -> float:
        """Return the time, or a part of it."""
        assert isinstance(case.item, int)
        return self.time * min(case.item + 1, self.people) / self.people


CONTINUOUS: list[Latency] = [
    ExponentialTime(mean=1),
    GammaTime(mean=1, shape=3),
    LognormalTime(median=25, sigma=0.8),
    LognormalTime(median=10, sigma=0.05),
    LognormalTime(median=1, sigma=2),
]


class Labels(NamedTuple):
    """The labels of a campaign: how many came between each one's request and itself, and the instant at which it came."""

    staleness: Integers
    times: Integers


def labels_of(items: int, in_flight: int, latencies: Sequence[Latency], seed: int = 1, size: int = 1) -> Labels:
    """Return the labels, in their order; from the log alone.

    Args:
        items, seed, size: of the campaign.
        in_flight: items open at once.
        latencies: how long each person takes.
    """
    people = [{"name": f"person{place}", "latency": latency} for place, latency in enumerate(latencies)]
    record, summary = recorded(campaign(items, seed=seed, size=size, annotators=people, selector={"in_flight": in_flight}))
    requested, staleness, times = {}, [], []
    for event in record:
        if event.kind == "item-requested":
            requested[event.body["item"]] = len(times)
        elif event.kind == "item-resolved":
            staleness.append(len(times) - requested[event.body["item"]])
            times.append(event.time)
    assert summary.staleness == pytest.approx(np.mean(staleness))
    return Labels(np.array(staleness), np.array(times))


def check_mean(items: int, in_flight: int, latencies: Sequence[Latency], seed: int = 1, size: int = 1) -> None:
    drawn = labels_of(items, in_flight, latencies, seed, size).staleness
    assert 2 * drawn.sum() == (in_flight - 1) * (2 * items - in_flight)
    assert drawn.mean() == pytest.approx(in_flight - 1, abs=in_flight**2 / items)


@pytest.mark.parametrize("latency", CONTINUOUS)
@pytest.mark.parametrize("people", [1, 5])
def test_mean_staleness_is_exactly_one_less_than_the_people_whatever_the_latency(latency, people):
    check_mean(1000, people, [latency] * people)


@given(
    latencies=st.lists(st.sampled_from(CONTINUOUS), min_size=1, max_size=6),
    in_flight=st.integers(1, 8),
    size=st.integers(1, 3),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=40, deadline=None)
def test_it_is_exactly_one_less_than_the_items_in_flight_whoever_works_on_them(latencies, in_flight, size, seed):
    check_mean(50, in_flight, latencies, seed, min(size, len(latencies)))


def test_with_equal_times_out_of_step_every_label_finds_exactly_one_of_each_other_person():
    drawn = labels_of(500, 5, [Staggered(time=2, people=5)] * 5).staleness
    assert drawn.tolist() == [0, 1, 2, 3] + [4] * 496


def test_labels_that_come_at_one_instant_are_all_seen_by_the_next_requests():
    # Five people in step: the labels of a turn find 0 to 4 before them, and their successors are asked for after all of them.
    assert labels_of(500, 5, [FixedTime(time=2)] * 5).staleness.tolist() == [0, 1, 2, 3, 4] * 100


def found_together(labels: Labels, in_flight: int) -> int:
    """Return how many labels more requests find than if labels that came together had come one by one."""
    more, there = 0, 0
    _, together = np.unique(labels.times, return_counts=True)
    for count in together.tolist():
        requests = max(0, min(count, len(labels.times) - in_flight - there))
        more += sum(count - place for place in range(1, requests + 1))
        there += count
    return more


@given(times=st.lists(st.integers(1, 4), min_size=1, max_size=6), in_flight=st.integers(1, 8), items=st.integers(2, 60))
@settings(max_examples=60, deadline=None)
def test_of_labels_that_come_together_all_are_found_by_the_requests_that_follow(times, in_flight, items):
    in_flight = min(in_flight, items)
    labels = labels_of(items, in_flight, [FixedTime(time=time) for time in times])
    assert 2 * (labels.staleness.sum() + found_together(labels, in_flight)) == (in_flight - 1) * (2 * items - in_flight)


# Its spread


def spread(runs: int, items: int, latency: Latency, people: int) -> Floats:
    """Return by run the shares of the stalenesses 0, 1 and 2, and their variance; of always busy people, so without the first."""
    rows = []
    for seed in range(runs):
        drawn = labels_of(items, people, [latency] * people, seed).staleness[people:]
        rows.append([*((drawn == count).mean() for count in range(3)), drawn.var()])
    return np.array(rows)


def check_spread(runs: int, items: int, latency: Latency, people: int, expected: Sequence[float]) -> None:
    drawn = spread(runs, items, latency, people)
    for column, value in zip(drawn.T, expected, strict=False):
        # Labels that follow each other are stale alike, so the error is what the runs differ by.
        assert column.mean() == pytest.approx(value, abs=band(float(column.std(ddof=1)), runs))


def geometric(people: int) -> list[float]:
    return [*((1 - 1 / people) ** count / people for count in range(3)), people * (people - 1)]


def test_under_exponential_times_it_is_geometric():
    check_spread(10, 500, CONTINUOUS[0], 5, geometric(5))


@pytest.mark.slow
@pytest.mark.parametrize("people", [5, 10])
def test_under_exponential_times_it_is_geometric_over_many_items(people):
    check_spread(20, 10_000, CONTINUOUS[0], people, geometric(people))


@pytest.mark.slow
def test_under_lognormal_times_it_varies_more_as_published():
    # The published variance was itself drawn: to a percent or so.
    drawn = [labels_of(10_000, 5, [LognormalTime(median=1, sigma=1)] * 5, seed).staleness[5:].var() for seed in range(20)]
    assert np.mean(drawn) == pytest.approx(32.3, abs=0.3 + band(float(np.std(drawn, ddof=1)), 20))
