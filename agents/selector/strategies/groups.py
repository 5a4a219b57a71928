"""Groups: the items of a pool in clusters, each with its centre, made once and kept."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
    of = of.astype(np.intp)
    members = csr_array((np.ones(len(of)), (of, np.arange(len(of)))))
    return Groups(placed, np.asarray(members @ placed) / np.bincount(of)[:, np.newaxis], of)
