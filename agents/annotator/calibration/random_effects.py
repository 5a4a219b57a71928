"""Effects of people: what is each one's own, and how much of it is chance."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]


class Effects(NamedTuple):
    """value = mean + effect of the person + residual.

    Attributes:
        mean: mean over people.
        spread: standard deviation of effects over people.
        sigma: standard deviation of residuals.
        each: mean and effect of each person together, shrunk; shape (people,). Who has no value has the mean.
    """

    mean: float
    spread: float
    sigma: float
    each: Floats


def effects(person: Indices, value: Floats, people: int) -> Effects:
    """Return people's effects by the analysis of variance of unequal groups (Searle, Casella and McCulloch, 1992, chapter 3).

    Args:
        person: whose each value is; shape (values,).
        value: the values.
        people: how many people there are.

    Raises:
        ValueError: there are no values.
    """
    if len(value) == 0:
        raise ValueError("there are no values")
    count = np.bincount(person, minlength=people).astype(np.float64)
    some = count > 0
    own = np.asarray(np.bincount(person, value, people), np.float64) / np.maximum(count, 1)
    total, groups = float(len(value)), int(some.sum())
    overall = float(value.mean())
    within = float(((value - own[person]) ** 2).sum())
    among = float(count @ (own - overall) ** 2)
    # With one value of each person, what is theirs cannot be told from chance; it is taken for chance.
    sigma2 = within / (total - groups) if total > groups else among / max(total - 1, 1.0)
    size = total - float(count @ count) / total
    spread2 = max((among - (groups - 1) * sigma2) / size, 0.0) if size > 0 and total > groups else 0.0
    known = 1 / (spread2 + sigma2 / count[some]) if spread2 + sigma2 > 0 else np.ones(groups)
    mean = float(known @ own[some] / known.sum())
    shrunk = spread2 / (spread2 + sigma2 / np.maximum(count, 1e-12)) if spread2 > 0 else np.zeros(people)
    return Effects(mean, spread2**0.5, sigma2**0.5, np.where(some, mean + shrunk * (own - mean), mean))
