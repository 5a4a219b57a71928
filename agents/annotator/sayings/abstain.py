"""Abstaining: "I can't tell" is an answer too."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Probability
from agents.annotator.saying import Said, Saying, confidence_of, sigmoid
from bus.chance import Luck


class Abstain(Saying):
    """Who is not sure enough says "I can't tell": an answer without a label, paid as any.

    They do with probability sigmoid(steepness (threshold - confidence)), a soft form of the rule that pays people to skip what they
    are not sure of (Shah and Zhou, 2015). Their confidence is calibrated, or as a confidence that stands before this one has it.
    """

    kind: ClassVar[str] = "abstain"

    threshold: Probability = 0.6
    """Confidence at which they abstain every second time."""
    steepness: Annotated[float, Field(ge=0, le=1e4)] = 20.0
    """How sharply the threshold parts what they answer from what they do not: 0 for not at all."""

    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Say the label, or that they cannot tell."""
        doubt = self.threshold - confidence_of(said, chances, case)
        return Said(None, abstains=True) if luck.uniform() < sigmoid(self.steepness * doubt) else said
