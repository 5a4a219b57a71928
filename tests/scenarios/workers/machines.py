"""A cluster of Dask on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from distributed import LocalCluster


@contextmanager
def machines(workers: int, threads: int = 1, processes: bool = False) -> Iterator[Any]:
    """Start a real scheduler and workers that talk to it over TCP: threads of this process, or processes of their own."""
    with LocalCluster(
        n_workers=workers, threads_per_worker=threads, processes=processes, dashboard_address=":0", protocol="tcp://"
    ) as cluster:
        yield cluster
