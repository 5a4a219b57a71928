"""The space that is searched: every combination of people, policy, strategy and whatever else is varied that is possible."""

import json
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from scenarios.brevity import in_few_letters
from scenarios.errors import BadInput
from scenarios.grid import vary
from scenarios.importable import importable
from scenarios.loading import Loaded
from scenarios.paths import parse_override
from scenarios.planning.menu import (
    POLICY,
    STRATEGY,
    crowd_words,
    crowds_of,
    policies_of,
    policy_words,
    strategies_of,
    strategy_words,
)
from scenarios.planning.targets import Targets
from scenarios.run import Origin, prepare
from scenarios.scenario import Scenario, StopTable
from scenarios.toml import toml

LABELS = "stop.labels"

MOST = 2_000
"""Candidates that are looked at."""

_CAP = 1.5
"""How many times budget and deadline are let go on: enough to tell by how much they are missed."""

_STOPS = 60
"""Numbers of labels that are told apart, as far as there are so many."""

Varied = dict[str, list[Any]]
"""Values to try, by path."""


class Candidate(NamedTuple):
    """One way to run a campaign.

    Attributes:
        words: what it is, by the column of a table.
        settings: what is set for it, by path.
        scenario: the scenario that comes of it, with no limit but labels, and what is more than enough time and money.
        people: how many annotators there are.
    """

    words: dict[str, str]
    settings: dict[str, Any]
    scenario: Scenario
    people: int

    def ending(self, labels: int) -> dict[str, Any]:
        """Return the tables of its scenario, with so many labels as its end."""
        tables = self.scenario.tables()
        return {**tables, "stop": {**tables["stop"], "labels": labels}}


class Space(NamedTuple):
    """Candidates ready to run, each of whose scenarios has been checked.

    Attributes:
        name: of the scenario.
        asked: the scenario as it was asked for: a path, or a name of the library.
        fixed: what is set for all, by path.
        candidates: those that are possible.
        impossible: how many combinations are not.
        labels: numbers of labels at which a campaign may end, in order; with a learner it is one of the questions.
        learner: whether there is one.
        paid: whether anybody has a price.
        own: what the scenario says itself of its end.
        origin: where the scenario came from.
    """

    name: str
    asked: str
    fixed: dict[str, Any]
    candidates: tuple[Candidate, ...]
    impossible: int
    labels: tuple[int, ...]
    learner: bool
    paid: bool
    own: StopTable
    origin: Origin

    @property
    def columns(self) -> list[str]:
        """What candidates differ in, as far as a table has columns for it: all of these have the same columns."""
        return [*self.candidates[0].words]


def parse_vary(text: str) -> tuple[str, list[Any]]:
    """Split `path=[values]`, the values being TOML.

    Raises:
        BadInput: it is not written so, or it is no list of different values.
    """
    try:
        path, values = parse_override(text)
    except BadInput as error:
        raise BadInput(str(error).replace("--set", "--vary", 1)) from None
    if not isinstance(values, list) or not values:
        raise BadInput(f"--vary {path}: write a list of values, such as --vary '{path}=[{_example(values)}]'")
    if len({json.dumps(value, sort_keys=True, default=str) for value in values}) < len(values):
        raise BadInput(f"--vary {path}: the same value stands there twice")
    if path == "seed" or path.startswith("seed."):
        raise BadInput("--vary seed: every candidate is run with the same seeds; --seeds says how many")
    if path == "name":
        raise BadInput("--vary name: what a scenario is called makes no difference to it")
    if path == "stop" or (path.startswith("stop.") and path != LABELS):
        raise BadInput(f"--vary {path}: money and time are targets here, by --budget and --deadline; of [stop], vary {LABELS}")
    return path, values


def space_of(loaded: Loaded, asked: str, fixed: dict[str, Any], varied: Varied, targets: Targets) -> Space:
    """Return the space of a scenario.

    Args:
        loaded: the scenario, with what is set for all.
        asked: what somebody called it.
        fixed: what is set for all, by path; that is not varied.
        varied: values to try, by path; they take the place of what would have been tried there.
        targets: how far campaigns are to be let go on.

    Raises:
        BadInput: the scenario does not fit its data, or a value is possible nowhere.
    """
    scenario, origin = loaded.scenario, Origin(loaded.folder, loaded.script)
    varied = {**varied}
    with importable(origin.folder):
        _, world, _ = prepare(scenario, origin)
        items = len(world.items) - len(world.seeds)
        stops = _stops(scenario, items, varied.pop(LABELS, None), fixed)
        found, impossible = _candidates(scenario, fixed, varied, _limits(targets, stops[-1]), origin.folder)
    paid = targets.fee > 0 or any(group.price != 0 or group.differs("price") for group in scenario.annotators)
    return Space(scenario.name, asked, fixed, found, impossible, stops, scenario.learner is not None, paid, scenario.stop, origin)


