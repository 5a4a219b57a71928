"""The selector: keeps items in flight, chosen by a query strategy."""

from collections.abc import Sequence

from agents.agent import Agent
from agents.messages import (
    AnswersCounted,
    CampaignEnded,
    CampaignStarted,
    Item,
    ItemBilled,
    ItemClosed,
    ItemGivenUp,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    LabelsKnown,
    ModelPublished,
    PoolExhausted,
    TrainingStarted,
)
from agents.selector.chooser import Chooser, Choosing, Order
from agents.selector.council.chair import Chair
from agents.selector.council.council import Council
from agents.selector.flight import Flight, Pace
from agents.selector.pending import Pending
from agents.selector.pendings.ignore import Ignore
from agents.selector.pool import Pool
from agents.selector.relabel import Relabel
from agents.selector.relabelling import Relabelling
from agents.selector.stopping.adviser import Adviser
from agents.selector.stopping.choice import named
from agents.selector.stopping.rule import StopRule
from agents.selector.strategy import Strategy
from agents.selector.view import PoolViews
from bus.bus import MessageBus
from bus.chance import Chance
from bus.message import Envelope, Message

HEARD: tuple[type[Message], ...] = (
    CampaignStarted, LabelsKnown, TrainingStarted, ModelPublished, ItemBilled, ItemResolved, ItemReopened, ItemGivenUp,
    CampaignEnded,
)  # fmt: skip
"""What every Selector wants to hear."""


