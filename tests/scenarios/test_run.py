"""Runs: the same twice, verified, resumed, and left in peace when something is in the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import pytest

from agents.annotator.case import Case
from agents.annotator.noises.one_coin import OneCoin
from agents.component import Trust
from bus.chance import Luck
from bus.journal import Diverged, Journal
from bus.message import Envelope
from bus.replay import CorruptLog
from scenarios.errors import BadInput
from scenarios.interruption import Interrupted
from scenarios.loading import load
from scenarios.logfile import environment_file, log_name
from scenarios.run import Origin, resume, run, verify
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import LABELLING, LEARNING, events, forged, run_logged, write

ROOT = Path(__file__).parents[2]
VARIATIONS = ["", "--seed=5", "--set=coordination.policy.size=2", "--set=selector.in_flight=2", "--set=selector.barrier=true"]


@pytest.fixture(params=[LABELLING, LEARNING], ids=["labelling", "learning"])
def scenario(request: pytest.FixtureRequest, tmp_path: Path) -> Scenario:
    return load(write(tmp_path, request.param)).scenario


ONE_AFTER_THE_OTHER = """
import sys, parley
for arguments in {commands!r}:
    sys.argv = ["parley", "run", *arguments, "--quiet", "--logs", {logs!r}]
    try:
        parley.main()
    except SystemExit as end:
        assert not end.code, arguments
"""


def run_elsewhere(python: str, hash_seed: str, folder: Path, commands: list[list[str]]) -> dict[str, bytes]:
    """Run the command in another process, for several sets of arguments, and return the logs by name."""
    logs = folder / f"logs-{hash_seed}"
    script = ONE_AFTER_THE_OTHER.format(commands=commands, logs=str(logs))
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    subprocess.run([python, "-c", script], cwd=folder, env=environment, check=True, capture_output=True)
    return {log.name: log.read_bytes() for log in sorted(logs.glob("*.jsonl"))}


def test_runs_are_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    texts = {"labelling.toml": LABELLING, "learning.toml": LEARNING}
    scenarios = [str(write(tmp_path, text, name)) for name, text in texts.items()]
    commands = [[scenario, *([variation] if variation else [])] for scenario in scenarios for variation in VARIATIONS]
    first, second = (run_elsewhere(sys.executable, hash_seed, tmp_path, commands) for hash_seed in ("0", "77"))
    assert len(first) == len(commands)
    assert first == second


@pytest.mark.slow
def test_fifty_runs_are_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    scenarios = ["quickstart", str(write(tmp_path, LABELLING, "labelling.toml")), str(write(tmp_path, LEARNING, "learning.toml"))]
    strategies = [f"--set=selector.strategy={strategy}" for strategy in ("random", "entropy")]
    commands = [[scenario, f"--seed={seed}"] for scenario in scenarios for seed in range(12)]
    commands += [["quickstart", f"--seed={seed}", strategy] for seed in range(7) for strategy in strategies]
    first, second = (run_elsewhere(sys.executable, hash_seed, tmp_path, commands) for hash_seed in ("1", "random"))
    assert len(first) >= 43
    assert first == second


@pytest.mark.slow
def test_a_campaign_without_a_learner_is_the_same_bytes_on_another_python(tmp_path: Path) -> None:
    names = [name for name in ("python3.11", "python3.12", "python3.13", "python3.14") if f"{sys.version_info[1]}" not in name]
    needs = "import joblib, numpy, pydantic, rich, scipy, sklearn, structlog, typer"
    others = [
        python
        for python in map(shutil.which, names)
        if python and not subprocess.run([python, "-c", needs], capture_output=True, check=False).returncode
    ]
    if not others:
        pytest.skip(f"no other Python with Parley's dependencies is installed (looked for {', '.join(names)})")
    commands = [[str(write(tmp_path, LABELLING)), f"--seed={seed}"] for seed in range(5)]
    here = run_elsewhere(sys.executable, "0", tmp_path, commands)
    for python in others:
        assert run_elsewhere(python, "1", tmp_path, commands) == here


def test_the_events_of_a_campaign_without_a_learner_are_the_same_everywhere(tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path)
    content = json.dumps([{key: event[key] for key in event if key != "sum"} for event in events(log)], sort_keys=True)
    assert blake2b(content.encode(), digest_size=8).hexdigest() == "7309c8a1a0166baf"


def test_a_log_is_called_after_name_seed_and_a_digest_of_the_whole_scenario(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    assert log.name == log_name(scenario.completed())
    assert log.name.startswith(f"{scenario.name}-s3-")
    assert len(log.stem.rpartition("-")[2]) == 8
    assert log_name(scenario) != log_name(scenario.model_copy(update={"seed": 4}))


def test_a_log_has_header_events_and_footer(scenario: Scenario, tmp_path: Path) -> None:
    summary, log = run_logged(scenario, tmp_path)
    header, *_, footer = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    assert (header["log"], header["origin"], header["seed"], header["script"]) == (2, "simulated", 3, None)
    assert Scenario.model_validate(header["scenario"]) == scenario.completed()
    assert len(header["data"]) == 16
    assert footer["events"] == summary.events == len(events(log))
    assert sum(footer["counts"].values()) == footer["events"]
    assert [event["seq"] for event in events(log)] == [*range(1, summary.events + 1)]


def test_the_footer_holds_a_further_draw_of_every_stream(tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, LEARNING)).scenario, tmp_path)
    footer = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert "learner" in footer["streams"]


def test_versions_and_places_stand_beside_the_log_and_not_in_it(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    beside = json.loads(environment_file(log).read_text(encoding="utf-8"))
    assert beside["python"] and beside["numpy"]
    assert str(tmp_path) not in log.read_text(encoding="utf-8")


def test_verify_finds_an_untouched_log_identical(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    assert verify(log, Trust(everything=False)).footer is not None


def test_verify_names_the_first_line_that_differs_with_both_versions(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    lines = log.read_bytes().splitlines()
    number, line = next((number, line) for number, line in enumerate(lines, 1) if b'"kind":"answer-submitted"' in line)
    began = line[line.index(b'"began":') :].split(b"}")[0]
    with pytest.raises(Diverged) as difference:
        verify(forged(log, began, began + b"1"), Trust())
    assert difference.value.number == number
    assert difference.value.repeated == line + b"\n"
    assert difference.value.recorded is not None and began + b"1" in difference.value.recorded


def test_verify_repeats_an_unfinished_log_as_far_as_it_goes(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:40]))
    assert verify(log, Trust()).footer is None


def test_a_changed_byte_is_named_by_its_line(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    lines = log.read_bytes().splitlines(keepends=True)
    lines[20] = lines[20].replace(b'"t":', b'"t":1', 1)
    log.write_bytes(b"".join(lines))
    with pytest.raises(CorruptLog, match="line 21: "):
        verify(log, Trust())


def test_data_that_have_changed_since_are_refused(tmp_path: Path) -> None:
    rows = "a,b,truth\n" + "".join(f"{n},{n * n % 7},{'yes' if n % 3 else 'no'}\n" for n in range(30))
    write(tmp_path, rows, "data.csv")
    text = LABELLING.replace('source = "synthetic"\nitems = 60\nclasses = 3', 'source = "csv"\npath = "data.csv"\ntruth = "truth"')
    _, log = run_logged(load(write(tmp_path, text)).scenario, tmp_path)
    verify(log, Trust())
    write(tmp_path, rows.replace("yes", "no", 1), "data.csv")
    with pytest.raises(BadInput, match="the data are not those of the run"):
        verify(log, Trust())


@pytest.mark.parametrize("kept", [1, 2, 17, 90])
@pytest.mark.parametrize("torn", [0, 1, 25])
def test_resume_ends_with_the_log_of_an_uninterrupted_run(scenario: Scenario, kept: int, torn: int, tmp_path: Path) -> None:
    summary, log = run_logged(scenario, tmp_path)
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:kept]) + lines[kept][:torn])
    assert resume(log, Trust()) == (summary, torn)
    assert log.read_bytes() == whole


def test_a_finished_run_is_not_resumed(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    with pytest.raises(BadInput, match="nothing to resume"):
        resume(log, Trust())


def test_a_finished_log_of_the_same_name_is_replaced(scenario: Scenario, tmp_path: Path) -> None:
    assert run_logged(scenario, tmp_path) == run_logged(scenario, tmp_path)


def test_an_unfinished_log_is_kept_and_how_to_go_on_is_said(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    unfinished = b"".join(log.read_bytes().splitlines(keepends=True)[:-1])
    log.write_bytes(unfinished)
    with pytest.raises(BadInput, match=r"parley resume .*deleting the file"):
        run_logged(scenario, tmp_path)
    assert log.read_bytes() == unfinished


class Interrupting:
    """Raises SIGINT when the events of a run have come to a number."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        self._number = number
        self._append = Journal.append
        monkeypatch.setattr(Journal, "append", lambda journal, envelope: self.append(journal, envelope))

    def append(self, journal: Journal, envelope: Envelope) -> None:
        self._append(journal, envelope)
        if envelope.seq == self._number:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 13, 21, 34, 55, 60, 65, 70, 75, 80])
