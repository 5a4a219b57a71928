"""QUIRE: items that are informative, and stand for others, by what labels could do to a kernel machine at worst."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from sklearn.metrics.pairwise import cosine_similarity, linear_kernel, rbf_kernel

from agents.component import Unusable
from agents.items import UNKNOWN, Features
from agents.selector.chunks import chunks
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, bounded
from agents.selector.strategies.places import finite_squares, refuse_endless
from agents.selector.strategies.sampling import Rows
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space

Matrix = NDArray[np.float64]
KernelName = Literal["rbf", "linear", "cosine"]


class Quire(Strategy):
    """Querying informative and representative examples: least is lost where the label is the worst (Huang, Jin and Zhou, 2010).

    What is lost is y' (K + lambda I)^-1 y, the loss of a kernel machine on labels y of -1 and 1, where the item's label is the
    worst, and all others that are not known are the best, and need not be whole. Labels so free cost nothing: what is left at their
    best is the same form over the other items (a Schur complement of an inverse is the inverse of a block). So with m what the
    labelled items predict for an item, and v its variance, it loses (1 + |m|)^2 / v, and what all lose. Nothing as large as the
    square of the pool is inverted, as in the paper; the closed form in use leaves out m^2 / v, as if all lost that.

    With more classes each stands against the rest, and the mean is taken. Items under way, and those before it in a batch, count as
    having the label that is predicted: that leaves m, and lowers v.
    """

    kind: ClassVar[str] = "quire"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(b n L d + L^3), and at first O(n L^2 d)"

    kernel: KernelName = "rbf"
    """How items are alike: exp(-gamma |x - z|^2), their scalar product, or that of items of length 1."""
    gamma: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Of the rbf kernel; left out, one over the number of features."""
    ridge: Annotated[float, Field(ge=1e-6, allow_inf_nan=False)] = 1.0
    """The lambda of the loss: how little a label binds its own item."""
    space: Space | None = None
    """In what items are alike: "features" or "embeddings"; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return -(1 + |m|)^2 / v, a mean over classes."""
        spread = self._spread(view)
        return -self._penalties(view) / spread.variances

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the best item, the best after that one, and so on."""
        spread, penalties = self._spread(view).copy(), self._penalties(view)
        left = view.available.copy()
        chosen: list[int] = []
        found: list[float] = []
        while len(chosen) < count and left.any():
            if chosen:
                spread.add(chosen[-1])
            scores = np.where(left, bounded(-penalties / spread.variances), -np.inf)
            row = int(scores.argmax())
            chosen.append(row)
            found.append(float(scores[row]))
            left[row] = False
        return view.selection(chosen, found)

    def _kernel(self, view: PoolView) -> "_Kernel":
        return _Kernel(view.features(self.space), self.kernel, self.gamma)

    def _penalties(self, view: PoolView) -> Scores:
        """Return (1 + |m|)^2 of each item, a mean over classes."""
        rows, classes = np.flatnonzero(view.labels != UNKNOWN), max(1, view.classes)
        if not len(rows):
            return np.ones(len(view.items))
        kernel = self._kernel(view)
        signs = np.where(view.labels[rows, np.newaxis] == np.arange(classes), 1.0, -1.0)
        known = kernel.between(rows, rows)
        known[np.diag_indices_from(known)] += self.ridge
        try:
            weights = cho_solve(cho_factor(known, lower=True), signs)
        except np.linalg.LinAlgError:
            raise Unusable("needs a greater ridge: beside features so large, this one is lost in rounding") from None
        return np.asarray(((1.0 + np.abs(kernel.sums(rows, weights))) ** 2).mean(axis=1))

    def _spread(self, view: PoolView) -> "_Spread":
        """Return the variances by all that is labelled or pending; kept, and brought up to date."""
        key = f"quire {self.kernel} {self.gamma} {self.ridge} {self.space}"
        spread = view.kept(key, lambda: _Spread(self._kernel(view), self.ridge))
        spread.cover([*view.pool.covered])
        return spread


class _Kernel:
    """How alike items are.

    Args:
        features: a row an item, dense or sparse.
        name: which kernel.
        gamma: see the strategy.
    """

    def __init__(self, features: Features, name: KernelName, gamma: float | None) -> None:
        self.features = features
        self._name, self._gamma = name, gamma

    def of(self, one: Features, other: Features) -> Matrix:
        """Return the kernel of each row of one with each of the other; shape (rows of one, rows of the other)."""
        if self._name == "rbf":
            return np.asarray(rbf_kernel(one, other, gamma=self._gamma), np.float64)
        alike = linear_kernel if self._name == "linear" else cosine_similarity
        return np.asarray(alike(one, other, dense_output=True), np.float64)

    def between(self, rows: Rows | list[int], others: Rows | list[int]) -> Matrix:
        """Return the kernel of items with items."""
        return self.of(self.features[rows], self.features[others])

    def sums(self, rows: Rows | list[int], weights: Matrix) -> Matrix:
        """Return the kernel of all items with some, times weights; shape (items, columns of the weights)."""
        some = self.features[rows]
        found = np.empty((self.features.shape[0], weights.shape[1]))
        for chunk in chunks(len(found), max(self.features.shape[1], len(rows))):
            with np.errstate(over="ignore", invalid="ignore"):
                found[chunk] = self.of(self.features[chunk], some) @ weights
        refuse_endless(found)
        return found

    @property
    def diagonal(self) -> Scores:
        """The kernel of each item with itself; shape (items,)."""
        squares = finite_squares(self.features)
        if self._name == "rbf":
            return np.ones(len(squares))
        return squares if self._name == "linear" else (squares > 0).astype(np.float64)


class _Spread:
    """The variance of each item, lambda and all, given those that are covered.

    Args:
        kernel: how items are alike.
        ridge: lambda.

    Attributes:
        rows: the covered items, in the order in which they were added.
        variances: 1 / [(K + lambda I)^-1]_ss over the covered items and the item s; shape (items,).
    """

    def __init__(self, kernel: _Kernel, ridge: float) -> None:
        self._kernel, self._ridge = kernel, ridge
        self._start = kernel.diagonal + ridge
        self._clear()

    def _clear(self) -> None:
        self.rows: list[int] = []
        self.variances = self._start
        self._factor: Matrix = np.zeros((0, 0))

    def cover(self, rows: list[int]) -> None:
        """Cover these items and no others; what was known of them is used, if they come in the same order."""
        if self.rows != rows[: len(self.rows)]:
            self._clear()
        for row in rows[len(self.rows) :]:
            self.add(row)

    def copy(self) -> "_Spread":
        """Return another like this one."""
        other = _Spread.__new__(_Spread)
        other.__dict__.update(self.__dict__, rows=[*self.rows])
        return other

    def add(self, row: int) -> None:
        """Cover one more item: the factor of Cholesky gets a row, and each variance falls by what this item says of it."""
        size = len(self.rows)
        known = self._kernel.between([*self.rows, row], [row])[:, 0]
        part = solve_triangular(self._factor, known[:size], lower=True) if size else known[:0]
        pivot = max(known[size] + self._ridge - part @ part, self._ridge)
        # What the covered ones leave of the kernel with this item.
        weights = np.append(-solve_triangular(self._factor, part, lower=True, trans="T") if size else part, 1.0)
        left = self._kernel.sums([*self.rows, row], weights[:, np.newaxis])[:, 0]
        self.variances = np.maximum(self.variances - left**2 / pivot, self._ridge)
        self._factor = np.block([[self._factor, np.zeros((size, 1))], [part[np.newaxis], np.full((1, 1), np.sqrt(pivot))]])
        self.rows.append(row)
