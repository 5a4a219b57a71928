"""Async tests run in simulated time, and examples are drawn alike each time unless somebody wants others."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from hypothesis import settings

from bus.clock import VirtualLoop

settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}
