"""The most probable label, by truth inference: how good people are, and what items are, from all answers together."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd, NobodyLeft
from agents.coordinator.inferring import AnyFollowing, Following, Refit, Refitting
from agents.coordinator.policy import Policy, Resolution
from agents.inference.inference import TIED
from agents.inference.running import Updating
from agents.messages import Item, Label


class TruthInference(Policy):
    """The most probable label by the answers of everybody to everything; a label is revised when later answers speak against it."""

    kind: ClassVar[str] = "truth-inference"

    size: Annotated[int, Field(ge=1)] = 3
    """People asked about an item at first."""
    following: AnyFollowing = Updating()
    """How the answers are followed: `updating` (Dawid and Skene's method, incremental or online), or `refit` (any method)."""
    confidence: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Probability that a label must have, or further people are asked, one at a time. Left out, none is asked."""
    most: Annotated[int, Field(ge=1)] | None = None
    """People asked about an item at most; left out, `size`, or with `confidence` twice as many."""
    revises: bool = True
    """Whether labels are revised."""
    margin: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """By how much another class must be more probable for a label to be revised."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if not isinstance(self.following, Updating | Refit):
            raise ValueError(f"following is updating or refit, not {type(self.following).__name__}")
        if self.most is not None and self.most < self.size:
            raise ValueError(f"most is {self.most}, but size is {self.size} already")
        if self.most is not None and self.most > self.size and self.confidence is None:
            raise ValueError("most is more than size, but without a confidence nobody further is asked")
        return self

    def belief(self, classes: Sequence[Label]) -> Belief:
        """Return truth inference that has heard nothing yet."""
        if isinstance(self.following, Refit):
            return Refitting(classes, self.following, self.margin if self.revises else np.inf)
        updating = self.following
        assert isinstance(updating, Updating)
        return Following(classes, updating, self.margin if self.revises else np.inf)

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask, and ask on as long as there is doubt and somebody is left."""
        answers = await crowd.ask(item, self.size, of=self.of or ())
        while len(answers) < self.most_people() and self._doubts(item, crowd):
            try:
                answers = answers + await crowd.ask(item, 1, of=self.of or ())
            except NobodyLeft:
                break
        return Resolution(self.conclude(item, answers, crowd), answers, settled=not self._doubts(item, crowd))

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the most probable label; of several, each with the same chance."""
        assert crowd.belief is not None
        posterior = crowd.belief.posterior(item)
        leading = np.flatnonzero(posterior >= posterior.max() - TIED).tolist()
        return crowd.belief.classes[leading[crowd.luck(item).below(len(leading)) if len(leading) > 1 else 0]]

    def most_people(self) -> int:
        """Return how many people are asked at most."""
        return self.most or (self.size if self.confidence is None else 2 * self.size)

    def _doubts(self, item: Item, crowd: Crowd) -> bool:
        assert crowd.belief is not None
        return self.confidence is not None and float(crowd.belief.posterior(item).max()) < self.confidence
