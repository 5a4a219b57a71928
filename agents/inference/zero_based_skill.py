"""Zero-based skill: votes weighted by skills that are learnt step by step from the outcomes."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from agents.inference.answers import AnswerTable, Floats
from agents.inference.ballot import Ballot, winners
from agents.inference.inference import Inference, Inferred


class ZeroBasedSkill(Inference):
    """Votes again and again, and moves everybody's weight towards the share of their answers that agree with the outcome.

    Gradient descent on the squared difference of the two, with steps that shrink (as Toloka describes it). All begin with the
    skill of a guess, one in the number of classes. The posterior is the share of the weights in the last vote; where everybody
    who answered weighs nothing, that of the votes. Classes that tie agree by equal parts with those who gave them.
    """

    kind: ClassVar[str] = "zero-based-skill"

    iterations: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Votes at most, before the last one."""
    rate: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    """How far skills move at first: 1 goes all the way to the agreement."""
    shrink_every: Annotated[int, Field(ge=1)] = 20
    """After how many votes the rate shrinks."""
    shrink: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """By what factor the rate shrinks."""
    tolerance: Annotated[float, Field(ge=0.0, le=1.0)] = 1e-9
    """It rests when no skill is farther than this from the agreement."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return shares of the last vote.

        Args:
            table: the answers.
            start: the outcome with which the first agreement is measured, in place of a vote; shape (items, classes).
        """
        ballot = Ballot(table)
        skill = np.where(table.answers_of_person > 0, 1.0 / len(table.classes), 0.0)
        rate, iterations, converged = self.rate, 0, False
        while iterations < self.iterations and not converged:
            iterations += 1
            if iterations % self.shrink_every == 0:
                rate *= self.shrink
            outcome = start if iterations == 1 and start is not None else winners(ballot.shares(skill))
            step = ballot.agreement(outcome) - skill
            converged = not len(step) or float(np.abs(step).max()) <= self.tolerance
            skill += rate * step
        return Inferred(table, ballot.shares(skill), iterations, converged)
