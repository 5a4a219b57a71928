"""Variance reduction: the items whose label would make a model's probabilities most certain."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.component import Unusable
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.projection import Points, points
from agents.selector.strategies.sampling import Rows, some, unlabelled
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space

MOST_PARAMETERS = 4096
"""Weights of a softmax regression, features times classes, beyond which its Fisher information is too large a matrix."""

Matrix = NDArray[np.float64]


@contextmanager
def _refused_if_singular() -> Iterator[None]:
    """Raise Unusable where numbers become too large, or rounding has left nothing of what is small in a matrix."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except np.linalg.LinAlgError:
        raise Unusable(
            "needs features that are not so large, or of such different sizes, that their information cannot be inverted: "
            "standardise them, or give a greater penalty"
        ) from None


class VarianceReduction(Strategy):
    """By how much the variance of the class probabilities would fall: A-optimal design (Cohn, 1996; Schein and Ungar, 2007).

    Whatever the model is, it is taken for a softmax regression with these probabilities p. Such a one learns from an item x the
    Fisher information (diag p - p p') (x) x x', whatever the label. The variance of its probabilities on other items is the trace
    of A F^-1, where F is the information of all items that have a label or are under way, plus the penalty, and A the mean over the
    others of the sum over classes of g g', g being the gradient of a probability. So items under way count like labelled ones, and
    those of a batch are chosen one after the other.

    F^-1 is made once, and follows each choice by Woodbury's identity. Only candidates are scored; all others come last.
    """

    kind: ClassVar[str] = "variance-reduction"
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = (
        "O((L + m) (C d)^2 + (C d)^3 + b C^2 (C d^2 + m d)), for m candidates and others, and no more than 64 dimensions d"
    )

    penalty: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """Precision that each weight has beforehand: for a logistic regression, 1 / C."""
    candidates: Annotated[int, Field(ge=1)] = 500
    """Items that are looked at, drawn from those that may be asked for; where more are wanted at once, as many as these."""
    others: Annotated[int, Field(ge=1)] = 500
    """Items whose variance is to fall, drawn from those without a label."""
    dimensions: Annotated[int, Field(ge=1)] = 64
    """Features at most: where there are more, they are projected at random on so many."""
    space: Space = "features"
    """In what items lie: in "features", by which the model goes, or in "embeddings"."""

    @_refused_if_singular()
    def scores(self, view: PoolView) -> Scores:
        """Return by how much the variance falls with each candidate, a mean over the others; minus infinity for the rest."""
        rows, design = self._design(view, 0)
        scores = np.full(len(view.items), -np.inf)
        scores[rows] = design.gains()
        return scores

    @_refused_if_singular()
    def select(self, view: PoolView, count: int) -> Selection:
        """Return the best candidate, the best after that one, and so on."""
        rows, design = self._design(view, count)
        left = np.ones(len(rows), np.bool_)
        chosen: list[int] = []
        gained: list[float] = []
        while len(chosen) < count and left.any():
            gains = np.where(left, design.gains(), -np.inf)
            place = int(gains.argmax())
            chosen.append(int(rows[place]))
            gained.append(float(gains[place]))
            left[place] = False
            design.take(place)
        return view.selection(chosen, gained)

    def _design(self, view: PoolView, least: int) -> tuple[Rows, "_Design"]:
        """Return the candidates, and what is known before one of them is chosen."""
        generator = view.generator(self.kind)
        others = some(unlabelled(view), self.others, generator)
        rows = some(np.flatnonzero(view.available), max(self.candidates, least), generator)
        covered = np.flatnonzero(view.pending | (view.labels >= 0))
        known, aims, candidates = (_Spread(self._inputs(view, each), view.probabilities[each]) for each in (covered, others, rows))
        return rows, _Design(known, aims, candidates, self.penalty)

    def _inputs(self, view: PoolView, rows: Rows) -> Points:
        """Return where items lie, and a one for the intercept; shape (rows, features + 1)."""
        inputs = points(view, rows, self.dimensions, self.space)
        parameters = (inputs.shape[1] + 1) * view.probabilities.shape[1]
        if parameters > MOST_PARAMETERS:
            raise Unusable(
                f"needs (features + 1) x classes of {MOST_PARAMETERS:,} at most, and found {parameters:,}: give fewer dimensions"
            )
        return np.hstack([inputs, np.ones((len(inputs), 1))])