def test_ctrl_c_at_any_event_leaves_a_log_that_can_be_resumed(
    scenario: Scenario, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = scenario.tables()
    # Fixed times: many things happen at one instant, and the order in which they stop matters.
    tables["annotators"][0]["latency"] = {"kind": "fixed", "time": 10}
    scenario = Scenario.model_validate(tables)
    whole = run_logged(scenario, tmp_path / "whole")[1].read_bytes()
    with monkeypatch.context() as patch, pytest.raises(Interrupted) as interruption:
        Interrupting(patch, number)
        run(scenario, tmp_path, origin=Origin(tmp_path))
    summary = interruption.value.summary
    assert summary.stopped_by == "interrupted"
    log = Path(str(summary.log))
    assert b'"digest"' not in log.read_bytes()
    assert whole.startswith(log.read_bytes())
    resume(log, Trust())
    assert log.read_bytes() == whole


def test_a_component_that_fails_and_is_mended_lets_its_run_be_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load(write(tmp_path, LABELLING)).scenario
    whole = run_logged(scenario, tmp_path / "whole")[1].read_bytes()
    answer = OneCoin.answer
    answers = iter(range(80))

    def broken(noise: OneCoin, case: Case, luck: Luck) -> int:
        if next(answers, None) is None:
            raise ZeroDivisionError
        return answer(noise, case, luck)

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(OneCoin, "answer", broken)
        run_logged(scenario, tmp_path)
    log = tmp_path / log_name(scenario.completed())
    assert len(log.read_bytes()) > 10_000
    assert whole.startswith(log.read_bytes())
    resume(log, Trust())
    assert log.read_bytes() == whole


def test_a_run_without_a_log_gives_the_same_summary(scenario: Scenario, tmp_path: Path) -> None:
    logged, _ = run_logged(scenario, tmp_path)
    assert run(scenario, logs=None).model_copy(update={"log": logged.log}) == logged
