"""Places: where items lie, made ready for the distances of all items from one."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, issparse

from agents.component import Unusable
from agents.items import Features
from agents.selector.chunks import chunks
from agents.selector.shortlist import Scores
from agents.selector.view import PoolView, Space

Metric = Literal["euclidean", "cosine"]
"""How far two items are from each other: by the length of their difference, or 1 - cos of the angle between them."""

Gaps = NDArray[Any]
"""Squared distances of a Places, in single or double precision."""

SAMPLED = 256
"""By so many items it is decided how precisely distances are computed."""

ENDLESS = "goes by where items lie, but some features are no finite numbers, or too large to be squared"
"""What is said of such features."""

BLOCK = 4_000_000
"""So many distances are computed at once, where all are wanted."""


class Places:
    """Where items lie, so that all distances from one of them cost one matrix-vector product.

    Squared distances are |x|^2 + |y|^2 - 2 xy. Dense rows are moved towards zero first, lest small differences of large numbers be
    lost; single precision, which takes a fifth of the time, is used where it errs by less than 1 % for nearest neighbours in a
    sample. Whole numbers up to some thousands are exact, so that ties stay ties. By cosine, rows have length 1, and 1 - cos is half
    their squared distance; items that are all zeros point where no other does.

    Args:
        features: a row an item; dense, or sparse in rows.
        metric: how far apart two of them are.

    Attributes:
        matrix: the rows, moved and scaled, or of length 1; dense, or sparse in rows.
        squares: their squared lengths; shape (items,).
        blur: what is less than this is no distance between an item and another, but rounding; shape (items,).

    Raises:
        Unusable: some features are no numbers.
    """

    def __init__(self, features: Features, metric: Metric) -> None:
        self.metric = metric
        self._scale = 1.0
        # What is no number is refused when all is done.
        with np.errstate(over="ignore", invalid="ignore"):
            if metric == "cosine":
                self.matrix = _pointing(features)
            elif issparse(features):
                self.matrix = csr_array(features).astype(np.float64, copy=False)
            else:
                self.matrix, self._scale = _moved(np.asarray(features))
            self.squares = squared_lengths(self.matrix)
        refuse_endless(self.squares)
        self.blur = 8 * np.finfo(self.squares.dtype).eps * self.squares

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    @cached_property
    def mean(self) -> NDArray[Any]:
        """The mean of all rows; shape (columns,)."""
        return np.asarray(self.matrix.mean(axis=0, dtype=np.float64), self.squares.dtype).ravel()

    @cached_property
    def middle(self) -> int:
        """The row of the item that is nearest to the mean of all."""
        return int(np.argmin(self.squares - 2 * (self.matrix @ self.mean)))

    def gaps(self, row: int) -> Gaps:
        """Return the squared distance of each item from one; shape (items,)."""
        place = self.matrix[[row]].toarray().ravel() if issparse(self.matrix) else self.matrix[row]
        # In place: at a million items each array more is time.
        gaps = np.asarray(self.matrix @ (-2 * place))
        gaps += self.squares
        gaps += self.squares[row]
        return gaps

    def blocks(self, rows: NDArray[np.intp] | None = None) -> Iterator[tuple[slice, Gaps]]:
        """Yield the squared distances among items, or those of these rows, of some from all at a time; shape (some, all)."""
        matrix, squares = (self.matrix, self.squares) if rows is None else (self.matrix[rows], self.squares[rows])
        step = max(1, BLOCK // max(len(squares), 1))
        for start in range(0, len(squares), step):
            piece = slice(start, min(start + step, len(squares)))
            gaps = _dense((-2 * matrix[piece]) @ matrix.T)
            gaps += squares
            gaps += squares[piece, None]
            yield piece, gaps

    def cleared(self, gaps: Gaps) -> Gaps:
        """Return squared distances in which what is but rounding is 0; shape (items,), or (some, items)."""
        return np.where(gaps > self.blur, gaps, gaps.dtype.type(0))

    def distances(self, gaps: Gaps) -> Scores:
        """Return the distances of these squared ones, in the units of the metric."""
        known = np.maximum(gaps, 0).astype(np.float64)
        return np.asarray(known / 2 if self.metric == "cosine" else np.sqrt(known) / self._scale)

    def gap(self, distance: float) -> float:
        """Return the squared distance of a distance in the units of the metric."""
        if self.metric == "cosine":
            return 2 * distance
        # The product of what is too large is infinite, its power an error.
        reach = distance * self._scale
        return float(reach * reach)


def places_of(view: PoolView, space: Space | None, metric: Metric) -> Places:
    """Return where the items of a view lie, made the first time that it is wanted."""
    return view.kept(f"places {name_of(view, space)} {metric}", lambda: Places(view.features(space), metric))


def name_of(view: PoolView, space: Space | None) -> Space:
    """Return in what a view's distances are measured, where it is left out too.

    Raises:
        Unusable: there is no such thing.
    """
    return "embeddings" if view.features(space) is view.items.embeddings else "features"


def _moved(features: NDArray[Any]) -> tuple[NDArray[Any], float]:
    """Return dense rows moved so that an item in the middle of a sample is at zero, and scaled by this power of two."""
    sample = _sample(features)
    centre = sample[np.argmin(np.square(sample - sample.mean(axis=0)).sum(axis=1))] if len(sample) else 0.0
    farthest = np.abs(sample - centre).max(initial=0.0)
    # A power of two rounds nothing; without it, squares of large numbers would be none in single precision.
    scale = float(2.0 ** -np.frexp(farthest)[1]) if np.isfinite(farthest) else 1.0
    matrix = np.empty(features.shape, _precision((sample - centre) * scale))
    for piece in chunks(*features.shape):
        np.multiply(features[piece] - centre, scale, out=matrix[piece], casting="same_kind")
    return matrix, scale


def _pointing(features: Features) -> Features:
    """Return rows of length 1, and where there are rows of zeros a column more, in which they alone are 1."""
    lengths = np.sqrt(finite_squares(features))
    nowhere = lengths == 0
    lengths[nowhere] = 1.0
    if issparse(features):
        rows = csr_array(features).astype(np.float64)
        rows.data /= np.repeat(lengths, np.diff(rows.indptr))
        return csr_array(hstack([rows, csr_array(nowhere[:, None].astype(np.float64))])) if nowhere.any() else rows
    features = np.asarray(features)
    precision = _precision(_sample(features) / _sample(lengths)[:, None])
    matrix = np.zeros((len(features), features.shape[1] + int(nowhere.any())), precision)
    for piece in chunks(*features.shape):
        np.divide(features[piece], lengths[piece, None], out=matrix[piece, : features.shape[1]], casting="same_kind")
    if nowhere.any():
        matrix[nowhere, -1] = 1
    return matrix


def _sample(features: NDArray[Any]) -> Scores:
    """Return some rows, at even distances."""
    return np.asarray(features[:: max(1, -(-len(features) // SAMPLED))], np.float64)


def _precision(sample: Scores) -> type[np.floating]:
    """Return single precision where it is enough to tell nearest neighbours in a sample of the rows."""
    squares = np.einsum("ij,ij->i", sample, sample)
    gaps = squares[:, None] + squares - 2 * sample @ sample.T
    # Those at the same place are 0 in any precision, or near enough.
    nearest = np.where(gaps > 1e-14 * squares, gaps, np.inf).min(axis=1, initial=np.inf)
    return np.float32 if (100 * 8 * np.finfo(np.float32).eps * squares <= nearest).all() else np.float64


def refuse_endless(squares: NDArray[Any]) -> None:
    """Refuse rows that are no places.

    Raises:
        Unusable: some of these squares are no finite numbers.
    """
    if not np.isfinite(squares).all():
        raise Unusable(ENDLESS)


def finite_squares(features: Features) -> Scores:
    """Return the squared length of each row, in double precision; shape (rows,).

    Raises:
        Unusable: some are no finite numbers.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        squares = squared_lengths(features, np.float64)
    refuse_endless(squares)
    return squares


def squared_lengths(matrix: Features, dtype: type[np.floating] | None = None) -> NDArray[Any]:
    """Return the squared length of each row; shape (rows,)."""
    if issparse(matrix):
        return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype).ravel()
    squares = np.empty(len(matrix), dtype or matrix.dtype)
    for piece in chunks(*matrix.shape):
        rows = matrix[piece].astype(squares.dtype, copy=False)
        squares[piece] = np.einsum("ij,ij->i", rows, rows)
    return squares


def _dense(matrix: Features) -> NDArray[Any]:
    return np.asarray(matrix.toarray() if issparse(matrix) else matrix)
