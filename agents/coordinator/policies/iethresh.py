"""Interval-estimate thresholding: all are asked who may be nearly as good as the best."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field
from scipy.special import stdtrit

from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Crowd, NobodyLeft
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.vote import lead
from agents.inference.answers import Floats
from agents.messages import Item, Label


class IEThresh(Policy):
    """Asks all whose accuracy may be nearly as high as the best may have; most votes win (Donmez, Carbonell and Schneider, 2009).

    How high somebody's accuracy may be is the upper end of a confidence interval of how often they agreed with the label. At first
    that is high for all, and everybody is asked; soon few are.
    """

    kind: ClassVar[str] = "iethresh"

    epsilon: Annotated[float, Field(gt=0, le=1)] = 0.9
    """Whoever may be as good as this, times what the best may be, is asked: the higher, the fewer."""
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """Probability that an accuracy lies outside its interval."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask the best; where some of them do not answer, the rest decide."""
        names = self.best(crowd.people(self.of or ()), _agreement_in(crowd))
        if not names:
            raise NobodyLeft(crowd.answers(item))
        try:
            answers = await crowd.ask(item, len(names), of=names)
        except NobodyLeft as lack:
            if not lack.answers:
                raise
            answers = [*lack.answers]
        return Resolution(self.conclude(item, answers, crowd), answers, settled=lead(answers) > 0)

    def most_people(self) -> int:
        """Return two: of one person alone, nothing can be learnt. It asks as many as seem good."""
        return 2

    def best(self, names: Sequence[str], agreement: "Agreement") -> list[str]:
        """Return those of these people who are asked next."""
        upper = {name: agreement.upper(name, self.alpha) for name in names}
        bar = self.epsilon * max(upper.values(), default=0.0)
        return [name for name in names if upper[name] >= bar]

    def belief(self, classes: Sequence[Label]) -> Belief:
        """Return what keeps account of who agrees."""
        return Agreement(classes)


class Agreement(Belief):
    """How often each person agreed with the label of an item; everybody begins with one agreement and one disagreement.

    Args:
        classes: the classes, in order.
    """

    def __init__(self, classes: Sequence[Label]) -> None:
        super().__init__(classes)
        self._said: dict[Item, dict[str, Label]] = {}
        self._labels: dict[Item, Label] = {}
        self._right: dict[str, int] = {}
        self._number: dict[str, int] = {}

    def upper(self, name: str, alpha: float) -> float:
        """Return m + t s / sqrt(n): t the quantile at 1 - alpha / 2 of Student's distribution with n - 1 degrees of freedom."""
        number = 2 + self._number.get(name, 0)
        mean = (1 + self._right.get(name, 0)) / number
        # The deviation of n rewards that are 0 or 1.
        deviation = math.sqrt(mean * (1 - mean) * number / (number - 1))
        return mean + float(stdtrit(number - 1, 1 - alpha / 2)) * deviation / math.sqrt(number)

    def accuracies(self) -> Mapping[str, float]:
        """Return how often those agreed who have been judged."""
        return {name: (1 + self._right.get(name, 0)) / (2 + number) for name, number in self._number.items()}

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in an answer; one that comes after its item's label is judged at once."""
        self._said.setdefault(item, {})[annotator] = label
        if item in self._labels:
            self._judge(annotator, label == self._labels[item])

    def know(self, item: Item, label: Label) -> None:
        """Learn what a gold item is."""
        self._labels[item] = label

    def settle(self, item: Item, label: Label) -> None:
        """Judge the answers to an item; if it had another label, anew."""
        before = self._labels.get(item)
        for name, said in self._said.get(item, {}).items():
            if before is not None:
                self._judge(name, said == before, -1)
            self._judge(name, said == label)
        self._labels[item] = label

    def _judge(self, name: str, right: bool, number: int = 1) -> None:
        self._number[name] = self._number.get(name, 0) + number
        self._right[name] = self._right.get(name, 0) + (number if right else 0)

    def forget(self, annotator: str) -> None:
        """Strike out all that somebody said."""
        self._right.pop(annotator, None)
        self._number.pop(annotator, None)
        for said in self._said.values():
            said.pop(annotator, None)

    def posterior(self, item: Item) -> Floats:
        """Return the shares of the votes; all alike before there are any."""
        votes = np.zeros(len(self.classes))
        for label in self._said.get(item, {}).values():
            votes[self.index[label]] += 1
        return votes / votes.sum() if votes.sum() else np.full(len(self.classes), 1 / len(self.classes))


def _agreement_in(crowd: Crowd) -> Agreement:
    if not isinstance(crowd.belief, Agreement):
        raise TypeError(f"iethresh got a crowd whose belief is {crowd.belief!r}")
    return crowd.belief
