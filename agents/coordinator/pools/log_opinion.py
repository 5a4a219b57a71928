"""The logarithmic opinion pool: what people hold probable is evidence, and adds up."""

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.component import Unusable
from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.opinion import likeliest, opinion
from agents.coordinator.pool import Pool
from agents.messages import Item, Label

_LEAST = 1e-9
"""What nobody holds less probable: nobody rules a class out for all others."""


class LogOpinion(Pool):
    """The label that is most probable when the evidence of all adds up, less what those repeat who err together (Bordley, 1982).

    The logarithm of a class's probability is that of its prior, plus w times the sum of what each person's differs from it by. With
    w = 1 that is Bayes' rule for people who err independently; of n people whose errors are correlated by rho, w is
    1 / (1 + (n - 1) rho), the share of them who are in effect independent.
    """

    kind: ClassVar[str] = "log-opinion"

    correlation: Annotated[float, Field(ge=0, le=1)] = 0.0
    """By how much the errors of two people are correlated: 0 for not at all, 1 for n people who are in effect one."""
    prior: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] | None = None
    """How frequent each class is, by its name, in any unit; left out, all are as frequent."""
    prior_once: bool = True
    """Whether the prior, which is in what each person holds probable, counts once, and not once for each: that is overconfident."""
    accuracy: Annotated[float, Field(gt=0, lt=1)] = 0.7
    """How often people are right who give a label, and do not say how sure they are."""
    temperature: Annotated[float, Field(gt=0, le=100)] = 1.0
    """By what evidence is divided: more than 1 for people who claim to be surer than they are."""

    def label(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the most probable label."""
        return likeliest(self.posterior(positions, crowd.classes), crowd.classes, crowd.luck(item))

    def posterior(self, positions: Sequence[Answer], classes: Sequence[Label]) -> tuple[float, ...]:
        """Return how probable each class is.

        Raises:
            Unusable: the prior does not have the classes of the data.
        """
        prior = self._prior(classes)
        weight = 1 / ((1 + (len(positions) - 1) * self.correlation) * self.temperature)
        logs = [math.log(each) for each in prior]
        for position in positions:
            # Who says no more than a label gives evidence, and not a probability that has the prior in it.
            bare = position.chances is None and position.confidence is None
            for index, chance in enumerate(opinion(position, classes, self.accuracy)):
                taken = 0.0 if bare or not self.prior_once else math.log(prior[index])
                logs[index] += weight * (math.log(max(chance, _LEAST)) - taken)
        most = max(logs)
        odds = [math.exp(each - most) for each in logs]
        return tuple(each / math.fsum(odds) for each in odds)

    def check(self, classes: Sequence[Label]) -> None:
        """Refuse classes of which the prior is not."""
        if self.prior is not None and {*self.prior} != {str(label) for label in classes}:
            found, wanted = ", ".join(sorted(self.prior)), ", ".join(map(str, classes))
            raise Unusable(f"coordination.policy.settles.prior is of the classes {found}, but the data have {wanted}")

    def _prior(self, classes: Sequence[Label]) -> list[float]:
        self.check(classes)
        if self.prior is None:
            return [1 / len(classes)] * len(classes)
        total = math.fsum(self.prior.values())
        return [self.prior[str(label)] / total for label in classes]
