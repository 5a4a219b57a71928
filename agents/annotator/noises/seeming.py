"""Seeming: items that look to everybody like something else than they are."""

from typing import Any, ClassVar

from pydantic import PrivateAttr

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise, draw
from agents.annotator.noises.nested import AnyNoise
from agents.annotator.noises.one_coin import OneCoin


class Seeming(Noise):
    """Answers by what an item seems to be, which is now and then another class than the data say, and the same for everybody.

    So are items whose recorded truth is wrong (Northcutt, Athalye and Mueller, 2021: 3.3 % in ten test sets), and those that trap
    everybody: people agree on them, and are wrong. However many are asked, the majority is right no more often than items seem
    what they are.
    """

    kind: ClassVar[str] = "seeming"

    seems: AnyNoise = OneCoin(accuracy=0.95)
    """What items seem to be: drawn once an item, for all whose noise is of this kind."""
    of: AnyNoise = OneCoin()
    """What people answer, had the item been what it seems to be."""

    _luck: str = PrivateAttr("seeming")

    def model_post_init(self, context: Any, /) -> None:
        """Have what seems something else, and then again something else, seem so by two draws."""
        within = self.alike_within()
        self._luck = f"seeming around {within}" if within else "seeming"

    def chances(self, case: Case) -> Chances:
        """Return the chances of answers about what the item seems to be."""
        luck = case.nature.luck(self._luck, case.item)
        return self.of.chances(case._replace(truth=draw(self.seems.chances(case), case.truth, luck)))
