"""CPython's own asyncio tests pass on a VirtualLoop, and they would notice if it were wrong."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bus.conformance import MODULES

ROOT = Path(__file__).parents[2]

ON_A_LIFO_LOOP = """
import sys
from collections import deque
from bus.clock import VirtualLoop
from tests.bus import conformance

class Lifo(deque):
    popleft = deque.pop

class LifoLoop(VirtualLoop):
    def __init__(self):
        super().__init__()
        self._ready = Lifo()
        self.set_debug(False)

conformance.VirtualLoop = LifoLoop
sys.exit(conformance.main("test_asyncio.test_queues"))
"""


def is_shipped(module: str) -> bool:
    try:
        return importlib.util.find_spec(f"test.{module}") is not None
    except ModuleNotFoundError:
        return False


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_cpythons_own_tests_pass(module):
    if not is_shipped(module):
        pytest.skip(f"this Python ships without test.{module}")
    outcome = run_python("-m", "tests.bus.conformance", module)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert " 0 run" not in outcome.stdout


@pytest.mark.slow
def test_a_loop_that_runs_the_last_first_does_not_pass():
    if not is_shipped("test_asyncio.test_queues"):
        pytest.skip("this Python ships without test.test_asyncio.test_queues")
    outcome = run_python("-c", ON_A_LIFO_LOOP)
    assert outcome.returncode > 0
    assert "FAILED" in outcome.stdout, outcome.stdout + outcome.stderr
