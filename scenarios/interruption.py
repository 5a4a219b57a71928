"""Ctrl-C, taken at a moment at which the log is whole."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def breaking_off(fall_silent: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C cancel the present task between two steps of the loop, silence first; a second one interrupts at once.

    asyncio's own handler cancels in the middle of things: agents that are stopped later than others would go on recording, in an
    order that the run never had, and it could not be resumed.

    Args:
        fall_silent: called before anything is cancelled.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop() -> None:
        fall_silent()
        task.cancel()

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, second)
        loop.call_soon_threadsafe(stop)

    def second(number: int, frame: FrameType | None) -> None:
        fall_silent()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
