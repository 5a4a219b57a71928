"""Reading a log from its start to its end, for who makes something else of it."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from agents.event import Event
from agents.state import State
from bus.replay import LogReader
from scenarios.history.course import NONSENSE, Course

T = TypeVar("T")

Progress = Callable[[int], None]
"""Called now and then with how many bytes of the log have been read."""

_NOW_AND_THEN = 20_000


def unwatched(read: int) -> None:
    """Tell nobody."""


class Taker(Protocol[T]):
    """Takes events one after the other, with a state of its own to which it applies them, and makes something of them."""

    state: State
    ready: list[T]
    """What has been made and not been fetched."""

    def take(self, event: Event) -> None:
        """Take the next event."""

    def finish(self) -> None:
        """Make what can be made only when there are no more events."""


def read_through(reader: LogReader, taker: Taker[T], progress: Progress) -> Iterator[T]:
    """Give a log's events to `taker`, and yield what it makes of them.

    Raises:
        CorruptLog: the log is damaged, or an event does not hold what an event of its kind holds.
    """
    course = Course(reader, taker.state)
    take, ready, count = taker.take, taker.ready, 0
    for count, event in enumerate(course.events(), 1):
        try:
            take(event)
        except NONSENSE as error:
            raise course.misfit(event, error) from None
        if ready:
            yield from ready
            ready.clear()
        if count % _NOW_AND_THEN == 0:
            progress(course.mark.offset)
    taker.finish()
    yield from ready
