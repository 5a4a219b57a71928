"""One coin: right or wrong, whatever the class."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise, Probability
from bus.chance import Luck


class OneCoin(Noise):
    """Right with one probability for all classes; the wrong classes are equally likely (Dawid and Skene, 1979, simplified)."""

    kind: ClassVar[str] = "one-coin"

    accuracy: Probability = 0.8
    """Probability of a right answer."""

    def chances(self, case: Case) -> Chances:
        """Return `accuracy` for the truth, and equal shares of the rest."""
        if case.classes < 2:
            return [1.0]
        chances = [(1 - self.accuracy) / (case.classes - 1)] * case.classes
        chances[case.truth] = self.accuracy
        return chances

    def answer(self, case: Case, luck: Luck) -> int:
        """Answer the truth with probability `accuracy`."""
        # What `draw` would do, without a list of chances: this is the noise that most campaigns use.
        truth, classes = case.truth, case.classes
        if luck.uniform() < self.accuracy or classes < 2:
            return truth
        other = luck.below(classes - 1)
        return other if other < truth else other + 1
