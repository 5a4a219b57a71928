"""The `parley` command, as a person uses it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from zlib import crc32

import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from tests.scenarios.campaigns import LABELLING, LEARNING, forged, write

ROOT = Path(__file__).parents[2]
PROMISED = {
    "accuracy", "labels", "answers", "cost", "simulated_seconds", "label_accuracy", "events", "log", "seed", "stopped_by",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, LABELLING, "labelling.toml")
    write(tmp_path, LEARNING, "learning.toml")


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def summary_of(*arguments: str) -> dict[str, object]:
    result = parley("run", *arguments, "--json")
    assert result.exit_code == 0, result.output
    summary: dict[str, object] = json.loads(result.stdout)
    return summary


def test_run_shows_a_summary_that_fits_one_screen() -> None:
    result = parley("run", "learning.toml")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    for word in ("accuracy", "labels", "answers", "money", "simulated time", "crowd-1", "logs/learning-s3-"):
        assert word in result.stdout


def test_run_prints_one_json_object_with_what_is_promised() -> None:
    summary = summary_of("learning.toml")
    assert set(summary) >= PROMISED
    assert (summary["labels"], summary["seed"], summary["stopped_by"]) == (25, 3, "labels")
    assert Path(str(summary["log"])).is_file()


def test_without_a_learner_the_accuracy_is_null() -> None:
    summary = summary_of("labelling.toml")
    assert summary["accuracy"] is None
    assert (summary["labels"], summary["stopped_by"]) == (60, "pool")


def test_quiet_says_nothing() -> None:
    result = parley("run", "labelling.toml", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_the_seed_may_be_given() -> None:
    assert summary_of("labelling.toml", "--seed", "9")["seed"] == 9


def test_values_may_be_set_several_times() -> None:
    summary = summary_of("labelling.toml", "--set", "stop.labels=10", "--set", "annotators.crowd.price=1")
    assert summary["labels"] == 10
    assert summary["cost"] == summary["answers"]


@pytest.mark.parametrize(
    ("setting", "stopped_by"), [("stop.labels=5", "labels"), ("stop.budget=1.0", "budget"), ("stop.time=2m", "time")]
)
def test_the_first_limit_that_is_reached_ends_the_campaign(setting: str, stopped_by: str) -> None:
    summary = summary_of("labelling.toml", "--set", setting)
    assert summary["stopped_by"] == stopped_by
    if stopped_by == "time":
        assert summary["simulated_seconds"] == 120
    if stopped_by == "budget":
        assert float(str(summary["cost"])) <= 1.0


def test_logs_go_where_they_are_wanted() -> None:
    assert str(summary_of("labelling.toml", "--logs", "elsewhere")["log"]).startswith("elsewhere/")


def test_pace_ties_simulated_time_to_real_time() -> None:
    start = time.monotonic()
    summary = summary_of("labelling.toml", "--set", "stop.time=60s", "--pace", "300")
    assert summary["simulated_seconds"] == 60
    assert 0.2 <= time.monotonic() - start < 5


def test_verify_says_identical_and_exits_with_0() -> None:
    log = str(summary_of("labelling.toml")["log"])
    result = parley("verify", log)
    assert (result.exit_code, result.stdout[:9]) == (0, "identical")


def test_verify_of_a_changed_byte_names_the_line_and_exits_with_2() -> None:
    log = Path(str(summary_of("labelling.toml")["log"]))
    lines = log.read_bytes().splitlines(keepends=True)
    lines[7] = lines[7].replace(b"crowd", b"crowe", 1)
    log.write_bytes(b"".join(lines))
    result = parley("verify", str(log))
    assert result.exit_code == 2
    assert f"{log}, line 8: " in result.stderr


def test_verify_of_a_log_that_says_something_else_shows_both_versions_and_exits_with_1() -> None:
    log = Path(str(summary_of("labelling.toml")["log"]))
    forgery = forged(log, b'"votes":3', b'"votes":2')
    result = parley("verify", str(forgery))
    assert result.exit_code == 1
    assert "is the first that differs" in result.stdout
    recorded, now = (
        next(line for line in result.stdout.splitlines() if line.startswith(f"  {name}")) for name in ("recorded", "now")
    )
    assert '"votes":2' in recorded
    assert '"votes":3' in now


def test_a_torn_last_line_is_cut_off_and_said() -> None:
    log = Path(str(summary_of("labelling.toml")["log"]))
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) // 2])
    result = parley("resume", str(log), "--quiet")
    assert result.exit_code == 0
    assert "the last line was torn" in result.stderr
    assert log.read_bytes() == whole


def test_an_unfinished_log_is_in_the_way_and_the_message_says_what_to_do() -> None:
    log = Path(str(summary_of("labelling.toml")["log"]))
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-3]))
    result = parley("run", "labelling.toml")
    assert result.exit_code == 2
    assert f"parley resume {log}" in result.stderr


def test_check_reads_scenario_and_data_without_running() -> None:
    result = parley("check", "learning.toml")
    assert result.exit_code == 0
    assert "learning is fine" in result.stdout
    assert not Path("logs").exists()
    assert not result.stderr


def test_check_says_how_common_each_class_is_and_how_many_labels_are_known() -> None:
    assert re.search(
        r"3 classes: 0 \(\d+\.\d%\), 1 \(\d+\.\d%\), 2 \(\d+\.\d%\)$", parley("check", "labelling.toml").stdout, re.MULTILINE
    )
    told = parley("check", "learning.toml", "--set", "data.seed_labels=7").stdout
    shares, known = zip(*re.findall(r"\w \((\d+\.\d)%, (\d+) known\)", told), strict=True)
    assert sum(map(float, shares)) == pytest.approx(100, abs=0.2)
    assert sum(map(int, known)) == 7


BAD = {
    "there is no such file, and no 'quikstart' in the library; did you mean 'quickstart'": ["run", "quikstart"],
    "nowhere.toml: there is no such file": ["check", "nowhere.toml"],
    "this is a study, of many runs; `parley study` runs it": ["check", "noise-effects"],
    "annotators: should be a list (found 1)": ["check", "learning.toml", "--set", "annotators=1"],
    "selector: should be a table of barrier, in_flight, pending, relabel, strategy (found 'entropy')": [
        "check",
        "learning.toml",
        "--set",
        "selector=entropy",
    ],
    "an availability is a table with a kind": ["check", "learning.toml", "--set", "annotators.crowd.availability=[7]"],
    "labelling.toml: data: unknown key 'itmes'; did you mean 'items'": ["run", "labelling.toml", "--set", "data.itmes=3"],
    "annotators.crowd.noise.accuracy: should be a valid number": [
        "run",
        "labelling.toml",
        "--set",
        "annotators.crowd.noise.accuracy=high",
    ],
    "should be less than or equal to 1 (found 1.5)": ["run", "labelling.toml", "--set", "annotators.crowd.noise.accuracy=1.5"],
    "there is no query strategy 'entrophy'; did you mean 'entropy'": [
        "run",
        "learning.toml",
        "--set",
        "selector.strategy=entrophy",
    ],
    "can never meet the lease": ["run", "labelling.toml", "--set", "coordination.lease=1ms"],
    "--pace 0.0: a pace is a positive number": ["run", "labelling.toml", "--pace", "0"],
    "there is no kind of component called 'nois'; did you mean 'noise'": ["list", "nois"],
    "no-such.jsonl: No such file": ["verify", "no-such.jsonl"],
    "labelling.toml, line 1: ": ["verify", "labelling.toml"],
    "the data have one class only: 'x'": ["run", "one-class.toml"],
    "'my.own.Thing' cannot be imported": ["run", "labelling.toml", "--set", "annotators.crowd.noise=my.own.Thing"],
    "is no TOML: ": ["run", "broken.toml"],
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_gets_a_clear_message_and_exits_with_2(message: str, tmp_path: Path) -> None:
    write(tmp_path, "a,truth\n" + "1,x\n" * 30, "one.csv")
    one_class = 'name = "one"\nannotators = [{}]\n[data]\nsource = "csv"\npath = "one.csv"\ntruth = "truth"\n'
    write(tmp_path, one_class, "one-class.toml")
    write(tmp_path, "name = [", "broken.toml")
    result = parley(*BAD[message])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_crowd_of_which_somebody_can_never_meet_the_lease_is_refused() -> None:
    latency = 'annotators.crowd.latency={kind="fixed", time={kind="uniform", low="10s", high="20s"}}'
    result = parley("run", "labelling.toml", "--set", "coordination.lease=1s", "--set", latency)
    assert result.exit_code == 2
    assert "crowd-1: can never meet the lease" in result.stderr


def test_a_header_that_does_not_fit_is_refused_by_its_line(tmp_path: Path) -> None:
    line = b'{"log":1,"parley":"0.1.0"'
    (tmp_path / "odd.jsonl").write_bytes(b'%b,"sum":"%08x"}\n' % (line, crc32(line)))
    result = parley("verify", "odd.jsonl")
    assert result.exit_code == 2
    assert "odd.jsonl, line 1: this header does not fit" in result.stderr


def test_output_that_nobody_reads_any_more_ends_the_command_quietly(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"{sys.executable} -m parley schema | head -1"
    result = subprocess.run(command, shell=True, env=environment, capture_output=True, check=True, cwd=tmp_path)
    assert result.stdout.strip() == b"{"
    assert result.stderr == b""


def test_a_run_that_stalls_exits_with_3(tmp_path: Path) -> None:
    write(
        tmp_path,
        "from agents.coordinator.policy import Policy\n"
        "class Waiter(Policy):\n"
        "    async def resolve(self, item, crowd):\n"
        "        import asyncio\n"
        "        await asyncio.Event().wait()\n",
        "waiting_policy.py",
    )
    result = parley("run", "labelling.toml", "--set", "coordination.policy=waiting_policy.Waiter", "--quiet")
    assert result.exit_code == 3
    assert "stalled at 0.000000 s" in result.stderr
    assert "resolving 0" in result.stderr


def test_code_of_others_runs_only_when_trusted(tmp_path: Path) -> None:
    write(
        tmp_path,
        "from agents.annotator.noise import Noise\n"
        "class Contrary(Noise):\n"
        "    def chances(self, case):\n"
        "        return [float(label == (case.truth + 1) % case.classes) for label in range(case.classes)]\n",
        "contrary_noise.py",
    )
    summary = summary_of("labelling.toml", "--set", "annotators.crowd.noise=contrary_noise.Contrary")
    assert summary["label_accuracy"] == 0
    log = str(summary["log"])
    refused = parley("verify", log)
    assert refused.exit_code == 2
    assert "needs --trust" in refused.stderr
    assert parley("verify", log, "--trust").exit_code == 0


def test_scikit_learn_needs_no_trust() -> None:
    classifier = 'learner.estimator={kind="sklearn.naive_bayes.GaussianNB"}'
    log = str(summary_of("learning.toml", "--set", classifier)["log"])
    assert parley("verify", log).exit_code == 0


def test_a_script_that_defines_a_scenario_runs_and_its_digest_stands_in_the_header() -> None:
    log = Path(str(summary_of("first_script")["log"]))
    header = json.loads(log.read_text(encoding="utf-8").splitlines()[0])
    assert header["script"]["name"] == "first_script.py"
    assert parley("verify", str(log)).exit_code == 0


@pytest.mark.parametrize("kind", ["", "data", "estimator", "strategy", "noise", "latency", "policy", "allocation", "distribution"])
def test_list_shows_what_there_is(kind: str) -> None:
    result = parley("list", *([kind] if kind else []))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) >= 2


def test_list_shows_dials_with_bounds_and_defaults() -> None:
    line = next(line for line in parley("list", "noise").stdout.splitlines() if "accuracy" in line)
    assert "number >= 0, <= 1" in line
    assert "= 0.8" in line


def test_schema_is_a_json_schema_that_the_library_meets() -> None:
    schema = json.loads(parley("schema").stdout)
    assert schema["$schema"].endswith("2020-12/schema")
    assert {"data", "annotators", "coordination", "stop", "learner", "selector"} <= set(schema["properties"])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_kill_in_real_life_say_how_to_resume(number: int, status: int, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "parley", "run", "labelling.toml", "--pace", "1", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        while not list(tmp_path.glob("logs/*.jsonl")):
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(number)
        out, error = process.communicate(timeout=20)
    assert process.returncode == status, error.decode()
    assert json.loads(out)["stopped_by"] == "interrupted"
    assert "parley resume" in error.decode()
    (log,) = tmp_path.glob("logs/*.jsonl")
    assert parley("resume", str(log), "--quiet").exit_code == 0
    assert parley("verify", str(log)).exit_code == 0


def test_a_foreign_package_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "bus").mkdir()
    write(tmp_path, "", "bus/__init__.py")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    result = subprocess.run(
        [sys.executable, "-m", "parley", "list"], env=environment, capture_output=True, check=False, cwd=tmp_path
    )
    assert result.returncode == 2
    assert f"the package 'bus' found at {tmp_path}" in result.stderr.decode()


@pytest.mark.parametrize("path", ["sklearn.datasets.fetch_openml", "sklearn.datasets._base.makedirs", "sklearn.linear_model.Ridge"])
def test_what_is_no_classifier_is_never_called_however_much_scikit_learn_is_trusted(path: str) -> None:
    result = parley("check", "learning.toml", "--set", f'learner.estimator={{kind="{path}", params={{name="made"}}}}')
    assert result.exit_code == 2
    assert "is no classifier of scikit-learn" in result.stderr or "cannot be imported" in result.stderr
    assert not Path("made").exists()
