"""Running a scenario: for the first time, again to verify it, or on from where it broke off."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from pydantic_core import PydanticCustomError

from agents.component import Trust, within
from agents.coordinator.pool import Pool
from bus.chance import Chance
from bus.journal import LineWriter, PastWriter, append_to_log, claim_log
from bus.replay import LONGEST_LINE, LogReader
from scenarios import operator
from scenarios.annotators import Person
from scenarios.answers.people import bind_people
from scenarios.attainable import refuse_unattainable
from scenarios.campaign import Campaign
from scenarios.crowds.cast import crowds_digest, in_classes, with_crowds
from scenarios.errors import BadInput
from scenarios.execution import Log, Nowhere, OnStart, execute
from scenarios.header import PARLEY_VERSION, Script, Simulated, header_of
from scenarios.importable import importable
from scenarios.learners import refuse_unknown_classes, refuse_unlearnable
from scenarios.loading import make, script_digest
from scenarios.logfile import folder_of, holds_a_run, log_name, open_log
from scenarios.scenario import Scenario
from scenarios.selecting import needs_features, refuse_unfit
from scenarios.suited import needs_of, refuse_unsuited
from scenarios.summary import Summary
from scenarios.world import World, build_world


class Origin(NamedTuple):
    """Where a scenario came from: the folder that its paths start from, and the script that defined it."""

    folder: Path = Path()
    script: dict[str, str] | None = None


def run(
    scenario: Scenario,
    logs: Path | None = Path("logs"),
    pace: float | None = None,
    origin: Origin = Origin(),  # noqa: B008 (frozen)
    on_start: OnStart | None = None,
) -> Summary:
    """Run a campaign and return what it amounts to.

    Args:
        scenario: the campaign.
        logs: the folder of the event log; None to write none.
        pace: simulated seconds a real second; None for as fast as it goes.
        origin: where the scenario came from.
        on_start: called with the campaign when it begins, for watching it.

    Raises:
        BadInput: the scenario and its data do not fit, or an unfinished log is in the way.
        Interrupted: Ctrl-C, or `kill` where that is heeded.
        Stalled: everybody waits for somebody.
    """
    scenario = with_crowds(scenario, origin.folder)
    chance, world, people = prepare(scenario, origin)
    return play(scenario, people, world, chance, logs, pace, origin, on_start)


def play(
    scenario: Scenario,
    people: list[Person],
    world: World,
    chance: Chance,
    logs: Path | None,
    pace: float | None = None,
    origin: Origin = Origin(),  # noqa: B008 (frozen)
    on_start: OnStart | None = None,
) -> Summary:
    """Run a campaign of these people, in this world; see `run`."""
    if not structlog.is_configured():
        operator.configure(0)
    scenario = with_crowds(scenario, origin.folder).completed()
    header = _header(scenario, world, origin)
    path = None if logs is None else logs / log_name(scenario)
    writer: LineWriter = Nowhere() if path is None else open_log(path, origin.folder)
    return execute(scenario, people, world, chance, Log(path, header, writer), pace, on_start)


def prepare(scenario: Scenario, origin: Origin) -> tuple[Chance, World, list[Person]]:
    """Make the chance, the world and the people of a run.

    Raises:
        BadInput: the data cannot be used, or do not fit the annotators.
        Unusable: they do not fit how a committee settles.
    """
    scenario = with_crowds(scenario, origin.folder).completed()
    chance = Chance(scenario.seed)
    drawn = _people(scenario, chance)
    learner, allocation = scenario.learner is not None, scenario.coordination.allocation
    needs, clusters = needs_of(drawn), allocation.clusters()
    selector = scenario.selector
    looks = needs_features(selector.strategy, selector.pending)
    world = build_world(scenario.data, chance, origin.folder, learner, needs, allocation.needs_topics(), clusters, looks)
    lease = scenario.coordination.lease
    people, recorded = bind_people(drawn, origin.folder, world.items.ids, world.truth.classes, lease=lease)
    if recorded is not None:
        # What people are recorded to have answered is as much a part of the data as the items are.
        world = world._replace(digest=world.digest + recorded)
    people = in_classes(scenario.annotators, people, world.truth.classes)
    world = world._replace(digest=world.digest + crowds_digest(scenario.annotators))
    refuse_unsuited(people, world)
    refuse_unknown_classes(scenario.learner, world.truth.classes)
    refuse_unlearnable(scenario.learner, world)
    refuse_unfit(selector.strategy, selector.pending, world)
    for each in within(scenario.coordination.policy):
        if isinstance(each, Pool):
            each.check(world.truth.classes)
    refuse_unattainable(people, scenario, chance)
    return chance, world, people


def _people(scenario: Scenario, chance: Chance) -> list[Person]:
    try:
        return scenario.people(chance)
    except (ValueError, PydanticCustomError) as error:
        raise BadInput(f"annotators: {error}") from None


def verify(path: Path, trust: Trust, folder: Path | None = None, on_start: OnStart | None = None) -> LogReader:
    """Run a log's campaign again, comparing each line.

    Args:
        path: the log.
        trust: what its scenario may import.
        folder: where the paths of its data start; None for where they started then.
        on_start: called with the campaign when it begins, for watching it.

    Returns:
        The reader, which knows whether the log was finished and whether its end was torn.

    Raises:
        Diverged: a line differs.
        CorruptLog: the log is damaged.
    """
    reader = LogReader(path)
    events = reader.check().events
    past = PastWriter(_recorded(path), None if reader.footer else _stop)
    try:
        _repeat(reader, past, events, trust, folder, on_start)
    except _PastIsOver:
        return reader
    past.finish()
    return reader


def resume(path: Path, trust: Trust, folder: Path | None = None, on_start: OnStart | None = None) -> tuple[Summary, int]:
    """Go on with a run that broke off, writing the log that it would have written.

    What the agents say to the operator while they repeat what is recorded, they have said before, and it is not said again.

    Returns:
        What the run amounts to, and how many bytes of a torn last line were cut off.

    Raises:
        BadInput: the run is finished, or there is nothing to go on from.
        Diverged: what is recorded is not what this scenario does here.
        CorruptLog: the log is damaged.
        LogInUse: another process is writing it.
    """
    campaigns: list[Campaign] = []

    def watch(campaign: Campaign) -> None:
        campaigns.append(campaign)
        if on_start is not None:
            on_start(campaign)

    # From before it is read until it is finished, nobody else may write it.
    with closing(claim_log(path)) as file, operator.muted(lambda: any(campaign.repeating for campaign in campaigns)):
        if path.is_file() and not holds_a_run(path):
            raise BadInput(
                f"{path}: this run broke off before the first line of its log was whole, so there is nothing to go on from; "
                "run its scenario again, which replaces the file"
            )
        reader = LogReader(path)
        events = reader.check().events
        if reader.footer is not None:
            raise BadInput(f"{path}: this run is finished; there is nothing to resume")
        past = PastWriter(_recorded(path), partial(append_to_log, file, reader.torn))
        return _repeat(reader, past, events, trust, folder, watch), reader.torn


def _recorded(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a log that has been checked: as they are to be compared, no checksum need be made again."""
    with path.open("rb") as file:
        for line in iter(partial(file.readline, LONGEST_LINE), b""):
            if not line.endswith(b"\n"):
                return
            yield line


