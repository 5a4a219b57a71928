"""Run CPython's own asyncio tests on a VirtualLoop: `python -m tests.bus.conformance test_queues`.

A process of its own, because it makes VirtualLoop the loop of `asyncio.new_event_loop` for good.
"""

import asyncio
import importlib
import sys
import unittest

from bus.clock import VirtualLoop

MODULES = [
    "test_asyncgen",
    "test_asyncio.test_context",
    "test_asyncio.test_eager_task_factory",
    "test_asyncio.test_futures2",
    "test_asyncio.test_locks",
    "test_asyncio.test_queues",
    "test_asyncio.test_runners",
    "test_asyncio.test_staggered",
    "test_asyncio.test_taskgroups",
    "test_asyncio.test_timeouts",
    "test_asyncio.test_waitfor",
]

# It polls with sleep(0) until a timer fires; in simulated time that is a spin, and is refused as one.
SPINS = "test_interrupt_call_soon"


def main(module: str) -> int:
    """Run one module; return the number of failures."""
    tests = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(f"test.{module}"))
    if module == "test_asyncio.test_runners":
        runner_tests = sys.modules[f"test.{module}"].RunnerTests
        setattr(runner_tests, SPINS, unittest.skip("a spin in simulated time")(getattr(runner_tests, SPINS)))
        # It makes its loops from this name, and hands them out by a policy of its own.
        asyncio.BaseEventLoop = VirtualLoop
    else:
        asyncio.new_event_loop = asyncio.events.new_event_loop = VirtualLoop
    outcome = unittest.TextTestRunner(verbosity=1, stream=sys.stdout).run(tests)
    print(f"{module}: {outcome.testsRun} run, {len(outcome.failures)} failures, {len(outcome.errors)} errors")
    return len(outcome.failures) + len(outcome.errors)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1]), 100))
