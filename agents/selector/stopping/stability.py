"""Rules that go by what one version predicts otherwise than the one before it."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from agents.inference.scoring import macro_f1
from agents.selector.stopping.rule import StopRule, StopSet
from agents.selector.stopping.sight import Predictions, Sight


def cohens_kappa(one: Predictions, other: Predictions) -> float | None:
    """Return Cohen's kappa of two models: their agreement beyond chance, as a share of what there could be (Cohen, 1960).

    None where it is not defined: without items, and where both predict one and the same class throughout.

    Args:
        one, other: what they predict of the same items; shape (items,).
    """
    if not len(one):
        return None
    classes = int(max(one.max(), other.max())) + 1
    sizes = np.bincount(one, minlength=classes), np.bincount(other, minlength=classes)
    # Whole numbers: whether chance alone would have them agree throughout is not to depend on rounding.
    by_chance, items = int(sizes[0] @ sizes[1]), len(one)
    agreeing = items * int(np.count_nonzero(one == other))
    return (agreeing - by_chance) / (items * items - by_chance) if by_chance < items * items else None


class Kappa(StopRule):
    """Predictions have become stable: the kappa of successive models, on a stop set (Bloodgood and Vijay-Shanker, 2009)."""

    kind: ClassVar[str] = "kappa"

    threshold: Annotated[float, Field(gt=0, le=1)] = 0.99
    """Cohen's kappa of a version and the one before it at least."""
    patience: Annotated[int, Field(ge=1)] = 3
    """Comparisons in a row that must meet it."""
    stop_set: StopSet = 2000
    """Items of the pool on which they are compared, drawn by chance and kept, labelled or not; all, if it has fewer."""

    def predictions(self, sight: Sight) -> Predictions:
        """Return the predicted classes of the stop set."""
        return sight.predicted_of(self.stop_set)

    def measure(self, sight: Sight, before: Predictions | None) -> float | None:
        """Return kappa; None for the first version, and where both predict one class throughout."""
        return None if before is None else cohens_kappa(before, self.predictions(sight))

    def is_met(self, measure: float) -> bool:
        """Return whether it is the threshold, or more."""
        return measure >= self.threshold


class F1Delta(StopRule):
    """F1 is predicted to change no more: that of one version by the predictions of the next (Altschuler and Bloodgood, 2019).

    Of two classes, theirs is the F1 of one; this is the mean of all classes, as in a summary.
    """

    kind: ClassVar[str] = "f1-delta"

    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.005
    """Predicted change of macro F1 that is less than worth going on for."""
    patience: Annotated[int, Field(ge=1)] = 3
    """Comparisons in a row that must meet it."""
    stop_set: StopSet = 2000
    """Items of the pool on which they are compared, drawn by chance and kept, labelled or not; all, if it has fewer."""

    def predictions(self, sight: Sight) -> Predictions:
        """Return the predicted classes of the stop set."""
        return sight.predicted_of(self.stop_set)

    def measure(self, sight: Sight, before: Predictions | None) -> float | None:
        """Return 1 - macro F1; None for the first version, and where both predict one class throughout."""
        if before is None or not len(before):
            return None
        now = self.predictions(sight)
        if before.min() == before.max() == now.min() == now.max():
            return None
        return 1.0 - macro_f1(before, now, int(max(before.max(), now.max())) + 1)

    def is_met(self, measure: float) -> bool:
        """Return whether it is below the threshold."""
        return measure < self.threshold


class ClassificationChange(StopRule):
    """No item without a label is predicted otherwise than before (Zhu, Wang and Hovy, 2008)."""

    kind: ClassVar[str] = "classification-change"

    threshold: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the items without a label that may change."""
    patience: Annotated[int, Field(ge=1)] = 2
    """Comparisons in a row that must meet it."""

    def predictions(self, sight: Sight) -> Predictions:
        """Return the predicted classes of the whole pool."""
        return sight.predicted

    def measure(self, sight: Sight, before: Predictions | None) -> float | None:
        """Return the share that changed; None for the first version, where all have a label, and for a model of one class."""
        if before is None or not sight.unlabelled.any() or not sight.tells_apart:
            return None
        return float(np.mean(before[sight.unlabelled] != sight.predicted[sight.unlabelled]))

    def is_met(self, measure: float) -> bool:
        """Return whether it is the threshold, or less."""
        return measure <= self.threshold
