"""The design of a study: its points, each with a scenario that has been checked."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from bus.table import nearest
from scenarios.brevity import in_few_letters
from scenarios.errors import BadInput, explain
from scenarios.grid import vary
from scenarios.importable import importable
from scenarios.loading import Loaded, find, load, read_toml
from scenarios.run import Origin
from scenarios.scenario import Scenario
from scenarios.study.file import StudyFile
from scenarios.study.level import different, key_of
from scenarios.study.variation import Settings, count_of, points_of

MOST_POINTS, MOST_RUNS = 100_000, 1_000_000
"""Points and runs beyond which a study is refused."""

SHARES = ("accuracy", "macro_f1", "label_accuracy")
"""Measures that are shares."""


class Point(NamedTuple):
    """A point of a study: what is set there, and the scenario that comes of it."""

    settings: Settings
    scenario: Scenario


class Design(NamedTuple):
    """A study ready to run, each of whose scenarios has been checked.

    Attributes:
        file: what the study file says.
        points: where it is run, the first of the varied dials changing slowest.
        origin: where the scenarios came from.
    """

    file: StudyFile
    points: tuple[Point, ...]
    origin: Origin

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.file.name

    @property
    def dials(self) -> tuple[str, ...]:
        """The varied paths, in the order of the columns of its table."""
        return tuple(self.points[0].settings)

    @property
    def measure(self) -> str:
        """The figure that the study is about."""
        return self.file.measure or ("label_accuracy" if self.points[0].scenario.learner is None else "accuracy")

    @property
    def compared(self) -> str | None:
        """The path whose values are compared; None if nothing has several values."""
        if self.file.compare is not None:
            return self.file.compare
        several = [path for path in self.dials if len(self.values(path)) > 1]
        components = [path for path in several if any(isinstance(value, dict) for value in self.values(path))]
        return next(iter([*components, *several]), None)

    def values(self, path: str) -> list[Any]:
        """Return the different values of a dial, in their order."""
        return different(point.settings[path] for point in self.points)


def read_design(path: Path, seeds: int | None = None, precision: float | None = None) -> Design:
    """Read a study file and check every scenario of its points.

    Args:
        path: the file.
        seeds: runs of each point, instead of the file's own number.
        precision: half the width that intervals are to have, instead of the file's own.

    Raises:
        BadInput: the study, or a scenario at some point of it, is not possible.
    """
    tables = read_toml(path)
    if "scenario" not in tables:
        hint = (
            f"`parley run {path}` runs a scenario"
            if "annotators" in tables
            else "a study file names its scenario, what to vary, and how often"
        )
        raise BadInput(f"{path}: this is no study: it has no key 'scenario'; {hint}")
    given = {key: value for key, value in (("seeds", seeds), ("precision", precision)) if value is not None}
    try:
        file = StudyFile.model_validate({**tables, **given})
    except ValidationError as error:
        raise explain(str(path), error, tables) from None
    return design_of(file, path.parent, str(path))


def design_of(file: StudyFile, folder: Path, where: str) -> Design:
    """Check every scenario of a study's points.

    Args:
        file: what the study says.
        folder: the folder that the path of its scenario starts from.
        where: what says so, for messages.

    Raises:
        BadInput: a scenario is not possible, or points are the same.
    """
    beside = folder / file.scenario
    try:
        path = beside if beside.is_file() else find(file.scenario)
    except BadInput as error:
        raise BadInput(f"{where}: scenario: {error}") from None
    return design_from(file, load(path), where)


def design_from(file: StudyFile, loaded: Loaded, where: str) -> Design:
    """Check every scenario of a study's points, of a scenario that is there already.

    Args:
        file: what the study says.
        loaded: its scenario, and where that came from.
        where: what says so, for messages.

    Raises:
        BadInput: a scenario is not possible, or points are the same.
    """
    _refuse_very_many(file, where)
    points: list[Point] = []
    with importable(loaded.folder):
        for settings in points_of(file.vary, file.points or [], file.sample):
            place = f"{where}, at {_brief(settings)}" if settings else where
            points.append(Point(settings, vary(loaded.scenario, settings, place, loaded.folder)))
    design = Design(file, tuple(points), Origin(loaded.folder, loaded.script))
    _refuse_the_same_twice(design, where)
    _refuse_nobody(design, where)
    _refuse_misnamed(design, where)
    _refuse_unmeasured(design, where)
    _refuse_unreachable(design, where)
    return design


def _refuse_very_many(file: StudyFile, where: str) -> None:
    """Refuse a study that nobody lives to see the end of, before its points are even made."""
    points = count_of(file.vary, file.points or [], file.sample)
    if points > MOST_POINTS or points * file.seeds > MOST_RUNS:
        raise BadInput(
            f"{where}: {points:,} points with {file.seeds:,} {'seed' if file.seeds == 1 else 'seeds'} each are "
            f"{points * file.seeds:,} runs; a study has {MOST_POINTS:,} points and {MOST_RUNS:,} runs at most"
        )


def _refuse_unreachable(design: Design, where: str) -> None:
    """Refuse a share that is none."""
    target, measure = design.file.target, design.measure
    if target is not None and measure in SHARES and not 0 < target <= 1:
        hint = f"; {target:g} % would be {target / 100:g}" if 1 < target <= 100 else ""
        raise BadInput(f"{where}: target = {target:g}: {measure} is a share, above 0 and at most 1{hint}")


def _refuse_nobody(design: Design, where: str) -> None:
    """Refuse to compare with a value that is never set."""
    against, path = design.file.against, design.compared
    levels = design.values(path) if path else []
    if against is not None and against not in levels:
        name, names = in_few_letters(against), [in_few_letters(level) for level in levels]
        raise BadInput(f"{where}: against: {path} is never {name!r}; {nearest(name, names)}")


def _refuse_misnamed(design: Design, where: str) -> None:
    """Refuse names that are more than the values, or fewer."""
    for path, called in design.file.names.items():
        count = len(design.values(path))
        if len(called) != count:
            raise BadInput(f"{where}: names: {path} has {count:,} values, and here are {len(called):,} names; name all of them")


def _refuse_unmeasured(design: Design, where: str) -> None:
    """Refuse to ask how good models are where there are none."""
    if design.measure in ("accuracy", "macro_f1", "log_loss") and any(each.scenario.learner is None for each in design.points):
        raise BadInput(
            f"{where}: measure = {design.measure!r}: at some points there is no learner, and so no model to measure; "
            "choose 'label_accuracy'"
        )


def _refuse_the_same_twice(design: Design, where: str) -> None:
    """Refuse points that come to one and the same scenario: their runs would tell nothing more."""
    seen: dict[str, Settings] = {}
    for point in design.points:
        text = key_of(point.scenario.completed().tables())
        if text in seen and design.file.sample is None:
            raise BadInput(f"{where}: two points are the same scenario: {_brief(seen[text])}; and {_brief(point.settings)}")
        seen[text] = point.settings


def _brief(settings: Settings) -> str:
    return ", ".join(f"{path} = {json.dumps(value)}" for path, value in settings.items())
