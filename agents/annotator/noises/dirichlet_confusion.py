"""Dirichlet confusion: each person has a confusion matrix of their own, around that of their community."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.gamma import dirichlet
from agents.annotator.noise import Chances, Noise
from agents.annotator.noises.confusion import Confusion, Matrix
from bus.chance import Keyed


class DirichletConfusion(Noise):
    """A confusion matrix whose rows each person draws once, from Dirichlet distributions around those of a community.

    A population of such people is what Bayesian truth inference believes in (Raykar et al., 2010; Kim and Ghahramani, 2012);
    several, in a `mixture`, are the communities of Venanzi et al. (2014). An entry of mean m has the variance
    m (1 - m) / (concentration + 1).
    """

    kind: ClassVar[str] = "dirichlet-confusion"

    matrix: Matrix
    """A row for each true class, in the order of the classes: the probability of each answer, in the mean over people."""
    concentration: Annotated[float, Field(ge=0.1, le=1e6)] = 10.0
    """How much alike people are: as if each row had been learnt from so many answers."""

    def person(self, luck: Keyed, path: str = "") -> Confusion:
        """Return the confusion of one person."""
        rows = (
            dirichlet([self.concentration * chance for chance in row], luck.luck(f"{path}matrix", number))
            for number, row in enumerate(self.matrix)
        )
        return Confusion(matrix=tuple(tuple(row) for row in rows))

    def check(self, classes: int) -> None:
        """Refuse data with another number of classes."""
        Confusion(matrix=self.matrix).check(classes)

    def chances(self, case: Case) -> Chances:
        """Return the mean over people of the row of the truth."""
        return self.matrix[case.truth]
