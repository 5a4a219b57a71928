"""Workers on many machines: a cluster of Dask."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

from scenarios.errors import BadInput
from scenarios.versions import versions_now
from scenarios.workers.work import Result, Task, Work

ANSWERING, WORKING = 10.0, 60.0
"""Seconds in which the scheduler is to answer, and for which nobody may be there to work before that is given up."""

_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^\s:/]+:\d{1,5}|(tcp|tls)://\[[0-9a-fA-F:]+\]:\d{1,5}")
LOOKING = 5.0
"""Seconds after which it is seen whether anybody is still there."""


class Cluster:
    """Has work done on a cluster.

    Args:
        client: of `distributed`.
        address: of the scheduler, for messages.
        patience: seconds for which nobody may be there to work.
        looking: seconds after which that is seen.
    """

    def __init__(self, client: Any, address: str, patience: float = WORKING, looking: float = LOOKING) -> None:
        self._client = client
        self._address = address
        self._patience = patience
        self._looking = looking
        self._idle = 0.0

    def finished(self, work: Work[Task, Result], tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """Yield what came of tasks as soon as it is there; see `Workers`.

        What a worker was at that is lost is done by another; where three are lost at the same task, that is given up.

        Raises:
            BadInput: the scheduler is gone, or nobody works there any more.
        """
        waiting = enumerate(tasks)
        flying: dict[Any, tuple[int, Task]] = {}
        try:
            while True:
                for each in islice(waiting, max(0, 2 * self._threads() - len(flying), 4 - len(flying))):
                    flying[self._client.submit(work, each[1], pure=False)] = each
                if not flying:
                    return
                for future in self._done(flying):
                    yield from self._result(future, work, flying)
        finally:
            # Where there is no scheduler any more, nothing is under way either.
            with suppress(OSError):
                self._client.cancel([*flying], force=True)

    def _result(self, future: Any, work: Work[Task, Result], flying: dict[Any, tuple[int, Task]]) -> Iterator[tuple[int, Result]]:
        """Yield what came of a task that is done, unless it was lost with its worker, and is to be done again."""
        from distributed import KilledWorker
        from distributed import TimeoutError as NotYet

        try:
            result: Result = future.result(timeout=self._looking)
        except NotYet:
            self._look()
            return
        except KilledWorker:
            number, task = flying.pop(future)
            yield number, work.lost(task)
            return
        except OSError:
            # Work tells of its own errors in what it returns: this one is of the way there.
            raise self._gone() from None
        yield flying.pop(future)[0], result

    def _done(self, flying: Iterable[Any]) -> Iterable[Any]:
        """Wait until tasks are done."""
        from distributed import TimeoutError as NotYet
        from distributed import wait

        while True:
            try:
                with self._client.as_current():
                    done: set[Any] = wait([*flying], timeout=self._looking, return_when="FIRST_COMPLETED").done  # type: ignore[no-untyped-call]
            except NotYet:
                done = set()
            if any(future.cancelled() for future in flying) or self._client.status != "running":
                raise self._gone()
            if done:
                return done
            self._look()

    def _look(self) -> None:
        """See whether anybody is still there."""
        self._idle = 0.0 if self._threads() else self._idle + self._looking
        if self._idle >= self._patience:
            raise BadInput(f"--cluster {self._address}: nobody works there any more; start workers, and go on by --resume")

    def _threads(self) -> int:
        """Return how many tasks are done at a time."""
        try:
            return int(sum(self._client.nthreads().values()))
        except OSError:
            raise self._gone() from None

    def _gone(self) -> BadInput:
        return BadInput(
            f"--cluster {self._address}: the scheduler is gone; what is finished stays, and --resume goes on from there"
        )


@contextmanager
def cluster_at(address: str, answering: float = ANSWERING) -> Iterator[Cluster]:
    """Have the workers of a cluster at hand.

    Args:
        address: of its scheduler, such as `tcp://127.0.0.1:8786`.
        answering: seconds in which somebody is to answer.

    Raises:
        BadInput: Dask is not installed, nobody answers, nobody works there, or a worker has other versions than this machine.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BadInput(
            "--cluster: Dask is not installed; `pip install --editable '.[cluster]'` in Parley's folder installs it"
        ) from None
    if not _ADDRESS.fullmatch(address):
        raise BadInput(f"--cluster {address}: this is no address of a scheduler; one is such as tcp://127.0.0.1:8786")
    with _quiet():
        try:
            client = Client(address, timeout=answering, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            why = " ".join(str(error).split())[:200]
            raise BadInput(
                f"--cluster {address}: nobody answers there ({why}); start a scheduler by `dask scheduler`, which says its address"
            ) from None
        with client:
            _refuse_unfit(client, address, answering)
            yield Cluster(client, address)


def _refuse_unfit(client: Any, address: str, answering: float) -> None:
    """Refuse a cluster on which runs would not be what they are here."""
    try:
        client.wait_for_workers(1, timeout=answering)
    except Exception:
        raise BadInput(f"--cluster {address}: nobody works there; start workers by `dask worker {address} --nthreads 1`") from None
    ours = versions_now()
    for worker, theirs in client.run(versions_now, on_error="return").items():
        if isinstance(theirs, Exception):
            raise BadInput(f"--cluster {address}: the worker at {worker} has no Parley that works ({theirs}); install it there")
        for package, version in ours.items():
            if theirs[package] != version:
                raise BadInput(
                    f"--cluster {address}: the worker at {worker} has {package} {theirs[package]}, and it is {version} here: "
                    "runs would differ by who made them; install the same versions"
                )


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Dask say nothing of its own: what people need to know of it, we say."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
