"""Time on a VirtualLoop: whole, in order, and without waiting."""

import asyncio
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus.clock import SECOND, microseconds, run
from bus.stall import Stalled
from tests.bus.samples import the_loop

CENTURY = 100 * 365 * 86_400 * SECOND
HOUR = 3600 * SECOND


# Order


async def test_callbacks_run_first_in_first_out():
    ran = []
    for number in range(5):
        the_loop().call_soon(ran.append, number)
    await asyncio.sleep(0)
    assert ran == [0, 1, 2, 3, 4]


async def test_a_timer_of_0_fires_after_all_that_is_ready_and_all_that_this_makes_ready():
    ran = []
    the_loop().call_later(0, ran.append, "timer")
    the_loop().call_soon(the_loop().call_soon, ran.append, "ready")
    await the_loop().timer(0)
    assert ran == ["ready", "timer"]


async def sleep(delay: int, fire: Callable[[], None]) -> None:
    await asyncio.sleep(delay / SECOND)
    fire()


async def timer(delay: int, fire: Callable[[], None]) -> None:
    await the_loop().timer(delay)
    fire()


async def finish_at(delay: int, fire: Callable[[], None]) -> None:
    future = the_loop().create_future()
    the_loop().finish_at(the_loop().now + delay, future)
    await future
    fire()


async def call_later(delay: int, fire: Callable[[], None]) -> None:
    the_loop().call_later(delay / SECOND, fire)


async def call_at(delay: int, fire: Callable[[], None]) -> None:
    the_loop().call_at(the_loop().time() + delay / SECOND, fire)


async def order_of_firing(timers: list[tuple[Callable[..., Any], int]]) -> list[int]:
    fired: list[int] = []
    async with asyncio.TaskGroup() as group:
        for number, (way, delay) in enumerate(timers):
            group.create_task(way(delay, lambda number=number: fired.append(number)))
    await asyncio.sleep(10)
    return fired


ways = st.sampled_from([sleep, timer, finish_at, call_later, call_at])


@given(st.lists(ways, max_size=20))
@settings(deadline=None)
def test_timers_of_one_instant_fire_in_the_order_they_were_set(ways):
    assert run(order_of_firing([(way, SECOND) for way in ways])) == list(range(len(ways)))


@given(st.lists(st.tuples(ways, st.integers(1, 30)), max_size=30))
@settings(deadline=None)
def test_timers_fire_by_time_and_ties_in_the_order_they_were_set(timers):
    by_time = sorted(range(len(timers)), key=lambda number: timers[number][1])
    assert run(order_of_firing(timers)) == by_time


# Time


async def test_an_idle_loop_jumps_to_the_next_timer():
    await asyncio.sleep(86_400)
    assert the_loop().time() == 86_400.0
    assert the_loop().now == 86_400 * SECOND


async def test_ten_thousand_sleeps_of_a_tenth_of_a_second_are_exactly_a_thousand_seconds():
    for _ in range(10_000):
        await asyncio.sleep(0.1)
    assert the_loop().time() == 1000.0


async def test_running_takes_no_simulated_time():
    for _ in range(100):
        await asyncio.sleep(0)
    assert the_loop().now == 0


@given(st.integers(0, CENTURY))
def test_whole_microseconds_survive_being_told_in_seconds_for_a_century(micros):
    assert microseconds(micros / SECOND) == micros


@given(st.floats() | st.integers())
def test_every_number_is_a_delay_or_refused(seconds):
    try:
        micros = microseconds(seconds)
    except ValueError:
        assert not 0 <= seconds < 1e300
    else:
        assert type(micros) is int
        assert abs(micros - seconds * SECOND) <= max(0.5, 1e-15 * micros)


@pytest.mark.parametrize("delay", [math.nan, -1, -1e-9, math.inf, 1e308, 10**400])
async def test_a_delay_that_is_none_is_refused_by_call_later_and_call_at(delay):
    with pytest.raises(ValueError, match="finite and not negative"):
        the_loop().call_later(delay, print)
    with pytest.raises(ValueError, match="finite and not negative"):
        the_loop().call_at(delay, print)


@pytest.mark.parametrize("delay", [math.nan, -1, math.inf, 10**400])
async def test_a_delay_that_is_none_is_refused_by_timer_and_finish_at(delay):
    with pytest.raises(ValueError, match="in the past, or to never"):
        the_loop().timer(delay)
    with pytest.raises(ValueError, match="in the past, or to never"):
        the_loop().finish_at(delay, the_loop().create_future())


@pytest.mark.parametrize("delay", [math.nan, math.inf])
async def test_a_delay_that_is_none_is_refused_by_sleep(delay):
    with pytest.raises(ValueError, match=r"finite|NaN"):
        await asyncio.sleep(delay)


async def test_nothing_is_set_in_the_past():
    await asyncio.sleep(2)
    with pytest.raises(ValueError, match="past"):
        the_loop().call_at(1, print)
    with pytest.raises(ValueError, match="past"):
        the_loop().timer(-1)
    with pytest.raises(ValueError, match="past"):
        the_loop().finish_at(SECOND, the_loop().create_future())


async def test_a_call_at_an_instant_comes_then_or_now_if_that_is_past():
    times: list[int] = []
    await asyncio.sleep(2)
    for due in (SECOND, 3 * SECOND):
        the_loop().call_at_instant(due, lambda: times.append(the_loop().now))
    await asyncio.sleep(2)
    assert times == [2 * SECOND, 3 * SECOND]


def test_a_cancelled_timer_does_not_move_the_clock():
    async def wait_for_nothing() -> None:
        the_loop().call_later(50, print).cancel()
        the_loop().timer(60 * SECOND).cancel()
        sleeper = asyncio.create_task(asyncio.sleep(70))
        await the_loop().timer(SECOND)
        sleeper.cancel()
        await the_loop().create_future()

    with pytest.raises(Stalled) as stalled:
        run(wait_for_nothing())
    assert stalled.value.time == 1.0


# Memory


def timers_kept() -> int:
    return sum(map(len, the_loop()._agenda.values())) + len(the_loop()._instants)


async def test_timeouts_that_were_not_needed_do_not_pile_up():
    for _ in range(100_000):
        async with asyncio.timeout(3600):
            await asyncio.sleep(0.001)
    assert timers_kept() < 5000


async def test_timeouts_that_were_not_needed_do_not_pile_up_when_all_fall_due_at_one_instant():
    for _ in range(100_000):
        async with asyncio.timeout(3600):
            pass
    assert timers_kept() < 5000


@pytest.mark.parametrize("step", [0, 1])
async def test_cancelled_timers_do_not_pile_up(step):
    for number in range(50_000):
        the_loop().timer(HOUR + number * step).cancel()
    assert timers_kept() < 5000


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30))
@settings(deadline=None)
def test_a_sweep_forgets_no_timer_that_is_still_wanted(timers):
    fired: list[int] = []

    async def set_and_cancel() -> None:
        for number, (delay, wanted) in enumerate(timers):
            call = the_loop().call_later(delay, fired.append, number)
            if not wanted:
                call.cancel()
            the_loop()._sweep()
        await asyncio.sleep(10)

    run(set_and_cancel())
    assert fired == sorted((n for n, (_, wanted) in enumerate(timers) if wanted), key=lambda n: timers[n][0])
