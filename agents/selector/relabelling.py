"""Relabelling: what the selector keeps in mind to ask again for items that have a label."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from agents.component import Unusable
from agents.inference.answers import Floats
from agents.items import Items
from agents.messages import AnswersCounted, CampaignStarted, Item, ItemClosed, ItemGivenUp, ItemReopened, ItemResolved, LabelsKnown
from agents.selector.chooser import Order
from agents.selector.relabel import FREE, AnswersView, Relabel
from agents.selector.shortlist import bounded
from agents.selector.standings import Standings
from agents.selector.tally import Tally
from agents.selector.view import PoolView
from bus.chance import Keyed
from bus.message import Message

Chosen = tuple[int, float, bool]
"""An item's row, its score, and whether it has a label."""


class Relabelling:
    """Chooses between new items and such as have a label, and among the latter.

    An item is never asked for while it is open, nor when it has as many answers as it may have, nor once nobody was left who could
    give it another: so no item is asked for again and again.

    Args:
        relabel: by what labelled items are chosen, and how often one is.
        items: the pool.
        available: which items are new; those that are taken are marked in it; shape (items,).
        luck: chance, for items that score alike.
    """

    heard = (CampaignStarted, LabelsKnown, AnswersCounted, ItemResolved, ItemReopened, ItemGivenUp, ItemClosed)
    """What it wants to hear."""

    def __init__(self, relabel: Relabel, items: Items, available: NDArray[np.bool_], luck: Keyed) -> None:
        self.again: dict[Item, int | None] = {}
        """Items that are asked for again: how many answers they had when opened; None before it is heard that they were."""
        self._relabel = relabel
        self._items = items
        self._available = available
        self._luck = luck.uniforms(items.keys)
        self._tally = Tally(items)
        self._askable = np.zeros(len(items), np.bool_)
        self._done = np.zeros(len(items), np.bool_)
        self._requests = self._requests_again = 0
        self._standings: Standings | None = None
        self._version = 0
        self._scored_at = 0
        self._view: PoolView | None = None

    # What happens

    def note(self, body: Message) -> None:
        """Take note of what is said to everyone."""
        match body:
            case CampaignStarted():
                self._tally.start(body.classes)
            case LabelsKnown():
                for item, label in zip(body.items, body.labels, strict=True):
                    self._tally.know(self._items.row(item), label)
            case AnswersCounted():
                self._count(body)
            case ItemReopened():
                self._reopen(body)
            case ItemResolved() if not self.is_still_closed(body.item):
                self._close(body.item)
            case ItemGivenUp() | ItemClosed():
                row = self._items.row(body.item)
                self.again.pop(body.item, None)
                self._askable[row], self._done[row] = False, True

    def is_still_closed(self, item: Item) -> bool:
        """Return whether an item is asked for again, but not open yet: a label that it gets now is no answer to that."""
        return item in self.again and self.again[item] is None

    def _count(self, counted: AnswersCounted) -> None:
        row = self._items.row(counted.item)
        self._tally.count(row, counted.annotators, counted.labels)
        had = self.again.get(counted.item)
        # It was to have one more, and there is none: nobody is left to give it.
        self._done[row] |= had is not None and len(counted.labels) <= had

    def _reopen(self, reopened: ItemReopened) -> None:
        row = self._items.row(reopened.item)
        self._askable[row] = False
        if reopened.item in self.again:
            self.again[reopened.item] = len(reopened.kept)
        if reopened.voided:
            # It has no label any more, and is as open as any other.
            self.again.pop(reopened.item, None)
            self._tally.count(row, [name for name, *_ in reopened.kept], [label for _, label, *_ in reopened.kept])

    def _close(self, item: Item) -> None:
        row = self._items.row(item)
        self.again.pop(item, None)
        most = self._relabel.most
        self._askable[row] = not self._done[row] and (most is None or self._tally.answers[row] < most)
        if self._askable[row] and self._standings is not None and self._relabel.by_item:
            self._standings.enter(row, float(self._scores(np.array([row]))[0]))

    def request(self, row: int, again: bool) -> None:
        """Take note that an item is asked for, or asked for again."""
        self._requests += 1
        if again:
            self._requests_again += 1
            self.again[self._items.ids[row]] = None
        self._available[row] = self._askable[row] = False

    # What is asked for

    def is_free(self, version: int) -> bool:
        """Return whether new items compete by the same scores as others, however they are ranked among themselves."""
        return self._relabel.share == FREE and (version > 0 or not self._relabel.needs_model)

    def choose(self, room: int, fresh: int | None, rank: Callable[[], Order], view: PoolView) -> list[tuple[int, float]]:
        """Choose what is asked for next, take note that it is, and return rows and scores.

        Args:
            room: how many items at most.
            fresh: how many new ones at most; None for any number. Where this is what stands in the way of a new item, a place stays
                empty: as many items as are wanted are under way.
            rank: ranks new items.
            view: the pool, by the newest model.
        """
        self._view = view
        free = self.is_free(view.version)
        chosen: list[tuple[int, float]] = []
        new = 0
        while len(chosen) < room:
            may_be_new = fresh is None or new < fresh
            one = self._next_of_all(may_be_new) if free else self._next_by_share(may_be_new, rank)
            if one is None:
                break
            row, score, again = one
            new += not again
            self.request(row, again)
            chosen.append((row, score))
        return chosen

    def _next_of_all(self, may_be_new: bool) -> Chosen | None:
        """Return the item with the highest score; None if there is none, or it is new and there are to be no more of these."""
        one = self._best(self._askable | self._available)
        if one is not None and not one[2] and not may_be_new:
            assert self._standings is not None
            self._standings.enter(*one[:2])
            return None
        return one

    def _next_by_share(self, may_be_new: bool, rank: Callable[[], Order]) -> Chosen | None:
        """Return the next item of the kind whose turn it is; where there is none, one of the other."""
        share = self._relabel.share
        # What is owed is carried on, as in the drawing of a line by dots (Bresenham, 1965): the share is kept to half a request.
        is_due = share != FREE and share * (self._requests + 1) - self._requests_again > 0.5
        if is_due:
            one = self._best(self._askable)
            if one is not None:
                return one
        if self._available.any():
            return (*rank().take(1)[0], False) if may_be_new else None
        return None if is_due or share == FREE else self._best(self._askable)

    def _best(self, allowed: NDArray[np.bool_]) -> Chosen | None:
        """Return the best of the items that are allowed; None if there is none, or they cannot be scored yet."""
        view = self._view
        assert view is not None
        if (self._relabel.needs_model and view.model is None) or not allowed.any():
            return None
        if self._standings is None or self._is_stale(view):
            self._score(allowed)
        assert self._standings is not None
        one = self._standings.take(allowed)
        if one is None:
            # Some have become so since the last scoring, which only another one sees.
            self._score(allowed)
            one = self._standings.take(allowed)
        return None if one is None else (*one, not self._available[one[0]])

    def _is_stale(self, view: PoolView) -> bool:
        if self._relabel.needs_model and self._version != view.version:
            return True
        return self._relabel.is_stale(abs(self._tally.total - self._scored_at), self._tally.total)

    def _score(self, among: NDArray[np.bool_]) -> None:
        """Score the items among which one is to be taken."""
        assert self._view is not None
        rows = np.flatnonzero(among)
        scores = np.zeros(len(among))
        scores[rows] = self._scores(rows)
        self._standings = Standings(scores, among, self._luck)
        self._version, self._scored_at = self._view.version, self._tally.total

    def _scores(self, rows: NDArray[np.intp]) -> Floats:
        tally, view = self._tally, self._view
        assert view is not None
        probabilities = view.probabilities[rows] if self._relabel.needs_model else None
        known = AnswersView(rows, tally.answers[rows], tally.lead[rows], tally.second[rows], probabilities, tally, view)
        scores = self._relabel.scores(known)
        if scores.shape != rows.shape:
            raise Unusable(f"selector.relabel gave scores of shape {scores.shape} for {len(rows)} items")
        return bounded(scores)
