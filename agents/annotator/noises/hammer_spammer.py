"""Hammers and spammers: some know, the others guess."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise, Probability
from agents.annotator.noises.guess import Guess
from agents.annotator.noises.one_coin import OneCoin
from bus.chance import Keyed


class HammerSpammer(Noise):
    """A person is a hammer, who is always right, or a spammer, who guesses: drawn once a person (Karger, Oh and Shah, 2011)."""

    kind: ClassVar[str] = "hammer-spammer"

    hammers: Probability = 0.5
    """Probability that a person is a hammer."""
    accuracy: Probability = 1.0
    """Probability of a right answer by a hammer."""

    def person(self, luck: Keyed, path: str = "") -> Noise:
        """Return a hammer's noise, or a spammer's."""
        return OneCoin(accuracy=self.accuracy) if luck.luck(f"{path}hammer").uniform() < self.hammers else Guess()

    def chances(self, case: Case) -> Chances:
        """Return the chances of an answer by somebody of whom it is not known which they are."""
        hammer, spammer = OneCoin(accuracy=self.accuracy).chances(case), Guess().chances(case)
        return [self.hammers * one + (1 - self.hammers) * other for one, other in zip(hammer, spammer, strict=True)]
