"""What is said when time cannot go on."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

import pytest

from bus.bus import MessageBus
from bus.clock import VirtualLoop, run
from bus.mailbox import Mailbox
from bus.stall import Spinning, Stalled, StepLimitReached
from tests.bus.samples import Ping


def run_limited(main: Coroutine[Any, Any, Any], **limits: int) -> None:
    with asyncio.Runner(loop_factory=partial(VirtualLoop, **limits)) as runner:
        runner.run(main)


async def wait_for_each_other() -> None:
    inbox, queue = Mailbox("learner"), asyncio.Queue[int]()

    async def learn() -> None:
        await inbox.get()

    _tasks = [asyncio.create_task(learn(), name="learner"), asyncio.create_task(queue.get(), name="hoarder")]
    await asyncio.sleep(5)
    await asyncio.get_running_loop().create_future()


def test_a_deadlock_names_the_tasks_and_what_they_wait_for_oldest_first():
    with pytest.raises(Stalled) as stalled:
        run(wait_for_each_other())
    first, second, third = stalled.value.waiting
    assert first.startswith("Task-")
    assert "waits in wait_for_each_other (test_stall.py:" in first
    assert second.startswith("learner waits in Mailbox.get of mailbox 'learner' (0 of 1024 held, 0 waiting) (mailbox.py:")
    assert third.startswith("hoarder waits in Queue.get of <Queue at ")


def test_a_deadlock_tells_its_time():
    with pytest.raises(Stalled, match=r"stalled at 5\.000000 s") as stalled:
        run(wait_for_each_other())
    assert stalled.value.time == 5


def test_a_sender_that_waits_for_room_is_named_with_the_mailbox():
    async def fill() -> None:
        bus = MessageBus(lambda _: None)
        bus.subscribe("slow", capacity=1)
        await bus.publish(Ping(number=1), "me", "slow")
        await bus.publish(Ping(number=2), "me", "slow")

    with pytest.raises(Stalled, match=r"of mailbox 'slow' \(1 of 1 held, 1 waiting\)"):
        run(fill())


def test_tasks_clean_up_after_a_stall():
    cleaned = []

    async def stuck() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(1)
            cleaned.append(asyncio.get_running_loop().time())

    with pytest.raises(Stalled):
        run(stuck())
    assert cleaned == [1]


async def spin() -> None:
    await asyncio.sleep(2)
    while True:
        await asyncio.sleep(0)


async def spin_beside_others() -> None:
    sleeper = asyncio.create_task(asyncio.sleep(3600), name="sleeper")
    await asyncio.gather(sleeper, asyncio.create_task(spin(), name="spinner"))


def test_a_spin_names_the_task_and_the_time():
    with pytest.raises(Spinning, match=r"spinning at 2\.000000 s .* over 1000 callbacks .* now spinner") as spinning:
        run_limited(spin_beside_others(), instant_limit=1000)
    assert spinning.value.running == ["spinner"]
    assert spinning.value.time == 2


@pytest.mark.parametrize("delay", [1e-9, 0.0])
def test_a_spin_by_timers_that_round_to_nothing_is_seen(delay):
    def again() -> None:
        asyncio.get_running_loop().call_later(delay, again)

    async def main() -> None:
        again()
        await asyncio.sleep(1)

    with pytest.raises(Spinning, match="plain callbacks"):
        run_limited(main(), instant_limit=1000)


def test_much_work_over_time_is_no_spin():
    async def work() -> None:
        for _ in range(5000):
            await asyncio.sleep(1e-6)

    run_limited(work(), instant_limit=1000)


def test_a_run_over_its_step_limit_is_stopped():
    with pytest.raises(StepLimitReached, match=r"the limit of 500 callbacks"):
        run_limited(spin(), step_limit=500)


def test_a_run_within_its_step_limit_is_not():
    run_limited(asyncio.sleep(1), step_limit=500)


def test_tasks_clean_up_after_the_step_limit():
    cleaned = []

    async def busy() -> None:
        try:
            await spin()
        finally:
            await asyncio.sleep(1)
            cleaned.append(asyncio.get_running_loop().time())

    with pytest.raises(StepLimitReached):
        run_limited(busy(), step_limit=500)
    assert cleaned == [3]
