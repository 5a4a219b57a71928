"""`parley compare`, as a person uses it."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from scenarios.loading import load
from scenarios.run import run
from scenarios.study.results import FIGURES as MEASURES
from tests.scenarios.campaigns import LABELLING, LEARNING, write

ROOT = Path(__file__).parents[3]
FIVE = "{kind='majority', size=5}"

FIRST_COMER = """
from agents.coordinator.policy import Policy, Resolution

class FirstComer(Policy):
    async def resolve(self, item, crowd):
        answers = await crowd.ask(item, 1)
        return Resolution(answers[0].label, answers)
"""

FRAGILE = """
from agents.coordinator.policy import Policy, Resolution

class Fragile(Policy):
    async def resolve(self, item, crowd):
        answers = await crowd.ask(item, 1)
        if answers[0].annotator == "crowd-3" and item == 30:
            raise RuntimeError("I cannot stand crowd-3")
        return Resolution(answers[0].label, answers)
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, LABELLING, "labelling.toml")
    write(tmp_path, LEARNING, "learning.toml")


def compare(*arguments: str, scenario: str = "labelling.toml", jobs: str = "1") -> Result:
    return CliRunner().invoke(app, ["compare", scenario, "--jobs", jobs, *arguments])


def told(*arguments: str, scenario: str = "labelling.toml", jobs: str = "1") -> dict[str, Any]:
    result = compare(*arguments, "--json", scenario=scenario, jobs=jobs)
    assert result.exit_code == 0, result.output
    record: dict[str, Any] = json.loads(result.stdout)
    return record


def difference(record: dict[str, Any], measure: str) -> dict[str, Any]:
    (found,) = [each for each in record["differences"] if each["measure"] == measure]
    return dict(found)


def test_one_policy_alone_is_compared_with_the_scenario_as_it_is_written() -> None:
    result = compare("--policy", FIVE, "--seeds", "4")
    assert result.exit_code == 0, result.output
    assert "the same people and items for each, 4 seeds" in result.stdout
    assert "as-written  majority size 3" in result.stdout
    assert "asks for 1.7 times as many answers, costs 1.7 times as much" in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_object_for_programs_has_everything() -> None:
    record = told("--policy", "one=majority", "--policy", f"five={FIVE}", "--seeds", "5", "--set", "data.items=40")
    assert record["set"] == {"data.items": 40}
    assert (record["scenario"], record["seeds"], record["against"]) == ("labelling", [0, 1, 2, 3, 4], "one")
    one, five = record["policies"]
    assert (one["name"], one["set"], one["runs"]) == ("one", {"coordination.policy": "majority"}, 5)
    assert five["stopped_by"] == {"pool": 5}
    assert one["means"]["labels"] == {"mean": 40, "low": 40, "high": 40}
    found = difference(record, "label_accuracy")
    assert (found["policy"], found["against"], found["pairs"]) == ("five", "one", 5)
    assert found["low"] <= found["low_alone"] < found["mean"] < found["high_alone"] <= found["high"]
    assert found["p_alone"] <= found["p"]
    assert found["verdict"] == ("real" if found["low"] > 0 or found["high"] < 0 else "not yet")
    assert difference(record, "labels")["verdict"] == "the same"
    assert difference(record, "answers")["ratio"] == 5.0
    assert {"right_to_wrong", "wrong_to_right", "positions", "simulated_seconds", "cost"} <= set(one["means"])
    assert record["failures"] == []
    assert len(record["runs"]) == 10


def test_each_run_is_what_the_run_alone_would_have_given() -> None:
    record = told("--policy", FIVE, "--seeds", "3")
    for row in record["runs"]:
        settings: dict[str, Any] = {"seed": row["seed"]}
        if row["policy"] != "as-written":
            settings["coordination.policy"] = {"kind": "majority", "size": 5}
        alone = run(load(Path("labelling.toml"), settings).scenario, logs=None)
        for key in ("label_accuracy", "answers", "cost", "simulated_seconds", "stopped_by", "wrong_to_right"):
            assert row[key] == getattr(alone, key)


def test_a_comparison_is_the_same_whatever_the_number_of_jobs() -> None:
    arguments = ("--policy", FIVE, "--policy", "{kind='sequential', most=5}", "--seeds", "3")
    assert told(*arguments) == told(*arguments, jobs="2")


def test_with_a_learner_models_are_compared_and_the_accuracy_comes_first() -> None:
    record = told("--policy", "{kind='majority', size=3}", "--seeds", "3", scenario="learning.toml")
    assert record["differences"][0]["measure"] == "accuracy"
    assert record["policies"][1]["means"]["accuracy"]["mean"] > 0.5


def test_the_others_are_compared_with_whom_one_wants() -> None:
    record = told("--policy", "majority", "--policy", FIVE, "--policy", "as-written", "--against", "as-written", "--seeds", "2")
    assert record["policies"][0]["name"] == record["against"] == "as-written"
    assert {each["policy"] for each in record["differences"]} == {"majority", "majority size 5"}


