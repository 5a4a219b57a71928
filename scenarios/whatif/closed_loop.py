"""The closed loop: the campaign, run again with a change. The same annotators draw the same luck."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from agents.component import Trust
from bus.chance import Chance
from bus.replay import LogReader
from scenarios.annotators import Person
from scenarios.crowds.cast import with_crowds
from scenarios.errors import BadInput
from scenarios.execution import OnStart
from scenarios.header import Simulated
from scenarios.importable import importable
from scenarios.loading import make
from scenarios.run import Origin, origin_of, play, prepare
from scenarios.scenario import Scenario
from scenarios.whatif.outcome import Outcome, Support, Watch, WhatIf, changes_between, outcome_of
from scenarios.world import World


class Changed(NamedTuple):
    """A campaign that is to be run again, and otherwise.

    Attributes:
        scenario, people, world: what it is made of.
        origin: where its scenario came from.
        recorded: whether its answers came from outside, so that some may be missing.
    """

    scenario: Scenario
    people: list[Person]
    world: World
    origin: Origin
    recorded: bool


def changed(reader: LogReader, header: Simulated, overrides: Mapping[str, Any], trust: Trust, folder: Path | None) -> Changed:
    """Return the campaign of a log, changed.

    Args:
        reader: the log.
        header: its header.
        overrides: what is changed, by path.
        trust: what the scenario may import.
        folder: where the paths of its data start; None for where they started then.

    Raises:
        BadInput: there is no such campaign, or the log's own could not be run again here.
    """
    origin = origin_of(reader.path, header, folder)
    with importable(origin.folder):
        before = with_crowds(make(header.scenario, str(reader.path), {}, trust), origin.folder, trust)
        after = with_crowds(make(header.scenario, str(reader.path), dict(overrides), trust), origin.folder, trust)
    if prepare(before, origin)[1].digest != header.data:
        raise BadInput(f"{reader.path}: the data are not those of the run, so nothing can be said of what a change makes of it")
    _, world, people = prepare(after, origin)
    return Changed(after, people, world, origin, recorded=False)


def rerun(reader: LogReader, campaign: Changed, logs: Path | None, on_start: OnStart | None, watch: Watch) -> WhatIf:
    """Run a changed campaign, and compare it with what its log tells.

    Args:
        reader: the log.
        campaign: what is run.
        logs: where its log is to stay; None if it need not.
        on_start: called with the campaign when it begins.
        watch: called now and then with how many bytes of a log have been read.

    Raises:
        CorruptLog: the log is damaged.
    """
    before = outcome_of(reader, watch)
    scenario, people, world, origin, recorded = campaign
    with TemporaryDirectory(prefix="parley-") as passing:
        chance = Chance(scenario.seed)
        summary = play(scenario, people, world, chance, logs or Path(passing), origin=origin, on_start=on_start)
        after = outcome_of(LogReader(Path(str(summary.log))), watch)
    figures = after.summary.model_dump(mode="json")
    if logs is None:
        figures["log"] = None
    support = _support(after, scenario) if recorded else None
    return WhatIf("closed", before.summary, figures, changes_between(before.labels, after.labels), support)


def _support(after: Outcome, scenario: Scenario) -> Support:
    most = scenario.coordination.policy.most_people()
    short = [max(1, most - votes) for votes in after.undecided]
    return Support(after.summary.answers + sum(short), sum(short), len(short))
