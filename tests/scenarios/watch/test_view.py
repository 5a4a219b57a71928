"""The live view: a screen that comes and goes, and leaves the run as it is."""

import os
import pty
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from scenarios import progress
from scenarios.cli import app
from scenarios.interruption import Interrupted
from scenarios.loading import load
from scenarios.run import Origin, run
from scenarios.watch import view
from scenarios.watch.view import View
from tests.scenarios.campaigns import FAULTS, LABELLING, LEARNING, run_logged, write
from tests.scenarios.watch.seen import at_events

ROOT = Path(__file__).parents[3]
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
"""What has a terminal show its other screen, and what has it come back."""


@pytest.fixture
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw all the time."""
    monkeypatch.setattr(view, "SHORTEST_PAUSE", 0.001)
    monkeypatch.setattr(view, "SHARE", 1.0)


@pytest.mark.parametrize("text", [LABELLING, LEARNING, LABELLING + FAULTS])
def test_a_watched_run_is_the_run_that_nobody_watches(text: str, tmp_path: Path, restless: None) -> None:
    scenario = load(write(tmp_path, text)).scenario
    _, alone = run_logged(scenario, tmp_path / "alone")
    terminal = StringIO()
    with View(terminal, (120, 40)) as watch:
        summary = run(scenario, tmp_path / "watched", origin=Origin(tmp_path), on_start=watch)
    assert summary.log is not None
    assert Path(summary.log).read_bytes() == alone.read_bytes()
    assert terminal.getvalue().count(ENTER) == terminal.getvalue().count(LEAVE) == 1


def test_the_last_view_stays_on_the_screen(tmp_path: Path) -> None:
    terminal = StringIO()
    with View(terminal, (120, 40)) as watch:
        summary = run(load(write(tmp_path, LABELLING)).scenario, None, on_start=watch)
    last = terminal.getvalue().split(LEAVE)[1]
    assert f"{summary.labels} of 60" in last
    assert f"{summary.events} events" in last
    assert "\n\n\n" not in last


def test_what_is_said_meanwhile_is_news_and_stands_below(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_events(monkeypatch, lambda number: print(f"event {number}", file=sys.stderr) if number <= 1_002 else None)
    terminal = StringIO()
    with View(terminal, (120, 40)) as watch:
        summary = run(load(write(tmp_path, LABELLING)).scenario, None, on_start=watch)
        print("half a line", end="", file=sys.stderr)
    assert "event " + str(min(1_002, summary.events)) in terminal.getvalue().split(LEAVE)[1]
    said = capsys.readouterr().err
    assert said.endswith(f"event {min(1_002, summary.events)}\nhalf a line\n")


def test_of_too_much_the_last_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with View(StringIO(), (120, 40)):
        for number in range(2_500):
            print(number, file=sys.stderr)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "(1,500 earlier lines are left out)"
    assert said[1:] == [str(number) for number in range(1_500, 2_500)]


def test_a_view_that_fails_costs_nobody_a_run(
    tmp_path: Path, restless: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no such thing")

    monkeypatch.setattr(view, "frame_of", fail)
    scenario = load(write(tmp_path, LABELLING)).scenario
    terminal = StringIO()
    with View(terminal, (120, 40)) as watch:
        summary = run(scenario, None, on_start=watch)
    assert summary.labels == 60
    assert LEAVE in terminal.getvalue()
    assert "the view broke off: ZeroDivisionError: no such thing\n" in capsys.readouterr().err


def test_ctrl_c_ends_the_view_and_the_run_as_without_it(tmp_path: Path, restless: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at_events(monkeypatch, lambda number: signal.raise_signal(signal.SIGINT) if number == 60 else None)
    terminal = StringIO()
    with pytest.raises(Interrupted) as interruption, View(terminal, (80, 24)) as watch:
        run(load(write(tmp_path, LABELLING)).scenario, tmp_path, origin=Origin(tmp_path), on_start=watch)
    assert interruption.value.summary is not None
    assert LEAVE in terminal.getvalue()


@pytest.mark.slow
def test_the_command_draws_on_the_terminal_and_shows_the_summary_below(tmp_path: Path) -> None:
    write(tmp_path, LEARNING)
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "parley", "run", "scenario.toml", "--watch"]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    ) as process:
        os.close(slave)
        shown = b"".join(iter(lambda: read(master), b"")).decode()
    os.close(master)
    assert process.returncode == 0
    before, after = shown.split(LEAVE)
    assert ENTER in before
    assert after.index("4 annotators") < after.index("stopped by labels")


def read(file: int) -> bytes:
    """Return what came; nothing, when the other side is closed."""
    try:
        return os.read(file, 65536)
    except OSError:
        return b""


# Without a terminal


def test_without_a_terminal_there_are_lines_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, LEARNING)
    result = CliRunner().invoke(app, ["run", "scenario.toml", "--watch"])
    assert result.exit_code == 0
    assert "stderr is no terminal that a live view could be drawn on; a line every 10 s" in result.stderr
    assert ENTER not in result.output
    assert "stopped by labels" in result.stdout


def test_such_lines_say_how_far_the_run_is(tmp_path: Path) -> None:
    console = Console(file=StringIO(), width=20)
    with progress.ProgressLines(console, pause=0.001) as watch:
        run(load(write(tmp_path, LABELLING.replace("items = 60", "items = 500"))).scenario, None, on_start=watch)
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    assert lines[0] == "preparing the world ..."
    assert all(line.startswith(("preparing", "labels ")) for line in lines)
    assert "simulated" in lines[-1]


@pytest.mark.parametrize("command", [["run", "quickstart"], ["resume", "some.jsonl"]])
def test_nobody_watches_and_is_quiet(command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--watch", "--quiet"])
    assert result.exit_code == 2
    assert "--watch and --quiet" in result.stderr


def test_what_programs_read_stays_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, LEARNING)
    result = CliRunner().invoke(app, ["run", "scenario.toml", "--watch", "--json"])
    assert result.exit_code == 0
    assert result.stdout.startswith('{"name":"learning"')
    assert result.stdout.count("\n") == 1
