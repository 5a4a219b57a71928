"""Common draw: on some items, all members answer by one and the same draw."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.family import Family
from agents.annotator.noise import Chances, Probability, draw, err
from bus.chance import Luck


class CommonDraw(Family):
    """On a share of the items all members are right or wrong by the same luck, on the others each by their own.

    The common-cause model of reliability theory (Boland, Proschan and Tong, 1989): of n equal members of accuracy p, the majority
    is right with probability share * p + (1 - share) * q, where q is that of n independent ones. Whether two equal members are
    right correlates by `share`. Each is right as often as alone.
    """

    kind: ClassVar[str] = "common-draw"

    share: Probability = 0.4
    """Share of the items on which members are right or wrong by the same draw."""
    alike: Probability = 1.0
    """Of those, the share on which all who are wrong draw the same wrong answer too; else each draws their own. It matters with
    three classes and more."""

    def answer(self, chances: Chances, case: Case, luck: Luck) -> int:
        """Draw with the family's luck or with one's own."""
        common = case.nature.luck(f"family {self.name}", case.item)
        if common.uniform() >= self.share:
            return draw(chances, case.truth, luck)
        if common.uniform() < chances[case.truth]:
            return case.truth
        return err(chances, case.truth, common if common.uniform() < self.alike else luck)
