"""Runs that were killed and resumed: their logs are those of runs that nobody killed, byte for byte."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.campaigns import FAULTS, LABELLING, LEARNING, write

ROOT = Path(__file__).parents[2]

SCENARIOS = {
    f"{name}{'-faulty' if faults else ''}-{flush}": f"{text}{faults}\n[journal]\nflush = {flush}\n"
    for flush in (1, 1000, 50)
    for faults in ("", FAULTS)
    for name, text in (("labelling", LABELLING), ("learning", LEARNING))
}


def kill(folder: Path, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Let runs be killed and resumed, and return what happened."""
    command = [sys.executable, "-m", "tests.scenarios.killing", str(folder), *map(str, numbers)]
    result = subprocess.run(
        command, cwd=ROOT, input=json.dumps(SCENARIOS), capture_output=True, text=True, check=False, timeout=500
    )
    assert result.returncode == 0, result.stderr
    cases = [json.loads(line) for line in result.stdout.splitlines()]
    assert all(case["ended"] == 0 for case in cases), result.stderr
    return cases


def test_runs_killed_at_any_point_and_resumed_end_with_the_log_of_an_uninterrupted_run(tmp_path: Path) -> None:
    cases = kill(tmp_path, [1, 2, 4])
    assert [case["scenario"] for case in cases] == ["learning", "labelling", "labelling"]
    assert [case for case in cases if not case["same"]] == []


@pytest.mark.slow
def test_a_hundred_runs_killed_at_any_point_and_resumed_end_with_the_log_of_an_uninterrupted_run(tmp_path: Path) -> None:
    cases = kill(tmp_path, range(100, 240))
    assert [case for case in cases if not case["same"]] == []
    deaths = [death for case in cases for death in case["deaths"]]
    assert sum(any(death["ended"] == -9 for death in case["deaths"]) for case in cases) >= 100
    assert sum(len(case["deaths"]) == 2 and case["deaths"][1]["ended"] == -9 for case in cases) >= 20
    assert sum(death["torn"] for death in deaths) >= 40
    assert {death["how"] for death in deaths if death["ended"] == -9} == {"event", "byte", "outside"}


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_command_killed_from_outside_goes_on_by_the_command_that_its_message_names(share: float, tmp_path: Path) -> None:
    # Such a campaign takes some seconds, so that there is time to kill it.
    write(tmp_path, LABELLING.replace("items = 60", "items = 5000").replace("count = 5", "count = 50"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "parley"]

    def size(folder: str) -> int:
        return sum(log.stat().st_size for log in (tmp_path / folder).glob("*.jsonl"))

    def kill(arguments: list[str], until: float) -> None:
        with subprocess.Popen([*command, *arguments], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and size("logs") < until:
                pass
            process.kill()
        assert process.returncode == -9

    subprocess.run([*command, "run", "scenario.toml", "--logs", "whole", "--quiet"], cwd=tmp_path, env=environment, check=True)
    whole = size("whole")
    kill(["run", "scenario.toml", "--quiet"], share * whole)
    refused = subprocess.run(
        [*command, "run", "scenario.toml"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    resume = refused.stderr.split("`")[1].split()[1:]
    assert resume[0] == "resume"
    kill([*resume, "--quiet"], (share + 0.05) * whole)
    subprocess.run([*command, *resume, "--quiet"], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / resume[1]).read_bytes() == next((tmp_path / "whole").glob("*.jsonl")).read_bytes()
