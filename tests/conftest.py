"""Async tests run in simulated time."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from bus.clock import VirtualLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}
