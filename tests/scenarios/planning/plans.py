"""Small plans that tests make."""

from pathlib import Path
from typing import Any

from scenarios.loading import load
from scenarios.planning.plan import Plan, make_plan
from scenarios.planning.search import Tell
from scenarios.planning.space import parse_vary, space_of
from scenarios.planning.targets import read_targets
from tests.scenarios.campaigns import write

COINS = """
name = "coins"
[data]
source = "synthetic"
items = 120
[[annotators]]
count = 6
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "fixed", time = "30s" }
price = 0.1
"""
"""People who are right four times out of five, each by themselves: majorities of 1, 3, 5 are right .8, .896, .942 of the time."""

SIX = "annotators.crowd.count=[6]"

SIZES = "coordination.policy.size=[1, 3, 5]"


def silent(done: int, expected: int) -> None:
    """Say nothing of how far it is."""


def a_plan(
    folder: Path,
    *varied: str,
    accuracy: float = 0.87,
    text: str = COINS,
    deadline: str | None = None,
    budget: float | None = None,
    seeds: int = 10,
    fee: float = 0.0,
    risk: float = 0.2,
    fixed: dict[str, Any] | None = None,
    tell: Tell = silent,
) -> Plan:
    path = write(folder, text)
    loaded = load(path, fixed or {})
    targets = read_targets(accuracy, deadline, budget, risk, fee, loaded.scenario.stop)
    return make_plan(space_of(loaded, str(path), fixed or {}, dict(map(parse_vary, varied)), targets), targets, seeds, 1, tell)
