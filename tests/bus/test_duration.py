"""Durations, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bus.duration import Duration, format_duration, format_time, parse_duration
from tests.agents.samples import complaint


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90.0),
        ("2h30m", 9000.0),
        ("3d", 259200.0),
        ("1h 30m", 5400.0),
        (" 1w ", 604800.0),
        ("1.5m", 90.0),
        ("250ms", 0.25),
        ("7us", 7e-6),
        ("0s", 0.0),
        ("1d2h3m4s", 93784.0),
    ],
)
def test_a_duration_may_be_text(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds, rel=1e-12)
    assert TypeAdapter(Duration).validate_python(text) == pytest.approx(seconds, rel=1e-12)


@pytest.mark.parametrize("number", [0, 90, 2.5])
def test_a_duration_may_be_a_number_of_seconds(number):
    assert TypeAdapter(Duration).validate_python(number) == number


@pytest.mark.parametrize("text", ["", "  ", "soon", "90", "-5s", "5 parsecs", "2h30", "s", "1h,30m", "1e3s"])
def test_text_that_is_no_duration_is_refused_with_examples(text):
    message = complaint(Duration, text)
    assert repr(text) in message
    assert '"2h30m"' in message


@pytest.mark.parametrize("number", [-1, -0.001, float("inf"), float("nan"), 1e12, "9999999d", None])
def test_a_duration_is_neither_negative_nor_endless(number):
    complaint(Duration, number)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.25, "0.25s"), (25, "25s"), (90, "1m 30s"), (3600, "1h"), (93784, "1d 2h"), (86405, "1d 5s"), (864000, "10d")],
)
def test_a_duration_is_shown_in_its_two_largest_units(seconds, text):
    assert format_duration(seconds) == text
    assert format_time(round(seconds * 1_000_000)) == text


@given(st.integers(60, 10**8))
def test_a_shown_duration_is_read_as_itself_to_within_its_smaller_unit(seconds):
    text = format_duration(seconds)
    smallest = {"d": 86400, "h": 3600, "m": 60, "s": 1}[text[-1]]
    largest = {"d": 86400, "h": 3600, "m": 60, "s": 1}[text.split()[0][-1]]
    assert 0 <= seconds - parse_duration(text) < max(smallest, largest)
