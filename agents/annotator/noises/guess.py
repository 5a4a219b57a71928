"""Guess: answers that know nothing of the truth."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise


class Guess(Noise):
    """Guesses, whatever is true: the random spammer (Vuurens, de Vries and Eickhoff, 2011).

    All rows of the confusion matrix are alike, so that the spammer score of Raykar and Yu (2012) is 0: the answers tell nothing.
    """

    kind: ClassVar[str] = "guess"

    weights: Annotated[tuple[Annotated[float, Field(ge=0, le=1e9)], ...], Field(min_length=1)] | None = None
    """How often each class is guessed, relative to the others; left out, all alike."""

    def check(self, classes: int) -> None:
        """Refuse data with another number of classes, and weights that are all 0."""
        if self.weights is not None and len(self.weights) != classes:
            raise ValueError(f"weights has {len(self.weights)} numbers, but the data have {classes} classes")
        if self.weights is not None and not any(self.weights):
            raise ValueError("weights are all 0: nothing could be guessed")

    def chances(self, case: Case) -> Chances:
        """Return the weights as shares."""
        if self.weights is None:
            return [1 / case.classes] * case.classes
        total = math.fsum(self.weights)
        return [weight / total for weight in self.weights]
