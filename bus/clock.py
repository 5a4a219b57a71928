"""Simulated time: an asyncio event loop whose clock jumps instead of waiting.

Time is a whole number of microseconds. Floats would drift (ten thousand times 0.1 s is not 1000 s) and round differently from
platform to platform; integers compare, sort and print the same everywhere.
"""

import asyncio
import math
import queue
import time as wall
from asyncio import Future, Handle, TimerHandle
from asyncio.futures import _set_result_unless_cancelled as _wake_sleeper  # type: ignore[attr-defined]
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, NoReturn, TypeVar

from bus.refused import OF_REAL_TIME, refusal
from bus.stall import Spinning, Stalled, StepLimitReached, ready_tasks, waiting_tasks
from bus.task import SerialTask

T = TypeVar("T")
Entry = Future[Any] | TimerHandle

SECOND = 1_000_000
"""Microseconds in a second."""

_ENDLESS = 1e300


def microseconds(seconds: float) -> int:
    """Return a duration in seconds as whole microseconds, rounded to the nearest.

    Raises:
        ValueError: the duration is negative, infinite or not a number.
    """
    if not 0 <= seconds < _ENDLESS:
        raise ValueError(f"a delay must be finite and not negative, but it is {seconds!r} seconds")
    return int(seconds * SECOND + 0.5)


