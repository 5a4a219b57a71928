"""What a campaign cannot come to, or does for nothing: said, and no error."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from agents.selector.strategies.graph_density import GraphDensity
from agents.selector.strategies.prob_cover import ProbCover
from scenarios.cli import app
from tests.scenarios.campaigns import LEARNING, write


def remarks(folder: Path, *settings: str, command: str = "check") -> list[str]:
    path = write(folder, LEARNING, "learning.toml")
    options = [part for setting in settings for part in ("--set", setting)]
    where = ["--logs", str(folder)] if command == "run" else []
    result = CliRunner().invoke(app, [command, str(path), *where, *options])
    assert result.exit_code == 0, result.stderr
    return result.stderr.splitlines()


def test_limits_that_the_pool_cannot_come_to_are_told_of(tmp_path: Path) -> None:
    labels, in_flight = remarks(tmp_path, "stop.labels=9999", "selector.in_flight=9998")
    assert labels.startswith("stop.labels is 9,999, and there are ")
    assert in_flight.startswith("selector.in_flight is 9,998, and there are ")
    items = int(labels.split("there are ")[1].split()[0])
    assert not remarks(tmp_path, f"stop.labels={items}", f"selector.in_flight={items}")
    assert len(remarks(tmp_path, f"stop.labels={items + 1}", f"selector.in_flight={items + 1}")) == 2


COUNCIL = "selector.strategy={{kind='council', members=['{}', '{}']}}"


@pytest.mark.parametrize("pending", ["kriging-believer", "constant-liar"])
@pytest.mark.parametrize(
    ("strategy", "named"),
    [
        ("selector.strategy='random'", "'random'"),
        ("selector.strategy={kind='subsample', of='k-center'}", "'subsample'"),
        (COUNCIL.format("random", "k-center"), "'random' and 'k-center'"),
        (COUNCIL.format("random", "entropy"), None),
        ("selector.strategy={kind='subsample', of='margin'}", None),
    ],
)
def test_models_that_would_be_trained_for_nothing_are_told_of(
    pending: str, strategy: str, named: str | None, tmp_path: Path
) -> None:
    settings = (f"selector.pending='{pending}'", strategy)
    told = [each for each in remarks(tmp_path, *settings) if "nothing is trained" in each]
    assert len(told) == (named is not None)
    assert all(f"selector.pending '{pending}' trains models, and selector.strategy {named} goes by none" in each for each in told)


def test_who_runs_a_campaign_is_told_so_too(tmp_path: Path) -> None:
    told = remarks(tmp_path, "selector.pending='kriging-believer'", "selector.strategy='random'", command="run")
    assert any("nothing is trained" in each for each in told)


@pytest.mark.parametrize("slow", [GraphDensity, ProbCover])
def test_a_pool_that_takes_a_strategy_long_is_told_of_unless_it_looks_at_fewer(
    slow: type[GraphDensity | ProbCover], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "slow_beyond", 20)
    (told,) = remarks(tmp_path, f"selector.strategy='{slow.kind}'")
    assert told.startswith(f"selector.strategy '{slow.kind}' costs {slow.cost}: with ")
    assert not remarks(tmp_path, f"selector.strategy={{kind='subsample', number=20, of='{slow.kind}'}}")
