"""Running a scenario: for the first time, again to verify it, or on from where it broke off."""

import asyncio
import hashlib
import json
import platform
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from pydantic_core import PydanticCustomError
from threadpoolctl import threadpool_limits

from agents.component import Trust
from bus.chance import Chance
from bus.clock import VirtualLoop
from bus.journal import Diverged, Journal, LineWriter, PastWriter, append_to_log, create_log, logger_of
from bus.replay import LogReader
from scenarios import operator
from scenarios.campaign import Campaign
from scenarios.errors import BadInput
from scenarios.header import PARLEY_VERSION, Script, Simulated, header_of
from scenarios.interruption import breaking_off
from scenarios.loading import importable, make, script_digest
from scenarios.scenario import LEAST_CHANCE, Person, Scenario, never_in_time
from scenarios.summary import Summary
from scenarios.world import World, build_world

OnStart = Callable[[Campaign], None]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a run; its log has no footer, and can be resumed.

    Attributes:
        summary: what the run amounts to so far.
    """

    def __init__(self, summary: Summary) -> None:
        super().__init__("interrupted")
        self.summary = summary


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
        Interrupted: Ctrl-C.
        Stalled: everybody waits for somebody.
    """
    if not structlog.is_configured():
        operator.configure(0)
    chance, world, people = prepare(scenario, origin)
    scenario = scenario.completed()
    header = _header(scenario, world, origin)
    path = None if logs is None else logs / log_name(scenario)
    writer: LineWriter = _Nowhere() if path is None else _open(path, origin)
    return _execute(scenario, people, world, chance, header, writer, path, pace, on_start)


def prepare(scenario: Scenario, origin: Origin) -> tuple[Chance, World, list[Person]]:
    """Make the chance, the world and the people of a run.

    Raises:
        BadInput: the data cannot be used, or do not fit the annotators.
    """
    scenario = scenario.completed()
    chance = Chance(scenario.seed)
    world = build_world(scenario.data, chance, origin.folder, scenario.learner is not None)
    lease = scenario.coordination.lease
    people = _people(scenario, chance)
    for person in people:
        try:
            person.noise.check(len(world.truth.classes))
        except ValueError as error:
            raise BadInput(f"annotators, {person.name}: noise: {error}") from None
        if lease is not None and person.latency.within(lease) < LEAST_CHANCE:
            raise BadInput(f"annotators, {person.name}: {never_in_time(person.latency, lease)}")
    return chance, world, people


def _people(scenario: Scenario, chance: Chance) -> list[Person]:
    try:
        return scenario.people(chance)
    except (ValueError, PydanticCustomError) as error:
        raise BadInput(f"annotators: {error}") from None


def verify(path: Path, trust: Trust, folder: Path | None = None) -> LogReader:
    """Run a log's campaign again, comparing each line.

    Args:
        path: the log.
        trust: what its scenario may import.
        folder: where the paths of its data start; None for where they started then.

    Returns:
        The reader, which knows whether the log was finished and whether its end was torn.

    Raises:
        Diverged: a line differs.
        CorruptLog: the log is damaged.
    """
    reader = LogReader(path)
    reader.check()
    past = PastWriter(reader.lines(), None if reader.footer else _stop)
    try:
        _repeat(reader, past, trust, folder)
    except _PastIsOver:
        return reader
    past.finish()
    return reader


def resume(path: Path, trust: Trust, folder: Path | None = None, on_start: OnStart | None = None) -> tuple[Summary, int]:
    """Go on with a run that broke off, writing the log that it would have written.

    Returns:
        What the run amounts to, and how many bytes of a torn last line were cut off.

    Raises:
        BadInput: the run is finished.
        Diverged: what is recorded is not what this scenario does here.
        CorruptLog: the log is damaged.
    """
    reader = LogReader(path)
    reader.check()
    if reader.footer is not None:
        raise BadInput(f"{path}: this run is finished; there is nothing to resume")
    torn = reader.torn
    past = PastWriter(reader.lines(), partial(append_to_log, path, torn))
    return _repeat(reader, past, trust, folder, on_start), torn


def log_name(scenario: Scenario) -> str:
    """Return the file name of a completed scenario's log: its name, its seed, and a digest of all of it."""
    tables = json.dumps(scenario.tables(), sort_keys=True, ensure_ascii=False)
    digest = hashlib.blake2b(tables.encode(), digest_size=4).hexdigest()
    return f"{scenario.name}-s{scenario.seed}-{digest}.jsonl"


