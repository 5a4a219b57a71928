"""Allocations in whole campaigns: whatever goes wrong, nobody's absence strands an item, and nobody is asked too much."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.component import Trust
from agents.coordinator.allocations.choice import ALLOCATIONS
from scenarios.run import run, verify
from scenarios.scenario import Scenario
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import run_logged
from tests.scenarios.test_faults import campaigns, happened

PATIENT: dict[str, Any] = {"patience": 25}

TABLES: list[dict[str, Any]] = [
    {"kind": "shared-queue"},
    *({"kind": kind, **more} for kind in ("static-partition", "round-robin", "stealing") for more in ({}, PATIENT)),
    {"kind": "shortest-of", "d": 2},
    {"kind": "shortest-of", "d": 9, **PATIENT},
    {"kind": "thompson"},
    {"kind": "thompson", "waits": 2, "forgetting": 0.9},
    {"kind": "ucb1", "thrift": 1},
    {"kind": "ucb1", "counts_pending": False, "waits": 1, **PATIENT},
    {"kind": "epsilon-greedy", "epsilon": 0.5, "reward": "gold"},
    {"kind": "topics", "regions": 2},
    {"kind": "topics", "regions": 2, "waits": 1},
    {"kind": "proactive", "regions": 2, "explore": 1},
    {"kind": "proactive", "waits": 1, **PATIENT},
]

ELSEWHERE = {"contract-net", "auction", "posted-price"}
"""Those in which people bid, which have campaigns of their own."""

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def test_every_allocation_is_tried():
    assert {table["kind"] for table in TABLES} == ALLOCATIONS.members.keys() - ELSEWHERE


@st.composite
def allotted(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a campaign in which something goes wrong, its allocation, and perhaps quotas."""
    tables = draw(campaigns())
    coordination = {**tables["coordination"], "allocation": draw(st.sampled_from(TABLES))}
    quota = draw(st.sampled_from([None, None, 1, 3, {"w": 2}, {"w-1": 1}]))
    if quota is not None:
        coordination["quota"] = quota
    return {**tables, "coordination": coordination}


def check(drawn: dict[str, Any]) -> None:
    campaign, log, summary = happened(drawn)
    audit(campaign, log)
    quota = drawn["coordination"].get("quota")
    for work in summary.annotators:
        most = quota if isinstance(quota, int) else (quota or {}).get(work.name, (quota or {}).get("w"))
        assert most is None or work.answers <= most


@settings(unhurried, max_examples=150)
@given(allotted())
def test_whatever_goes_wrong_under_any_allocation_nothing_counts_twice_and_nothing_is_stranded(drawn):
    check(drawn)


@pytest.mark.slow
@settings(unhurried, max_examples=3000)
@given(allotted())
def test_in_three_thousand_campaigns_under_any_allocation_nothing_is_stranded(drawn):
    check(drawn)


def busy(allocation: dict[str, Any]) -> Scenario:
    """Return a campaign of people who come and go, of whom some are blocked, with a coordinator that goes down."""
    crowd = {
        "name": "w",
        "count": 5,
        "latency": {"kind": "exponential", "mean": 20},
        "noise": {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 6, "b": 2}},
        "availability": [{"kind": "sessions", "answers": 4, "pause": 60}],
        "price": 0.1,
    }
    policy = {"kind": "majority", "size": 3}
    tables = {
        "name": "busy",
        "seed": 3,
        "data": {"source": "synthetic", "items": 30},
        "annotators": [crowd],
        "coordination": {"policy": policy, "allocation": allocation, "lease": 100, "quota": {"w-1": 9}},
        "selector": {"in_flight": 9},
        "faults": {"retry": 30, "drop": 0.02, "crashes": [{"agent": "coordinator", "at": 150, "down": 20}]},
    }
    return Scenario.model_validate(tables)


@pytest.mark.parametrize("allocation", TABLES, ids=lambda table: "-".join(map(str, table.values())))
def test_a_campaign_under_any_allocation_is_the_same_once_more(allocation, tmp_path):
    summary, log = run_logged(busy(allocation), tmp_path)
    assert summary.labels == 30
    assert verify(log, Trust()).footer


@pytest.mark.slow
def test_under_any_allocation_logs_are_the_same_bytes_whatever_the_order_of_sets(tmp_path: Path) -> None:
    script = (
        "import json, sys; from pathlib import Path; from tests.scenarios.test_allocations import *\n"
        "for number, table in enumerate(TABLES): run_logged(busy(table), Path(sys.argv[1]) / str(number))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / seed)], env=environment, check=True)
    first, second = (sorted((tmp_path / seed).rglob("*.jsonl")) for seed in ("1", "2"))
    assert len(first) == len(TABLES)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("allocation", ["static-partition", "round-robin", "shortest-of", "stealing"])
def test_who_is_wanted_besides_as_answers_come_is_dealt_a_question_too(allocation):
    tables = {
        "name": "staggered",
        "data": {"source": "synthetic", "items": 40},
        "annotators": [{"count": 4, "latency": {"kind": "exponential", "mean": 20}}],
        "coordination": {"policy": {"kind": "sequential", "most": 4, "at_once": 2}, "allocation": allocation},
    }
    for seed in range(5):
        assert run(Scenario.model_validate({**tables, "seed": seed}), logs=None).labels == 40
