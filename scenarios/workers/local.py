"""Workers on this machine: this process, or several of joblib's."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from contextlib import contextmanager
from itertools import islice
from queue import Empty
from typing import Any

from scenarios.workers.forks import FORKING, ForkContext, begin_worker, prepare_forks
from scenarios.workers.work import Result, Task, Work


class Local:
    """Has work done on this machine.

    Args:
        jobs: processes; 1 for this one, -1 for as many as there are cores.
    """

    def __init__(self, jobs: int = 1) -> None:
        from joblib import effective_n_jobs

        self.count: int = effective_n_jobs(jobs)
        if self.count > 1:
            prepare_forks()

    def finished(self, work: Work[Task, Result], tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """Yield what came of tasks as soon as it is there; see `Workers`.

        Where a process ends under its task, as when memory runs out, those that were under way are done again one at a time.
        """
        if self.count == 1:
            for number, task in enumerate(tasks):
                yield number, work(task)
            return
        waiting = enumerate(tasks)
        while lost := (yield from self._until_lost(work, waiting, self.count)):
            for number, task in lost:
                if (yield from self._until_lost(work, iter([(number, task)]), 1)):
                    yield number, work.lost(task)

    def _until_lost(
        self, work: Work[Task, Result], waiting: Iterator[tuple[int, Task]], count: int
    ) -> Generator[tuple[int, Result], None, list[tuple[int, Task]]]:
        """Yield what came of tasks until a process is lost; return the tasks under way then, in their order, or none at the end."""
        flying: dict[Any, tuple[int, Task]] = {}
        # One more for each process, so that none has to wait for the next.
        most = 2 * count
        with _processes(count) as executor:
            while True:
                for each in islice(waiting, most - len(flying)):
                    try:
                        flying[executor.submit(work, each[1])] = each
                    except BrokenExecutor:
                        return sorted([*flying.values(), each], key=lambda task: task[0])
                if not flying:
                    return []
                done = wait(flying, return_when=FIRST_COMPLETED).done
                broken = [future for future in done if isinstance(future.exception(), BrokenExecutor)]
                for future in done.difference(broken):
                    result = future.result()
                    yield flying.pop(future)[0], result
                if broken:
                    return sorted(flying.values(), key=lambda task: task[0])


@contextmanager
def _processes(count: int) -> Iterator[Any]:
    from joblib.externals.loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(count, context=ForkContext() if FORKING else None, initializer=begin_worker)
    try:
        yield executor
    finally:
        _forget_unbegun(executor)
        executor.shutdown(wait=True, kill_workers=True)


def _forget_unbegun(executor: Any) -> None:
    """Forget the tasks that were just handed over: joblib's thread would look for them in vain, and say so on stderr."""
    try:
        while True:
            executor._work_ids.get(block=False)
    except Empty:
        pass
