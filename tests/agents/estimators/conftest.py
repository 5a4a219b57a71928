"""Small products of matrices take a hundred times as long in several threads, and runs have one."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="package", autouse=True)
def alone() -> Iterator[None]:
    with threadpool_limits(1):
        yield
