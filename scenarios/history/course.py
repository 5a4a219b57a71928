"""The course of a campaign, as its log tells it: events in turn, and the state that they come to."""

from collections.abc import Callable, Iterator

from agents.state import State
from agents.vocabulary import vocabulary
from bus.replay import START, CorruptLog, LogReader, Mark
from bus.upcasting import Json, event_upcaster

LAST_TIME = 2**62
"""The latest instant that a log may tell of, in microseconds: some 146,000 years."""

NONSENSE = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What comes of an event that does not hold what its kind holds, right as its checksum may be."""

NOW_AND_THEN = 50_000
"""Events between two reports of how far a log has been read."""


class Course:
    """A log that is read from a mark on, and the state after the events that were taken from it.

    Args:
        reader: the log.
        state: the state at the mark; left out, that of a campaign that has not begun.
        mark: where reading starts.

    Attributes:
        reader, state: see there.
        line: the line of the event that was yielded last.
        over: whether the end of the log has been read, so that its reader knows of a footer and a torn last line.
    """

    def __init__(self, reader: LogReader, state: State | None = None, mark: Mark = START) -> None:
        self.reader = reader
        self.state = State() if state is None else state
        self.line = b""
        self.over = False
        self._start = mark
        self._offset = mark.offset
        self._above = mark.number
        self._done = b""
        self._vocabulary = vocabulary()

    @property
    def mark(self) -> Mark:
        """The place above the event that was yielded last, or below all, when there were no more."""
        return Mark(self._offset, self._above, int(self._done[-11:-3], 16) if self._done else self._start.chain)

    @property
    def number(self) -> int:
        """The number of the line of the event that was yielded last."""
        return self._above + 1

    def events(self, until: int | None = None) -> Iterator[Json]:
        """Yield the events from here on, in turn; each is to be taken before the next is asked for.

        Args:
            until: the instant, in microseconds, after which there are no more; None for all.

        Raises:
            CorruptLog: the log is damaged, its time goes back, or an event has another number than its turn or is not whole.
        """
        reader, latest = self.reader, self.state.time
        parse, upcast, known = reader.parse, event_upcaster(reader.version), self._vocabulary
        for line in reader.lines(self.mark):
            if line.startswith(b'{"seq":'):
                event = parse(self._above + 1, line)
                if upcast is not None:
                    event = upcast(event)
                time = event.get("t")
                if type(time) is not int or not latest <= time <= LAST_TIME or event["seq"] != self._above:
                    raise self._out_of_turn(event, latest)
                try:
                    fits = known[event["kind"]](event)
                except (KeyError, TypeError):
                    fits = False
                if not fits:
                    raise CorruptLog(reader.path, self.number, f"this {_kind(event)} is not whole: {known.complaint(event)}")
                if until is not None and time > until:
                    return
                latest, self.line = time, line
                yield event
            elif self._above:
                # The mark stays above the footer, so that who goes on from there sees that the run is finished.
                continue
            self._offset += len(line)
            self._above += 1
            self._done = line
        self.over = True

    def take(self, event: Json) -> None:
        """Apply an event to the state.

        Raises:
            CorruptLog: it does not hold what an event of its kind holds, or does not fit what came before it.
        """
        try:
            self.state.apply(event)
        except NONSENSE as error:
            raise self.misfit(event, error) from None

    def go_to(self, time: int | None) -> None:
        """Take all events up to an instant (in microseconds, included), or to the end of the log."""
        take = self.take
        for event in self.events(time):
            take(event)

    def follow(self, note: Callable[[Json], None], watch: Callable[[int], None]) -> None:
        """Take all events that are left, letting `note` see each of them first.

        Args:
            note: called with each event, while the state is that before it.
            watch: called now and then with how many bytes of the log have been read.

        Raises:
            CorruptLog: the log is damaged, or nothing can be made of an event.
        """
        for count, event in enumerate(self.events()):
            try:
                note(event)
                self.state.apply(event)
            except NONSENSE as error:
                raise self.misfit(event, error) from None
            if count % NOW_AND_THEN == 0:
                watch(self.mark.offset)

    def misfit(self, event: Json, error: Exception) -> CorruptLog:
        """Return the complaint about an event of which nothing can be made."""
        reason = f"this {_kind(event)} is not whole, or does not fit what came before it"
        return CorruptLog(self.reader.path, self.number, f"{reason} ({type(error).__name__}: {str(error)[:100]})")

    def _out_of_turn(self, event: Json, latest: int) -> CorruptLog:
        seq, time = repr(event["seq"])[:30], repr(event.get("t"))[:30]
        if event["seq"] != self._above:
            reason = f"the seq of this event is {seq}, where {self._above} is in turn"
        else:
            reason = f"the t of this event is {time}; it must be a whole number, {latest} (the last event's) to {LAST_TIME}"
        return CorruptLog(self.reader.path, self.number, reason)


def _kind(event: Json) -> str:
    kind = event.get("kind")
    return kind[:50] if isinstance(kind, str) else "event"
