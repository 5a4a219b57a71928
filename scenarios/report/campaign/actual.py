"""What is true of the items of a log: as it says itself, or as the data of its scenario have it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from agents.component import Trust, Unusable
from agents.messages import Item, Label
from scenarios.crowds.cast import with_crowds
from scenarios.errors import BadInput
from scenarios.header import Header, Simulated
from scenarios.importable import importable
from scenarios.loading import make
from scenarios.logfile import folder_of
from scenarios.run import Origin, prepare
from scenarios.world import World

_MOST_HELD_OUT = 1000
"""Times as many items as a campaign labels that its data may have."""

_TROUBLE = (
    BadInput, Unusable, OSError, MemoryError, ImportError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError,
)  # fmt: skip
"""What may come of a scenario that stands in a log, which may be anybody's."""


class Actual(NamedTuple):
    """What is true of items.

    Attributes:
        labels: the true label of each item of which it is known.
        held_out: held-out items; None if nobody knows.
        missing: why it is not known of all items, in a sentence; empty if it is.
    """

    labels: Mapping[Item, Label]
    held_out: int | None = None
    missing: str = ""


def actual_of(path: Path, header: Header, told: Mapping[Item, Label], items: int, trust: Trust, folder: Path | None) -> Actual:
    """Return what is true of the items of a log.

    Args:
        path: the log.
        header: its header.
        told: what the log says.
        items: items that there are, as the log says.
        trust: what the log's scenario may import. Nothing is run of it, but its data are made anew.
        folder: where the paths of its data start; None for where they started then.
    """
    if not isinstance(header, Simulated):
        return Actual(
            told, missing="" if told else "The log holds answers from outside, and does not say what is true of the items."
        )
    if not items:
        return Actual(told)
    claimed = header.scenario.get("data")
    made = claimed.get("items") if isinstance(claimed, dict) else None
    if isinstance(made, int) and made > _MOST_HELD_OUT * items:
        # Nobody's memory is to be filled because a log says so.
        return Actual(
            told, missing=f"What is true of the items is not known here: its data would be {made:,} items, but it had {items:,}."
        )
    try:
        world = _world(path, header, trust, folder)
    except _TROUBLE as error:
        why = _first_line(str(error)).removeprefix(f"{path}: ")
        return Actual(told, missing=f"What is true of the items is not known here, as the data cannot be made anew: {why}")
    if world.digest != header.data:
        why = "the data that its scenario names are not those of the run"
        return Actual(
            told, missing=f"What is true of the items is not known here: {why} (digest {world.digest}, it was {header.data})."
        )
    truth = world.truth
    labels = {item: truth.classes[place] for item in (*world.items.ids, *world.gold) if (place := truth.of(item)) >= 0}
    held_out = len(world.held_out_labels) if world.held_out is not None else None
    return Actual({**labels, **told}, held_out)


def _world(path: Path, header: Simulated, trust: Trust, folder: Path | None) -> World:
    origin = Origin(folder or folder_of(path), header.script.model_dump() if header.script else None)
    with importable(origin.folder):
        scenario = with_crowds(make(header.scenario, str(path), {}, trust), origin.folder, trust)
        with np.errstate(all="ignore"):
            _, world, _ = prepare(scenario, origin)
    return world


def _first_line(text: str) -> str:
    line = text.split("\n", 1)[0].strip()
    return line if line.endswith((".", "!", "?")) else f"{line}."
