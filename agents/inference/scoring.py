"""How good inferred labels and their posteriors are, by known true classes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from agents.inference.answers import Floats, Indices

_LEAST_PROBABILITY = np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False)
class Reliability:
    """The reliability curve: whether labels held with some probability are right as often. A row a bin that is not empty.

    Attributes:
        confidence: mean posterior of the chosen class; shape (bins,).
        right: share of those labels that are right; shape (bins,).
        count: how many labels there are; shape (bins,).
        low, high: Wilson's interval of `right` (Wilson, 1927); shape (bins,) each.
    """

    confidence: Floats
    right: Floats
    count: Indices
    low: Floats
    high: Floats

    @property
    def error(self) -> float:
        """The expected calibration error: the mean distance of confidence and share, by count (Naeini et al., 2015)."""
        return float(np.abs(self.confidence - self.right) @ self.count / self.count.sum())


@dataclass(frozen=True, eq=False)
class Scores:
    """How good labels are.

    Attributes:
        accuracy: share of the labels that are right.
        macro_f1: mean F1 of the classes that occur, in the truth or among the labels.
        recall: share of each class's items that have its label, NaN for classes without items; shape (classes,).
        log_loss: mean of -log of the posterior of the true class (nats).
        brier: mean squared distance of the posterior from certainty of the true class, summed over classes, from 0 to 2
            (Brier, 1950).
        reliability: the reliability curve.
    """

    accuracy: float
    macro_f1: float
    recall: Floats
    log_loss: float
    brier: float
    reliability: Reliability


def scores(posterior: Floats, best: Indices, true: Indices, bins: int = 10) -> Scores:
    """Return how good labels and posteriors are.

    Args:
        posterior: probability of each class; shape (items, classes).
        best: class index of each item's label; it decides ties, which the posterior leaves open; shape (items,).
        true: true class index of each item; shape (items,).
        bins: how many bins of equal width the reliability curve has.

    Raises:
        ValueError: there are no items.
    """
    if not len(true):
        raise ValueError("without items of known class there is nothing to score")
    classes = posterior.shape[1]
    sizes = np.bincount(true, minlength=classes)
    hits = np.bincount(true[best == true], minlength=classes)
    recall = np.divide(hits, sizes, out=np.full(classes, np.nan), where=sizes > 0)
    rows = np.arange(len(true))
    # The sum of (p - 1)**2 for the true class and p**2 for the others, without a table of which class is true.
    brier = float(np.mean((posterior**2).sum(axis=1) - 2 * posterior[rows, true] + 1))
    right = best == true
    curve = reliability(posterior[rows, best], right, bins)
    return Scores(float(np.mean(right)), macro_f1(best, true, classes), recall, log_loss(posterior, true), brier, curve)


def macro_f1(best: Indices, true: Indices, classes: int) -> float:
    """Return the mean F1 of the classes that occur among labels or truth; it is 0 for a class that occurs in one of them only.

    Args:
        best: class index of each item's label; shape (items,).
        true: true class index of each item; shape (items,).
        classes: how many classes there are.
    """
    hits = np.bincount(true[best == true], minlength=classes)
    sizes = np.bincount(true, minlength=classes) + np.bincount(best, minlength=classes)
    occurs = sizes > 0
    return float(np.mean(2 * hits[occurs] / sizes[occurs]))


def log_loss(posterior: Floats, true: Indices) -> float:
    """Return the mean of -log of the probability of the true class (nats); it is kept from 0 by the machine epsilon.

    Args:
        posterior: probability of each class; shape (items, classes).
        true: true class index of each item; shape (items,).
    """
    chosen = posterior[np.arange(len(true)), true]
    return -float(np.mean(np.log(np.clip(chosen, _LEAST_PROBABILITY, 1.0))))


def reliability(confidence: Floats, right: NDArray[np.bool_], bins: int = 10, level: float = 0.95) -> Reliability:
    """Return the reliability curve over bins of equal width.

    Args:
        confidence: probability with which each label is held; shape (items,).
        right: whether it is right; shape (items,).
        bins: how many bins there are, empty ones among them.
        level: of Wilson's intervals.
    """
    place = np.minimum((confidence * bins).astype(np.intp), bins - 1)
    count = np.bincount(place, minlength=bins)
    filled = count > 0
    number = count[filled]
    mean = np.bincount(place, confidence, bins)[filled] / number
    share = np.bincount(place, right, bins)[filled] / number
    low, high = wilson(share, number, level)
    return Reliability(mean, share, number, low, high)


def wilson(share: Floats, count: Floats | Indices, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return Wilson's interval of binomial shares (Wilson, 1927).

    Args:
        share: shares observed; shape (n,).
        count: of how many, each above 0; shape (n,).
        level: the confidence of the intervals.
    """
    z = float(ndtri((1.0 + level) / 2))
    middle = (share + z * z / (2 * count)) / (1.0 + z * z / count)
    half = z / (1.0 + z * z / count) * np.sqrt(share * (1.0 - share) / count + z * z / (4.0 * count * count))
    return np.asarray(np.maximum(middle - half, 0.0)), np.asarray(np.minimum(middle + half, 1.0))
