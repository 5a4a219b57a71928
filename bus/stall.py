"""What is said when simulated time cannot go on: who waits for what, who spins."""

import asyncio
from collections.abc import Iterable
from pathlib import PurePath
from types import FrameType
from typing import Any


class Stalled(RuntimeError):
    """Nothing is ready and no timer is set, yet the run is not over: a deadlock.

    Attributes:
        time: simulated seconds.
        waiting: a line for each task, in order of birth: its name, and where it waits for what.
    """

    def __init__(self, time: float, waiting: list[str]) -> None:
        self.time = time
        self.waiting = waiting
        who = "\n".join(f"  {line}" for line in waiting) or "  no task is left, and none has ended the run"
        super().__init__(f"stalled at {time:.6f} s of simulated time: nothing is due, and everybody waits\n{who}")


class Spinning(RuntimeError):
    """So much ran at one instant that time will not go on by itself.

    Attributes:
        time: simulated seconds.
        running: names of the tasks that were about to run again.
    """

    def __init__(self, time: float, limit: int, running: list[str]) -> None:
        self.time = time
        self.running = running
        who = ", ".join(running) or "plain callbacks"
        super().__init__(f"spinning at {time:.6f} s of simulated time: over {limit} callbacks ran at this instant, now {who}")


class StepLimitReached(RuntimeError):
    """The run took more callbacks than it was allowed."""

    def __init__(self, time: float, limit: float) -> None:
        self.time = time
        super().__init__(f"stopped at {time:.6f} s of simulated time: the limit of {limit:.0f} callbacks is reached")


def waiting_tasks(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Return a line for each unfinished task of `loop`, oldest first."""
    return [f"{task.get_name()} waits in {_place(task)}" for task in sorted(asyncio.all_tasks(loop), key=hash)]


def ready_tasks(handles: Iterable[asyncio.Handle]) -> list[str]:
    """Return the names of the first tasks whose next step stands in `handles`."""
    owners = (getattr(handle._callback, "__self__", None) for handle in handles)  # type: ignore[attr-defined]
    return [owner.get_name() for owner in owners if isinstance(owner, asyncio.Task)][:5]


def _place(task: asyncio.Task[Any]) -> str:
    coroutine: Any = task.get_coro()
    frame: FrameType | None = None
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None) or frame
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)
    if frame is None:
        return "no frame: it has not begun"
    code = frame.f_code
    return f"{code.co_qualname}{_owner(frame)} ({PurePath(code.co_filename).name}:{frame.f_lineno})"


def _owner(frame: FrameType) -> str:
    """Describe what the waiting method belongs to, where that has something of its own to say."""
    owner = frame.f_locals.get("self")
    if owner is None or type(owner).__repr__ is object.__repr__:  # type: ignore[comparison-overlap]
        return ""
    text = repr(owner)
    return f" of {text if len(text) <= 80 else text[:77] + '...'}"
