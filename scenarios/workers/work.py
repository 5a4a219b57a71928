"""What workers do: a piece of work for each of many tasks; and who has them done."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
TaskIn = TypeVar("TaskIn", contravariant=True)
ResultOut = TypeVar("ResultOut", covariant=True)


class Work(Protocol[TaskIn, ResultOut]):
    """What is done with a task: something small, for it travels with each of them."""

    def __call__(self, task: TaskIn, /) -> ResultOut:
        """Do it, in whatever process this is; what goes wrong is part of the result."""

    def lost(self, task: TaskIn, /) -> ResultOut:
        """Return what there is to say of a task whose process ended under it, alone as it was the last time."""


class Workers(Protocol):
    """Who has work done."""

    def finished(self, work: Work[Task, Result], tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """Yield the number of each task, from 0, and what came of it, as soon as it is there, in whatever order.

        Few tasks are taken from the iterable before they can be begun, however many there are. Who lets go of the iterator ends
        what is under way.
        """


def in_order(finished: Iterable[tuple[int, Result]]) -> Iterator[Result]:
    """Yield results in the order of their numbers, each as soon as all before it are there."""
    waiting: dict[int, Result] = {}
    following = 0
    for number, result in finished:
        waiting[number] = result
        while following in waiting:
            yield waiting.pop(following)
            following += 1
