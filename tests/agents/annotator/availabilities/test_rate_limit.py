"""Rate limits: token buckets, exact to the microsecond."""

import math
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.availabilities.choice import AnyAvailability
from agents.annotator.availabilities.rate_limit import RateLimit
from agents.annotator.availability import Availability
from agents.annotator.bucket import Bucket
from agents.annotator.presence import Presence
from bus.chance import Chance
from bus.clock import SECOND
from tests.agents.samples import band, complaint

MINUTE = 60 * SECOND


def begun(limit: Availability, answers: int, work: int = 0) -> list[int]:
    """Return when each of so many answers is begun, each as soon as may be."""
    presence, now, found = Presence("llm-1", [limit], Chance(7)), 0, []
    for item in range(answers):
        now = presence.ready(item, 0, now)
        presence.begin(item, 0, now)
        found.append(now)
        now += work
    return found


def test_after_a_full_bucket_requests_are_begun_exactly_at_the_rate() -> None:
    found = begun(RateLimit(requests=30), 100)
    assert found == [max(0, (number + 1) * MINUTE // 30 - MINUTE) for number in range(100)]


def test_tokens_are_begun_exactly_at_the_rate_where_all_answers_are_alike() -> None:
    found = begun(RateLimit(tokens=10_000, item_tokens=800, burst=30), 50)
    assert found == [max(0, (number + 1) * 800 * MINUTE // 10_000 - 30 * SECOND) for number in range(50)]


def test_the_tighter_of_two_limits_holds() -> None:
    tokens, requests = RateLimit(tokens=10_000, item_tokens=800), RateLimit(requests=10)
    both = RateLimit(tokens=10_000, item_tokens=800, requests=10)
    assert begun(both, 60) == [max(pair) for pair in zip(begun(tokens, 60), begun(requests, 60), strict=True)]


def test_who_is_slower_than_the_limit_never_waits() -> None:
    assert begun(RateLimit(requests=30), 50, work=3 * SECOND) == [number * 3 * SECOND for number in range(50)]


def test_a_bucket_left_alone_fills_up_to_its_brim_and_no_further() -> None:
    bucket = Bucket(10)
    bucket.draw(10, 0)
    assert bucket.ready(10) == 10
    bucket.draw(10, 1000)
    assert (bucket.ready(1), bucket.ready(10)) == (1001, 1010)


def test_what_is_more_than_the_bucket_holds_waits_until_it_is_full_and_is_made_up_for_after() -> None:
    bucket = Bucket(10)
    bucket.draw(25, 0)
    assert bucket.ready(25) == 25
    assert bucket.ready(1) == 16


def test_the_mean_of_tokens_is_that_of_a_lognormal() -> None:
    limit, luck, count = RateLimit(tokens=1000, item_tokens=500, item_sigma=0.5), Chance(7).keyed("tokens"), 5000
    mean = 500 * math.exp(0.125)
    drawn = [limit.tokens_of(item, 0, luck) for item in range(count)]
    assert fmean(drawn) == pytest.approx(mean, abs=band(mean * math.sqrt(math.exp(0.25) - 1), count))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 100), st.lists(st.tuples(st.integers(0, 100), st.integers(0, 300)), max_size=30))
def test_no_window_of_time_sees_more_than_the_brim_and_what_is_refilled_in_it(brim: int, draughts: list[tuple[int, int]]) -> None:
    bucket, now, drawn = Bucket(brim), 0, list[tuple[int, int]]()
    for draught, wait in draughts:
        # What is more than the bucket holds is let through, and made up for.
        draught = min(draught, brim)
        now = max(now + wait, bucket.ready(draught))
        bucket.draw(draught, now)
        drawn.append((now, draught))
    for first, (start, _) in enumerate(drawn):
        for last in range(first, len(drawn)):
            assert sum(each for _, each in drawn[first : last + 1]) <= brim + drawn[last][0] - start


def test_a_limit_of_nothing_is_refused() -> None:
    assert "say one of them" in complaint(AnyAvailability, {"kind": "rate-limit"})
