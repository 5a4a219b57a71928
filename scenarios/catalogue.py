"""What there is to choose from: every component with its dials, and the JSON schema of a scenario file."""

import json
from typing import Any, get_args

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from agents.annotator.availabilities.choice import AnyAvailability
from agents.annotator.bids.choice import AnyBidding
from agents.annotator.changes.choice import AnyChange
from agents.annotator.distributions import AnyDistribution
from agents.annotator.families.choice import AnyFamily
from agents.annotator.latencies.choice import AnyLatency
from agents.annotator.noises.choice import AnyNoise
from agents.annotator.sayings.choice import AnySaying
from agents.annotator.socials.choice import AnySocial
from agents.component import Choice, Component
from agents.coordinator.accuracy import AnyAccuracy
from agents.coordinator.allocations.choice import AnyAllocation
from agents.coordinator.doubts.choice import AnyDoubt
from agents.coordinator.inferring import AnyFollowing
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.stopping import AnyStopping
from agents.coordinator.pools.choice import AnyPool
from agents.coordinator.protocols.choice import AnyProtocol
from agents.coordinator.screening.skill_test import AnySkillTest
from agents.coordinator.topologies.choice import AnyTopology
from agents.estimators.choice import AnyEstimator
from agents.inference.methods import AnyInference
from agents.lessons.choice import AnyLesson
from agents.selector.council.council import AnyQueryStrategy
from agents.selector.council.rules.choice import AnyRule
from agents.selector.pendings.choice import AnyPending
from agents.selector.relabel import AnyRelabel
from agents.selector.stopping.choice import AnyStopRule
from agents.selector.strategy import Strategy
from bus.table import nearest
from scenarios.errors import BadInput
from scenarios.scenario import Scenario
from scenarios.sharing import shared
from scenarios.sources import AnyData
from scenarios.text_features import AnyTextFeatures

KINDS: dict[str, Any] = {
    "data": AnyData,
    "text-features": AnyTextFeatures,
    "estimator": AnyEstimator,
    "lesson": AnyLesson,
    "strategy": AnyQueryStrategy,
    "council-rule": AnyRule,
    "pending": AnyPending,
    "relabel": AnyRelabel,
    "stop-rule": AnyStopRule,
    "noise": AnyNoise,
    "latency": AnyLatency,
    "availability": AnyAvailability,
    "change": AnyChange,
    "saying": AnySaying,
    "social": AnySocial,
    "family": AnyFamily,
    "bidding": AnyBidding,
    "policy": AnyPolicy,
    "protocol": AnyProtocol,
    "topology": AnyTopology,
    "pool": AnyPool,
    "doubt": AnyDoubt,
    "stopping": AnyStopping,
    "accuracy": AnyAccuracy,
    "inference": AnyInference,
    "following": AnyFollowing,
    "allocation": AnyAllocation,
    "skill-test": AnySkillTest,
    "distribution": AnyDistribution,
}


COSTS = "A selection costs so much by n items, C classes, d features, b items selected, L labels, M members of a committee."


def schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file."""
    described = shared(Scenario.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described, "title": "Parley scenario"}


def members(kind: str) -> list[type[Component]]:
    """Return the components of a kind.

    Raises:
        BadInput: there is no such kind.
    """
    if kind not in KINDS:
        raise BadInput(f"there is no kind of component called {kind!r}; {nearest(kind, [*KINDS])}")
    choice = next(each for each in get_args(KINDS[kind])[1:] if isinstance(each, Choice))
    return [*choice.members.values()]


def called(name: str) -> list[tuple[str, type[Component]]]:
    """Return the components of a kind, or those of any kind that are themselves called so; each with its kind.

    Raises:
        BadInput: there is neither.
    """
    kinds = [*KINDS] if name not in KINDS else [name]
    found = [(kind, member) for kind in kinds for member in members(kind) if name in (kind, member.kind)]
    return found or [(name, member) for member in members(name)]


def show(name: str, console: Console) -> None:
    """Print each component of a kind, or all that are called so: what they do, and their dials with bounds and defaults.

    Of query strategies also what a selection costs, by the number of items n, and so on.
    """
    for kind, member in called(name):
        summary = (member.__doc__ or "").strip().splitlines()[0]
        cost = f"  [dim]{escape(member.cost)}[/]" if issubclass(member, Strategy) else ""
        console.print(f"[bold]{kind}[/] [bold cyan]{escape(member.kind)}[/]  {escape(summary)}{cost}", highlight=False)
        table = Table.grid(*(Column(overflow="fold") for _ in range(5)), padding=(0, 2))
        for row in dials(member):
            table.add_row("   ", *(escape(cell) for cell in row))
        if table.row_count:
            console.print(table, highlight=False)
    if any(issubclass(member, Strategy) for _, member in called(name)):
        console.print(f"[dim]{COSTS}[/]", highlight=False)


def dials(member: type[Component]) -> list[tuple[str, str, str, str]]:
    """Return for each dial its name, type and bounds, default, and sentence."""
    described = member.model_json_schema()
    rows = []
    for name, dial in described.get("properties", {}).items():
        field = member.model_fields[name]
        # A component by its name: its dials stand under its own kind.
        default = field.default.kind if isinstance(field.default, Component) else dial.get("default")
        shown = "required" if field.is_required() else f"= {json.dumps(default)}"
        # A line ends where the screen does, not where it did in the source.
        rows.append((name, _type_of(dial), shown, " ".join((field.description or "").split())))
    return rows


def _type_of(dial: dict[str, Any]) -> str:
    if "anyOf" in dial:
        return " or ".join(dict.fromkeys(_type_of(option) for option in dial["anyOf"] if option.get("type") != "null"))
    if "enum" in dial or "const" in dial:
        return " | ".join(json.dumps(value) for value in dial.get("enum", [dial.get("const")]))
    if dial.get("type") == "array":
        return f"list of {_type_of(dial.get('items') or dial.get('prefixItems', [{}])[0])}"
    if "$ref" in dial:
        return "table"
    words = {"number": "number", "integer": "whole number", "boolean": "true | false", "string": "text", "object": "table"}
    bounds = [f"{sign} {dial[key]:g}" for key, sign in _BOUNDS.items() if key in dial]
    return " ".join([words.get(dial.get("type", ""), "any"), ", ".join(bounds)]).strip()


_BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
