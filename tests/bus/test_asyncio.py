"""What asyncio offers works in simulated time. (All of it: test_conformance.py.)"""

import asyncio
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bus.clock import VirtualLoop, run
from tests.bus.samples import run_on, the_loop
from tests.bus.test_clock import call_at, call_later, finish_at, order_of_firing, sleep, timer


def test_run_returns_the_result():
    async def answer() -> int:
        await asyncio.sleep(1)
        return 42

    assert run(answer()) == 42


async def test_a_timeout_ends_at_its_very_instant():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2.5):
            await asyncio.sleep(3)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 1.25)
    assert the_loop().time() == 3.75


async def test_a_task_group_cancels_the_rest_when_one_fails():
    async def fail() -> None:
        await asyncio.sleep(1)
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(3600))
            group.create_task(fail())
    assert the_loop().time() == 1


async def test_a_queue_hands_on_what_is_put_in():
    queue: asyncio.Queue[int] = asyncio.Queue(1)
    putting = asyncio.gather(*(queue.put(number) for number in range(5)))
    assert [await queue.get() for _ in range(5)] == [0, 1, 2, 3, 4]
    await putting


def test_an_async_generator_left_half_way_is_closed_at_the_end():
    closed = []

    async def ticks() -> AsyncIterator[float]:
        try:
            while True:
                await asyncio.sleep(1)
                yield the_loop().time()
        finally:
            closed.append(the_loop().time())

    endless = ticks()

    async def first_two() -> list[float]:
        return [await anext(endless), await anext(endless)]

    assert run(first_two()) == [1, 2]
    assert closed == [2]


def test_debug_mode_does_the_same():
    timers = [(way, delay) for delay in (2, 1, 2) for way in (sleep, timer, finish_at, call_later, call_at)]
    plain = run_on(VirtualLoop(), order_of_firing(timers))
    assert run_on(VirtualLoop(), order_of_firing(timers), debug=True) == plain


async def test_debug_mode_can_be_switched_while_running():
    the_loop().set_debug(True)
    assert the_loop().get_debug()
    await asyncio.sleep(1)
    the_loop().set_debug(False)
    assert not the_loop().get_debug()
    await asyncio.sleep(1)
    assert the_loop().time() == 2


async def test_an_exception_in_a_callback_reaches_the_exception_handler():
    told: list[dict[str, Any]] = []
    the_loop().set_exception_handler(lambda _, context: told.append(context))
    the_loop().call_soon(divmod, 1, 0)
    the_loop().call_later(1, divmod, 1, 0)
    await asyncio.sleep(2)
    assert [type(context["exception"]) for context in told] == [ZeroDivisionError] * 2
    assert "divmod" in told[0]["message"]


def test_a_closed_loop_takes_no_calls():
    loop = VirtualLoop()
    loop.close()
    loop.close()
    for call in (loop.call_soon, loop.call_soon_threadsafe):
        with pytest.raises(RuntimeError, match="closed"):
            call(print)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_later(1, print)


def test_a_keyboard_interrupt_in_a_callback_ends_the_run_and_lets_tasks_clean_up():
    cleaned_at: list[float] = []

    async def interrupted() -> None:
        the_loop().call_later(5, signal.raise_signal, signal.SIGINT)
        try:
            await asyncio.sleep(3600)
        finally:
            cleaned_at.append(the_loop().time())

    with pytest.raises(KeyboardInterrupt):
        run(interrupted())
    assert cleaned_at == [5]