class _Spread:
    """Items as a softmax regression sees them.

    Args:
        inputs: shape (items, features).
        probabilities: shape (items, classes).

    Attributes:
        factors: S of each item, where S S' = diag p - p p'; shape (items, classes, classes).
    """

    def __init__(self, inputs: Points, probabilities: Matrix) -> None:
        roots = np.sqrt(probabilities)
        self.inputs = inputs
        self.factors = (np.eye(probabilities.shape[1]) - probabilities[:, :, np.newaxis]) * roots[:, np.newaxis]

    @property
    def covariances(self) -> Matrix:
        """The matrix diag p - p p' of each item; shape (items, classes, classes)."""
        return np.asarray(self.factors @ self.factors.transpose(0, 2, 1))

    def moments(self, weights: Matrix) -> Matrix:
        """Return the sum over items of weights (x) x x'; shape (classes x features, classes x features).

        Args:
            weights: a symmetric matrix an item; shape (items, classes, classes).
        """
        classes, width = weights.shape[1], self.inputs.shape[1]
        total = np.empty((classes, width, classes, width))
        for one in range(classes):
            for other in range(one, classes):
                block = self.inputs.T @ (self.inputs * weights[:, one, other, np.newaxis])
                total[one, :, other] = total[other, :, one] = block
        return total.reshape(classes * width, classes * width)

    def forms(self, matrix: Matrix) -> Matrix:
        """Return B' M B for each item, with a symmetric matrix M; shape (items, classes, classes)."""
        classes, width = self.factors.shape[1], self.inputs.shape[1]
        blocks = matrix.reshape(classes, width, classes, width)
        found = np.empty_like(self.factors)
        for one in range(classes):
            turned = (self.inputs @ blocks[one, :, one:].reshape(width, -1)).reshape(-1, classes - one, width)
            found[:, one, one:] = found[:, one:, one] = np.einsum("icd,id->ic", turned, self.inputs)
        return np.asarray(self.factors.transpose(0, 2, 1) @ found @ self.factors)

    def products(self, matrix: Matrix) -> Matrix:
        """Return B' M for each item, with a matrix M of shape (classes x features, any); shape (items, classes, any)."""
        blocks = matrix.reshape(self.factors.shape[1], self.inputs.shape[1], -1)
        return np.asarray(self.factors.transpose(0, 2, 1) @ (self.inputs @ blocks).transpose(1, 0, 2))

    def root(self, place: int) -> Matrix:
        """Return B of one item, where B B' is its Fisher information: S (x) x; shape (classes x features, classes)."""
        return np.asarray(np.einsum("cr,d->cdr", self.factors[place], self.inputs[place]).reshape(-1, self.factors.shape[1]))


class _Design:
    """What is known of a softmax regression's weights, and what each candidate would add.

    Args:
        covered: items that have a label, or are to have one.
        others: items whose variance is to fall.
        candidates: items to choose from.
        penalty: precision of each weight beforehand.
    """

    def __init__(self, covered: _Spread, others: _Spread, candidates: _Spread, penalty: float) -> None:
        information = covered.moments(covered.covariances)
        information[np.diag_indices_from(information)] += penalty
        covariances = others.covariances
        self._candidates = candidates
        self._aims = others.moments(covariances @ covariances) / max(1, len(others.inputs))
        self._inverse: Matrix = np.asarray(np.linalg.inv(information), np.float64)
        self._known = candidates.forms(self._inverse)
        self._aimed = candidates.forms(self._inverse @ self._aims @ self._inverse)

    def gains(self) -> Scores:
        """Return what each candidate takes from the variance: tr (I + B' F^-1 B)^-1 B' F^-1 A F^-1 B; shape (candidates,)."""
        known = np.eye(self._known.shape[1]) + self._known
        found = np.asarray(np.trace(np.linalg.solve(known, self._aimed), axis1=1, axis2=2))
        if not np.isfinite(found).all():
            raise np.linalg.LinAlgError("a variance is no number")
        return found

    def take(self, place: int) -> None:
        """Add a candidate's information to what is known, and bring up to date what the others would take."""
        root = self._candidates.root(place)
        turned = self._inverse @ root
        step: Matrix = np.asarray(np.linalg.solve(np.eye(root.shape[1]) + root.T @ turned, turned.T).T, np.float64)
        aimed = self._aims @ turned
        core = turned.T @ aimed
        turns, steps, crosses = (self._candidates.products(each) for each in (turned, step, self._inverse @ aimed))
        across = steps @ crosses.transpose(0, 2, 1)
        self._known -= steps @ turns.transpose(0, 2, 1)
        self._aimed += steps @ core @ steps.transpose(0, 2, 1) - across - across.transpose(0, 2, 1)
        self._inverse -= step @ turned.T
