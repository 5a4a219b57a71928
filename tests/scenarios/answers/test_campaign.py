"""Campaigns in which people of the real world take part."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bus.replay import LogReader
from scenarios.cli import app
from tests.scenarios.answers.files import write

SCENARIO = """
name = "recorded"
[data]
source = "answers"
path = "answers.csv"
[[annotators]]
count = 4
noise = { kind = "recorded", file = "answers.csv" }
latency = "recorded"
[coordination]
policy = { kind = "majority", size = 2 }
"""

ANSWERS = "task,worker,label,duration,truth\n" + "".join(
    f"t{task},w{worker},{'no' if (task + worker) % 3 else 'yes'},{5 + 7 * task + worker},{'yes' if task % 2 else 'no'}\n"
    for task in range(12)
    for worker in range(4)
    if task % 4 != 3 - worker
)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ANSWERS)
    write(tmp_path, SCENARIO, "recorded.toml")


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def log() -> Path:
    (path,) = Path("logs").glob("*.jsonl")
    return path


def test_a_bare_file_of_answers_makes_a_campaign_of_ten_lines() -> None:
    assert parley("run", "recorded.toml").exit_code == 0
    file = [row.split(",") for row in ANSWERS.splitlines()[1:]]
    recorded = {(task, f"crowd-{int(worker[1:]) + 1}"): (label, float(duration)) for task, worker, label, duration, _ in file}
    answers = [event for event in LogReader(log()).events() if event["kind"] == "answer-submitted"]
    assert len(answers) == 24
    for event in answers:
        body = event["body"]
        assert recorded[body["item"], event["from"]] == (body["label"], (event["t"] - body["began"]) / 1e6)


def test_it_runs_again_as_it_was() -> None:
    parley("run", "recorded.toml", "--quiet")
    result = parley("verify", str(log()))
    assert (result.exit_code, result.stdout[:9]) == (0, "identical")


def test_a_file_that_has_changed_since_is_said(tmp_path: Path) -> None:
    parley("run", "recorded.toml", "--quiet")
    write(tmp_path, ANSWERS.replace("t0,w0,yes", "t0,w0,no"))
    result = parley("verify", str(log()))
    assert (result.exit_code, "the data are not those of the run" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("annotators.crowd.count=5", "annotators.crowd: count is 5, but answers.csv has answers of 4 workers"),
        ("annotators.crowd.noise.file=none.csv", "none.csv: No such file or directory"),
        ("annotators.crowd.noise.workers=['w0']", "annotators.crowd: workers names 1 of them, but count is 4"),
        ("data.truth=label", "answers.csv, line 3: task 't0' is truly 'no' here, but 'yes' in line 2"),
        ("annotators.crowd.noise.label=truth", "recorded is fine"),
        ("annotators.crowd.noise.label=duration", "answers.csv, line 2: '5' is no class of the data; there are no, yes"),
    ],
)
def test_check_says_what_does_not_fit(setting: str, message: str) -> None:
    result = parley("check", "recorded.toml", "--set", setting)
    assert message in result.output, result.output
    assert result.exit_code == (0 if message.endswith("is fine") else 2)