def test_a_value_may_be_set_for_one_alone() -> None:
    record = told("--with", "slow:selector.in_flight=1", "--seeds", "3")
    assert [each["name"] for each in record["policies"]] == ["as-written", "slow"]
    assert difference(record, "simulated_seconds")["verdict"] == "real"
    assert difference(record, "simulated_seconds")["mean"] > 0


def test_allocations_are_compared_like_policies() -> None:
    record = told("--policy", "majority", "--policy", FIVE, "--allocation", "shared-queue", "--seeds", "2")
    assert record["policies"][1]["set"] == {
        "coordination.policy": {"kind": "majority", "size": 5},
        "coordination.allocation": "shared-queue",
    }


def test_where_people_talk_minds_that_change_are_compared() -> None:
    talk = "talk={kind='negotiation', size=3, rounds=1, protocol='argument'}"
    record = told("--policy", talk, "--set", "annotators.crowd.social={kind='argument', wrong_to_right=0.9}", "--seeds", "4")
    found = difference(record, "wrong_to_right")
    assert (found["verdict"], found["mean"] > 0.1) == ("real", True)
    row = record["runs"][1]
    assert (row["policy"], row["wrong_to_right"] > row["right_to_wrong"]) == ("talk", True)
    assert record["policies"][1]["means"]["positions"]["mean"] > 10


def test_a_policy_of_ones_own_takes_part_by_its_dotted_path(tmp_path: Path) -> None:
    write(tmp_path, FIRST_COMER, "first_comer.py")
    record = told("--policy", "first_comer.FirstComer", "--policy", "majority", "--seeds", "2")
    assert record["policies"][0]["name"] == "FirstComer"
    assert {each["verdict"] for each in record["differences"]} == {"the same"}


def test_a_policy_may_stand_in_a_file_and_a_scenario_may_be_a_script(tmp_path: Path) -> None:
    write(tmp_path, 'kind = "majority"\nsize = 2\n', "two.toml")
    source = "import tomllib\nfrom pathlib import Path\nscenario = tomllib.loads(Path('labelling.toml').read_text())\n"
    script = write(tmp_path, source, "scripted_comparison.py")
    record = told("--policy", "two.toml", "--seeds", "2", scenario=script.name)
    assert [each["name"] for each in record["policies"]] == ["as-written", "two"]


def test_a_run_that_fails_is_told_of_by_its_seed_and_the_others_go_on(tmp_path: Path) -> None:
    write(tmp_path, FRAGILE, "fragile_policy.py")
    arguments = ("--policy", "majority", "--policy", "fragile_policy.Fragile", "--seeds", "8")
    record = told(*arguments)
    failures = record["failures"]
    assert 0 < len(failures) < 8
    assert {each["policy"] for each in failures} == {"Fragile"}
    assert "I cannot stand crowd-3" in failures[0]["error"]
    assert difference(record, "answers")["pairs"] == 8 - len(failures)
    result = compare(*arguments)
    assert result.exit_code == 0
    seeds = ", ".join(str(each["seed"]) for each in failures[:5])
    assert f"Fragile, seed{'s' if len(failures) > 1 else ''} {seeds}" in result.stderr
    assert result.stderr.count("I cannot stand crowd-3") == 1


def test_where_every_run_fails_the_command_does(tmp_path: Path) -> None:
    result = compare("--policy", "majority", "--set", "data.seed_labels=61", "--seeds", "8")
    assert result.exit_code == 2
    assert "as-written, majority, seeds 0, 1, 2, 3, 4 and 3 more failed (16 of 16 runs): " in result.stderr
    assert "labelling.toml: every run failed" in result.stderr


def test_a_budget_that_ends_before_the_first_label_leaves_no_share_of_right_ones() -> None:
    record = told("--policy", "{kind='majority', size=5}", "--set", "stop.budget=0.2", "--seeds", "2")
    five = record["policies"][1]
    assert five["means"]["label_accuracy"]["mean"] is None
    assert difference(record, "label_accuracy")["verdict"] == "no pairs"
    assert any("different numbers of labels" in each for each in record["terms"])


