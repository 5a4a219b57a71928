"""Time tied to the wall clock: the only tests that wait, and they wait for tenths of a second."""

import asyncio
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bus.clock import VirtualLoop, run
from bus.stall import Stalled


def real_seconds(main: Callable[[], Coroutine[Any, Any, Any]], pace: float) -> float:
    """Return the shortest of three runs: the machine may be busy with something else."""
    return min(timed(main, pace) for _ in range(3))


def timed(main: Callable[[], Coroutine[Any, Any, Any]], pace: float) -> float:
    begun = time.monotonic()
    run(main(), pace=pace)
    return time.monotonic() - begun


def test_a_paced_run_takes_its_share_of_real_time():
    assert 0.099 < real_seconds(lambda: asyncio.sleep(20), pace=200) < 0.2


def test_many_small_sleeps_do_not_drift():
    async def doze() -> None:
        for _ in range(2000):
            await asyncio.sleep(0.01)

    # Were the lag of each of the two thousand waits not made up by the next, it would be more than twice as long.
    assert 0.099 < real_seconds(doze, pace=200) < 0.2


def test_a_paced_run_shows_the_same_times_as_an_unpaced_one():
    async def times() -> list[float]:
        loop = asyncio.get_running_loop()
        shown = []
        for delay in (1, 0.5, 2.25):
            await asyncio.sleep(delay)
            shown.append(loop.time())
        return shown

    assert run(times(), pace=1000) == run(times()) == [1, 1.5, 3.75]


def test_a_call_from_another_thread_wakes_a_paced_loop():
    async def wait_for_the_thread() -> tuple[str, float]:
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        thread = threading.Timer(0.05, loop.call_soon_threadsafe, (answer.set_result, "thread"))
        thread.start()
        async with asyncio.timeout(600):
            return await answer, loop.time()

    answer, waited = run(wait_for_the_thread(), pace=60)
    assert answer == "thread"
    assert 0 < waited < 600


def test_a_call_that_is_there_already_is_heard_before_a_stall_is_declared():
    async def wait_for_a_call() -> str:
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        loop.call_soon_threadsafe(answer.set_result, "heard")
        return await answer

    assert run(wait_for_a_call(), pace=60) == "heard"
    assert run(wait_for_a_call()) == "heard"


def test_a_paced_run_stalls_too():
    with pytest.raises(Stalled):
        run(asyncio.Event().wait(), pace=60)


def test_an_interrupt_wakes_a_paced_run_and_ends_it():
    async def sleep_for_an_hour() -> None:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        await asyncio.sleep(3600)

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(sleep_for_an_hour(), pace=1)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("pace", [0, -1, math.nan, math.inf])
def test_a_pace_is_positive_and_finite(pace):
    with pytest.raises(ValueError, match="pace"):
        VirtualLoop(pace=pace)
