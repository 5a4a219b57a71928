"""A campaign that runs, and the log that it is written to."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from bus.chance import Chance
from bus.clock import VirtualLoop
from bus.journal import Journal, LineWriter, Unwritable, logger_of
from scenarios.annotators import Person
from scenarios.campaign import Campaign
from scenarios.interruption import Breaker, Fuse, Interrupted, Terminated
from scenarios.logfile import unwritable
from scenarios.scenario import Scenario
from scenarios.summary import Summary
from scenarios.world import World

OnStart = Callable[[Campaign], None]


class Log(NamedTuple):
    """What a run is written to.

    Attributes:
        path: the file; None for none.
        header: the first line.
        writer: where its lines go.
        recorded: events that it holds already.
    """

    path: Path | None
    header: dict[str, Any]
    writer: LineWriter
    recorded: int = 0


class Nowhere:
    """Writes no log."""

    def write(self, lines: list[bytes]) -> None:
        """Forget the lines."""

    def close(self) -> None:
        """Do nothing."""


def execute(
    scenario: Scenario,
    people: Sequence[Person],
    world: World,
    chance: Chance,
    log: Log,
    pace: float | None,
    on_start: OnStart | None,
) -> Summary:
    """Run a campaign and return what it amounts to.

    Args:
        scenario: the campaign, completed.
        people, world, chance: what `prepare` made of it.
        log: where it is written.
        pace: simulated seconds a real second; None for as fast as it goes.
        on_start: called with the campaign when it begins.

    Raises:
        BadInput: the log cannot be written.
        Interrupted, Stalled: see `run`.
        Exception: whatever the log's writer raised.
    """
    fuse = Fuse(log.writer)
    journal = Journal(fuse, log.header, scenario.journal.flush)
    if fuse.failure is not None:
        journal.close()
        _check(fuse, log.path, begun=False)
    record = logger_of(journal).record
    campaigns: list[Campaign] = []

    def fall_silent() -> None:
        for campaign in campaigns:
            campaign.fall_silent()

    async def main() -> None:
        fuse.breaker = breaker = Breaker(fall_silent)
        with breaker.heeding_signals():
            campaign = Campaign(scenario, people, world, chance, record, log.recorded)
            campaigns.append(campaign)
            if on_start is not None:
                on_start(campaign)
            await campaign.run()
            journal.finish(chance.unseed())

    # A spin is told from honest work by its size: what a whole pool takes, when nothing takes time, is honest.
    limit = 10_000_000 + 1_000 * len(world.items)
    try:
        with threadpool_limits(1), asyncio.Runner(loop_factory=partial(VirtualLoop, pace=pace, instant_limit=limit)) as runner:
            runner.run(main())
        _check(fuse, log.path)
    except BaseException as error:
        # What was written stays.
        journal.close()
        _check(fuse, log.path)
        if isinstance(error, KeyboardInterrupt | asyncio.CancelledError):
            raise _interruption(log, campaigns, sum(journal.counts.values()), fuse.breaker, error) from None
        raise _innermost(error) from None
    return campaigns[0].summary(_name(log))


def _check(fuse: Fuse, path: Path | None, begun: bool = True) -> None:
    """Raise what was wrong with writing the log, if something was."""
    if isinstance(fuse.failure, Unwritable) and path is not None:
        raise unwritable(path, fuse.failure, begun) from None
    fuse.check()


def _interruption(log: Log, campaigns: list[Campaign], events: int, breaker: Breaker | None, error: BaseException) -> Interrupted:
    summary = campaigns[0].summary(_name(log)) if campaigns else None
    terminated = isinstance(error, Terminated) or (breaker is not None and breaker.terminated)
    return Interrupted(_name(log), summary, 0 < log.recorded >= events, terminated)


def _name(log: Log) -> str | None:
    return None if log.path is None else str(log.path)


def _innermost(error: BaseException) -> BaseException:
    """Return what went wrong first, out of the groups in which task groups wrap it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
