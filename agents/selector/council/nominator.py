"""A member of the council: an agent that nominates items by a strategy of its own."""

from agents.agent import Agent
from agents.messages import (
    CampaignEnded,
    CampaignStarted,
    ItemBilled,
    ItemGivenUp,
    ItemReopened,
    ItemResolved,
    ItemsNominated,
    LabelsKnown,
    NominationsSettled,
    NominationsWanted,
)
from agents.selector.chooser import Chooser
from agents.selector.council.rules.auction import bids_of
from agents.selector.pending import Pending
from agents.selector.pendings.ignore import Ignore
from agents.selector.pool import Pool
from agents.selector.strategy import Strategy
from agents.selector.view import PoolViews
from bus.bus import MessageBus
from bus.message import Envelope, Message


class Nominator(Agent):
    """Names its best items when it is asked to: such as have not been asked for, and whose label is not known.

    Args:
        name, bus: as for every agent.
        strategy: how it chooses. One that needs a model chooses at random until there is one.
        views: the pool, by version of the model.
        where: where in a scenario the strategy stands.
        pending: what is made of items that are under way when further ones are chosen.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        strategy: Strategy,
        views: PoolViews,
        where: str,
        pending: Pending = Ignore(),  # noqa: B008 (frozen)
    ) -> None:
        heard = (
            CampaignStarted,
            LabelsKnown,
            NominationsSettled,
            ItemResolved,
            ItemBilled,
            ItemReopened,
            ItemGivenUp,
            CampaignEnded,
        )
        super().__init__(name, bus, *heard)
        self._pool = Pool(views.items)
        self._chooser = Chooser(strategy, pending, self._pool, views, where)
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
        self._pool.note(body)
        match body:
            case NominationsWanted():
                self._unanswered = envelope
            case NominationsSettled():
                for item in body.items:
                    self._pool.request(self._pool.items.row(item))
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
        items = self._chooser.select(wanted.count, wanted.version).ids
        bids = () if wanted.tokens is None else bids_of(wanted.tokens, len(items))
        self._unanswered = None
        await self.send(ItemsNominated(round=wanted.round, items=items, bids=bids), call.sender, call)
