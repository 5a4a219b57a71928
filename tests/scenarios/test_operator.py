"""The operator's log goes to stderr, whichever that is."""

import io
import sys

import pytest
import structlog

from scenarios import operator


def test_a_warning_goes_to_the_stderr_of_its_time_though_an_earlier_one_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = structlog.get_config()
    first, second = io.StringIO(), io.StringIO()
    try:
        monkeypatch.setattr(sys, "stderr", first)
        operator.configure(0)
        structlog.get_logger().warning("one")
        first_said = first.getvalue()
        first.close()
        monkeypatch.setattr(sys, "stderr", second)
        structlog.get_logger().warning("two")
    finally:
        structlog.configure(**before)
    assert "one" in first_said
    assert "two" in second.getvalue()
