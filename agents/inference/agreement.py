"""How much people agree with each other, over a whole answer table."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import sparse

from agents.component import Unusable
from agents.inference.answers import AnswerTable, Floats
from bus.chance import Chance

Level = Literal["nominal", "ordinal", "interval", "ratio"]
"""What differences between classes mean: only that they differ; how many ranks, how much, or in what proportion."""


def alpha(table: AnswerTable, level: Level = "nominal") -> float | None:
    """Return Krippendorff's alpha (Krippendorff, 1970, 2011): 1 is full agreement, 0 what chance would give.

    Items with a single answer say nothing, and missing answers are nothing amiss. None if no item had two answers, or all answers
    of those that had are the same, where alpha is not defined.

    Args:
        table: the answers.
        level: how far classes differ. Ordinal ones stand in the order of the table; for interval and ratio they are numbers, or
            texts of numbers, and for ratio none is below 0.

    Raises:
        Unusable: the classes are no such numbers.
    """
    units = _units(table)
    value = _alphas(units, np.ones((1, len(units))), _distance(table, level), level)[0]
    return None if np.isnan(value) else float(value)


def alpha_interval(
    table: AnswerTable, level: Level = "nominal", confidence: float = 0.95, resamples: int = 1000, seed: int = 0
) -> tuple[float, float] | None:
    """Return between what alpha lies with that confidence: the percentile bootstrap over items (Efron, 1979).

    Items are drawn with replacement from those with two answers or more. None where alpha is not defined in any of the draws.

    Args:
        table, level: as for `alpha`.
        confidence: of the interval.
        resamples: how often items are drawn.
        seed: of the draws.

    Raises:
        Unusable: as for `alpha`.
    """
    units, distance = _units(table), _distance(table, level)
    if not len(units):
        return None
    # Alike items need one row: what is drawn is how often each kind occurs.
    kinds, number = np.unique(units, axis=0, return_counts=True)
    draws = Chance(seed).stream("bootstrap").multinomial(len(units), number / len(units), size=resamples)
    values = _alphas(kinds, draws.astype(np.float64), distance, level)
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    tail = (1.0 - confidence) / 2
    low, high = np.quantile(values, [tail, 1.0 - tail])
    return float(low), float(high)


def _units(table: AnswerTable) -> Floats:
    """Return the votes of the items that have two answers or more; shape (units, classes)."""
    return table.votes[table.answers_of_item > 1]


def _distance(table: AnswerTable, level: Level) -> Floats | None:
    """Return the squared difference between each two classes; shape (classes, classes). None where they have no values."""
    if level in ("nominal", "ordinal"):
        return None
    try:
        value = np.array([float(name) for name in table.classes])
    except ValueError:
        raise Unusable(f"alpha of {level} data needs classes that are numbers, but they are {list(table.classes)!r}") from None
    if not np.isfinite(value).all() or (level == "ratio" and (value < 0).any()):
        raise Unusable(f"alpha of {level} data needs {'numbers from 0 on' if level == 'ratio' else 'finite numbers'} for classes")
    apart = value[:, None] - value
    total = value[:, None] + value
    return np.asarray((apart if level == "interval" else np.divide(apart, total, out=np.zeros_like(apart), where=total > 0)) ** 2)


def _ranks(margins: Floats) -> Floats:
    """Return the squared ordinal differences by how often each class occurs; shape (resamples, classes, classes)."""
    # Between two classes lie all answers of those between, and half of their own.
    middle = margins.cumsum(axis=1) - margins / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)


def _alphas(units: Floats, draws: Floats, distance: Floats | None, level: Level) -> Floats:
    """Return alpha for each draw, NaN where it is not defined; shape (resamples,).

    Args:
        units: votes by item and class, two or more an item; shape (units, classes).
        draws: how often each item counts; shape (resamples, units).
        distance: squared differences between classes that have values; shape (classes, classes).
        level: what differences mean.
    """
    margins = draws @ units
    values = margins.sum(axis=1)
    if level == "nominal":
        # Different answers are those that are not the same: no need to look at every two classes, of which there may be many.
        number = units.sum(axis=1)
        observed = draws @ (number - (units * (units - 1.0)).sum(axis=1) / np.maximum(number - 1.0, 1.0))
        expected = values**2 - (margins**2).sum(axis=1)
    else:
        coincidences = _coincidences(units, draws)
        apart = _ranks(margins) if distance is None else distance
        observed = (coincidences * apart).sum(axis=(1, 2))
        expected = (margins[:, :, None] * margins[:, None, :] * apart).sum(axis=(1, 2))
    ratio = np.divide(observed * (values - 1.0), expected, out=np.full(len(draws), np.nan), where=expected > 0)
    return np.asarray(1.0 - ratio, np.float64)


def _coincidences(units: Floats, draws: Floats) -> Floats:
    """Return for each draw the ordered pairs of answers within an item, by the number of its answers less one.

    The shape is (resamples, classes, classes).
    """
    classes = units.shape[1]
    per_pair = 1.0 / np.maximum(units.sum(axis=1, keepdims=True) - 1.0, 1.0)
    within = (units * per_pair)[:, :, None] * units[:, None, :]
    within[:, np.arange(classes), np.arange(classes)] -= units * per_pair
    return np.asarray((draws @ within.reshape(len(units), classes * classes)).reshape(-1, classes, classes), np.float64)


def fleiss_kappa(table: AnswerTable) -> float | None:
    """Return Fleiss' kappa (Fleiss, 1971), for unequal numbers of answers too: 1 is full agreement, 0 what chance would give.

    Observed agreement is the mean over items with two answers or more of the share of pairs of answers that agree, each item
    counting the same; expected agreement is that of two answers drawn from the pooled shares of the classes in those items. With
    equal numbers of answers this is Fleiss' own. None if no item had two answers, or all answers of those are the same.
    """
    units = _units(table)
    number = units.sum(axis=1)
    if not len(units):
        return None
    observed = float(np.mean((units * (units - 1.0)).sum(axis=1) / (number * (number - 1.0))))
    shares = units.sum(axis=0) / number.sum()
    expected = float((shares**2).sum())
    return (observed - expected) / (1.0 - expected) if np.count_nonzero(shares) > 1 else None


def unanimous(table: AnswerTable) -> float | None:
    """Return the share of the items on which all agreed, of those with two answers or more; None if there are none."""
    units = _units(table)
    return float(np.mean(units.max(axis=1) == units.sum(axis=1))) if len(units) else None


def pairs_agreeing(table: AnswerTable) -> float | None:
    """Return the share of the pairs of answers to an item that are the same, over all such pairs; None if there are none."""
    units = _units(table)
    number = units.sum(axis=1)
    return float((units * (units - 1.0)).sum() / (number * (number - 1.0)).sum()) if len(units) else None


class Agreement(NamedTuple):
    """How much people agree; None where that is not defined.

    Attributes:
        alpha: Krippendorff's alpha of nominal data.
        kappa: Fleiss' kappa.
        pairwise: the share of the pairs of answers that are the same.
    """

    alpha: float | None
    kappa: float | None
    pairwise: float | None


def agreement_of(table: AnswerTable) -> Agreement:
    """Return how much the people of a table agree, at what it costs to count votes."""
    return Agreement(alpha(table), fleiss_kappa(table), pairs_agreeing(table))


@dataclass(frozen=True, eq=False)
class Pairwise:
    """How far each two people agree who have items in common.

    Attributes:
        common: pairs of answers, one of each, to an item; shape (people, people), symmetric, nothing on the diagonal.
        agreement: share of those that are the same; stored where `common` is, zeros too.
        kappa: Cohen's kappa over them (Cohen, 1960); stored where it is defined, which it is not where both always said one
            and the same.
    """

    common: sparse.csr_array
    agreement: sparse.csr_array
    kappa: sparse.csr_array

    def mean_agreement(self) -> float | None:
        """Return the mean agreement over pairs of people, weighted by what they have in common; None without such pairs."""
        return _mean(self.agreement, self.common)

    def mean_kappa(self) -> float | None:
        """Return the mean of Cohen's kappa over pairs of people, weighted likewise; None where it is defined for none."""
        return _mean(self.kappa, self.common)


