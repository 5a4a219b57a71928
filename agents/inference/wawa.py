"""Worker agreement with aggregate: people count as much as they agree with the majority."""

from typing import ClassVar

from agents.inference.answers import AnswerTable, Floats
from agents.inference.ballot import Ballot, winners
from agents.inference.inference import Inference, Inferred, vote_shares


class Wawa(Inference):
    """A second vote, in which everybody weighs the share of their answers that agree with the first (Wawa, Appen's and Toloka's).

    The posterior is the share of the weights. Classes that tie in the first vote agree by equal parts with those who gave them,
    so that no class has a head start. Gold labels stand in for the first vote where there are any.
    """

    kind: ClassVar[str] = "wawa"

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return shares of the weighted vote.

        Args:
            table: the answers.
            start: what everybody is to agree with, in place of the outcome of the first vote; shape (items, classes).
        """
        ballot = Ballot(table)
        aggregate = winners(vote_shares(table)) if start is None else start
        return Inferred(table, ballot.shares(ballot.agreement(aggregate)))