def test_rows_and_pictures_are_written_where_one_wants_them(tmp_path: Path) -> None:
    result = compare("--policy", FIVE, "--seeds", "2", "--out", "rows.csv", "--plot", "plot.svg")
    assert result.exit_code == 0, result.output
    with Path("rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["policy"] + row["seed"] for row in rows] == ["as-written0", "majority0", "as-written1", "majority1"]
    assert Path("plot.svg").read_bytes().startswith(b"<?xml")
    assert "rows: rows.csv" in result.stdout
    assert "plot: plot.svg" in result.stdout


def test_quiet_says_nothing_and_json_nothing_else() -> None:
    assert compare("--policy", FIVE, "--seeds", "2", "--quiet").output == ""
    result = compare("--policy", FIVE, "--seeds", "2", "--json", "--plot", "plot.png", "--out", "rows.csv")
    assert json.loads(result.stdout)["against"] == "as-written"


BAD: dict[str, tuple[list[str], list[str]]] = {
    "there is nothing to compare; name a policy by --policy": ([], []),
    "--policy 'majorty': coordination.policy: there is no coordination policy 'majorty'; did you mean 'majority'": (
        ["majorty"],
        [],
    ),
    "--policy \"{kind='majority', sizes=3}\": coordination.policy: unknown key 'sizes'": (["{kind='majority', sizes=3}"], []),
    "--policy \"{kind='majority', size=0}\": coordination.policy.size: should be greater": (["{kind='majority', size=0}"], []),
    "--policy \"{kind='majority', size=9}\": coordination.policy asks 9 different people": (["{kind='majority', size=9}"], []),
    "--policy \"{kind='majority', size 3}\": this is no inline table of TOML": (["{kind='majority', size 3}"], []),
    "--policy \"{kind='majority', size=3}\": this is the scenario as it is written": (["{kind='majority', size=3}"], []),
    "--policy \"{kind='majority', size=1}\": this is the same as 'majority'": (["majority", "{kind='majority', size=1}"], []),
    "--policy 'no.such.Policy': coordination.policy: 'no.such.Policy' cannot be imported": (["no.such.Policy"], []),
    "--policy 'tomllib.loads': coordination.policy: 'tomllib.loads' is no coordination policy": (["tomllib.loads"], []),
    "--against 'majorty': nobody here is called that; did you mean 'majority'": (["majority"], ["--against", "majorty"]),
    "--set seed: everybody is run with seeds 0, 1, 2, ...": (["majority"], ["--set", "seed=4"]),
    "--with 'x:selector.in_flght=3': selector: unknown key 'in_flght'": (["majority"], ["--with", "x:selector.in_flght=3"]),
    "--allocation 'shared-que': coordination.allocation: there is no allocation": (["majority"], ["--allocation", "shared-que"]),
    "--plot plot.gif: the name should end in the format": (["majority"], ["--plot", "plot.gif"]),
    "--out labelling.toml: the name should end in the format": (["majority"], ["--out", "labelling.toml"]),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_gets_a_clear_message_and_exits_with_2_before_anything_runs(message: str) -> None:
    policies, options = BAD[message]
    result = compare(*(part for each in policies for part in ("--policy", each)), *options)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("scenario", ["nowhere.toml", "noise-effects"])
def test_what_is_no_scenario_is_refused(scenario: str) -> None:
    result = compare("--policy", "majority", scenario=scenario)
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr or "this is a study" in result.stderr


@pytest.mark.parametrize("seeds", ["0", "100001", "-1"])
def test_seeds_have_bounds(seeds: str) -> None:
    assert compare("--policy", "majority", "--seeds", seeds).exit_code == 2


def test_what_a_comparison_goes_by_a_study_tabulates_too() -> None:
    record = told("--policy", FIVE, "--seeds", "2")
    assert {"label_accuracy", "answers", "cost", "simulated_seconds", "labels"} <= set(MEASURES) & set(record["runs"][0])


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_ctrl_c_shows_what_there_is_and_exits_with_130(jobs: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "parley", "compare", "labelling.toml", "--policy", FIVE, "--seeds", "5000"]
    command += ["--jobs", jobs, "--out", "rows.csv", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, start_new_session=True, **pipes) as process:
        while not Path("rows.csv").is_file() or len(Path("rows.csv").read_text(encoding="utf-8").splitlines()) < 8:
            assert process.poll() is None
            time.sleep(0.05)
        # As a terminal does: everybody in the foreground gets it.
        os.killpg(process.pid, signal.SIGINT)
        out, error = process.communicate(timeout=60)
    assert process.returncode == 130, error.decode()
    assert "Traceback" not in error.decode()
    record = json.loads(out)
    assert 3 <= len(record["seeds"]) < 5000
    assert len(record["runs"]) == 2 * len(record["seeds"])
    assert f"interrupted after {len(record['seeds']):,} of 5,000 seeds" in error.decode()


@pytest.mark.slow
def test_people_who_are_as_good_as_each_other_are_hardly_ever_called_different() -> None:
    record = told("--with", "others:annotators.crowd.name='mob'", "--seeds", "400", "--set", "data.items=30", jobs="-1")
    from scenarios.compare.verdict import compare as compare_rows

    wrong, count, seeds = 0, 80, 5
    for start in range(0, count * seeds, seeds):
        rows = [row for row in record["runs"] if start <= row["seed"] < start + seeds]
        found = compare_rows(["as-written", "others"], rows)
        wrong += any(each.verdict == "real" for each in found.differences)
    assert wrong / count < 0.05 + 4 * (0.05 * 0.95 / count) ** 0.5


def test_a_comparison_that_kill_ends_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.compare.contest.run_contest", lambda *arguments: signal.raise_signal(signal.SIGTERM))
    result = compare("--policy", "{kind='majority', size=5}")
    assert result.exit_code == 143
    assert "terminated after 0 of" in result.stderr
