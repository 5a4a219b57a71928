"""Bayesian strategies: what labels would tell of which model is right, members of a committee being draws from the posterior."""

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.selector.chunks import chunks
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, best
from agents.selector.strategies.committee import information
from agents.selector.strategies.uncertainty import entropies
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView

LEVEL = 1e-12
"""By so much gains may differ and be equal: how a product of matrices is rounded depends on the place."""

NUMBERS = 2**20
"""So many probabilities of states are computed at once."""


class Bald(Strategy):
    """What an item's label would tell of which member is right: their mutual information, in nats (BALD, Houlsby et al., 2011)."""

    kind: ClassVar[str] = "bald"
    needs_members: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n M C)"

    def scores(self, view: PoolView) -> Scores:
        """Return the entropy of the members' mean less their mean entropy."""
        return view.forecast.by_members(information)


class BatchBald(Strategy):
    """What the labels of a batch would tell together, beyond those that are pending (BatchBALD, Kirsch et al., 2019).

    Items are added to the batch one by one, each the one that tells most given the others: so none that says the same as another.
    """

    kind: ClassVar[str] = "batch-bald"
    needs_members: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n M C + (b k + p) S M C), k candidates, p pending, S states"

    candidates: Annotated[int, Field(ge=1, le=10_000)] = 500
    """Only so many items are looked at: those that tell most alone. There are always enough to choose from."""
    states: Annotated[int, Field(ge=2, le=10_000)] = 1000
    """Ways of labelling a batch that are looked at: as long as there are no more, all of them, and the information is exact; beyond
    that, so many that are drawn."""

    def scores(self, view: PoolView) -> Scores:
        """Return what each item's label would tell alone."""
        return Bald().scores(view)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return a batch, in the order in which items were added, each with what it adds in nats."""
        rows = np.sort(best(self.standing(view), view.available, max(count, self.candidates)))
        if not len(rows) or count < 1:
            return view.selection([], [])
        pending = np.flatnonzero(view.pending)
        waiting, tables = np.split(view.forecast.of_members(np.concatenate([pending, rows])), [len(pending)], axis=1)
        members, _, classes = tables.shape
        joint = Joint(members, self.states, view.generator("batch-bald"))
        for place in range(len(pending)):
            joint.add(waiting[:, place])
        own = entropies(tables.reshape(-1, classes)).reshape(members, -1)
        chosen: list[int] = []
        added: list[float] = []
        for _ in range(min(count, len(rows))):
            gains = joint.information(tables, own)
            gains[chosen] = -np.inf
            place = int(np.argmax(gains >= gains.max() - LEVEL))
            chosen.append(place)
            added.append(max(float(gains[place]), 0.0))
            joint.add(tables[:, place])
        return view.selection(rows[chosen], added)


class Joint:
    """How several items may be labelled together, and what each such state makes of the members' weights.

    Args:
        members: how many there are, all alike beforehand.
        most: how many states are kept; beyond that, so many are drawn of them.
        generator: draws them.
    """

    def __init__(self, members: int, most: int, generator: np.random.Generator) -> None:
        self._most = most
        self._generator = generator
        self.chances: NDArray[np.float64] = np.ones(1)
        self.weights: NDArray[np.float64] = np.full((1, members), 1.0 / members)
        """The probability of each state, shape (states,); and that of each member given the state, shape (states, members)."""

    def information(self, tables: Scores, own: Scores) -> Scores:
        """Return what each item's label would tell of which member is right, beyond those that were added, in nats; shape (items,).

        Args:
            tables: what the members say; shape (members, items, classes).
            own: the entropy of that; shape (members, items).
        """
        members, items, classes = tables.shape
        # Beforehand members are alike, but not in states that are drawn: with their weights there, little of the noise is left.
        found = -(self.chances @ self.weights @ own)
        for part in chunks(items, len(self.chances) * classes, NUMBERS, least=1):
            mixed = self.weights @ tables[:, part].reshape(members, -1)
            found[part] += self.chances @ entropies(mixed.reshape(-1, classes)).reshape(len(self.chances), -1)
        return found

    def add(self, table: Scores) -> None:
        """Add an item, by what the members say of it; shape (members, classes)."""
        mixed = self.weights @ table
        chances = (self.chances[:, None] * mixed).ravel()
        kept = np.flatnonzero(chances > 0)
        if len(kept) > self._most:
            kept, chances = self._draw(chances)
        states, labels = np.divmod(kept, table.shape[1])
        self.weights = self.weights[states] * table[:, labels].T
        self.weights /= self.weights.sum(axis=1, keepdims=True)
        self.chances = chances[kept] / chances[kept].sum()

    def _draw(self, chances: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return which states are drawn, at even steps from where chance begins (Carpenter et al., 1999), and how often each is."""
        steps = (self._generator.random() + np.arange(self._most)) / self._most
        sums = np.cumsum(chances)
        drawn = np.searchsorted(sums / sums[-1], steps, side="right")
        often = np.bincount(drawn, minlength=len(chances)).astype(np.float64)
        return np.flatnonzero(often), often