def pairwise(table: AnswerTable) -> Pairwise:
    """Return how far each two people agree.

    Somebody's several answers to an item are compared each with each of the other's, and shares of classes are weighted alike. Time
    and memory grow with the pairs of people that have items in common.
    """
    people, classes = len(table.people), len(table.classes)
    given = [_given(table, index) for index in range(classes)]
    answers = sparse.csr_array(sum(given, sparse.csr_array((len(table.items), people))))
    common, row, column = _pairs(answers)
    number = common.data
    shares = np.zeros((2, len(number)))
    agreed, by_chance = shares
    for label in given:
        agreed += _at(label.T @ label, row, column)
        # What one of the two said where the other has answered too.
        said = label.T @ answers
        by_chance += _at(said, row, column) * _at(said.T, row, column)
    agreed /= number
    by_chance /= number**2
    defined = by_chance < 1.0 - 1e-12
    kappa = (agreed[defined] - by_chance[defined]) / (1.0 - by_chance[defined])
    shape = people, people
    return Pairwise(
        common,
        sparse.csr_array((agreed, (row, column)), shape=shape),
        sparse.csr_array((kappa, (row[defined], column[defined])), shape=shape),
    )


def _given(table: AnswerTable, index: int) -> sparse.csr_array:
    """Return how often each person gave one label to each item; shape (items, people)."""
    rows = table.label == index
    shape = len(table.items), len(table.people)
    return sparse.csr_array((np.ones(np.count_nonzero(rows)), (table.item[rows], table.person[rows])), shape=shape)


def _pairs(answers: sparse.csr_array) -> tuple[sparse.csr_array, Floats, Floats]:
    """Return what each two different people have in common, with its rows and columns in order."""
    both = sparse.coo_array(answers.T @ answers)
    row, column = both.coords
    kept = row != column
    common = sparse.csr_array((both.data[kept], (row[kept], column[kept])), shape=both.shape)
    common.sort_indices()
    return common, *common.tocoo().coords


def _at(matrix: sparse.sparray, row: Floats, column: Floats) -> Floats:
    """Return the entries at those places; shape (pairs,)."""
    return np.asarray(sparse.csr_array(matrix)[row, column], np.float64).reshape(-1) if len(row) else np.zeros(0)


def _mean(values: sparse.csr_array, weights: sparse.csr_array) -> float | None:
    if not values.nnz:
        return None
    at = values.tocoo()
    weight = _at(weights, *at.coords)
    return float(at.data @ weight / weight.sum())
