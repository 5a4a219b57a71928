"""Playing a log back: the events that are wanted, as sentences for people, or as they stand in the log for programs."""

import json
from collections.abc import Callable, Iterator

from bus.upcasting import Json, event_upcaster
from scenarios.history.course import NONSENSE, Course
from scenarios.history.narrator import Memory, Narrator, Telling
from scenarios.history.selection import Selection

_NOW_AND_THEN = 4096


class Playback:
    """Plays a course back, from where it stands.

    Args:
        course: the course.
        memory: the events before, which causes are looked up in.
        selection: picks the events that are wanted.
        budget: what may be spent, in units of the user's currency; None for no limit.
        advance: told now and then how many more bytes of the log have been read.
    """

    def __init__(
        self,
        course: Course,
        memory: Memory,
        selection: Selection,
        budget: float | None = None,
        advance: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._course = course
        self._memory = memory
        self._narrator = Narrator(course, memory, budget)
        self._selection = selection
        self._advance = advance
        self.events = 0
        """Events that were played, whether they were wanted or not."""

    def skip(self, until: int) -> None:
        """Take all events up to an instant, in microseconds, without a word."""
        for event in self._events(until):
            try:
                self._narrator.pass_over(event)
            except NONSENSE as error:
                raise self._course.misfit(event, error) from None

    def tell(self, until: int | None) -> Iterator[Telling]:
        """Yield the events that are wanted, in words, up to an instant in microseconds, or to the end.

        Raises:
            CorruptLog: the log is damaged, or an event does not hold what its kind holds.
        """
        narrator, picks = self._narrator, self._selection.picks
        for event in self._events(until):
            self.events += 1
            try:
                if not picks(event):
                    narrator.pass_over(event)
                    continue
                telling = narrator.tell(event)
            except NONSENSE as error:
                raise self._course.misfit(event, error) from None
            yield telling

    def quote(self, until: int | None) -> Iterator[tuple[int, bytes]]:
        """Yield the events that are wanted as the present version of the log has them, each with its instant; raises as above."""
        course, memory, picks = self._course, self._memory, self._selection.picks
        as_it_stands = event_upcaster(course.reader.version) is None
        for event in self._events(until):
            self.events += 1
            try:
                picked = picks(event)
                memory.keep(event, course.line)
            except NONSENSE as error:
                raise course.misfit(event, error) from None
            if picked:
                line = course.line if as_it_stands else json.dumps(event, separators=(",", ":")).encode() + b"\n"
                yield event["t"], line

    def _events(self, until: int | None) -> Iterator[Json]:
        read = self._course.mark.offset
        for event in self._course.events(until):
            yield event
            if event["seq"] % _NOW_AND_THEN == 0:
                now = self._course.mark.offset
                self._advance(now - read)
                read = now
