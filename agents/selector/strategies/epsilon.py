"""Epsilon mix: a strategy, and chance now and then."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import BY_CHANCE
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from bus.chance import number_of


class Epsilon(Strategy):
    """A strategy, and a share of the items by chance, so that nothing is left out for good (epsilon-greedy, Watkins, 1989).

    Whether an item is chosen by chance depends on how many were asked for before it, and on nothing else.
    """

    kind: ClassVar[str] = "epsilon"
    needs_model: ClassVar[bool] = False
    cost: ClassVar[str] = "O(n) beside its part"

    of: AnyStrategy = Entropy()
    """The strategy that chooses the others."""
    share: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Share of the items that are chosen by chance."""

    def scores(self, view: PoolView) -> Scores:
        """Return the scores of the strategy: what chance chooses, it chooses in place of what has the best."""
        return self.of.scores(view)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the best available items, each with the probability `share` of one by chance in its place."""
        count = min(count, int(np.count_nonzero(view.available)))
        key, asked = number_of("epsilon"), view.pool.asked
        lots = [view.luck.luck(key, asked + place).uniform() < self.share for place in range(count)]
        luckily = BY_CHANCE.select(view, sum(lots))
        chosen = dict(zip(luckily.ids, luckily.scores, strict=True))
        # As many as if there were no chance: some of these chance may have chosen too.
        wisely = self.of.select(view, count if sum(lots) < count else 0)
        rest = ((item, score) for item, score in zip(wisely.ids, wisely.scores, strict=True) if item not in chosen)
        by_chance = iter([*chosen.items()])
        picks = [next(by_chance if lot else rest) for lot in lots]
        return Selection(tuple(item for item, _ in picks), tuple(score for _, score in picks), view.version)