class VirtualLoop(asyncio.BaseEventLoop):
    """An asyncio event loop in simulated time.

    Callbacks that are ready run first in, first out. When none is left, the clock jumps to the next timer, and all timers of
    that instant fire in the order in which they were set. There is no selector: whatever would need one is refused by name.

    Args:
        pace: simulated seconds a real second; None runs as fast as it can.
        instant_limit: callbacks that may run at one instant before it is called a spin.
        step_limit: callbacks that may run in all; None for no limit.
    """

    _ready: deque[Handle]
    _stopping: bool
    _closed = True  # until it is made: asyncio asks even a loop whose making failed

    def __init__(self, *, pace: float | None = None, instant_limit: int = 10_000_000, step_limit: int | None = None) -> None:
        if pace is not None and not 0 < pace < math.inf:
            raise ValueError(f"the pace must be a positive number of simulated seconds a second, but it is {pace!r}")
        super().__init__()
        # A heap of the instants at which something is due, and for each what is due, in the order of setting. Comparing
        # plain integers, and keeping no serial number, is what makes it faster than a heap of (time, number, entry).
        self._instants: list[int] = []
        self._agenda: dict[int, list[Entry]] = {}
        self._crowded = 0
        self._sweep_at = 1024
        self._now = 0
        self._steps = 0
        self._instant_limit = instant_limit
        self._step_limit = math.inf if step_limit is None else step_limit
        self._births = count()
        self._pace = pace
        self._anchor: float | None = None
        self._outside: queue.SimpleQueue[Handle] = queue.SimpleQueue()
        self._spent_handle = _SpentHandle(0.0, _nothing, (), self)
        self.new_future: Callable[[], Future[Any]] = partial(Future, loop=self)
        self.set_debug(self.get_debug())

    # Time

    @property
    def now(self) -> int:
        """Simulated microseconds since the loop was made."""
        return self._now

    def time(self) -> float:
        """Simulated seconds since the loop was made."""
        return self._now / SECOND

    def timer(self, delay: int) -> Future[Any]:
        """Return a future that is done `delay` microseconds from now: the fast way to sleep.

        A timer of 0 is done when all that is ready at this instant has run, and all that this made ready.
        """
        if not 0 <= delay < _ENDLESS:
            raise ValueError(f"a timer cannot be set in the past, or to never, but its delay is {delay} microseconds")
        future = self.new_future()
        due = self._now + delay
        agenda = self._agenda
        if due in agenda:
            self._crowd(due, future)
        else:
            agenda[due] = [future]
            instants = self._instants
            heappush(instants, due)
            if len(instants) > self._sweep_at:
                self._sweep()
        return future

    def finish_at(self, due: int, future: Future[Any]) -> None:
        """Set the result of `future` to None at the instant `due` (microseconds), unless it is done before."""
        if not self._now <= due < _ENDLESS:
            raise ValueError(f"a timer cannot be set in the past, or to never: at {due} when it is {self._now} microseconds")
        self._enter(due, future)

    def call_at_instant(self, due: int, callback: Callable[..., object], *args: Any) -> TimerHandle:
        """Call `callback` at the instant `due` (microseconds); at this one, if that is past."""
        return self._call_at(max(due, self._now), callback, args, None)

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> TimerHandle:
        """Call `callback` after `delay` seconds; ValueError if that is negative, infinite or not a number."""
        return self._call_at(self._now + microseconds(delay), callback, args, context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> TimerHandle:
        """Call `callback` at `when` seconds of simulated time; ValueError if that is past, infinite or not a number."""
        due = microseconds(when)
        if due < self._now:
            raise ValueError(f"a call cannot be set in the past: at {when!r} when it is {self.time()!r} seconds")
        return self._call_at(due, callback, args, context)

    def _call_at(self, due: int, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None) -> TimerHandle:
        self._check_closed()  # type: ignore[attr-defined]
        # asyncio.sleep() asks for this callback and never cancels it before its future is done, so the future itself can
        # stand in the agenda. Should a later Python name the callback otherwise, sleeping goes on, by the slower way.
        if callback is _wake_sleeper and type(args[0]) is Future and args[1] is None:
            self._enter(due, args[0])
            return self._spent_handle
        if self.get_debug():
            self._check_thread()  # type: ignore[attr-defined]
            self._check_callback(callback, "call_at")  # type: ignore[attr-defined]
        handle = TimerHandle(due / SECOND, callback, args, self, context)
        self._enter(due, handle)
        return handle

    def _enter(self, due: int, entry: Entry) -> None:
        agenda = self._agenda
        if due in agenda:
            self._crowd(due, entry)
        else:
            agenda[due] = [entry]
            instants = self._instants
            heappush(instants, due)
            if len(instants) > self._sweep_at:
                self._sweep()

    def _crowd(self, due: int, entry: Entry) -> None:
        self._agenda[due].append(entry)
        self._crowded += 1
        if len(self._instants) + self._crowded > self._sweep_at:
            self._sweep()

    def _sweep(self) -> None:
        """Forget timers that are over: long timeouts, cancelled, would stay until their time comes.

        Done whenever the agenda has doubled it costs O(1) a timer, and nobody has to count the dead.
        """
        for due, entries in list(self._agenda.items()):
            entries[:] = [entry for entry in entries if not _is_over(entry)]
            if not entries:
                del self._agenda[due]
        self._instants[:] = self._agenda
        heapify(self._instants)
        self._crowded = 0
        self._sweep_at = 2 * sum(map(len, self._agenda.values())) + 1024

    # Running

    def _run_once(self) -> None:
        # The base class calls this until the loop is stopped; looping in here, with nothing but locals, saves calls.
        ready, instants, agenda = self._ready, self._instants, self._agenda
        instant_end = self._steps + self._instant_limit
        while True:
            waiting = len(ready)
            if not waiting:
                if self._stopping:
                    return
                if self._pace is not None and self._called_before(instants[0] if instants else self._now):
                    continue
                if not instants:
                    raise Stalled(self.time(), waiting_tasks(self))
                due = heappop(instants)
                for entry in agenda.pop(due):
                    if type(entry) is Future:
                        if not entry.done():
                            entry.set_result(None)
                    elif not entry._cancelled:  # type: ignore[union-attr]
                        ready.append(entry)  # type: ignore[arg-type]
                # Time does not move for a timer that was cancelled.
                if ready and due > self._now:
                    self._now = due
                    instant_end = self._steps + self._instant_limit
                continue
            self._steps += waiting
            if self._steps > instant_end or self._steps > self._step_limit:
                self._give_up(instant_end)
            for _ in range(waiting):
                handle = ready.popleft()
                if handle._cancelled:
                    continue
                try:
                    handle._context.run(handle._callback, *handle._args)  # type: ignore[attr-defined]
                except (SystemExit, KeyboardInterrupt):
                    raise
                except BaseException as error:
                    self._report(handle, error)
            if self._stopping:
                return

    def _called_before(self, due: int) -> bool:
        """Wait in real time until `due`; return early, and say so, if another thread or a signal has called meanwhile."""
        assert self._pace is not None
        if self._anchor is None:
            self._anchor = wall.monotonic() - self._now / SECOND / self._pace
        # From a fixed anchor, so that the lag of one wait is made up by the next: nothing drifts.
        rest = self._anchor + due / SECOND / self._pace - wall.monotonic()
        try:
            self._ready.append(self._outside.get(block=rest > 0, timeout=max(rest, 0)))
        except queue.Empty:
            return False
        passed = int((wall.monotonic() - self._anchor) * self._pace * SECOND)
        self._now = max(self._now, min(due, passed))
        return True

    def _give_up(self, instant_end: int) -> NoReturn:
        if self._steps > instant_end:
            raise Spinning(self.time(), self._instant_limit, ready_tasks(self._ready))
        # Said once: the tasks must still be able to end.
        limit, self._step_limit = self._step_limit, math.inf
        raise StepLimitReached(self.time(), limit)

    def _report(self, handle: Handle, error: BaseException) -> None:
        """Hand an exception that a callback let out to the exception handler, as asyncio's own loops do."""
        context = {"message": f"Exception in callback {handle!r}", "exception": error, "handle": handle}
        if handle._source_traceback:  # type: ignore[attr-defined]
            context["source_traceback"] = handle._source_traceback  # type: ignore[attr-defined]
        self.call_exception_handler(context)

    def create_task(  # type: ignore[override]
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None, context: Context | None = None, **options: Any
    ) -> asyncio.Task[T]:
        """Start `coro` as a SerialTask, or as what the task factory makes of it."""
        if self.get_task_factory() is not None:
            return super().create_task(coro, name=name, context=context, **options)
        self._check_closed()  # type: ignore[attr-defined]
        return SerialTask(coro, next(self._births), loop=self, name=name, context=context, **options)

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> Handle:
        """Call `callback` soon: for signal handlers and, when paced, for other threads."""
        self._check_closed()  # type: ignore[attr-defined]
        handle = Handle(callback, args, self, context)
        if self._pace is None:
            self._ready.append(handle)
        else:
            # SimpleQueue.put() may interrupt its own get(), as a signal handler does; a lock or an Event may not.
            self._outside.put(handle)
        return handle

    def set_debug(self, enabled: bool) -> None:
        """Switch asyncio's debug mode, which checks more and runs slower."""
        super().set_debug(enabled)
        self._unhurry()
        if not enabled:
            # Every future asks for the debug flag and every step of a task calls call_soon(). As attributes of the
            # loop they need no bound method, and the first no Python frame: a sixth of the time of a timer.
            self.get_debug = bool  # type: ignore[method-assign]
            self.call_soon = _quick_call_soon(self, self._ready)  # type: ignore[method-assign,assignment]

    def _unhurry(self) -> None:
        for name in ("get_debug", "call_soon"):
            self.__dict__.pop(name, None)

    def close(self) -> None:
        """Close the loop, forgetting what was still due."""
        super().close()
        self._unhurry()
        self._instants.clear()
        self._agenda.clear()

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Do nothing: there is no executor in simulated time."""

    def _timer_handle_cancelled(self, handle: TimerHandle) -> None:
        """Do nothing: a sweep finds what was cancelled."""


def _quick_call_soon(loop: VirtualLoop, ready: deque[Handle]) -> Callable[..., Handle]:
    new_handle = Handle.__new__
    enqueue = ready.append

    def call_soon(callback: Callable[..., object], *args: Any, context: Context | None = None) -> Handle:
        # What Handle.__init__ does, without its look at the debug flag.
        handle: Any = new_handle(Handle)
        handle._context = copy_context() if context is None else context
        handle._loop = loop
        handle._callback = callback
        handle._args = args
        handle._cancelled = False
        handle._repr = handle._source_traceback = None
        enqueue(handle)
        return handle  # type: ignore[no-any-return]

    return call_soon


def _is_over(entry: Entry) -> bool:
    return entry.done() if isinstance(entry, Future) else entry._cancelled


def _nothing() -> None:
    """What a spent handle would call."""


class _SpentHandle(TimerHandle):
    """What asyncio.sleep() gets to cancel when it is over."""

    def cancel(self) -> None:
        """Do nothing: the future in the agenda is done already."""


for _name in OF_REAL_TIME:
    setattr(VirtualLoop, _name, refusal(_name))


def run(main: Coroutine[Any, Any, T], pace: float | None = None) -> T:
    """Run `main` in simulated time and return its result.

    Args:
        main: the coroutine to run.
        pace: simulated seconds a real second; None runs as fast as it can.

    Raises:
        Stalled: everybody waits and nothing is due.
        Spinning: time does not go on.
    """
    with asyncio.Runner(loop_factory=partial(VirtualLoop, pace=pace)) as runner:
        return runner.run(main)
