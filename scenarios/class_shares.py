"""Class shares: how common each class is among the items of a campaign, and of how many items it is known from the start."""

import numpy as np
from numpy.typing import NDArray

from agents.items import UNKNOWN
from scenarios.world import World


def class_shares(world: World) -> list[str]:
    """Return each class in words, with its share of all items whose class somebody knows, and its known labels if there are some.

    It is for whoever brings the data, who may know; agents are not told.
    """
    classes = len(world.truth.classes)
    pool = [world.truth.of(item) for item in (*world.items.ids, *world.gold)]
    counts = _counts(pool, classes) + np.bincount(world.held_out_labels[world.held_out_labels != UNKNOWN], minlength=classes)
    known = _counts([world.truth.of(item) for item in world.seeds], classes)
    whole = max(int(counts.sum()), 1)
    return [
        f"{label} ({count / whole:.1%}{f', {seeds:,} known' if len(world.seeds) else ''})" if counts.any() else str(label)
        for label, count, seeds in zip(world.truth.classes, counts, known, strict=True)
    ]


def _counts(truth: list[int], classes: int) -> NDArray[np.intp]:
    return np.bincount([each for each in truth if each != UNKNOWN] or np.empty(0, np.intp), minlength=classes)
