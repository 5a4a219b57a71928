"""Runs that are killed, as `kill -9` kills: processes that are forked kill themselves, or are killed, at points drawn at random.

    python -m tests.scenarios.killing FOLDER NUMBER... < SCENARIOS

reads scenarios as a JSON object of names and TOML texts, takes them in turns, and prints for each number what happened, as a line
of JSON. All is drawn from the number. A process for each run would spend its time on imports; this one has imported, and forks.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from agents.component import Trust
from bus.journal import FileWriter, Journal
from bus.message import Envelope
from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.logfile import log_name
from scenarios.run import Origin, resume, run
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import write


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_event(number: int) -> None:
    """Let this process die when the events of its run have come to a number."""
    append = Journal.append

    def dying(journal: Journal, envelope: Envelope) -> None:
        append(journal, envelope)
        if envelope.seq == number:
            die()

    Journal.append = dying  # type: ignore[method-assign]


def die_at_byte(position: int) -> None:
    """Let this process die in the midst of a write, when its log has come to a size."""
    write_all = FileWriter.write

    def dying(writer: FileWriter, lines: list[bytes]) -> None:
        file, data = writer._file, b"".join(lines)
        size = file.seek(0, os.SEEK_END)
        if size + len(data) >= position:
            file.write(data[: max(0, position - size)])
            die()
        write_all(writer, lines)

    FileWriter.write = dying  # type: ignore[method-assign]


def in_a_process(work: Callable[[], object], until: Callable[[], bool] | None = None) -> int:
    """Do something in a process of its own, killing it when `until` comes true, and return how it ended: 0, or minus a signal."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
    status = 0
    while until is not None:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if until():
            os.kill(child, signal.SIGKILL)
            break
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Case:
    """A run that is killed, once or twice, and resumed.

    Args:
        number: what is drawn is drawn from this.
        scenario: what is run.
        whole: the log of the run that nobody kills.
        folder: where it goes.
    """

    def __init__(self, number: int, scenario: Scenario, whole: bytes, folder: Path) -> None:
        self.draw = random.Random(number)
        self.scenario = scenario
        self.whole = whole
        self.folder = folder
        self.log = folder / log_name(scenario.completed())
        self.events = whole.count(b"\n") - 2
        self.told: dict[str, Any] = {"number": number, "scenario": scenario.name, "deaths": []}

    def tell(self) -> dict[str, Any]:
        """Let it happen, and return what happened."""
        self.kill(lambda: run(self.scenario, self.folder, origin=Origin(self.folder)))
        if self.draw.random() < 0.4:
            self.kill(self.go_on)
        ended = in_a_process(self.go_on)
        return {**self.told, "ended": ended, "same": self.log.read_bytes() == self.whole}

    def go_on(self) -> None:
        """Do what the message of the command says."""
        try:
            resume(self.log, Trust())
        except BadInput as error:
            if "run its scenario again" in str(error):
                run(self.scenario, self.folder, origin=Origin(self.folder))
            elif "there is nothing to resume" not in str(error):
                raise

    def kill(self, work: Callable[[], object]) -> None:
        how = self.draw.choice(["event", "byte", "outside"])
        point = self.draw.randint(1, self.events) if how == "event" else self.draw.randrange(len(self.whole))
        arm = {"event": die_at_event, "byte": die_at_byte, "outside": lambda _: None}[how]

        def doomed() -> None:
            arm(point)
            work()

        before = self.size()
        ended = in_a_process(doomed, (lambda: self.size() > point) if how == "outside" else None)
        left = self.log.read_bytes() if self.log.exists() else b""
        if self.draw.random() < 0.5:
            left = left[: max(0, len(left) - self.draw.choice([1, 2, 20, 200, 2000]))]
            self.log.write_bytes(left)
        self.told["deaths"].append(
            {"how": how, "point": point, "ended": ended, "before": before, "left": len(left), "torn": not left.endswith(b"\n")}
        )
        assert self.whole.startswith(left), "what is left of a killed run is not the beginning of its log"

    def size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0


def main(folder: Path, numbers: list[int]) -> None:
    """Let all cases happen."""
    texts: dict[str, str] = json.load(sys.stdin)
    scenarios = [load(write(folder, text, f"{name}.toml")).scenario for name, text in texts.items()]
    wholes: dict[int, bytes] = {}
    for number in numbers:
        place = number % len(scenarios)
        scenario, path = scenarios[place], folder / f"whole-{place}"
        if place not in wholes:
            assert in_a_process(partial(run, scenario, path, origin=Origin(folder))) == 0
            wholes[place] = (path / log_name(scenario.completed())).read_bytes()
        case = Case(number, scenario, wholes[place], folder / f"case-{number}")
        print(json.dumps(case.tell()), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(number) for number in sys.argv[2:]])
