"""Copycats: people who copy from one source."""

from collections.abc import Set
from typing import Annotated, ClassVar

from agents.annotator.case import Case
from agents.annotator.family import Family
from agents.annotator.noise import Chances, Fact, Noise, Probability, draw
from agents.annotator.noises.choice import NOISES
from agents.annotator.noises.one_coin import OneCoin
from agents.component import Choice
from bus.chance import Luck

Leader = Annotated[Noise, Choice("noise", *NOISES.members.values())]
"""A noise, the same for all who copy: no distribution over people."""


class Copycats(Family):
    """Members copy a leader's answers on some items, and answer the others by themselves (Dong, Berti-Equille, Srivastava, 2009).

    The leader's answer to an item is drawn once for the family; who always copies is the leader, for what anybody can tell. A
    member of accuracy p is right with probability share * L + (1 - share) * p, where L is the leader's accuracy: unlike in other
    families, nobody stays as good or bad as alone. Colluding spammers copy a leader who guesses.
    """

    kind: ClassVar[str] = "copycats"

    leader: Leader = OneCoin()
    """How the leader's answers depart from the truth."""
    share: Probability = 1.0
    """Probability that a member copies, for each item anew and by their own luck."""

    def answer(self, chances: Chances, case: Case, luck: Luck) -> int:
        """Answer alone, or as the leader does."""
        # Drawn first, so that who does not copy says what they would say had they no family.
        alone = draw(chances, case.truth, luck)
        if luck.uniform() >= self.share:
            return alone
        return draw(self.leader.chances(case), case.truth, case.nature.luck(f"family {self.name}", case.item))

    def check(self, classes: int) -> None:
        """Refuse what the leader's noise refuses, and a leader who is recorded."""
        if self.leader.recording() is not None:
            raise ValueError("the leader is recorded, and would decline what they were not recorded answering")
        self.leader.check(classes)

    def check_kin(self, other: Family) -> None:
        """Refuse those who follow another leader."""
        super().check_kin(other)
        if not isinstance(other, Copycats) or other.leader != self.leader:
            raise ValueError("members of one family copy one leader, but there are two different ones")

    def needs(self) -> Set[Fact]:
        """Return what the leader goes by."""
        return self.leader.needs()
