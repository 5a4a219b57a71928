"""Projection: items with many features, or sparse ones, as points of few."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from agents.component import Unusable
from agents.items import Features
from agents.selector.strategies.places import ENDLESS
from agents.selector.view import PoolView, Space
from bus.chance import number_of

Points = NDArray[np.float64]
"""A row an item, dense."""


def points(view: PoolView, rows: Any, dimensions: int, space: Space | None = None) -> Points:
    """Return where items lie, in so many dimensions at most.

    More features than that are projected at random, by which distances stay what they are up to some percent, and scalar products
    in the mean (Johnson and Lindenstrauss, 1984); one projection serves the pool for good.

    Args:
        view: the pool.
        rows: of which items; whatever indexes rows.
        dimensions: how many at most.
        space: of which features.

    Returns:
        Points; shape (rows, features or dimensions).
    """
    features = view.features(space)
    width = features.shape[1]
    if width <= dimensions:
        return dense(features[rows])
    chosen = f"{space} {dimensions}"
    matrix = view.kept(f"projection {chosen}", lambda: _projection(view, width, dimensions))
    return dense(features[rows] @ matrix)


def _projection(view: PoolView, width: int, dimensions: int) -> Points:
    generator = view.luck.generator(number_of("projection"), dimensions)
    return generator.normal(scale=dimensions**-0.5, size=(width, dimensions))


def dense(features: Features) -> Points:
    """Return features as an array, were they sparse or not.

    Raises:
        Unusable: some are no numbers.
    """
    found = np.asarray(features.toarray() if issparse(features) else features, np.float64)
    if not np.isfinite(found).all():
        raise Unusable(ENDLESS)
    return found
