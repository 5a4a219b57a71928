"""Work for workers that tests have done."""

import os
import signal
from pathlib import Path
from typing import NamedTuple


class Square(NamedTuple):
    """Squares a number."""

    def __call__(self, task: int) -> int:
        return task * task

    def lost(self, task: int) -> int:
        return -1


class Deadly(NamedTuple):
    """Squares numbers, but the process is ended under one of them each time, and under another the first time."""

    always: int
    once: int
    folder: Path

    def __call__(self, task: int) -> int:
        marked = self.folder / "once"
        if task == self.always or (task == self.once and not marked.exists()):
            if task == self.once:
                marked.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return task * task

    def lost(self, task: int) -> int:
        return -1


class Process(NamedTuple):
    """Tells which process this is."""

    def __call__(self, task: int) -> int:
        return os.getpid()

    def lost(self, task: int) -> int:
        return -1
