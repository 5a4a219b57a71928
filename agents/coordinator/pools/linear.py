"""The linear pool: the mean of what people hold probable."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.opinion import likeliest, mean, opinion
from agents.coordinator.pool import Pool
from agents.messages import Item, Label


class Linear(Pool):
    """The label that is most probable in the mean of what people hold probable (Stone, 1961): no surer than the surest of them."""

    kind: ClassVar[str] = "linear"

    accuracy: Annotated[float, Field(gt=0, lt=1)] = 0.7
    """How probable a label is of somebody who does not say how sure they are."""

    def label(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the most probable label."""
        return likeliest(self.posterior(positions, crowd.classes), crowd.classes, crowd.luck(item))

    def posterior(self, positions: Sequence[Answer], classes: Sequence[Label]) -> tuple[float, ...]:
        """Return how probable each class is."""
        return mean([opinion(each, classes, self.accuracy) for each in positions])