class Selector(Agent):
    """Chooses what is asked next, and keeps so many items open.

    Args:
        name, bus: as for every agent.
        views: the pool, by version of the model.
        strategy: how to choose, alone or in a council. One that needs a model chooses at random until there is one.
        pace: how many items.
        coordinator: name of the agent who takes requests.
        chance: the run's randomness.
        awaits_labels: whether some labels are known from the start: nothing is asked before it is heard which.
        relabel: how to choose between new items and one more answer to those that have a label; None to ask for new ones only.
        pending: what is made of items that are under way when further ones are chosen.
        stop_rules: by which it says when it is time to stop.
        act: whether the first of these that fires ends the campaign.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        views: PoolViews,
        strategy: Strategy | Council,
        pace: Pace,
        coordinator: str,
        chance: Chance,
        awaits_labels: bool = False,
        relabel: Relabel | None = None,
        pending: Pending = Ignore(),  # noqa: B008 (frozen)
        stop_rules: Sequence[StopRule] = (),
        act: bool = True,
    ) -> None:
        self._wanted = (
            *HEARD,
            *(() if relabel is None else (AnswersCounted, ItemClosed)),
            *(Chair.heard if isinstance(strategy, Council) else ()),
        )
        super().__init__(name, bus, *self._wanted, capacity=pace.in_flight + 64)
        self._items = views.items
        self._coordinator = coordinator
        self._views = views
        self._awaits_labels = awaits_labels
        self._pool = Pool(self._items)
        self._flight = Flight(pace)
        self._adviser = Adviser(named(stop_rules), act, self._pool, self._views, chance.keyed("selector", "stopping"))
        self._relabelling: Relabelling | None = None
        self._chooser: Chooser | None = None
        self._chair: Chair | None = None
        if isinstance(strategy, Council):
            self._chair = Chair(strategy, name, self._pool.available, self._views, pace.quota or len(self._items), chance, pending)
            self._needs_model = strategy.needs_model
        else:
            self._chooser = Chooser(strategy, pending, self._pool, self._views, "selector.strategy")
            self._needs_model = strategy.rests_on_model or pending.needs_model
        if relabel is not None:
            self._relabelling = Relabelling(relabel, self._items, self._pool.available, chance.keyed("selector", "relabelling"))
            self._needs_model |= relabel.needs_model
        self._version = 0
        self._training = False
        self._exhausted = False
        self._ended = False
        self._choosing: Choosing | None = None
        self._last: Envelope | None = None

    @property
    def staleness(self) -> int:
        """Labels that came between an item's scoring and its own label, summed over the resolved items."""
        return self._flight.staleness

    @property
    def version(self) -> int:
        """The model by which it chooses; 0 before the first."""
        return self._version

    @property
    def is_training(self) -> bool:
        """Whether the next one is in training, as far as it has heard."""
        return self._training

    async def run(self) -> None:
        """Take note of what happens, then fill up what is open, until the campaign ends."""
        if self._last is not None:
            await self._go_on(self._last)
        while not self._ended:
            envelope = await self.inbox.get()
            self._note(envelope)
            await self._go_on(envelope)

    async def _go_on(self, envelope: Envelope) -> None:
        """Let all that happens at this instant happen first: labels that arrive together, and a model that takes no time."""
        await self.loop.timer(0)
        while len(self.inbox):
            envelope = await self.inbox.get()
            self._note(envelope)
        if not self._ended:
            await self._advise()
        if not self._ended and not self._adviser.is_over:
            await self._refill(envelope)

    async def _advise(self) -> None:
        """Say which rules have fired."""
        for advice, cause in [*self._adviser.owed.values()]:
            await self.send(advice, cause=cause)
            self._adviser.said(advice)

    def _note(self, envelope: Envelope) -> None:
        body = envelope.body
        is_over = not (isinstance(body, ItemResolved) and self._is_still_closed(body.item))
        if self._relabelling is not None:
            self._relabelling.note(body)
        if self._chair is not None:
            self._chair.note(envelope)
        self._pool.note(body, is_over)
        self._flight.note(body, is_over)
        self._adviser.note(envelope)
        match body:
            case CampaignEnded():
                self._ended = True
            case TrainingStarted():
                self._training = True
            case ModelPublished():
                self._training = False
                self._version = body.version
            case LabelsKnown():
                self._awaits_labels = False

    def _is_still_closed(self, item: Item) -> bool:
        return self._relabelling is not None and self._relabelling.is_still_closed(item)

    def rebuild(self, history: list[Envelope]) -> None:
        """Learn from the log what was asked for, and what came of it."""
        for envelope in history:
            body = envelope.body
            self._adviser.recall(envelope)
            if self._chair is not None:
                self._chair.recall(envelope)
            if isinstance(body, ItemRequested):
                self._read_request(body.item)
            elif isinstance(body, PoolExhausted):
                self._exhausted = True
            elif isinstance(body, self._wanted):
                self._note(envelope)
                self._last = envelope

    def _read_request(self, item: Item) -> None:
        row = self._items.row(item)
        self._flight.open(item)
        if self._relabelling is not None:
            self._relabelling.request(row, again=not self._pool.available[row])
        self._pool.request(row)

    def _room(self) -> int:
        """Return how many items may be opened now."""
        first_model_comes = self._needs_model and self._version == 0 and self._training
        return 0 if first_model_comes or self._awaits_labels else self._flight.room(self._training)

    def _wanting(self) -> int | None:
        """Return how many items without a label may be opened for the quota; None for any number."""
        return self._flight.wanting(0 if self._relabelling is None else len(self._relabelling.again))

    def _choose(self, room: int) -> tuple[list[tuple[int, float]], bool]:
        """Choose what is opened now, and return rows and scores, and whether nothing is left."""
        fresh = self._wanting()
        if self._relabelling is not None:
            chosen = self._relabelling.choose(room, fresh, self._order, self._views.at(self._version, self._pool))
            # What is open now may be asked for again when it is closed.
            return chosen, not chosen and not self._flight
        room = room if fresh is None else min(room, fresh)
        if room <= 0:
            return [], False
        chosen = self._order().take(room)
        return chosen, len(chosen) < room

    async def _refill(self, cause: Envelope) -> None:
        if self._chair is not None:
            await self._ask_for_what_is_owed(self._chair, cause)
        room = self._room()
        if room > 0 and self._chair is not None:
            room = await self._consult(self._chair, room, cause)
        if room <= 0:
            return
        chosen, is_exhausted = self._choose(room)
        settled = None if self._chair is None else self._chair.settle()
        if settled is not None:
            await self.send(settled, cause=cause)
        for row, score in chosen:
            item = self._items.ids[row]
            self._flight.open(item)
            if not self._pool.pending[row]:
                self._pool.request(row)
            await self.send(ItemRequested(item=item, version=self._version, score=score), self._coordinator, cause)
        if is_exhausted and not self._exhausted:
            self._exhausted = True
            await self.send(PoolExhausted(), self._coordinator, cause)
        if self._chair is not None and settled is not None:
            # There may be more room by now than when the members were asked.
            await self._consult(self._chair, self._room(), cause)

    async def _ask_for_what_is_owed(self, chair: Chair, cause: Envelope) -> None:
        """Ask for what was chosen before a crash."""
        while chair.owed:
            item = next(iter(chair.owed))
            request = ItemRequested(item=item, version=chair.version, score=chair.owed.pop(item))
            self._read_request(item)
            await self.send(request, self._coordinator, cause)

    async def _consult(self, chair: Chair, room: int, cause: Envelope) -> int:
        """Have the members nominate new items, if some are wanted; return how many items may be opened without waiting for them."""
        fresh, free = self._wanting(), self._relabelling is not None and self._relabelling.is_free(self._version)
        if room <= 0 or free or (fresh is not None and fresh <= 0) or not self._pool.available.any():
            return room
        for member, call in chair.calls(room if fresh is None else min(room, fresh), self._version):
            await self.send(call, member, cause)
        return min(room, chair.count) if chair.has_heard_all else 0

    def _order(self) -> Order:
        """Return the order of new items by the newest model, made once a version, or a round of the council."""
        if self._chair is not None:
            return self._chair.slate
        assert self._chooser is not None
        if self._choosing is None or self._choosing.version != self._version:
            self._choosing = Choosing(self._chooser, self._version)
        return self._choosing
