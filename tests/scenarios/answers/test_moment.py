"""Moments, as files write them."""

import pytest

from scenarios.answers.moment import Kind, Moment, parse_moment


@pytest.mark.parametrize(
    ("text", "seconds", "kind"),
    [
        ("0", 0.0, Kind.NUMBER),
        ("12.5", 12.5, Kind.NUMBER),
        ("1700000000", 1.7e9, Kind.NUMBER),
        ("1970-01-01T00:01:00", 60.0, Kind.LOCAL),
        ("1970-01-01 00:01:00.25", 60.25, Kind.LOCAL),
        ("1970-01-02", 86400.0, Kind.LOCAL),
        ("1970-01-01T01:01:00+01:00", 60.0, Kind.UNIVERSAL),
        ("1969-12-31T23:59:59Z", -1.0, Kind.UNIVERSAL),
    ],
)
def test_seconds_and_dates_with_times_are_moments(text: str, seconds: float, kind: Kind) -> None:
    assert parse_moment(text) == (seconds, kind)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-1", r"^is -1; times are 0 to 1e\+11 seconds$"),
        ("nan", "^is nan; times are"),
        ("inf", r"^is inf; times are 0 to 1e\+11 seconds$"),
        ("1e999", "^is inf"),
        ("1700000000000", r"\(are these milliseconds\?\)$"),
        ("yesterday", "^is 'yesterday'; write seconds, or a date and time such as"),
        ("2024-13-01T00:00:00", "^is '2024-13-01T00:00:00'"),
        ("0001-01-01T00:00:00+23:59", None),
        ("x" * 1000, r"^is 'x{37}\.\.\.'; write"),
    ],
)
def test_what_is_no_moment_is_refused(text: str, message: str | None) -> None:
    if message is None:
        assert parse_moment(text).kind is Kind.UNIVERSAL
    else:
        with pytest.raises(ValueError, match=message):
            parse_moment(text)


def test_a_moment_before_another_is_of_its_kind() -> None:
    assert Moment(10.0, Kind.LOCAL).before(4.0) == Moment(6.0, Kind.LOCAL)
