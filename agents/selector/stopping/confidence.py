"""Rules that go by how sure one version is of what it has not been told."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.sight import Predictions, Sight

Uncertainty = Annotated[float, Field(gt=0, le=1)]
"""An entropy as a share of what it is where all classes are as probable."""


class OverallUncertainty(StopRule):
    """The model is sure of the items without a label: the mean of their entropies (Zhu, Wang and Hovy, 2008)."""

    kind: ClassVar[str] = "overall-uncertainty"

    threshold: Uncertainty = 0.05
    """Mean entropy, as a share of what it is where all classes are as probable, that is as good as none."""

    def measure(self, sight: Sight, before: Predictions | None) -> float | None:
        """Return the mean; None where all items have a label, and for a model of one class."""
        if not sight.unlabelled.any() or not sight.tells_apart:
            return None
        return float(sight.uncertainties[sight.unlabelled].mean())

    def is_met(self, measure: float) -> bool:
        """Return whether it is below the threshold."""
        return measure < self.threshold


class MaxConfidence(StopRule):
    """The model is sure even of the item of which it is least sure: its entropy (Zhu and Hovy, 2007)."""

    kind: ClassVar[str] = "max-confidence"

    threshold: Uncertainty = 0.05
    """Greatest entropy of what may still be asked, as a share of what it is where all classes are as probable, that is as good as
    none."""

    def measure(self, sight: Sight, before: Predictions | None) -> float | None:
        """Return the greatest; None where nothing is left to ask, and for a model of one class."""
        if not sight.available.any() or not sight.tells_apart:
            return None
        return float(sight.uncertainties[sight.available].max())

    def is_met(self, measure: float) -> bool:
        """Return whether it is below the threshold."""
        return measure < self.threshold