def _repeat(reader: LogReader, writer: PastWriter, trust: Trust, folder: Path | None, on_start: OnStart | None = None) -> Summary:
    known = header_of(reader)
    if not isinstance(known, Simulated):
        raise BadInput(f"{reader.path}: these answers were imported, and no run made them; there is nothing to repeat")
    if known.parley != PARLEY_VERSION:
        raise BadInput(
            f"{reader.path}: written by Parley {known.parley}, and this is {PARLEY_VERSION}; "
            "that a run repeats is promised within one version"
        )
    origin = Origin(folder or _folder_of(reader.path), known.script.model_dump() if known.script else None)
    _check_script(reader.path, origin)
    with importable(origin.folder):
        scenario = make(known.scenario, str(reader.path), {}, trust)
    chance, world, people = prepare(scenario, origin)
    if world.digest != known.data:
        raise BadInput(f"{reader.path}: the data are not those of the run: their digest is {world.digest}, it was {known.data}")
    return _execute(scenario, people, world, chance, known.model_dump(), writer, reader.path, None, on_start)


def _check_script(log: Path, origin: Origin) -> None:
    """Refuse a log whose script has changed since: what it did is not what this one does."""
    script = None if origin.script is None else origin.folder / origin.script["name"]
    if script is None or not script.is_file():
        return
    digest = script_digest(script.read_bytes())
    if digest != (origin.script or {}).get("digest"):
        raise BadInput(f"{log}: the script {script} has changed since the run")


def _execute(
    scenario: Scenario,
    people: list[Person],
    world: World,
    chance: Chance,
    header: dict[str, Any],
    writer: LineWriter,
    path: Path | None,
    pace: float | None,
    on_start: OnStart | None,
) -> Summary:
    journal = Journal(writer, header, scenario.journal.flush)
    record = logger_of(journal).record
    campaigns: list[Campaign] = []

    async def main() -> None:
        campaign = Campaign(scenario, people, world, chance, record)
        campaigns.append(campaign)
        if on_start is not None:
            on_start(campaign)
        with breaking_off(campaign.fall_silent):
            await campaign.run()

    # A spin is told from honest work by its size: what a whole pool takes, when nothing takes time, is honest.
    limit = 10_000_000 + 1_000 * len(world.items)
    log = None if path is None else str(path)
    try:
        with threadpool_limits(1), asyncio.Runner(loop_factory=partial(VirtualLoop, pace=pace, instant_limit=limit)) as runner:
            runner.run(main())
        journal.finish(chance.unseed())
    except (KeyboardInterrupt, asyncio.CancelledError):
        journal.close()
        if not campaigns:
            raise KeyboardInterrupt from None
        raise Interrupted(campaigns[0].summary(log)) from None
    except BaseException as error:
        # What was written stays; a disk that is full now was full then.
        with suppress(OSError, Diverged, _PastIsOver):
            journal.close()
        raise _innermost(error) from None
    return campaigns[0].summary(log)


class _PastIsOver(Exception):
    """A log without a footer has been repeated as far as it goes."""


def _stop() -> LineWriter:
    raise _PastIsOver


class _Nowhere:
    """Writes no log."""

    def write(self, lines: list[bytes]) -> None:
        """Forget the lines."""

    def close(self) -> None:
        """Do nothing."""


def _innermost(error: BaseException) -> BaseException:
    """Return what went wrong first, out of the groups in which task groups wrap it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _header(scenario: Scenario, world: World, origin: Origin) -> dict[str, Any]:
    script = None if origin.script is None else Script.model_validate(origin.script)
    header = Simulated(parley=PARLEY_VERSION, scenario=scenario.tables(), seed=scenario.seed, data=world.digest, script=script)
    return header.model_dump()


def _open(path: Path, origin: Origin) -> LineWriter:
    """Begin a log, unless one that is not finished has its name."""
    if path.exists() and path.stat().st_size and not is_finished(path):
        raise BadInput(
            f"{path}: an unfinished run of this scenario and seed is there; "
            f"go on with it by `parley resume {path}`, or discard it by deleting the file"
        )
    try:
        writer = create_log(path)
    except OSError as error:
        raise BadInput(f"{path}: the log cannot be written: {error.strerror}") from None
    environment_file(path).write_text(json.dumps(_environment(origin), indent=1) + "\n", encoding="utf-8")
    return writer


def is_finished(path: Path) -> bool:
    """Return whether the last line of a log looks like a footer."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**20))
        tail = file.read()
    return tail.endswith(b"\n") and tail[:-1].rpartition(b"\n")[2].startswith(b'{"events":')


def environment_file(log: Path) -> Path:
    """Return the small file beside a log that says where it was made."""
    return log.with_suffix(".env.json")


def _environment(origin: Origin) -> dict[str, str]:
    packages = ("numpy", "scipy", "scikit-learn", "pydantic", "structlog")
    return {
        "folder": str(origin.folder.resolve()),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processor": platform.processor(),
        "system": platform.system(),
        **{package: version(package) for package in packages},
    }


def _folder_of(log: Path) -> Path:
    """Return the folder that the run's paths started from; the present one where nobody noted it."""
    try:
        return Path(json.loads(environment_file(log).read_text(encoding="utf-8"))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return Path()
