"""Allocations in whole campaigns: whatever goes wrong, nobody's absence strands an item, and nobody is asked what they may not be."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.coordinator.allocations.choice import ALLOCATIONS
from tests.scenarios.audit import audit
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