def _stops(scenario: Scenario, items: int, asked: list[Any] | None, fixed: dict[str, Any]) -> tuple[int, ...]:
    """Return the numbers of labels to choose from, the largest of which all are run to."""
    own = scenario.stop.labels
    if asked is not None:
        if not all(isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= items for value in asked):
            raise BadInput(f"--vary {LABELS}: whole numbers from 1 to {items:,}, as many items as there are to ask for")
        if scenario.learner is None and len(asked) > 1:
            raise BadInput(
                f"--vary {LABELS}: without a learner more labels make none better; set one number, by --set {LABELS}=..."
            )
        return tuple(sorted(asked))
    if scenario.learner is None or LABELS in fixed:
        return (min(own or items, items),)
    most = min(2 * own if own else items, items)
    step = scenario.learner.retrain_every * max(1, -(-most // (scenario.learner.retrain_every * _STOPS)))
    return (*range(step, most, step), most)


def _limits(targets: Targets, labels: int) -> dict[str, Any]:
    """Return what is set so that a campaign ends with its labels, and not before it is known how far it misses its targets."""
    stop: dict[str, Any] = {LABELS: labels}
    if targets.budget is not None:
        stop["stop.budget"] = _CAP * targets.budget
    if targets.deadline is not None:
        stop["stop.time"] = _CAP * targets.deadline
    return stop


def _candidates(
    scenario: Scenario, fixed: dict[str, Any], varied: Varied, limits: dict[str, Any], folder: Path
) -> tuple[tuple[Candidate, ...], int]:
    """Return the combinations that are possible, each once, and how many are not."""
    found: dict[str, Candidate] = {}
    errors: dict[str, BadInput] = {}
    possible: set[str] = set()
    impossible = 0
    for number, settings in enumerate(_combined(scenario, fixed, varied)):
        if number >= MOST:
            raise BadInput(f"--vary: there are more than {MOST:,} combinations; vary fewer things, or fewer values")
        asked = {path: settings[path] for path in varied}
        keys = [_told({path: value}) for path, value in asked.items()]
        try:
            made = vary(scenario, {**settings, **limits}, _told(asked) or scenario.name, folder)
        except BadInput as error:
            impossible += 1
            for key in keys:
                errors.setdefault(key, error)
            continue
        possible.update(keys)
        found.setdefault(_digest(made), Candidate(_words(made, asked), settings, made, made.people_count))
    for key, why in errors.items():
        if key not in possible:
            raise BadInput(f"--vary {why}")
    return tuple(found.values()), impossible


def _combined(scenario: Scenario, fixed: dict[str, Any], varied: Varied) -> Iterator[dict[str, Any]]:
    """Yield the settings of every combination, possible or not."""
    taken = [*fixed, *varied]
    strategies = [] if _is_taken(STRATEGY, taken) else strategies_of(scenario)
    others = [[{path: value} for value in values] for path, values in varied.items()]
    # What successive models say of the pool is no reason to stop where the number of labels is sought.
    always = {"stop.act": False} if scenario.stop.rules and scenario.stop.act else {}
    for crowd in crowds_of(scenario, [group.name for group in scenario.annotators if _is_staffed(group.name, taken)]):
        # Which policies fit depends on how many people there are.
        policies = [] if _is_taken(POLICY, taken) else policies_of(scenario, crowd)
        people = {path: value for path, value in crowd.items() if path not in taken}
        for options in product(policies or [{}], strategies or [{}], *others):
            yield {**people, **{path: value for each in options for path, value in each.items()}, **always}


def _is_taken(path: str, taken: Sequence[str]) -> bool:
    """Return whether somebody has said what is to be at a path, or below it."""
    return any(each == path or each.startswith(f"{path}.") for each in taken)


def _is_staffed(group: str, taken: Sequence[str]) -> bool:
    """Return whether somebody has said how many people a group has."""
    return any(each in taken for each in ("annotators", f"annotators.{group}.count", f"annotators.{group}.people"))


def _digest(scenario: Scenario) -> str:
    return json.dumps(scenario.completed().tables(), sort_keys=True)


def _words(scenario: Scenario, asked: dict[str, Any]) -> dict[str, str]:
    """Return what a candidate is, by column."""
    words = {"annotators": crowd_words(scenario), "policy": policy_words(scenario.coordination.policy)}
    if scenario.learner is not None:
        words["strategy"] = strategy_words(scenario)
    for path, value in asked.items():
        if not (_is_taken(POLICY, [path]) or _is_taken(STRATEGY, [path]) or path.endswith(".count")):
            words[".".join(path.split(".")[-2:])] = in_few_letters(value)
    return words


def _told(settings: dict[str, Any]) -> str:
    return ", ".join(f"{path} = {json.dumps(value, default=str)}" for path, value in settings.items())


def _example(value: Any) -> str:
    return "1, 2" if isinstance(value, list | dict) else toml(value)
