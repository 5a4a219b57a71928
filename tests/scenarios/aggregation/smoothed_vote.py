"""A method of truth inference as somebody may write it for themselves; CONTRIBUTING.md shows it."""

from typing import ClassVar

from pydantic import Field

from agents.inference.answers import AnswerTable, Floats
from agents.inference.inference import Inference, Inferred, clamp


class SmoothedVote(Inference):
    """Shares of the votes, with votes that each class has beforehand (Laplace, 1774)."""

    kind: ClassVar[str] = "smoothed-vote"
    beforehand: float = Field(1.0, gt=0, allow_inf_nan=False)
    """Votes that each class has before anybody has answered."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return smoothed vote shares."""
        votes = table.votes + self.beforehand
        return Inferred(table, clamp(votes / votes.sum(axis=1, keepdims=True), table))
