"""Query strategies: which items are worth asking for."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, cast

import numpy as np

from agents.component import Component, Unusable, within
from agents.messages import Label
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, Shortlist, best, bounded
from agents.selector.view import PoolView


class Strategy(Component):
    """Gives every item of the pool a score: the higher, the sooner it is asked for.

    It is a function of the view alone, and keeps nothing but what the view keeps for it: who takes the Selector's place after a
    crash selects the same.
    """

    needs_model: ClassVar[bool] = True
    """Whether it goes by a model; before there is one, items are chosen by chance."""
    needs_members: ClassVar[bool] = False
    """Whether the model must be a committee."""
    needs_decision: ClassVar[bool] = False
    """Whether the model must have a decision function."""
    needs_features: ClassVar[bool] = False
    """Whether it goes by where items lie, and not through the model alone."""
    needs_training: ClassVar[bool] = False
    """Whether it trains models of its own, like the learner's."""
    needs_bills: ClassVar[bool] = False
    """Whether it goes by what labels have cost, which the Coordinator then says with each."""
    changes: ClassVar[bool] = False
    """Whether scores depend on what is labelled or pending, and not on the model alone; then they are asked for anew each time."""
    most_items: ClassVar[int | None] = None
    """Items beyond which a pool is refused, for what it would take; None for any number."""
    slow_beyond: ClassVar[int | None] = None
    """Items beyond which `parley check` says what the pool costs, as it may be minutes; None for any number."""
    cost: ClassVar[str] = "O(n)"
    """What a selection costs, by n items, C classes, d features, b items selected, L labels, M members."""

    @abstractmethod
    def scores(self, view: PoolView) -> Scores:
        """Return a score for each item of the pool; shape (items,)."""

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the best `count` of the available items, or all that are left, best first.

        Where what is chosen bears on what is chosen next, a strategy overrides this.
        """
        shortlist = self._known_shortlist(view)
        if shortlist is None and self.reacts:
            scores = self.checked(self.scores(view), view)
            rows = best(scores, view.available, count)
            return view.selection(rows, scores[rows])
        top = (shortlist or self._shortlist(view)).top(count)
        return view.selection([row for row, _ in top], [score for _, score in top])

    @property
    def layers(self) -> list["Strategy"]:
        """This strategy, and all that it is made of."""
        return [each for each in within(self) if isinstance(each, Strategy)]

    def looks_at(self, items: int) -> int:
        """Return how many of so many items its parts look at, beside what is labelled or pending."""
        return items

    @property
    def reacts(self) -> bool:
        """Whether its scores, or those of a part, change with what is labelled or pending."""
        return any(each.changes for each in self.layers)

    @property
    def rests_on_model(self) -> bool:
        """Whether it, or a part, goes by a model."""
        return any(each.needs_model for each in self.layers)

    def checked(self, scores: Scores, view: PoolView) -> Scores:
        """Return a strategy's scores without NaN.

        Raises:
            Unusable: they are not one an item, or none of an item that is available is a number.
        """
        if scores.shape != (len(view.items),):
            raise Unusable(f"gave scores of shape {scores.shape} for {len(view.items)} items")
        numbers = bounded(scores)
        # Where all are finite, they are the same array, and there is nothing to look for.
        if numbers is not scores and self._lacks_numbers(scores[view.available]):
            raise Unusable("gave no score that is a number")
        return numbers

    def _lacks_numbers(self, scores: Scores) -> bool:
        # What is made of parts has none where these have no item in common; each part is looked at by itself.
        return bool(np.isnan(scores).any() and not (scores > -np.inf).any()) and len(self.layers) == 1

    def standing(self, view: PoolView) -> Scores:
        """Return the checked scores, computed once a version where they go by the model and the items alone; shape (items,)."""
        return self.checked(self.scores(view), view) if self.reacts else self._shortlist(view).scores

    def check(self, classes: Sequence[Label]) -> None:
        """Raise ValueError if a dial does not suit the classes that there are."""

    def _shortlist(self, view: PoolView) -> Shortlist:
        """Return the shortlist by the view's model, made once a version, or once and for all where no model has a part."""
        known = self._known_shortlist(view)
        if known is not None:
            return known
        lists: list[tuple[Strategy, int | None, Shortlist]] = view.pool.shortlists
        made = Shortlist(self.checked(self.scores(view), view), view.available)
        # Those of other versions are not asked for again.
        lists[:] = [entry for entry in lists if entry[0] is not self]
        lists.append((self, view.version if self.rests_on_model else None, made))
        return made

    def _known_shortlist(self, view: PoolView) -> Shortlist | None:
        for strategy, version, shortlist in view.pool.shortlists:
            if strategy is self and version in (None, view.version):
                return cast(Shortlist, shortlist)
        return None
