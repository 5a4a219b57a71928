"""Pareto fronts: what nothing else beats in everything at once, and how sure that is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from bus.chance import Chance

RESAMPLES = 2_000
"""How often seeds are drawn anew: shares on the front then are right to .02 or better."""

_AT_ONCE = 2**20
"""Resamples of candidates that are looked at together."""


class Standing(NamedTuple):
    """How one of several stands by several objectives.

    Attributes:
        means: over the seeds, by objective; shape (objectives,).
        on_front: whether no other is at least as good in everything, and better in something.
        share: in which share of bootstrap resamples of the seeds it is on the front; NaN of fewer than two seeds.
    """

    means: tuple[float, ...]
    on_front: bool
    share: float


class Front(NamedTuple):
    """Who stands where: a standing for each, by the seeds that all of them have.

    Attributes:
        standings: of each, in the order in which they were given.
        seeds: how many seeds they go by.
        dropped: seeds that one of them lacked, and which do not count.
    """

    standings: tuple[Standing, ...]
    seeds: int
    dropped: int


def undominated(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points no other dominates, greater being better in everything; equal points do not dominate each other.

    Args:
        points: shape (..., points, objectives).

    Returns:
        Shape (..., points).
    """
    columns = [np.ascontiguousarray(each) for each in np.moveaxis(points.reshape(-1, *points.shape[-2:]), -1, 0)]
    beaten = np.zeros(columns[0].shape, dtype=bool)
    standing = rankdata([-each.mean(axis=0) for each in columns], axis=1).sum(axis=0)
    for rival in np.argsort(standing, kind="stable"):
        # Where a rival is beaten itself, whoever beats it beats what it would; so who stands well is asked first.
        rows = np.flatnonzero(~beaten[:, rival])
        ours = [column[rows] for column in columns]
        theirs = [each[:, rival, None] for each in ours]
        least = np.all([other >= own for own, other in zip(ours, theirs, strict=True)], axis=0)
        more = np.any([other > own for own, other in zip(ours, theirs, strict=True)], axis=0)
        beaten[rows] |= least & more
    return ~beaten.reshape(points.shape[:-1])


def front(candidates: Sequence[Mapping[int, Sequence[float]]], greater_is_better: Sequence[bool]) -> Front:
    """Return who is on the Pareto front by means over seeds, and in which share of bootstrap resamples (Efron, 1979).

    A resample draws seeds, the same for all: what the runs of a seed share (people, items) they share there too.

    Args:
        candidates: of each, its objectives by seed: shape (objectives,) each, and finite.
        greater_is_better: for each objective.
    """
    every: set[int] = set().union(*candidates)
    seeds = sorted(seed for seed in every if all(seed in each for each in candidates))
    if not seeds:
        nothing = Standing((float("nan"),) * len(greater_is_better), False, float("nan"))
        return Front((nothing,) * len(candidates), 0, len(every))
    values = np.array([[each[seed] for seed in seeds] for each in candidates], dtype=float)
    signs = np.where(np.asarray(greater_is_better), 1.0, -1.0)
    means = values.mean(axis=1)
    best = undominated(_steadied(means * signs))
    shares = _shares(values * signs) if len(seeds) > 1 else np.full(len(candidates), np.nan)
    standings = tuple(
        Standing(tuple(map(float, mean)), bool(on), float(share)) for mean, on, share in zip(means, best, shares, strict=True)
    )
    return Front(standings, len(seeds), len(every) - len(seeds))


def _shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return in which share of the resamples each is on the front; `values` of shape (candidates, seeds, objectives)."""
    seeds = values.shape[1]
    drawn = Chance(0).stream("statistics", "pareto").multinomial(seeds, np.full(seeds, 1 / seeds), size=RESAMPLES) / seeds
    # Some resamples at a time: of many candidates, all of them would not fit.
    parts = np.array_split(drawn, min(RESAMPLES, 1 + RESAMPLES * len(values) // _AT_ONCE))
    found = [undominated(_steadied(np.einsum("rs,cso->rco", part, values))).sum(axis=0) for part in parts]
    return np.asarray(np.sum(found, axis=0) / RESAMPLES, dtype=float)


def _steadied(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return means to ten digits of the largest: what is equal but for rounding does not dominate."""
    unit = 1e-10 * np.max(np.abs(means), axis=-2, keepdims=True)
    unit[unit == 0] = 1.0
    return np.asarray(np.round(means / unit), dtype=float)
