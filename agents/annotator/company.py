"""Company: one person among others, with their own luck."""

from collections.abc import Sequence

from agents.annotator.case import Case
from agents.annotator.social import Position, Social
from bus.chance import Chance, Keyed

_ROUNDS = 2**16
"""More rounds than anybody negotiates about one item."""


class Company:
    """What one person makes of what others say, by draws that depend on the item, the attempt and the round alone.

    Args:
        name: the person's name.
        social: how they react to others; None for not at all.
        chance: the run's randomness; only the luck of this name is used.
    """

    def __init__(self, name: str, social: Social | None, chance: Chance) -> None:
        self.social = social
        # Keys are made when they are needed: most people never are in company, and there may be many.
        self._name, self._chance = name, chance
        self._talks: Keyed | None = None

    def reconsider(self, own: Position, first: Position, others: Sequence[Position], case: Case, turn: int) -> Position:
        """Return what they hold after hearing others.

        Args:
            own: what they hold now.
            first: what they held before they had heard of anybody.
            others: what others hold, they themselves not among them.
            case: the item, and what is true of it.
            turn: which round it is.
        """
        if self.social is None:
            return own
        if self._talks is None:
            self._talks = self._chance.keyed("annotator", self._name, "social")
        luck = self._talks.luck(case.item, case.attempt * _ROUNDS + turn)
        return self.social.reconsider(own, first, others, case, luck)

    def anchored(self, label: int, shown: int | None, case: Case) -> int:
        """Return the label that they give who came to one of their own, and to whom one was shown before; None: none was."""
        if self.social is None or shown is None:
            return label
        luck = self._chance.keyed("annotator", self._name, "anchor").luck(case.item, case.attempt)
        return self.social.anchored(label, shown, luck)
