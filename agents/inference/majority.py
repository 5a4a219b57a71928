"""The majority vote: everybody counts alike."""

from typing import ClassVar

from agents.inference.answers import AnswerTable, Floats
from agents.inference.inference import Inference, Inferred, vote_shares


class MajorityVote(Inference):
    """The label that most people gave; the posterior is its share of the votes (Condorcet, 1785)."""

    kind: ClassVar[str] = "majority"

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return vote shares."""
        return Inferred(table, vote_shares(table))
