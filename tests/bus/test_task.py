"""Orders that asyncio leaves to chance repeat, from process to process."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from bus.task import SerialTask

ROOT = Path(__file__).parents[2]

TRACE = """
import asyncio, sys
from bus.clock import run

# Objects in the way, so that tasks get other addresses in every process.
in_the_way = [bytearray(size) for size in range(int(sys.argv[1]) % 1000)]

async def last_word(group, name):
    try:
        await asyncio.sleep(3600)
    finally:
        print(group, name)

async def fail():
    await asyncio.sleep(1)
    raise ZeroDivisionError

async def abort():
    async with asyncio.TaskGroup() as group:
        for name in range(20):
            group.create_task(last_word("abort", name))
            in_the_way.append(bytearray(hash(str(name)) % 500))
        group.create_task(fail())

async def nap(name):
    await asyncio.sleep(name % 3)
    return name

async def main():
    try:
        await abort()
    except ExceptionGroup:
        pass
    done, pending = await asyncio.wait([asyncio.create_task(nap(name)) for name in range(20)], timeout=1.5)
    print("done", [task.result() for task in done])
    print("pending", [task.get_name() for task in pending])
    print("all", [task.get_name() for task in asyncio.all_tasks()])
    left = [asyncio.create_task(last_word("shutdown", name)) for name in range(20)]
    await asyncio.sleep(5)

run(main())
"""


def trace(hash_seed: int) -> str:
    arguments = [sys.executable, "-c", TRACE, str(hash_seed)]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def test_abort_order_wait_order_and_shutdown_order_repeat_in_every_process():
    first = trace(0)
    assert [trace(seed) for seed in (1, 7, 1234, 4_000_000_000)] == [first] * 4
    assert "abort 19" in first
    assert "shutdown 19" in first


async def test_tasks_are_serial_and_numbered_by_birth():
    first, second = asyncio.create_task(asyncio.sleep(1)), asyncio.create_task(asyncio.sleep(1))
    assert isinstance(first, SerialTask)
    assert hash(second) == hash(first) + 1
    assert first != second
    await asyncio.gather(first, second)


async def test_a_task_factory_has_its_way():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, coro, **options: asyncio.Task(coro, loop=loop, **options))
    task = asyncio.create_task(asyncio.sleep(1, "slept"))
    assert type(task) is asyncio.Task
    assert await task == "slept"
