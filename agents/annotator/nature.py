"""Nature: what is so about items, the same for everybody who meets them, and known to nobody who labels."""

from agents.messages import Item
from bus.chance import Chance, Keyed, Luck


class Nature:
    """The hidden side of the items of a run.

    All of it is keyed by the item: it is there before anybody asks, and does not depend on who does.

    Args:
        chance: the run's randomness.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._hardness = chance.keyed("nature", "hardness")
        self._lucks: dict[str, Keyed] = {}

    def hardness(self, item: Item) -> float:
        """Return how hard an item is, as its rank among all items: strictly between 0 (easiest) and 1, each value as likely.

        There is one hardness of an item, and noise, abstention and working time all go by it.
        """
        return self._hardness.luck(item).uniform()

    def luck(self, what: str, item: Item) -> Luck:
        """Return draws that everybody who meets an item shares.

        Args:
            what: what they are for.
            item: the item.
        """
        keyed = self._lucks.get(what)
        if keyed is None:
            keyed = self._lucks[what] = self._chance.keyed("nature", what)
        return keyed.luck(item)
