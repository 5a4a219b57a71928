"""A chooser: an agent's own way to choose items, by a strategy and what it knows of the pool."""

from typing import Protocol

import numpy as np

from agents.component import Unusable
from agents.items import Items
from agents.selector.pending import Pending
from agents.selector.pendings.ignore import Ignore
from agents.selector.pool import Pool
from agents.selector.selection import Selection
from agents.selector.strategies.chance import BY_CHANCE
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, PoolViews


class Order(Protocol):
    """Items of the pool in some order."""

    def take(self, count: int) -> list[tuple[int, float]]:
        """Take the best `count` items, or all that are left, and return rows and scores, best first."""


class Chooser:
    """Chooses among the available items of a pool.

    Args:
        strategy: how. Where it needs a model and there is none, items are chosen by chance.
        pending: what is made of items that are under way; nothing, where it would train models and the strategy goes by none.
        pool: what is known of each item.
        views: the pool, by version of the model.
        where: where in a scenario the strategy stands.
    """

    def __init__(self, strategy: Strategy, pending: Pending, pool: Pool, views: PoolViews, where: str) -> None:
        self.pool = pool
        pending = pending if pending.bears_on(strategy) else Ignore()
        self._strategy, self._pending, self._views, self._where = strategy, pending, views, where
        self._needs_model = strategy.rests_on_model or pending.needs_model
        # What takes the best of its scores can do nothing wrong.
        self._is_plain = type(strategy).select is Strategy.select and isinstance(pending, Ignore)
        self.looks_anew = strategy.reacts or not self._is_plain
        """Whether each selection is made from nothing, and not by scores that were put in order once a version."""

    def select(self, count: int, version: int) -> Selection:
        """Return the best `count` items that are available, or all of these, by that version of the model.

        Raises:
            Unusable: the strategy cannot do its work, or selects what it may not.
        """
        view = self._views.at(version, self.pool)
        try:
            if self._needs_model and not version:
                return BY_CHANCE.select(view, count)
            selection = self._pending.select(self._strategy, view, count)
            if not self._is_plain:
                self._check(selection, view, count)
        except Unusable as error:
            raise Unusable(f"{self._where} {error}") from error
        return selection

    def _check(self, selection: Selection, view: PoolView, count: int) -> None:
        ids, items = selection.ids, view.items
        if len(selection.scores) != len(ids):
            raise Unusable(f"selected {_counted(len(ids), 'item')} with {_counted(len(selection.scores), 'score')}")
        if len(ids) > count or len(set(ids)) < len(ids):
            raise Unusable(f"selected {_counted(len(ids), 'item')}, {len(set(ids))} of them different, where {_wanted(count)}")
        for item in ids:
            if not _is_available(item, items, view):
                raise Unusable(f"selected item {item!r}, which is not to be asked for")
        if len(ids) < count and len(ids) < (there := int(np.count_nonzero(view.available))):
            raise Unusable(f"selected {_counted(len(ids), 'item')}, where {_wanted(count)} and {there} are there")


def _is_available(item: int | str, items: Items, view: PoolView) -> bool:
    try:
        return bool(view.available[items.row(item)])
    except KeyError:
        return False


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _wanted(count: int) -> str:
    return "1 was wanted" if count == 1 else f"{count} were wanted"


class Choosing:
    """What a chooser has to offer by one version of the model, taken from the top.

    Args:
        chooser: who chooses.
        version: by which version.
    """

    def __init__(self, chooser: Chooser, version: int) -> None:
        self.version = version
        self._chooser = chooser

    def take(self, count: int) -> list[tuple[int, float]]:
        """Take the best `count` items, or all that are left, and return rows and scores, best first."""
        pool = self._chooser.pool
        if self._chooser.looks_anew and not pool.available.any():
            # While the last items are under way, each label that comes asks for more.
            return []
        selection = self._chooser.select(count, self.version)
        taken = [(pool.items.row(item), score) for item, score in zip(selection.ids, selection.scores, strict=True)]
        for row, _ in taken:
            pool.request(row)
        return taken
