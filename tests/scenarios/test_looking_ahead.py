"""Campaigns whose strategies look ahead, or at how items lie: run, verified, resumed, in batches and in flight."""

from pathlib import Path
from typing import Any

import pytest

from agents.component import Trust
from agents.messages import ItemRequested
from scenarios.catalogue import members
from scenarios.loading import load
from scenarios.run import verify
from tests.scenarios.campaigns import LEARNING, events, run_logged, write
from tests.scenarios.fuzz import parley

STRATEGIES: dict[str, dict[str, Any]] = {
    "expected-error-reduction": {"loss": "zero-one", "candidates": 3, "others": 20},
    "variance-reduction": {"candidates": 30, "dimensions": 3},
    "expected-model-change": {"intercept": False},
    "quire": {"kernel": "rbf", "gamma": 0.3},
    "hierarchical": {"leaves": 20, "linkage": "average"},
    "dwus": {"clusters": 5, "sigma": 1.5},
}

FAULTS = """
[faults]
delay = 0.1
crashes = [{ agent = "selector", at = "70s", down = "20s" }, { agent = "selector", at = "160s", down = "5s" }]
"""


def sets(kind: str) -> dict[str, Any]:
    return {"selector.strategy": {"kind": kind, **STRATEGIES[kind]}}


@pytest.mark.parametrize("kind", STRATEGIES)
def test_a_campaign_whose_selector_crashes_is_repeated_byte_for_byte(kind: str, tmp_path: Path) -> None:
    path = write(tmp_path, LEARNING + FAULTS)
    summary, log = run_logged(load(path, {**sets(kind), "selector.in_flight": 3, "stop.labels": 18}).scenario, tmp_path)
    assert summary.labels == 18
    assert verify(log, Trust()).footer is not None
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: int(len(lines) * 0.6)]))
    assert parley("resume", log).exit_code == 0
    assert log.read_bytes() == whole


# A training for each item of a batch, and each class that it may be of, takes its time.
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.slow) if kind == "expected-error-reduction" else kind for kind in STRATEGIES]
)
def test_batches_larger_than_what_is_left_ask_for_each_item_once(kind: str, tmp_path: Path) -> None:
    path = write(tmp_path, LEARNING)
    batches = {"selector.in_flight": 60, "selector.barrier": True, "stop.labels": 140, "learner.retrain_every": 60}
    summary, log = run_logged(load(path, {**sets(kind), **batches}).scenario, tmp_path)
    asked = [event["body"]["item"] for event in events(log) if event["kind"] == ItemRequested.kind]
    assert len(asked) == len(set(asked))
    # Of 150 items some are held out: those that are left are asked for to the last.
    assert summary.labels == len(asked)
    assert verify(log, Trust()).footer is not None


@pytest.mark.slow
@pytest.mark.parametrize("kind", STRATEGIES)
def test_text_is_gone_by_as_well(kind: str, tmp_path: Path) -> None:
    """Features of text are sparse, and many."""
    path = write(tmp_path, LEARNING.replace('"iris"', '"docstrings"'))
    summary, log = run_logged(load(path, {**sets(kind), "stop.labels": 8}).scenario, tmp_path)
    assert summary.labels == 8
    assert verify(log, Trust()).footer is not None


def test_they_are_listed_each_with_what_it_costs() -> None:
    kinds = {member.kind: member for member in members("strategy")}
    assert all("O(" in kinds[kind].cost for kind in STRATEGIES)
