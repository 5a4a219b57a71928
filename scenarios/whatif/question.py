"""The question that is put to a log: what is changed, and in which loop it is answered."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from agents.component import Trust
from agents.coordinator.policy import Policy
from agents.messages import Item, Label
from bus.replay import LogReader
from scenarios.errors import BadInput
from scenarios.execution import OnStart
from scenarios.header import Header, Simulated, header_of
from scenarios.importable import importable
from scenarios.loading import make
from scenarios.logfile import folder_of
from scenarios.run import Origin, prepare
from scenarios.whatif import remembered
from scenarios.whatif.closed_loop import changed, rerun
from scenarios.whatif.open_loop import recount
from scenarios.whatif.outcome import Watch, WhatIf

Loop = Literal["open", "closed"]


class Question(NamedTuple):
    """What is asked of a log.

    Attributes:
        overrides: what is changed, by path.
        loop: open or closed; None for what fits the log and the change.
        trust: what the scenario may import.
        folder: where the paths of its data start; None for where they started then.
        logs: where the log of a campaign that is run again is to stay; None if it need not.
    """

    overrides: Mapping[str, Any]
    loop: Loop | None
    trust: Trust
    folder: Path | None
    logs: Path | None


def answer(log: Path, question: Question, on_start: OnStart | None, watch: Watch) -> WhatIf:
    """Return what would have come of a campaign.

    Args:
        log: its log.
        question: what is asked.
        on_start: called with the campaign when it is run again.
        watch: called now and then with how many bytes of a log have been read.

    Raises:
        BadInput: it cannot be said.
        CorruptLog: the log is damaged.
    """
    if not question.overrides:
        raise BadInput("what if what? Say it with --set, such as --set coordination.policy.size=5")
    reader = LogReader(log)
    header = header_of(reader)
    only_policy = all(path.split(".")[:2] == ["coordination", "policy"] for path in question.overrides)
    loop = question.loop or ("open" if only_policy and not isinstance(header, Simulated) else "closed")
    if loop == "open" and not only_policy:
        raise BadInput("in an open loop, only coordination.policy can be otherwise: everything else changes what people are asked")
    if loop == "open":
        policy, truth = _policy(log, header, question)
        return recount(reader, policy, truth, watch)
    trust = question.trust
    if isinstance(header, Simulated):
        campaign = changed(reader, header, question.overrides, trust, question.folder)
    else:
        campaign = remembered.changed(reader, header, question.overrides, trust, watch)
    return rerun(reader, campaign, question.logs, on_start, watch)


def _policy(log: Path, header: Header, question: Question) -> tuple[Policy, dict[Item, Label]]:
    """Return the other policy, and what is true of the items of a simulated campaign, if its data are still there."""
    if not isinstance(header, Simulated):
        return remembered.scenario_of(header, 1_000_000, question.overrides, log, question.trust).coordination.policy, {}
    # Whichever Parley wrote the log: nothing is run again, and the data are known by their digest.
    origin = Origin(question.folder or folder_of(log))
    with importable(origin.folder):
        scenario = make(header.scenario, str(log), dict(question.overrides), question.trust)
    try:
        _, world, _ = prepare(scenario, origin)
    except BadInput:
        return scenario.coordination.policy, {}
    truth = world.truth
    known = world.digest == header.data
    return scenario.coordination.policy, {item: truth.classes[truth.of(item)] for item in world.items.ids} if known else {}
