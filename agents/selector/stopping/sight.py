"""A sight: one version of the model before the pool, as rules that stop a campaign look at it."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agents.items import UNKNOWN
from agents.selector.shortlist import Scores
from agents.selector.strategies.uncertainty import entropies
from agents.selector.view import PoolView
from bus.chance import Keyed

Predictions = NDArray[np.intp]
"""Indices of predicted classes; shape (items,)."""


class Sight:
    """What rules see when a version is published. What is costly is computed when a rule first asks for it, once for all of them.

    Args:
        view: the pool by that version.
        labels: how many labels it was trained on.
        luck: decides which items are in a stop set: the same ones whatever is labelled.

    Attributes:
        labels: as above.
        unlabelled: which items have no label yet, be they under way or not; shape (items,).
        available: which items may still be asked for; shape (items,).
    """

    def __init__(self, view: PoolView, labels: int, luck: Keyed) -> None:
        self.labels = labels
        self.unlabelled: NDArray[np.bool_] = view.labels == UNKNOWN
        self.available = view.available
        self._view, self._luck = view, luck
        self._predicted: dict[int, Predictions] = {}

    @cached_property
    def tells_apart(self) -> bool:
        """Whether the model knows of more than one class: one that does not is never in doubt, and never changes its mind."""
        return int(np.count_nonzero(self._view.probabilities.any(axis=0))) > 1

    @cached_property
    def uncertainties(self) -> Scores:
        """The entropy of each item's class probabilities, as a share of what it is at most, log C; shape (items,)."""
        probabilities = self._view.probabilities
        return np.asarray(entropies(probabilities) / np.log(max(2, probabilities.shape[1])))

    @cached_property
    def predicted(self) -> Predictions:
        """The class of each item that the model holds most probable, the first of several; shape (items,)."""
        return self._view.forecast.predictions

    def stop_set(self, size: int) -> NDArray[np.intp]:
        """Return the rows of so many items, or of all there are, drawn by luck once and for all; ascending."""
        return self._view.kept(f"stop set of {size}", lambda: self._draw(size))

    def _draw(self, size: int) -> NDArray[np.intp]:
        draws = self._luck.uniforms(self._view.items.keys)
        return np.sort(np.argsort(draws, kind="stable")[:size])

    def predicted_of(self, size: int) -> Predictions:
        """Return the predicted classes of a stop set, which are asked of the model for these items alone; shape (size,)."""
        if size not in self._predicted:
            model = self._view.model
            assert model is not None
            features = self._view.items.features
            assert features is not None
            self._predicted[size] = model.probabilities(features[self.stop_set(size)]).argmax(axis=1)
        return self._predicted[size]
