"""The watch over tasks: whose lease has ended, and of whom nothing is heard."""

from collections.abc import Iterator
from heapq import heappop, heappush

from agents.coordinator.task import Task, Terms
from agents.coordinator.tasks import Tasks
from bus.clock import VirtualLoop
from bus.mailbox import Mailbox


class Watch:
    """Calls the coordinator when a task wants looking after.

    Args:
        loop: the clock.
        inbox: the coordinator's, to be nudged.
        tasks: the tasks that people have.
        terms: on what terms they work.
    """

    def __init__(self, loop: VirtualLoop, inbox: Mailbox, tasks: Tasks, terms: Terms) -> None:
        self.is_due = False
        """Whether something wants looking after."""
        self._loop, self._inbox, self._tasks = loop, inbox, tasks
        self._retry, self._tries = terms.retry, terms.tries
        self._leases: list[tuple[int, int, Task]] = []
        self._watched: int | None = None
        self._silent: list[Task] = []
        self._overdue: list[tuple[str, int]] = []

    def add(self, task: Task) -> None:
        """Watch over a task that somebody has been given. Leases that end together end in order of assignment."""
        if task.due is not None and task.live:
            heappush(self._leases, (task.due, task.seq, task))
            self._watch_leases()
        if self._retry is not None:
            self.listen(task)

    def listen(self, task: Task) -> None:
        """Call when nothing is heard of a task: after each reminder, when twice as much time has passed."""
        assert self._retry is not None
        self._loop.call_at_instant(self._loop.now + (self._retry << task.silent), self._miss, task)

    def ended_leases(self) -> Iterator[Task]:
        """Yield the live tasks whose leases have ended."""
        self.is_due = False
        while self._leases and (self._leases[0][0] < self._loop.now or not self._leases[0][2].live):
            task = heappop(self._leases)[2]
            if task.live:
                yield task
        self._watch_leases()

    def silent(self) -> Iterator[Task]:
        """Yield the tasks of which nothing was heard for too long."""
        missed, self._silent = self._silent, []
        for task in missed:
            if self._tasks.has(task):
                yield task

    def expect(self, name: str, number: int, until: int) -> None:
        """Call when somebody who went away is not back, nor has been heard of, for as long as one who is silent is reminded.

        Args:
            name: the annotator.
            number: of their going.
            until: when they said that they would be back, in microseconds.
        """
        if self._retry is not None:
            patience = self._retry * ((2 << self._tries) - 1)
            self._loop.call_at_instant(max(until, self._loop.now) + patience, self._wonder, name, number)

    def overdue(self) -> Iterator[tuple[str, int]]:
        """Yield those who were to be back long ago, with the number of their going."""
        expected, self._overdue = self._overdue, []
        yield from expected

    def _wonder(self, name: str, number: int) -> None:
        self._overdue.append((name, number))
        self.call()

    def _watch_leases(self) -> None:
        if self._leases and (self._watched is None or self._leases[0][0] < self._watched):
            self._watched = self._leases[0][0]
            # An answer that comes at the very end of its lease is in time.
            self._loop.call_at_instant(self._watched + 1, self._end_lease)

    def _end_lease(self) -> None:
        self._watched = None
        self.call()

    def _miss(self, task: Task) -> None:
        if self._tasks.has(task):
            self._silent.append(task)
            self.call()

    def call(self) -> None:
        """Have the coordinator look after what is due."""
        self.is_due = True
        self._inbox.nudge()
