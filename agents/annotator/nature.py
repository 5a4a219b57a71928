"""Nature: what is so about items, the same for everybody who meets them, and known to nobody who labels."""

from agents.annotator.terrain import Terrain
from agents.component import Unusable
from agents.messages import Item
from bus.chance import Chance, Keyed, Luck


class Nature:
    """The hidden side of the items of a run.

    All of it is keyed by the item: it is there before anybody asks, and does not depend on who does.

    Args:
        chance: the run's randomness.
        terrain: where items lie among each other; None where nobody goes by that.
    """

    def __init__(self, chance: Chance, terrain: Terrain | None = None) -> None:
        self._chance, self._terrain = chance, terrain
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

    @property
    def terrain(self) -> Terrain:
        """Where items lie among each other.

        Raises:
            Unusable: nobody has looked, as nobody was said to go by that.
        """
        if self._terrain is None:
            raise Unusable("the noise of annotators goes by features or topics, but does not say so (see Noise.needs)")
        return self._terrain
