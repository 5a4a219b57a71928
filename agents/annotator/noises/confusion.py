"""Confusion: which class is taken for which."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise, Probability


def _stochastic(matrix: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    for number, row in enumerate(matrix, 1):
        if len(row) != len(matrix):
            raise ValueError(f"row {number} has {len(row)} entries, but there are {len(matrix)} rows: a confusion matrix is square")
        if abs(sum(row) - 1) > 1e-6:
            raise ValueError(f"row {number} sums to {sum(row):.6g}, but the probabilities of the answers sum to 1")
    return matrix


Matrix = Annotated[tuple[tuple[Probability, ...], ...], AfterValidator(_stochastic)]
"""A confusion matrix: a row for each true class, the probability of each answer in it."""


class Confusion(Noise):
    """Answers drawn from the true class's row of a confusion matrix (Dawid and Skene, 1979)."""

    kind: ClassVar[str] = "confusion"

    matrix: Matrix
    """A row for each true class, in the order of the classes: the probability of each answer."""

    def check(self, classes: int) -> None:
        """Refuse data with another number of classes."""
        if len(self.matrix) != classes:
            raise ValueError(f"the confusion matrix is for {len(self.matrix)} classes, but the data have {classes}")

    def chances(self, case: Case) -> Chances:
        """Return the row of the truth."""
        return self.matrix[case.truth]
