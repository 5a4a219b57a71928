"""The side of the benchmark: a contender in its own process, which stays alive and answers one request after another."""

import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")


class Contender:
    """A process that answers requests, a line of JSON each; started when it is first asked, and anew after it died.

    Args:
        python: the interpreter of its environment.
        module: what it runs.
    """

    def __init__(self, python: Path, module: str) -> None:
        self.command = [str(python), "-m", f"benchmarks.contenders.{module}"]
        self.process: subprocess.Popen[str] | None = None
        self.lines: SimpleQueue[str] = SimpleQueue()

    def __enter__(self) -> "Contender":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ask(self, request: dict[str, Any], limit: float | None = None) -> dict[str, Any]:
        """Return the reply to a request; after `limit` seconds the process is killed, and the reply is an error."""
        process = self.process or self._start()
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            print(json.dumps(request), file=process.stdin, flush=True)
        try:
            line = self.lines.get(timeout=limit)
        except Empty:
            self.stop()
            return {"error": f"over {limit:g} s"}
        if not line:
            self.stop()
            return {"error": f"the process ended with status {process.returncode}"}
        reply: dict[str, Any] = json.loads(line)
        return reply

    def stop(self) -> None:
        """End the process, if it runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()
        self.process = None

    def _start(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=os.environ | ONE_THREAD, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip
        assert self.process.stdout is not None
        # What an earlier process still says goes to its own queue, which nobody reads.
        self.lines = SimpleQueue()
        Thread(target=_hand_on, args=(self.process.stdout, self.lines), daemon=True).start()
        return self.process


def _hand_on(pipe: IO[str], lines: "SimpleQueue[str]") -> None:
    """Put each line into the queue, and an empty one at the end."""
    with suppress(ValueError):  # the pipe is closed under its reader when the process is stopped
        for line in pipe:
            lines.put(line)
    lines.put("")
