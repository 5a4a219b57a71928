"""Runs that end before their time: their logs are whole as far as they go, and can be resumed."""

import errno
import gc
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest
import structlog
from rich.console import Console

from agents.component import Trust
from agents.coordinator.crowd import Crowd
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Resolution
from agents.messages import Item
from bus.journal import Diverged, FileWriter, Journal
from bus.message import Envelope
from scenarios import operator
from scenarios.campaign import Campaign
from scenarios.errors import BadInput
from scenarios.interruption import Interrupted, terminable
from scenarios.loading import load
from scenarios.logfile import log_name
from scenarios.progress import Progress
from scenarios.run import resume, verify
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import FAULTS, LABELLING, LEARNING, events, forged, run_logged, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["labelling", "learning", "faulty"])
def scenario(request: pytest.FixtureRequest, tmp_path: Path) -> Scenario:
    text = {"labelling": LABELLING, "learning": LEARNING, "faulty": LABELLING + FAULTS}[request.param]
    return load(write(tmp_path, text)).scenario


def cut(log: Path, lines: int, torn: int = 0) -> bytes:
    """Leave so many lines of a log, and some bytes of the next; return the whole."""
    whole = log.read_bytes()
    kept = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(kept[:lines]) + kept[lines][:torn])
    return whole


class AtEvent:
    """Does something when the events of a run have come to a number, and again at each one after it if that is wanted."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int, deed: Callable[[], None], times: int = 1) -> None:
        self._append = Journal.append
        self._number = number
        self._deed = deed
        self._times = times
        patch.setattr(Journal, "append", lambda journal, envelope: self.append(journal, envelope))

    def append(self, journal: Journal, envelope: Envelope) -> None:
        self._append(journal, envelope)
        if envelope.seq >= self._number and self._times:
            self._times -= 1
            self._deed()


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


# Ctrl-C


@pytest.mark.parametrize("number", [1, 60])
def test_ctrl_c_while_a_resumed_run_repeats_its_past_leaves_the_log_as_it_was(
    scenario: Scenario, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, log = run_logged(scenario, tmp_path)
    whole = cut(log, 101, torn=10)
    before = log.read_bytes()
    with monkeypatch.context() as patch, pytest.raises(Interrupted) as interruption:
        AtEvent(patch, number, ctrl_c)
        resume(log, Trust())
    assert interruption.value.repeating
    assert log.read_bytes() == before
    resume(log, Trust())
    assert log.read_bytes() == whole


@pytest.mark.parametrize("number", [101, 117])
def test_ctrl_c_in_the_rest_of_a_resumed_run_leaves_a_log_that_can_be_resumed(
    scenario: Scenario, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, log = run_logged(scenario, tmp_path)
    whole = cut(log, 101, torn=10)
    with monkeypatch.context() as patch, pytest.raises(Interrupted) as interruption:
        AtEvent(patch, number, ctrl_c)
        resume(log, Trust())
    assert not interruption.value.repeating
    assert whole.startswith(log.read_bytes())
    resume(log, Trust())
    assert log.read_bytes() == whole


@pytest.mark.parametrize(("number", "flush"), [(1, 1000), (21, 1), (100, 7), (100, 1000)])
def test_a_second_ctrl_c_in_the_middle_of_things_leaves_a_log_that_can_be_resumed(
    scenario: Scenario, number: int, flush: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    scenario = Scenario.model_validate({**scenario.tables(), "journal": {"flush": flush}})
    whole = run_logged(scenario, tmp_path / "whole")[1].read_bytes()
    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        AtEvent(patch, number, ctrl_c, times=2)
        run_logged(scenario, tmp_path)
    gc.collect()
    assert capfd.readouterr().err == "", "a task that was interrupted has complained"
    log = tmp_path / log_name(scenario.completed())
    assert whole.startswith(log.read_bytes())
    resume(log, Trust())
    assert log.read_bytes() == whole


# kill


def test_kill_ends_a_run_as_ctrl_c_does_where_it_is_heeded(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_logged(scenario, tmp_path / "whole")[1].read_bytes()
    with monkeypatch.context() as patch, pytest.raises(Interrupted) as interruption, terminable():
        AtEvent(patch, 50, lambda: signal.raise_signal(signal.SIGTERM))
        run_logged(scenario, tmp_path)
    assert interruption.value.terminated
    log = Path(str(interruption.value.log))
    assert whole.startswith(log.read_bytes())
    resume(log, Trust())
    assert log.read_bytes() == whole


def test_kill_is_left_alone_where_nobody_has_asked_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = []
    with monkeypatch.context() as patch:
        AtEvent(patch, 5, lambda: handlers.append(signal.getsignal(signal.SIGTERM)))
        run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path)
    assert handlers == [signal.SIG_DFL]


def test_afterwards_signals_mean_what_they_meant(tmp_path: Path) -> None:
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    with terminable():
        run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path)
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before


# A log that cannot be written on


class Disk:
    """Has room for so many bytes of logs, however they are parted into writes."""

    def __init__(self, patch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        make = FileWriter.__init__
        patch.setattr(FileWriter, "__init__", lambda writer, file: make(writer, FileOn(self, file)))


class FileOn:
    """A file on a disk that may be full."""

    def __init__(self, disk: Disk, file: BinaryIO) -> None:
        self._disk = disk
        self._file = file
        self.name = file.name

    def write(self, data: memoryview) -> int:
        if not self._disk.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        count = self._file.write(data[: self._disk.room])
        self._disk.room -= count
        return count

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


@pytest.mark.parametrize(("share", "flush"), [(0.3, 1), (0.1, 1000), (0.999, 1000)])
def test_a_full_disk_ends_a_run_and_the_message_says_how_it_goes_on(
    scenario: Scenario, share: float, flush: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    scenario = Scenario.model_validate({**scenario.tables(), "journal": {"flush": flush}})
    whole = run_logged(scenario, tmp_path / "whole")[1].read_bytes()
    log, room = tmp_path / log_name(scenario.completed()), int(share * len(whole))
    message = (
        f"{log}: the log cannot be written on: No space left on device; "
        f"what was written stays, and `parley resume {log}` goes on from there once there is room"
    )
    with monkeypatch.context() as patch, pytest.raises(BadInput) as full:
        Disk(patch, room)
        run_logged(scenario, tmp_path)
    assert str(full.value) == message
    assert log.read_bytes() == whole[:room]
    with monkeypatch.context() as patch, pytest.raises(BadInput) as full:
        Disk(patch, 50)
        resume(log, Trust())
    assert str(full.value) == message
    assert len(log.read_bytes()) == whole.rindex(b"\n", 0, room) + 1 + 50
    resume(log, Trust())
    assert log.read_bytes() == whole
    assert capfd.readouterr().err == "", "an agent, or a callback of the loop, met the error"


def test_a_disk_that_is_full_at_once_leaves_nothing_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load(write(tmp_path, LABELLING)).scenario
    for room in (0, 40):
        with monkeypatch.context() as patch, pytest.raises(BadInput, match="run the scenario again once there is room"):
            Disk(patch, room)
            run_logged(scenario, tmp_path)
        log = tmp_path / log_name(scenario.completed())
        assert log.stat().st_size == room
        with pytest.raises(BadInput, match="run its scenario again, which replaces the file"):
            resume(log, Trust())
    run_logged(scenario, tmp_path)
    assert verify(log, Trust()).footer is not None


class Careless(Majority):
    """A policy that takes any error for a lack of answers."""

    kind = "careless"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        while True:
            try:
                return await super().resolve(item, crowd)
            except Exception:
                continue


def test_a_component_that_catches_whatever_comes_does_not_catch_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load(write(tmp_path, LABELLING + "[journal]\nflush = 1\n")).scenario
    careless = scenario.coordination.model_copy(update={"policy": Careless(size=2)})
    with monkeypatch.context() as patch, pytest.raises(BadInput, match="No space left"):
        Disk(patch, 8000)
        run_logged(scenario.model_copy(update={"coordination": careless}), tmp_path)


def test_a_limit_to_the_size_of_files_is_told_without_a_traceback(tmp_path: Path) -> None:
    whole = run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path / "whole")[1]
    result = subprocess.run(
        [sys.executable, "-m", "parley", "run", "scenario.toml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    log = f"logs/{whole.name}"
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"parley: {log}: the log cannot be written on: File too large; "
        f"what was written stays, and `parley resume {log}` goes on from there once there is room"
    ]
    assert (tmp_path / log).read_bytes() == whole.read_bytes()[:20_000]
    resume(tmp_path / log, Trust(), tmp_path)
    assert (tmp_path / log).read_bytes() == whole.read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_device_that_is_always_full_is_told_without_a_traceback(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, LABELLING)).scenario
    (tmp_path / log_name(scenario.completed())).symlink_to("/dev/full")
    with pytest.raises(BadInput, match="it cannot be written: No space left on device; run the scenario again once there is room"):
        run_logged(scenario, tmp_path)


# What a resumed run says and does while it repeats its past


def test_a_last_line_that_differs_leaves_the_log_as_it_was(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    # forged() leaves the last line out, which is a footer elsewhere.
    cut(log, 92)
    forgery = forged(log, b'{"seq":90,"t":', b'{"seq":90,"t":1')
    before = forgery.read_bytes()
    with pytest.raises(Diverged) as difference:
        resume(forgery, Trust())
    assert difference.value.number == before.count(b"\n") == 91
    assert forgery.read_bytes() == before


def test_verifying_what_is_unfinished_ends_where_it_ends_without_a_word(
    scenario: Scenario, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _, log = run_logged(Scenario.model_validate({**scenario.tables(), "journal": {"flush": 1}}), tmp_path)
    for lines in (100, 80, 60, 40):
        cut(log, lines)
        assert verify(log, Trust()).footer is None
    assert capfd.readouterr().err == "", "an agent, or a callback of the loop, met the end of the log"


def test_what_was_said_before_is_not_said_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = load(write(tmp_path, LEARNING)).scenario
    operator.configure(2)
    try:
        _, log = run_logged(scenario, tmp_path)
        said = capsys.readouterr().err.splitlines()
        trainings = [event["seq"] for event in events(log) if event["kind"] == "model-published"]
        cut(log, trainings[3] - 3)
        resume(log, Trust())
        assert len(said) > len(trainings) > 4
        assert capsys.readouterr().err.splitlines() == said[3:]
    finally:
        structlog.reset_defaults()


def test_progress_says_that_the_past_is_being_repeated(tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path)
    cut(log, 101)
    lines = []
    progress = Progress(Console(stderr=True))

    def watch(campaign: Campaign) -> None:
        progress._watch(campaign)
        lines.append(str(progress._line()))

    resume(log, Trust(), on_start=watch)
    assert lines == ["repeating the past: 0 of 100 events"]
    assert "labels 60" in str(progress._line())
