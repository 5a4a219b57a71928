"""A contest: one scenario, several policies, and the same people and items for each."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bus.table import nearest
from scenarios.brevity import in_few_letters
from scenarios.compare.asked import ALLOCATION, AS_WRITTEN, POLICY, Asked
from scenarios.errors import BadInput
from scenarios.grid import Cell, Row, run_grid, vary
from scenarios.importable import importable
from scenarios.loading import load
from scenarios.measures.measure import FIGURES
from scenarios.run import Origin
from scenarios.scenario import Scenario


class Contender(NamedTuple):
    """One that takes part: its name, what is set for it by path, and the scenario that comes of it."""

    name: str
    settings: dict[str, Any]
    scenario: Scenario


class Contest(NamedTuple):
    """A comparison ready to run, each of whose scenarios has been checked; the others are compared with the first.

    Attributes:
        name: of the scenario.
        contenders: those who take part, two or more.
        seeds: how many; each is run with seeds 0, 1, 2, ...
        origin: where the scenario came from.
    """

    name: str
    contenders: tuple[Contender, ...]
    seeds: int
    origin: Origin

    @property
    def names(self) -> list[str]:
        """The names of those who take part, the one that the others are compared with first."""
        return [each.name for each in self.contenders]

    @property
    def runs(self) -> int:
        """How many runs there will be."""
        return len(self.contenders) * self.seeds


COLUMNS = ("policy", "seed", *FIGURES, "error")
"""The columns of a contest's rows."""


def contest(path: Path, asked: Sequence[Asked], settings: dict[str, Any], seeds: int, against: str | None = None) -> Contest:
    """Read a scenario, and check it with everything that is to be compared.

    Args:
        path: the scenario file.
        asked: who is asked to take part. One alone is compared with the scenario as it is written.
        settings: what is set for all of them, by path.
        seeds: how many.
        against: the name of the one that the others are compared with; None for the first.

    Raises:
        BadInput: the scenario is not possible, with one of them or at all; there is nothing to compare, or the same twice.
    """
    if "seed" in settings:
        raise BadInput("--set seed: everybody is run with seeds 0, 1, 2, ...; --seeds says how many")
    if len(asked) < 2 and not any(each.settings for each in asked):
        raise BadInput("there is nothing to compare; name a policy by --policy, such as --policy \"{kind='majority', size=5}\"")
    loaded = load(path, settings)
    if len(asked) == 1:
        asked = [Asked(str(path), AS_WRITTEN, AS_WRITTEN, AS_WRITTEN, {}), *asked]
    contenders: list[Contender] = []
    with importable(loaded.folder):
        for each in asked:
            contenders.append(Contender(each.name, each.settings, vary(loaded.scenario, each.settings, each.said, loaded.folder)))
            _refuse_twice(asked, contenders)
    names = [each.name for each in contenders]
    if against is not None and against not in names:
        raise BadInput(f"--against {against!r}: nobody here is called that; {nearest(against, names)}")
    first = 0 if against is None else names.index(against)
    ordered = (contenders[first], *contenders[:first], *contenders[first + 1 :])
    return Contest(loaded.scenario.name, ordered, seeds, Origin(loaded.folder, loaded.script))


def run_contest(contest: Contest, jobs: int = 1) -> Iterator[Row]:
    """Run everybody with every seed, yielding a row a run: seed by seed, so that whoever breaks off has whole pairs.

    A run that fails has a row too, which says why; the others go on.

    Args:
        contest: the contest.
        jobs: processes; -1 for as many as there are cores.
    """
    tables = [({"policy": each.name}, each.scenario.tables()) for each in contest.contenders]
    cells = (Cell(settings, scenario, seed) for seed in range(contest.seeds) for settings, scenario in tables)
    yield from run_grid(cells, FIGURES, contest.origin, jobs)


def described(contender: Contender) -> str:
    """Return what a contender is, in a line: what is set for it, or else the scenario's own policy."""
    parts = []
    for path, value in (contender.settings or {POLICY: _as_written(contender.scenario)}).items():
        told = _defaults(contender.scenario) if path == POLICY and isinstance(value, str) else value
        parts.append(in_few_letters(told) if path in (POLICY, ALLOCATION) else f"{path} = {in_few_letters(told)}")
    return ", ".join(parts)


def _as_written(scenario: Scenario) -> dict[str, Any] | str:
    """Return a scenario's policy, with those of its dials that are not as they are by default."""
    policy = scenario.coordination.policy
    dials = policy.model_dump(mode="json", exclude_defaults=True)
    return {"kind": _kind(scenario), **dials} if dials else _kind(scenario)


def _defaults(scenario: Scenario) -> dict[str, Any]:
    """Return a policy that was chosen by its name, with those of its dials that are a number, a word, or a yes or no."""
    dials = scenario.coordination.policy.model_dump(mode="json")
    return {"kind": _kind(scenario), **{key: value for key, value in dials.items() if isinstance(value, int | float | str)}}


def _kind(scenario: Scenario) -> str:
    return str(scenario.coordination.model_dump(mode="json", include={"policy"})["policy"]["kind"])


def _refuse_twice(asked: Sequence[Asked], contenders: Sequence[Contender]) -> None:
    """Refuse the last of these if it is one of the others by another name."""
    *others, last = (each.scenario.completed().tables() for each in contenders)
    if last in others:
        first = contenders[others.index(last)]
        what = "the scenario as it is written" if first.name == AS_WRITTEN else f"the same as {first.name!r}"
        raise BadInput(f"{asked[len(others)].said}: this is {what}")
