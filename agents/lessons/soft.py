"""Soft labels: an item is of each class as far as people say so."""

from typing import ClassVar

from pydantic import field_validator

from agents.inference.crowdlab import Crowdlab
from agents.inference.inference import Inference, vote_shares
from agents.inference.methods import AnyInference
from agents.lesson import Examples, Guess, Known, Lesson, spread


class Soft(Lesson):
    """Each item once for each class, weighing its share of the votes (Peterson et al., 2019), or its probability by them."""

    kind: ClassVar[str] = "soft"

    method: AnyInference | None = None
    """The method of truth inference; left out, shares of the votes."""

    @field_validator("method")
    @classmethod
    def _needs_no_model(cls, method: Inference | None) -> Inference | None:
        if isinstance(method, Crowdlab):
            raise ValueError("crowdlab needs a model, and this is to teach one; take another method, or the lesson 'corrected'")
        return method

    @property
    def lasts(self) -> bool:
        """Whether each item's shares follow from its own answers."""
        return self.method is None

    def examples(self, known: Known, guess: Guess) -> Examples:
        """Return the classes of each item, in their order."""
        table = known.answers
        return spread(known, vote_shares(table) if self.method is None else self.method.infer(table).posterior)
