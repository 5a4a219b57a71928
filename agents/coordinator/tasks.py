"""The tasks that people have."""

from collections.abc import Iterator

from agents.coordinator.heard import Key
from agents.coordinator.request import Request
from agents.coordinator.task import Task
from agents.messages import Item
from agents.state import State


class Tasks(dict[Key, Task]):
    """Tasks by annotator, item and attempt, in the order of assignment."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}

    def add(self, task: Task) -> None:
        """Take in a task that somebody was given."""
        self[task.name, task.item, task.attempt] = task
        self._counts[task.name] = self._counts.get(task.name, 0) + 1

    def remove(self, task: Task) -> bool:
        """Strike out a task, and return whether its annotator has none any more."""
        del self[task.name, task.item, task.attempt]
        left = self._counts[task.name] - 1
        if left:
            self._counts[task.name] = left
            return False
        del self._counts[task.name]
        return True

    def has(self, task: Task) -> bool:
        """Return whether a task is there still."""
        return self.get((task.name, task.item, task.attempt)) is task

    def count(self, name: str) -> int:
        """Return how many tasks somebody has."""
        return self._counts.get(name, 0)

    def of_person(self, name: str) -> list[Task]:
        """Return the tasks that somebody has."""
        return [task for task in self.values() if task.name == name] if name in self._counts else []

    def let_go(self, item: Item) -> None:
        """Forget who asked for the tasks of an item: they go on, and wait for a policy that begins anew."""
        for task in self.values():
            if task.item == item:
                task.request = None

    def take_up(self, request: Request) -> None:
        """Let a request have the tasks that are under way for its item and round, and which nobody else asked for."""
        for task in self.unclaimed(request.item):
            if task.turn == request.turn:
                task.request = request
                request.take_up(task.name)

    def unclaimed(self, item: Item) -> list[Task]:
        """Return the live tasks of an item that no request waits for."""
        return [task for task in self.values() if task.request is None and task.live and task.item == item]

    def of(self, request: Request) -> list[Task]:
        """Return the live tasks that a request asked for, in the order of assignment."""
        # Of each person the last that they were given of the item: to look through all tasks would take longer, the more there are.
        last = (self.get((name, request.item, request.times(name) - 1)) for name in request.under_way)
        return sorted((task for task in last if task is not None and task.request is request and task.live), key=_number)

    def read(self, state: State) -> Iterator[Task]:
        """Take over the tasks that the log tells of, and yield them in the order of assignment."""
        had = [known for person in state.people.values() for known in person.tasks]
        for known in sorted(had, key=lambda each: each.seq):
            task = Task(known.annotator, known.item, None, known.attempt, known.price, known.seq, known.due, known.view)
            task.live = known.live
            self.add(task)
            yield task


def _number(task: Task) -> int:
    return task.seq
