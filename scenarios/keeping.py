"""Rare classes: of some, only a share of the items stays in the data."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agents.messages import Label
from bus.chance import Chance, number_of
from bus.table import nearest
from scenarios.errors import BadInput, listed
from scenarios.source import Dataset


def kept(data: Dataset, shares: Mapping[str, float], chance: Chance) -> Dataset:
    """Return the data, of some classes only a share of the items, rounded, but one at least.

    Which stay depends on the run's seed, the ids and the truth: not on the order of the items, nor on what else there is.

    Args:
        data: the data.
        shares: by the names of classes, numbers written as text.
        chance: the run's randomness.

    Raises:
        BadInput: no class is called so.
    """
    index = {str(label): place for place, label in enumerate(data.classes)}
    for name in shares:
        if name not in index:
            raise BadInput(f"data.keep: there is no class {name!r}; {nearest(name, listed([*index]))}")
    keys = np.fromiter(map(number_of, data.ids), np.uint64, len(data.ids))
    luck = chance.keyed("world", "keep").uniforms(keys)
    stays = np.ones(len(data.ids), np.bool_)
    for name, share in shares.items():
        rows = np.flatnonzero(data.truth == index[name])
        order = rows[np.argsort(luck[rows], kind="stable")]
        stays[order[max(1, int(share * len(rows) + 0.5)) :]] = False
    return _taken(data, np.flatnonzero(stays))


def _taken(data: Dataset, rows: NDArray[np.intp]) -> Dataset:
    topics: list[Label] | None = None if data.topics is None else [data.topics[row] for row in rows]
    return Dataset(
        ids=[data.ids[row] for row in rows],
        features=None if data.features is None else data.features[rows],
        truth=data.truth[rows],
        classes=data.classes,
        topics=topics,
        embeddings=None if data.embeddings is None else data.embeddings[rows],
    )
