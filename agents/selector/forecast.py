"""Forecasts: what a model says of the items of the pool."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agents.component import Unusable
from agents.estimator import Model
from agents.inference.activelab import logarithms
from agents.items import Items
from agents.selector.chunks import chunks
from agents.selector.shortlist import Scores

KEPT = 2**25
"""So many numbers that members say of the pool are kept (256 MB); beyond, they are asked for again."""


class Forecast:
    """What one model says of the whole pool, each thing computed once, for all who look.

    Args:
        items: the pool.
        model: the model; None before there is one.
        version: its version; 0 before there is one.
    """

    def __init__(self, items: Items, model: Model | None, version: int) -> None:
        self.items = items
        self.model = model
        self.version = version

    @cached_property
    def probabilities(self) -> Scores:
        """The model's class probabilities for each item of the pool; shape (items, classes)."""
        assert self.model is not None
        return self.model.probabilities(self.items.features)

    @cached_property
    def lags(self) -> Scores:
        """The logarithm of each of these over that of the item's most probable class; shape (items, classes)."""
        logs = logarithms(self.probabilities)
        return np.asarray(logs - logs.max(axis=1, keepdims=True))

    @cached_property
    def predictions(self) -> NDArray[np.intp]:
        """The index of each item's most probable class, of equal ones the first; shape (items,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def predicted(self) -> list[NDArray[np.intp]]:
        """The rows of the items of which each class is the most probable, in order."""
        classes = self.probabilities.shape[1]
        # Small numbers are sorted by their digits, in O(items).
        small = self.predictions.astype(np.min_scalar_type(classes))
        return np.split(np.argsort(small, kind="stable"), np.cumsum(np.bincount(small, minlength=classes))[:-1])

    @cached_property
    def member_probabilities(self) -> Scores:
        """The class probabilities of each member of a committee, or each sample of a classifier; shape (members, items, classes).

        Raises:
            Unusable: the model is no committee, and its classifier draws no samples.
        """
        samples = None if self.model is None else self.model.samples(self.items.features)
        return np.stack([member.probabilities(self.items.features) for member in self._members]) if samples is None else samples

    @cached_property
    def _members(self) -> Sequence[Model]:
        members = () if self.model is None else self.model.members
        if not members:
            raise Unusable("needs a committee, and the model is none")
        return members

    def of_members(self, rows: slice | NDArray[np.intp]) -> Scores:
        """Return the class probabilities of each member for these rows; shape (members, rows, classes).

        What they say of the whole pool is kept where that takes little room, or where they are samples, which go together.

        Raises:
            Unusable: as for `member_probabilities`.
        """
        if self._is_kept_whole:
            return np.asarray(self.member_probabilities[:, rows])
        features = self.items.features
        assert features is not None
        return np.stack([member.probabilities(features[rows]) for member in self._members])

    def by_members(self, of: Callable[[Scores], Scores]) -> Scores:
        """Return a score for each item by what the members say of it; shape (items,).

        Args:
            of: gives the scores of some rows, shape (rows,), by their probabilities, shape (members, rows, classes).

        Raises:
            Unusable: as for `member_probabilities`.
        """
        found = np.empty(len(self.items))
        for part, tables in self.by_parts():
            found[part] = of(tables)
        return found

    def by_parts(self) -> Iterator[tuple[slice, Scores]]:
        """Yield all rows in slices, each with what the members say of it; shape (members, rows, classes)."""
        width = self.member_probabilities[:, :1].size if self._is_kept_whole else len(self._members) * self._members[0].classes
        # Members predict many rows at a time much faster than few.
        for part in chunks(len(self.items), width, KEPT // 32 if self._is_kept_whole else KEPT // 8):
            yield part, self.of_members(part)

    @cached_property
    def _is_kept_whole(self) -> bool:
        if "member_probabilities" in self.__dict__ or self.model is None or self.model.draws:
            return True
        return len(self._members) * len(self.items) * self._members[0].classes <= KEPT
