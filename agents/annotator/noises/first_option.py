"""First option: whoever is in a hurry takes what stands first."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise, Probability
from agents.annotator.noises.nested import AnyNoise
from agents.annotator.noises.one_coin import OneCoin


class FirstOption(Noise):
    """Takes the first of the options without looking, now and then or always, and answers properly otherwise.

    Satisficing (Krosnick, 1991). The share of semi-random answers that Vuurens and de Vries (2012) call sloppy is a `mixture`.
    """

    kind: ClassVar[str] = "first-option"

    share: Probability = 1.0
    """Share of the answers that are the first option unseen."""
    of: AnyNoise = OneCoin()
    """What they answer otherwise."""

    def chances(self, case: Case) -> Chances:
        """Return the chances of the proper answers, less the share, which goes to the first class."""
        chances = [(1 - self.share) * chance for chance in self.of.chances(case)]
        chances[0] += self.share
        return chances
