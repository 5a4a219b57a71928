"""Stop rules: whether what a model still learns is worth further labels."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from agents.component import Component
from agents.selector.stopping.sight import Predictions, Sight

StopSet = Annotated[int, Field(ge=2)]
"""How many items successive models are compared on."""


class StopRule(Component):
    """Takes a measure of each version, and fires when it has been met by several in a row.

    It is a function of the versions alone, and of what has a label when they are published; it sees no truth.
    """

    patience: Annotated[int, Field(ge=1)] = 1
    """Versions in a row that must meet it."""
    least_labels: Annotated[int, Field(ge=0)] = 0
    """Labels, those known from the start among them, that a version must have been trained on for the rule to fire."""

    def predictions(self, sight: Sight) -> Predictions | None:
        """Return what the next version is to be compared with; None if nothing is."""
        return None

    @abstractmethod
    def measure(self, sight: Sight, before: Predictions | None) -> float | None:
        """Return what a version comes to; None if there is nothing to measure.

        Args:
            sight: the version.
            before: `predictions` of the version before it; None for the first.
        """

    @abstractmethod
    def is_met(self, measure: float) -> bool:
        """Return whether a measure speaks for stopping."""

    def fires(self, measures: Sequence[float | None], labels: int) -> bool:
        """Return whether it is time to stop.

        Args:
            measures: of all versions so far, in order.
            labels: what the last one was trained on.
        """
        last = measures[-self.patience :]
        enough = labels >= self.least_labels and len(last) == self.patience
        return enough and all(measure is not None and self.is_met(measure) for measure in last)
