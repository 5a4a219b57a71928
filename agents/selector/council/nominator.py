"""A member of the council: an agent that nominates items by a strategy of its own."""

import numpy as np
from numpy.typing import NDArray

from agents.agent import Agent
from agents.messages import CampaignEnded, ItemsNominated, LabelsKnown, NominationsSettled, NominationsWanted
from agents.selector.council.rules.auction import bids_of
from agents.selector.strategy import PoolViews, Scores, Strategy, best, bounded, scores_of
from bus.bus import MessageBus
from bus.message import Envelope, Message

AHEAD = 1024
"""So many items are put in order at once: most rounds take but one of them."""


class Nominator(Agent):
    """Names its best items when it is asked to: such as have not been asked for, and whose label is not known.

    Args:
        name, bus: as for every agent.
        strategy: how it chooses. One that needs a model chooses at random until there is one.
        views: the pool, by version of the model.
        where: where in a scenario the strategy stands.
    """

    def __init__(self, name: str, bus: MessageBus, strategy: Strategy, views: PoolViews, where: str) -> None:
        super().__init__(name, bus, LabelsKnown, NominationsSettled, CampaignEnded)
        self._strategy = strategy
        self._views = views
        self._where = where
        self._available = np.ones(len(views.items), np.bool_)
        self._shortlist: Shortlist | None = None
        self._unanswered: Envelope | None = None
        self._ended = False

    async def run(self) -> None:
        """Nominate whenever somebody wants it, until the campaign ends."""
        while not self._ended:
            if self._unanswered is not None:
                await self._nominate(self._unanswered)
            self._note(await self.inbox.get())

    def _note(self, envelope: Envelope) -> None:
        body: Message = envelope.body
        match body:
            case NominationsWanted():
                self._unanswered = envelope
            case LabelsKnown() | NominationsSettled():
                self._available[[self._views.items.row(item) for item in body.items]] = False
            case CampaignEnded():
                self._ended = True

    def rebuild(self, history: list[Envelope]) -> None:
        """Learn from the log what has been asked for, and whether nominations are waited for."""
        for envelope in history:
            if envelope.recipient == self.name or not isinstance(envelope.body, NominationsWanted):
                self._note(envelope)
            if envelope.sender == self.name:
                self._unanswered = None

    async def _nominate(self, call: Envelope) -> None:
        wanted = call.body
        assert isinstance(wanted, NominationsWanted)
        rows = self._best(wanted.version, wanted.count)
        bids = () if wanted.tokens is None else bids_of(wanted.tokens, len(rows))
        ids = self._views.items.ids
        self._unanswered = None
        await self.send(ItemsNominated(round=wanted.round, items=tuple(ids[row] for row in rows), bids=bids), call.sender, call)

    def _best(self, version: int, count: int) -> list[int]:
        if self._shortlist is None or self._shortlist.version != version:
            scores = scores_of(self._strategy, self._views.at(version), self._where)
            self._shortlist = Shortlist(scores, self._available, version)
        return self._shortlist.top(count)


class Shortlist:
    """The best items of the pool by one version's scores, of which now and then some are taken by others.

    O(pool) once, and again when so many are gone that more must be put in order.

    Args:
        scores: a score an item; shape (items,).
        available: which items are there, kept up to date by its owner; shape (items,).
        version: version of the model that the scores come from.
        ahead: how many items are put in order at once.
    """

    def __init__(self, scores: Scores, available: NDArray[np.bool_], version: int, ahead: int = AHEAD) -> None:
        self.version = version
        self._scores = bounded(scores)
        self._available = available
        self._ahead = ahead
        self._rows: NDArray[np.intp] = np.empty(0, np.intp)

    def top(self, count: int) -> list[int]:
        """Return the best `count` items, or all that are there, best first."""
        self._rows = self._rows[self._available[self._rows]]
        if len(self._rows) < count:
            self._rows = best(self._scores, self._available, max(count, self._ahead))
        return [int(row) for row in self._rows[:count]]
