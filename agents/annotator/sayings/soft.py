"""A soft label: how probable each class is."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Chances
from agents.annotator.saying import Said, Saying, confidence_of
from agents.annotator.sayings.second_guesses import DRAWS, weights
from bus.chance import Luck


class SoftLabel(Saying):
    """How probable each class is, as they say.

    The label gets their confidence (calibrated, or as a confidence that stands before this one has it), and the other classes share
    the rest in proportion to weights whose order is a ranking's; none gets more than the label.
    """

    kind: ClassVar[str] = "soft"
    draws: ClassVar[str] = DRAWS

    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Say how probable each class is."""
        label, confidence = said.label, confidence_of(said, chances, case)
        assert label is not None
        weighed, left = weights(label, chances, luck), 1 - confidence
        total, others = sum(weighed), len(chances) - 1
        if not others:
            return said._replace(chances=(1.0,))
        shares = [left * weight / total if total else left / others for weight in weighed]
        even, most = left / others, max(shares)
        # A share above the label's is moved towards equal shares, and all others with it, until it is no more.
        pulled = (most - confidence) / (most - even) if most > max(confidence, even) else 0.0
        shares = [share + pulled * (even - share) for share in shares]
        shares[label] = confidence
        return said._replace(chances=tuple(shares))
