"""Components of one's own, by dotted path or in a script: run, verified, resumed and studied alike."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from tests.scenarios.campaigns import LABELLING, LEARNING, write

ALWAYS = """
from agents.annotator.noises.one_coin import OneCoin
class Always(OneCoin):
    def answer(self, case, luck):
        return case.truth
class Stubborn(OneCoin):
    kind = "stubborn"
    def answer(self, case, luck):
        return 0
"""
SCRIPT = """
from agents.annotator.noises.one_coin import OneCoin
from scenarios.annotators import AnnotatorsTable
from scenarios.scenario import Scenario
from scenarios.sources import Synthetic
class Right(OneCoin):
    def answer(self, case, luck):
        return case.truth
scenario = Scenario(name="scripted", data=Synthetic(items=40), annotators=(AnnotatorsTable(noise=Right(accuracy=0.1)),))
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, LABELLING, "labelling.toml")
    write(tmp_path, LEARNING, "learning.toml")
    write(tmp_path, ALWAYS, "always_noise.py")
    write(tmp_path, SCRIPT, "scripted_run.py")
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        del sys.modules[name]


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def log_of(*arguments: str) -> tuple[dict[str, object], Path]:
    result = parley("run", *arguments, "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    return summary, Path(summary["log"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["labelling.toml", "--set", "annotators.crowd.noise=always_noise.Always"],
        ["labelling.toml", "--set", "annotators.crowd.noise=always_noise.Stubborn"],
        ["scripted_run.py"],
    ],
    ids=["derived", "with a short name", "in a script"],
)
def test_a_class_of_ones_own_is_itself_in_run_verify_and_resume(arguments: list[str]) -> None:
    summary, log = log_of(*arguments)
    assert summary["label_accuracy"] == 1.0 or "Stubborn" in arguments[-1]
    assert parley("verify", str(log)).exit_code == 2
    assert parley("verify", str(log), "--trust").exit_code == 0
    whole = log.read_bytes()
    log.write_bytes(b"".join(whole.splitlines(keepends=True)[:50]))
    assert parley("resume", str(log), "--trust", "--quiet").exit_code == 0
    assert log.read_bytes() == whole


def test_a_class_of_ones_own_can_be_varied_in_a_study(tmp_path: Path) -> None:
    vary = '[vary]\n"annotators.crowd.noise" = ["one-coin", "always_noise.Always"]\n'
    study = f'name = "n"\nscenario = "labelling.toml"\nseeds = 1\n{vary}'
    write(tmp_path, study, "study.toml")
    result = parley("study", "study.toml", "--jobs", "1", "--json")
    rows = json.loads(result.stdout)
    assert [row["error"] for row in rows] == [None, None]
    assert rows[0]["label_accuracy"] < rows[1]["label_accuracy"] == 1.0


def test_a_script_that_has_changed_since_is_refused(tmp_path: Path) -> None:
    _, log = log_of("scripted_run.py")
    write(tmp_path, SCRIPT + "# changed", "scripted_run.py")
    result = parley("verify", str(log), "--trust")
    assert result.exit_code == 2
    assert "has changed since the run" in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken_script.py", "scenario = (", "the script failed: SyntaxError"),
        ("leaving_script.py", "raise SystemExit(0)", "the script failed: SystemExit"),
        ("empty_script.py", "", "a scenario script defines `scenario`"),
        (
            "wrong_script.py",
            SCRIPT.replace("data=Synthetic(items=40)", "data=Synthetic(itmes=40)"),
            "unknown key 'itmes'; did you mean 'items'",
        ),
        ("my-script.py", SCRIPT, "must be a name in Python"),
        ("json.py", SCRIPT, "there is another module called 'json'"),
    ],
)
def test_a_script_that_cannot_be_used_gets_a_clear_message(tmp_path: Path, name: str, content: str, message: str) -> None:
    write(tmp_path, content, name)
    result = parley("run", name)
    assert result.exit_code == 2, result.output
    assert message in result.stderr


POLICIES = """
from agents.coordinator.policy import Policy, Resolution
class Inventive(Policy):
    async def resolve(self, item, crowd):
        return Resolution("banana", await crowd.ask(item, 1))
class Idle(Policy):
    async def resolve(self, item, crowd):
        return Resolution(0, await crowd.ask(item, 0))
class Greedy(Policy):
    async def resolve(self, item, crowd):
        return Resolution(0, await crowd.ask(item, 99))
"""


@pytest.mark.parametrize(
    ("policy", "message"),
    [("Inventive", "settled on 'banana'"), ("Idle", "asks 0 people about item 0"), ("Greedy", "asks 99 people about item 0, of 5")],
)
def test_a_policy_that_asks_the_impossible_is_told_so(tmp_path: Path, policy: str, message: str) -> None:
    write(tmp_path, POLICIES, "odd_policies.py")
    result = parley("run", "labelling.toml", "--set", f"coordination.policy=odd_policies.{policy}")
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_estimator_that_cannot_take_the_features_is_named_before_the_campaign(tmp_path: Path) -> None:
    result = parley(
        "run", "learning.toml", "--set", "data.source=digits", "--set", 'learner.estimator="sklearn.naive_bayes.MultinomialNB"'
    )
    assert result.exit_code == 2
    assert "learner.estimator 'sklearn.naive_bayes.MultinomialNB' takes no negative features" in result.stderr


def test_an_estimator_that_cannot_be_trained_is_named(tmp_path: Path) -> None:
    cramped = '{kind="sklearn.linear_model.LogisticRegressionCV", params={cv=90, use_legacy_attributes=false}}'
    result = parley("run", "learning.toml", "--set", f"learner.estimator={cramped}")
    assert result.exit_code == 2
    assert "learner.estimator sklearn.linear_model.LogisticRegressionCV cannot be trained on 6 labels" in result.stderr
