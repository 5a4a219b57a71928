"""The tasks that people have, by their names."""

from collections.abc import Iterator

from agents.coordinator.request import Request
from agents.coordinator.task import Task
from agents.messages import Item
from agents.state import State


class Tasks(dict[str, Task]):
    """One task for each annotator who has one, in the order of assignment."""

    def let_go(self, item: Item) -> None:
        """Forget who asked for the tasks of an item: they go on, and wait for a policy that begins anew."""
        for task in self.values():
            if task.item == item:
                task.request = None

    def take_up(self, request: Request) -> None:
        """Let a request have the tasks that are under way for its item, and which nobody else asked for."""
        for name, task in self.unclaimed(request.item):
            task.request = request
            request.under_way.add(name)

    def unclaimed(self, item: Item) -> list[tuple[str, Task]]:
        """Return the live tasks of an item that no request waits for, with those who have them."""
        return [(name, task) for name, task in self.items() if task.request is None and task.live and task.item == item]

    def of(self, request: Request) -> list[str]:
        """Return those who have a live task that a request asked for."""
        return [name for name, task in self.items() if task.request is request and task.live]

    def read(self, state: State) -> Iterator[tuple[str, Task]]:
        """Take over the tasks that the log tells of, and yield each with who has it, in the order in which leases end."""
        had = [(name, person.task) for name, person in state.people.items() if person.task is not None]
        for name, known in sorted(had, key=lambda each: each[1].seq):
            self[name] = task = Task(known.item, None, known.attempt, known.price, known.seq, known.due)
            task.live = known.live
            yield name, task
