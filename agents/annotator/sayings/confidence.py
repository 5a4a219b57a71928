"""Confidence: how probable people say it is that they are right."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances
from agents.annotator.saying import Said, Saying, assured, log_odds, sigmoid
from bus.chance import Luck


class Confidence(Saying):
    """How probable people say it is that they are right: linear in log odds (Zhang and Maloney, 2012).

    Their confidence is sigmoid(slope L + shift + noise Z), with Z a standard normal draw and L the log odds that they are right, as
    well as that can be known; 1 / classes at least, for who knew less would not name that label. With slope 1 and nothing else,
    they are calibrated but for that. L is log(p / (1 - p)), where p is the chance of the truth as their answer to this item, plus
    what a hunch tells of its being right: insight X, where X has variance 1 and mean +insight / 2 if it is, -insight / 2 if it is
    not (the d' of signal detection, applied to one's own answers: Maniscalco and Lau, 2012). Of two answers to equally hard items,
    one right and one wrong, the right one is then the surer with probability Phi(insight / sqrt 2).
    """

    kind: ClassVar[str] = "confidence"

    slope: Annotated[float, Field(ge=0, le=10)] = 1.0
    """Slope in log odds: above 1, over-confident where likely right, and sure of what they get wrong; below 1, under-confident."""
    shift: Annotated[float, Field(ge=-10, le=10)] = 0.0
    """What is added to the log odds: above 0 over-confident, below 0 under-confident."""
    noise: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Standard deviation of the log odds of what they say."""
    insight: Annotated[float, Field(ge=0, le=10)] = 0.0
    """How far they tell their right answers to an item from their wrong ones, in standard deviations; 0 for not at all."""

    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Say how sure they are of their label."""
        known, draw = log_odds(chances[case.truth]), luck.normal()
        if self.insight:
            known += self.insight * (luck.normal() + (0.5 if said.label == case.truth else -0.5) * self.insight)
        felt = sigmoid(self.slope * known + self.shift + self.noise * draw)
        return said._replace(confidence=assured(felt, len(chances)))
