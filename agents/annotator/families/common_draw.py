"""Common draw: on some items, all members answer by one and the same draw."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.family import Family
from agents.annotator.noise import Chances, Probability, draw
from bus.chance import Luck


class CommonDraw(Family):
    """On a share of the items all members answer by the same luck, on the others each by their own.

    The common-cause model of reliability theory (Boland, Proschan and Tong, 1989): of n equal members of accuracy p, the majority
    is right with probability share * p + (1 - share) * q, where q is that of n independent ones.
    """

    kind: ClassVar[str] = "common-draw"

    share: Probability = 0.4
    """Share of the items that all members answer by the same draw."""

    def answer(self, chances: Chances, case: Case, luck: Luck) -> int:
        """Draw with the family's luck or with one's own."""
        common = case.nature.luck(f"family {self.name}", case.item)
        return draw(chances, case.truth, common if common.uniform() < self.share else luck)