def _repeat(
    reader: LogReader, writer: PastWriter, events: int, trust: Trust, folder: Path | None, on_start: OnStart | None
) -> Summary:
    known = header_of(reader)
    if not isinstance(known, Simulated):
        raise BadInput(f"{reader.path}: these answers were imported, and no run made them; there is nothing to repeat")
    origin = origin_of(reader.path, known, folder)
    with importable(origin.folder):
        scenario = make(known.scenario, str(reader.path), {}, trust)
        try:
            scenario = with_crowds(scenario, origin.folder, trust).completed()
        except BadInput as error:
            raise BadInput(f"{reader.path}: {error}") from None
    try:
        chance, world, people = prepare(scenario, origin)
    except BadInput as error:
        raise BadInput(f"{reader.path}: {error}") from None
    if world.digest != known.data:
        raise BadInput(f"{reader.path}: the data are not those of the run: their digest is {world.digest}, it was {known.data}")
    log = Log(reader.path, _header(scenario, world, origin), writer, events)
    return execute(scenario, people, world, chance, log, None, on_start)


def origin_of(log: Path, header: Simulated, folder: Path | None) -> Origin:
    """Return where a log's scenario came from, if its run can be repeated here.

    Args:
        log: the log.
        header: its header.
        folder: where the scenario's paths start; None for where they started then.

    Raises:
        BadInput: another version of Parley wrote it, or its script has changed.
    """
    if header.parley != PARLEY_VERSION:
        raise BadInput(
            f"{log}: written by Parley {header.parley}, and this is {PARLEY_VERSION}; "
            "that a run repeats is promised within one version"
        )
    origin = Origin(folder or folder_of(log), header.script.model_dump() if header.script else None)
    _check_script(log, origin)
    return origin


def _check_script(log: Path, origin: Origin) -> None:
    """Refuse a log whose script has changed since: what it did is not what this one does."""
    script = None if origin.script is None else origin.folder / origin.script["name"]
    if script is None or not script.is_file():
        return
    digest = script_digest(script.read_bytes())
    if digest != (origin.script or {}).get("digest"):
        raise BadInput(f"{log}: the script {script} has changed since the run")


class _PastIsOver(Exception):
    """A log without a footer has been repeated as far as it goes."""


def _stop() -> LineWriter:
    raise _PastIsOver


def _header(scenario: Scenario, world: World, origin: Origin) -> dict[str, Any]:
    script = None if origin.script is None else Script.model_validate(origin.script)
    header = Simulated(parley=PARLEY_VERSION, scenario=scenario.tables(), seed=scenario.seed, data=world.digest, script=script)
    return header.model_dump()
