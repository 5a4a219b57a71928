"""Whatever a log holds, every command that reads logs says what is wrong with it, and where; and ends."""

import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.loading import load
from scenarios.logfile import environment_file
from tests.scenarios import fuzz
from tests.scenarios.campaigns import FAULTS, LABELLING, LEARNING, run_logged, write
from tests.scenarios.fuzz import COMMANDS, parley

ROOT = Path(__file__).parents[2]

COMING = """price = 0.05
availability = [
  { kind = "arrival", mean = "1m" }, { kind = "sessions", answers = 2, pause = "2m" }, { kind = "abandonment", probability = 0.2 },
]
"""

SMALL = {
    "labelling": LABELLING.replace("items = 60", "items = 8"),
    "learning": LEARNING.replace("labels = 25", "labels = 8"),
    "faulty": LABELLING.replace("items = 60", "items = 8") + FAULTS,
    "coming": LABELLING.replace("items = 60", "items = 8").replace("price = 0.05\n", COMING),
}

quick = settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
thorough = settings(max_examples=2000, deadline=None, suppress_health_check=[*HealthCheck])


class Logs:
    """Small logs, and a place for what is made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole: dict[str, bytes] = {}
        for name, text in SMALL.items():
            _, log = run_logged(load(write(folder, text, f"{name}.toml")).scenario, folder)
            self.whole[name] = log.read_bytes()
        self.log = folder / "log.jsonl"
        shutil.copy(environment_file(log), environment_file(self.log))

    def lines(self, name: str, finished: bool = True) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.whole[name].splitlines()]
        return lines if finished else lines[: len(lines) * 2 // 3]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Logs:
    return Logs(tmp_path_factory.mktemp("fuzz"))


def test_every_command_that_reads_logs_is_tried() -> None:
    assert {words[0] for words in COMMANDS.values()} == fuzz.commands_that_read("LOG")


# Damage that a checksum tells


def damaged_logs_are_refused(logs: Logs, data: st.DataObject, commands: Iterator[str] | list[str]) -> None:
    whole = logs.whole[data.draw(st.sampled_from([*SMALL]))]
    damaged = data.draw(fuzz.damage(whole))
    number = fuzz.first_difference(damaged, whole)
    logs.log.write_bytes(damaged)
    for command in commands:
        result = parley(command, logs.log)
        assert result.exit_code == 2, (command, result.output)
        assert f"{logs.log}, line {number}: " in result.stderr, (command, result.stderr)
    assert logs.log.read_bytes() == damaged


@given(st.data())
@quick
def test_a_damaged_log_is_refused_with_its_line(logs: Logs, data: st.DataObject) -> None:
    damaged_logs_are_refused(logs, data, [data.draw(st.sampled_from([*COMMANDS]))])


@pytest.mark.slow
@given(st.data())
@thorough
def test_two_thousand_damaged_logs_are_refused_with_their_lines(logs: Logs, data: st.DataObject) -> None:
    damaged_logs_are_refused(logs, data, data.draw(st.lists(st.sampled_from([*COMMANDS]), min_size=4, max_size=4, unique=True)))


# Nonsense under checksums that are right


def nonsense_is_told(logs: Logs, data: st.DataObject, commands: list[str]) -> None:
    lines = logs.lines(data.draw(st.sampled_from([*SMALL])), finished=data.draw(st.booleans()))
    header = data.draw(st.integers(0, 4)) == 0
    forged, number = data.draw(fuzz.nonsense(lines, 0, 0) if header else fuzz.nonsense(lines, 1, len(lines) - 1))
    for command in commands:
        logs.log.write_bytes(forged)
        result = parley(command, logs.log)
        assert result.exit_code in (0, 1, 2), (command, result.output)
        if result.exit_code == 2:
            # What cannot be run with a change may be the change's fault.
            assert str(logs.log) in result.stderr or (header and command.startswith("what if"))
        line = re.search(r"line (\d+)", result.output)
        if line is not None:
            assert int(line[1]) >= number, (command, result.output)


@given(st.data())
@quick
def test_nonsense_under_right_checksums_is_told_and_never_a_traceback(logs: Logs, data: st.DataObject) -> None:
    nonsense_is_told(logs, data, [data.draw(st.sampled_from([*COMMANDS]))])


@pytest.mark.slow
@given(st.data())
@thorough
def test_two_thousand_logs_full_of_nonsense_are_never_a_traceback(logs: Logs, data: st.DataObject) -> None:
    nonsense_is_told(logs, data, data.draw(st.lists(st.sampled_from([*COMMANDS]), min_size=4, max_size=4, unique=True)))


# What is no log at all


ODD: dict[str, tuple[Callable[[Path, bytes], object], str]] = {
    "empty": (lambda log, whole: log.touch(), "no whole line|nothing to go on from"),
    "torn in its first line": (lambda log, whole: log.write_bytes(whole[:50]), "no whole line|nothing to go on from"),
    "a folder": (lambda log, whole: log.mkdir(), "no regular file|Is a directory"),
    "a pipe": (lambda log, whole: os.mkfifo(log), "no regular file"),
    "a device that never ends": (lambda log, whole: log.symlink_to("/dev/zero"), "no regular file"),
    "a device that holds nothing": (lambda log, whole: log.symlink_to("/dev/null"), "no regular file"),
    "a link to nowhere": (lambda log, whole: log.symlink_to("nowhere"), "No such file"),
    "missing": (lambda log, whole: None, "No such file"),
    "compressed": (lambda log, whole: log.write_bytes(gzip.compress(whole)), "line 1: this is compressed data"),
    "binary": (lambda log, whole: log.write_bytes(random.Random(1).randbytes(9999)), "line 1: this is not a line of JSON"),
    "marked": (lambda log, whole: log.write_bytes(b"\xef\xbb\xbf" + whole), "line 1: this is text with a byte order mark"),
    "in UTF-16": (lambda log, whole: log.write_bytes(whole.decode().encode("utf-16")), "line 1: this is text in UTF-16"),
    "with ends of lines as Windows has them": (
        lambda log, whole: log.write_bytes(whole.replace(b"\n", b"\r\n")),
        "line 1: the line ends in a carriage return",
    ),
    "a list": (lambda log, whole: log.write_bytes(b"[" + whole.replace(b"\n", b",\n")), "line 1: this is not a line of JSON"),
    "nested too deeply": (
        lambda log, whole: log.write_bytes(b'{"log":2,"x":' + b"[" * 10**5 + b"]" * 10**5 + b',"sum":"00000000"}\n'),
        "line 1: this is not a line of JSON",
    ),
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_log_is_refused_with_the_reason(logs: Logs, command: str, what: str, tmp_path: Path) -> None:
    make, reason = ODD[what]
    log = tmp_path / "odd.jsonl"
    make(log, logs.whole["labelling"])
    result = parley(command, log)
    assert result.exit_code == 2, result.output
    assert re.search(reason, result.stderr), result.stderr
    assert str(log) in result.stderr


EVERY_COMMAND = """
import resource, sys
from pathlib import Path
from tests.scenarios.fuzz import COMMANDS, parley
log = Path(sys.argv[1])
for command in COMMANDS:
    result = parley(command, log)
    assert result.exit_code == 2, (command, result.output)
    assert "the line is longer than 64 MiB" in result.stderr, (command, result.stderr)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


@pytest.mark.slow
def test_a_line_of_a_gigabyte_is_refused_by_every_command_in_bounded_memory(logs: Logs, tmp_path: Path) -> None:
    log = tmp_path / "odd.jsonl"
    whole = logs.whole["labelling"]
    log.write_bytes(whole[: whole.index(b"\n", 2000) + 1])
    os.truncate(log, 2**30)
    result = subprocess.run([sys.executable, "-c", EVERY_COMMAND, log], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    # Half of this is what is imported.
    assert int(result.stdout) < 900
