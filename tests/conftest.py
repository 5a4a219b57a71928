"""Async tests run in simulated time, and all on one thread; examples are drawn alike each time, unless somebody wants others."""

import asyncio
import os
from collections.abc import Callable, Mapping

import pytest
from hypothesis import settings

from bus.clock import VirtualLoop

settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")

# NumPy, which reads it when it is first imported, is not yet: for small models several threads cost several times as much.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}
