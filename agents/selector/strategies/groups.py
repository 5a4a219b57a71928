"""Groups: the items of a pool in clusters, each with its centre, made once and kept."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.selector.strategies.clustering import clustered
from agents.selector.strategies.projection import Points, points
from agents.selector.view import PoolView, Space
from bus.chance import number_of


class Groups(NamedTuple):
    """Items in groups, of which none is empty.

    Attributes:
        points: where items lie; shape (items, features).
        centres: the mean of each group; shape (groups, features).
        of: the group of each item; shape (items,).
    """

    points: Points
    centres: Points
    of: NDArray[np.intp]


def grouped(view: PoolView, count: int, dimensions: int, space: Space | None = None) -> Groups:
    """Return the pool in so many groups at most, by k-means; where there are no more items than that, each is a group of its own.

    Args:
        view: the pool.
        count: groups at most.
        dimensions: of the points; more features are projected, see `points`.
        space: of which features.
    """
    placed = points(view, slice(None), dimensions, space)
    if len(placed) <= count:
        return Groups(placed, placed, np.arange(len(placed)))
    labels = clustered(placed, count, view.luck.generator(number_of("groups"), count)).labels
    _, of = np.unique(labels, return_inverse=True)
    sizes = np.bincount(of)
    centres = np.zeros((len(sizes), placed.shape[1]))
    np.add.at(centres, of, placed)
    return Groups(placed, centres / sizes[:, np.newaxis], of.astype(np.intp))
