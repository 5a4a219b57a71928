"""`parley plan`, as a person uses it."""

import csv
import json
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from tests.scenarios.campaigns import write
from tests.scenarios.planning.plans import COINS, SIX, SIZES


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, COINS, "coins.toml")


def plan(*arguments: str, scenario: str = "coins.toml") -> Result:
    return CliRunner().invoke(app, ["plan", scenario, "--jobs", "1", "--seeds", "4", *arguments])


def test_the_answer_is_a_table_a_sentence_and_a_command_in_eighty_columns(tmp_path: Path) -> None:
    result = plan("--accuracy", "0.9", "--vary", SIZES, "--vary", SIX, "--out", "all.csv", "--page", "plan.html")
    assert result.exit_code == 0, result.output
    assert "coins: the labels are right at least 0.9 of the time" in " ".join(result.stdout.split())
    assert "cheapest and fastest: 6 annotators, majority 5, 120 labels" in " ".join(result.stdout.split())
    assert "--set coordination.policy.size=5 --set annotators.crowd.count=6 --set stop.labels=120" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines() if not line.startswith("  parley run")) <= 80
    rows = [*csv.DictReader((tmp_path / "all.csv").read_text().splitlines())]
    assert [row["labels"] for row in rows] == ["120"] * 3
    assert "A plan for coins" in (tmp_path / "plan.html").read_text()


def test_programs_get_one_object() -> None:
    result = plan("--accuracy", "0.9", "--vary", SIZES, "--vary", SIX, "--json", "--budget", "70")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["targets"] == {"accuracy": 0.9, "deadline": None, "budget": 70.0}
    (answer,) = found["answers"]
    assert answer["roles"] == ["cheapest", "fastest"]
    assert answer["cost"]["mean"] == pytest.approx(60.0)
    assert set(answer["risks"]) == {"accuracy", "budget"}
    assert found["search"]["candidates"] == 3 and not found["interrupted"]


def test_quiet_says_nothing() -> None:
    result = plan("--accuracy", "0.9", "--vary", SIZES, "--vary", SIX, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--accuracy", "90"], "--accuracy 90: a share between 0 and 1"),
        (["--accuracy", "0.9", "--vary", SIZES, "--vary", SIZES], "it stands there twice"),
        (["--accuracy", "0.9", "--vary", SIZES, "--vary", SIX, "--set", "coordination.policy.size=3"], "it is --set already"),
        (["--accuracy", "0.9", "--set", "seed=3"], "--set seed"),
        (["--accuracy", "0.9", "--out", "all.txt"], "--out all.txt"),
        (["--accuracy", "0.9", "--page", "nowhere/plan.html"], "there is no folder"),
    ],
)
def test_bad_options_are_refused_before_any_run(arguments: list[str], says: str) -> None:
    result = plan(*arguments)
    assert result.exit_code == 2
    assert says in result.output


def test_a_study_is_refused() -> None:
    result = plan("--accuracy", "0.9", scenario="noise-effects")
    assert result.exit_code == 2
    assert "this is a study, of many runs" in result.output


def test_where_every_run_fails_it_is_said_why(tmp_path: Path) -> None:
    (tmp_path / "policies.py").write_text(
        "from agents.coordinator.policy import Policy\n"
        "class Broken(Policy):\n"
        "    async def resolve(self, item, crowd):\n"
        "        raise RuntimeError('I cannot')\n"
    )
    result = plan("--accuracy", "0.9", "--vary", "coordination.policy=['policies.Broken']", "--vary", "annotators.crowd.count=[2]")
    assert result.exit_code == 2
    assert "every run failed" in result.output and "I cannot" in result.output


@pytest.mark.parametrize(("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")])
def test_a_plan_that_is_asked_to_end_ends_as_it_was_asked(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int, word: str
) -> None:
    monkeypatch.setattr("scenarios.planning.search.run_grid", lambda *arguments: signal.raise_signal(number))
    result = plan("--accuracy", "0.9", "--vary", SIZES, "--vary", SIX)
    assert result.exit_code == code
    assert f"{word} before anything was known" in result.stderr
