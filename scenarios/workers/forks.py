"""Processes that begin in no time: forked from one that has imported Parley, and does nothing else."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess, parent_process
from types import ModuleType
from typing import Any

FORKING = sys.platform == "linux"
"""Whether processes are forked here. Elsewhere libraries are in use that do not bear it, or there is no such thing."""

_IMPORTED = ["scenarios.workers.silence", "scenarios.run", "joblib.externals.loky.process_executor"]
"""What is imported before processes are forked: what takes 2.5 s in a process of its own."""


class ForkedProcess(ForkServerProcess):
    """A process that knows nothing of the script which its parent was started with."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802 (its name in the standard library)
        with _without_a_script():
            return ForkServerProcess._Popen(process_obj)


class ForkContext(ForkServerContext):
    """How such processes are made."""

    Process = ForkedProcess


@contextmanager
def _without_a_script() -> Iterator[None]:
    """Hide the main script: a child would run it again, and with it, in a script without a guard, the whole study."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def prepare_forks() -> None:
    """Let the process that others are forked from begin to import, while this one does something else."""
    if FORKING:
        from multiprocessing import forkserver, resource_tracker

        multiprocessing.get_context("forkserver").set_forkserver_preload(_IMPORTED)
        # The server would start it, and let Ctrl-C through again.
        resource_tracker.ensure_running()
        with _deaf():
            forkserver.ensure_running()


@contextmanager
def _deaf() -> Iterator[None]:
    """Hear no Ctrl-C, nor let a process that is started hear it, until that sees to it; what comes meanwhile is heard later."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_worker() -> None:
    """Make a worker of this process: one thread for arithmetic, deaf to Ctrl-C, and gone when its parent is."""
    from threadpoolctl import threadpool_limits

    if hasattr(os, "setpgid"):
        # Ctrl-C goes to a whole group; it is the parent who ends its workers.
        os.setpgid(0, 0)
    threadpool_limits(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
