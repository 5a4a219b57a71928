"""`parley state` and `replay`, as a person uses them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from scenarios.history import index
from tests.scenarios.logs import GOLDEN, lines_of, write_lines, write_steps

ROOT = Path(__file__).parents[2]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    for name in ("labelling", "learning"):
        (tmp_path / f"{name}.jsonl").write_bytes((GOLDEN / f"v1-{name}.jsonl").read_bytes())
    return "learning.jsonl"


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def printed(*arguments: str) -> str:
    result = parley(*arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def elsewhere(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "parley", *arguments]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


# State


def test_state_shows_the_end_or_any_moment(log: str) -> None:
    assert "learning, seed 3, at 5m 24s: the end" in printed("state", log)
    for moment in ("150", "2m30s", "150.0"):
        assert "learning, seed 3, at 2m 30s of 5m 24s" in printed("state", log, "--at", moment)


def test_state_as_json_is_one_object(log: str) -> None:
    found = json.loads(printed("state", log, "--at", "2m", "--json"))
    assert (found["name"], found["at"], found["end"], found["labels"]) == ("learning", 120.0, 324.106201, 11)


def test_all_shows_everybody(tmp_path: Path) -> None:
    steps = [(item, "item-requested", "selector", "coordinator", {"item": item, "version": 0, "score": 0.0}) for item in range(30)]
    log = str(write_steps(tmp_path / "log.jsonl", *steps))
    assert "and 25 more" in printed("state", log)
    assert len(printed("state", log, "--all").splitlines()) > 35


def test_after_the_end_the_end_is_shown_and_that_is_said(log: str) -> None:
    result = parley("state", log, "--at", "1h", "--json")
    assert (result.exit_code, json.loads(result.stdout)["at"]) == (0, 324.106201)
    assert "the log ends at 5m 24s" in result.stderr


def test_the_index_is_made_once_and_leads_to_the_same(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = [printed("state", log, "--at", moment, "--json") for moment in ("0", "1m", "5m")]
    monkeypatch.setattr(index, "WORTH_IT", 0)
    monkeypatch.setattr(index, "SPACING", 10)
    assert [printed("state", log, "--at", moment, "--json") for moment in ("0", "1m", "5m")] == plain
    assert Path("learning.jsonl.index").exists()


def test_where_no_index_can_be_kept_that_is_said_and_all_goes_on(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "WORTH_IT", 0)
    Path("learning.jsonl.index").mkdir()
    result = parley("state", log, "--json")
    assert result.exit_code == 0
    assert result.stderr.startswith("learning.jsonl.index: an index cannot be kept there")


# Replay


def test_replay_tells_every_event_and_ends_with_the_summary(log: str) -> None:
    lines = printed("replay", log).splitlines()
    assert len(lines) > 123
    assert lines[0].lstrip() == "0.000s  #1    campaign → all: 105 items to label as setosa, versicolor, virginica"
    assert "learning, seed 3: stopped by labels" in lines[123]
    assert "accuracy        1.0000" in "\n".join(lines[123:])


def test_replay_as_json_is_the_events_as_they_stand(log: str) -> None:
    lines = Path(log).read_bytes().splitlines()
    assert printed("replay", log, "--json").encode().splitlines() == lines[1:-1]
    stretch = printed("replay", log, "--json", "--from", "1m", "--until", "2m").splitlines()
    assert stretch == [line.decode() for line in lines[1:-1] if 60e6 <= json.loads(line)["t"] <= 120e6]


def test_replay_from_a_moment_jumps_and_tells_the_same(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = printed("replay", log).splitlines()
    later = next(number for number, line in enumerate(whole) if "m" in line.split()[0])
    monkeypatch.setattr(index, "WORTH_IT", 0)
    monkeypatch.setattr(index, "SPACING", 10)
    assert printed("replay", log, "--from", "1m").splitlines() == whole[later:]
    assert Path("learning.jsonl.index").exists()


def test_until_a_moment_the_summary_is_that_of_the_moment(log: str) -> None:
    out = printed("replay", log, "--until", "2m")
    assert "learning, seed 3: as of 2m" in out
    assert "simulated time" in out


def test_an_unfinished_log_is_played_and_called_so(log: str) -> None:
    write_lines(Path(log), lines_of(Path(log))[:60])
    out = printed("replay", log)
    assert "learning, seed 3: unfinished" in out
    assert "no label yet" in out


def test_a_log_of_nothing_but_a_header_is_an_unfinished_run(log: str) -> None:
    write_lines(Path(log), lines_of(Path(log))[:1])
    assert "learning, seed 3: unfinished" in printed("replay", log)
    assert "nothing has happened yet" in printed("state", log)


@pytest.mark.parametrize("command", ["state", "replay"])
def test_a_torn_last_line_is_said(command: str, log: str) -> None:
    Path(log).write_bytes(Path(log).read_bytes()[:-300])
    result = parley(command, log)
    assert result.exit_code == 0
    assert "learning.jsonl: the last line was torn; its " in result.stderr


def test_only_what_is_wanted_is_told(log: str) -> None:
    told = [json.loads(line) for line in printed("replay", log, "--json", "--only", "item-resolved,model-published").splitlines()]
    assert {event["kind"] for event in told} == {"item-resolved", "model-published"}
    told = [json.loads(line) for line in printed("replay", log, "--json", "--agent", "crowd-2").splitlines()]
    assert {"crowd-2"} == {name for event in told for name in (event["from"], event["to"])} - {"coordinator", "*"}
    told = [json.loads(line) for line in printed("replay", log, "--json", "--item", "60").splitlines()]
    assert [event["kind"] for event in told] == ["item-requested", "task-assigned", "answer-submitted", "item-resolved"]


def test_kinds_of_later_versions_are_told_by_their_fields(tmp_path: Path) -> None:
    log = str(write_steps(tmp_path / "log.jsonl", (5, "coffee-break", "ann", "*", {"cups": 2})))
    assert "ann → all: coffee-break: cups 2" in printed("replay", log, "--only", "coffee-break")


BAD = {
    "--at nan: a moment is a number of simulated seconds": ["state", "--at", "nan"],
    "--at inf: a moment is a number of simulated seconds": ["state", "--at", "inf"],
    "--at -5: a moment is a number of simulated seconds": ["state", "--at", "-5"],
    "--at: 'noon' is not a duration": ["state", "--at", "noon"],
    "--from -1: a moment is a number": ["replay", "--from", "-1"],
    "--until 5 is before --from 1m": ["replay", "--from", "1m", "--until", "5"],
    "--speed 0.0: a speed is a positive number": ["replay", "--speed", "0"],
    "--speed nan: a speed is a positive number": ["replay", "--speed", "nan"],
    "--only item-resolvd: there is no kind of event called that; did you mean 'item-resolved'": [
        "replay",
        "--only",
        "item-resolvd",
    ],
    "--agent crowd2: there is nobody of that name; did you mean 'crowd-2'": ["replay", "--agent", "crowd2"],
    "--item 6000: nothing is about an item of that name; did you mean '60": ["replay", "--item", "6000"],
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_gets_a_clear_message_and_exits_with_2(message: str, log: str) -> None:
    command, *options = BAD[message]
    result = parley(command, log, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["state", "replay"])
def test_what_is_no_log_is_refused(command: str, log: str, tmp_path: Path) -> None:
    assert "nowhere.jsonl: No such file" in parley(command, "nowhere.jsonl").stderr
    lines = Path(log).read_bytes().splitlines(keepends=True)
    Path(log).write_bytes(b"".join([*lines[:50], lines[51], *lines[51:]]))
    result = parley(command, log)
    assert result.exit_code == 2
    assert "learning.jsonl, line 51: " in result.stderr


def test_a_stretch_in_which_nothing_of_somebody_happened_is_no_mistake(log: str) -> None:
    result = parley("replay", log, "--from", "5m20s", "--item", "60", "--json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "the stretch that was played: --item 60: nothing is about" in result.stderr
    result = parley("replay", log, "--from", "2h", "--json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing happened from 2h on" in result.stderr


def test_text_of_a_log_cannot_move_the_cursor(tmp_path: Path) -> None:
    body = {"item": "\x1b[2J", "version": 0, "score": 0.0}
    log = str(write_steps(tmp_path / "log.jsonl", (0, "item-requested", "selector\x1b[2J", "coordinator", body)))
    for arguments in (("replay", log), ("state", log), ("replay", log, "--agent", "\x1b[2J"), ("replay", log, "--item", "x")):
        assert "\x1b" not in parley(*arguments).output


# In real life


def test_speed_ties_simulated_time_to_real_time(log: str) -> None:
    start = time.monotonic()
    out = printed("replay", log, "--until", "10s", "--speed", "50", "--json")
    assert len(out.splitlines()) > 3
    assert 0.2 <= time.monotonic() - start < 5


def test_ctrl_c_ends_playback_quietly_with_130(log: str) -> None:
    command = elsewhere("replay", log, "--speed", "1")
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
    assert b"#1" in first
    assert (process.returncode, error) == (130, b"")


def test_output_that_nobody_reads_any_more_ends_the_command_quietly(log: str) -> None:
    command = f"{sys.executable} -m parley replay {log} | head -1"
    result = subprocess.run(command, shell=True, env=ENVIRONMENT, capture_output=True, check=True)
    assert result.stdout.count(b"\n") == 1
    assert result.stderr == b""


def test_output_that_knows_few_letters_loses_some_and_goes_on(log: str) -> None:
    environment = {**ENVIRONMENT, "PYTHONIOENCODING": "ascii"}
    result = subprocess.run(elsewhere("replay", log, "--until", "1s"), env=environment, capture_output=True, check=False)
    assert b"campaign ? all: 105 items" in result.stdout


@pytest.mark.parametrize("command", ["state", "replay"])
def test_neither_needs_what_takes_long_to_import(command: str, log: str) -> None:
    script = (
        "import sys; from scenarios.cli import app\n"
        f"app(['{command}', '{log}'], standalone_mode=False)\n"
        "print(*{'numpy', 'sklearn', 'scipy', 'joblib'} & set(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, check=True)
    assert result.stderr.strip() == b""
