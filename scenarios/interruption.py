"""Runs that end before their time, by Ctrl-C, by `kill` or on a full disk: at a moment at which their log is whole."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from bus.journal import LineWriter
from scenarios.summary import Summary


class Terminated(KeyboardInterrupt):
    """The process was asked to end, as `kill` asks it."""

    terminated = True


class Interrupted(KeyboardInterrupt):
    """A run was broken off; its log has no footer, and can be resumed.

    Attributes:
        log: its log; None if it wrote none.
        summary: what the run amounts to so far; None if it had not begun.
        repeating: whether it still repeated what its log holds.
        terminated: whether it was `kill` that ended it, and not Ctrl-C.
    """

    def __init__(self, log: str | None, summary: Summary | None, repeating: bool, terminated: bool) -> None:
        super().__init__("interrupted")
        self.log = log
        self.summary = summary
        self.repeating = repeating
        self.terminated = terminated


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


@contextmanager
def terminable() -> Iterator[None]:
    """Let `kill` end what is done here as Ctrl-C does, unless somebody else has seen to it."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


class Breaker:
    """Breaks a run off between two steps of its loop, silence first. To be made in the task that is to be cancelled.

    asyncio's own handler of Ctrl-C cancels in the middle of things: agents that are stopped later than others would go on
    recording, in an order that the run never had, and it could not be resumed.

    Args:
        fall_silent: called before anything is cancelled.

    Attributes:
        terminated: whether `kill` has broken the run off.
    """

    def __init__(self, fall_silent: Callable[[], None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._loop = asyncio.get_running_loop()
        self._fall_silent = fall_silent
        self.terminated = False

    def break_off(self) -> None:
        """Cancel the task when the present step is over, unless it has ended."""
        if not self._task.done():
            self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._fall_silent()
        self._task.cancel()

    @contextmanager
    def heeding_signals(self) -> Iterator[None]:
        """Let Ctrl-C break the run off, and `kill` where it is to be heeded; a second one interrupts at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kill = [signal.SIGTERM] if signal.getsignal(signal.SIGTERM) is _terminate else []
        before = {number: signal.signal(number, self._heed) for number in [signal.SIGINT, *kill]}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heed(self, number: int, frame: FrameType | None) -> None:
        self.terminated = number == signal.SIGTERM
        for each in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(each) == self._heed:
                signal.signal(each, self._end_at_once)
        self.break_off()

    def _end_at_once(self, number: int, frame: FrameType | None) -> None:
        self._fall_silent()
        # Whichever task it is that the interrupt goes through, nobody will ask what became of it.
        self._loop.set_exception_handler(lambda loop, context: None)
        raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


class Fuse:
    """Hands lines on until that fails, and then breaks the run off: whatever agents make of errors, they never meet this one.

    Args:
        writer: where the lines go.

    Attributes:
        breaker: what breaks the run off; None before it runs.
        failure: what went wrong; None so far.
    """

    def __init__(self, writer: LineWriter) -> None:
        self._writer = writer
        self.breaker: Breaker | None = None
        self.failure: Exception | None = None

    def write(self, lines: list[bytes]) -> None:
        """Hand on the next lines; once that has failed, forget them."""
        if self.failure is None:
            self._attempt(lambda: self._writer.write(lines))

    def close(self) -> None:
        """Close the writer."""
        self._attempt(self._writer.close)

    def check(self) -> None:
        """Raise what went wrong, if something did."""
        if self.failure is not None:
            raise self.failure

    def _attempt(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except Exception as failure:
            if self.failure is None:
                self.failure = failure
                if self.breaker is not None:
                    self.breaker.break_off()
