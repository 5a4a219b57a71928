"""The chair of a council: the Selector's part in it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from agents.component import Unusable
from agents.messages import (
    CampaignStarted,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    ItemsNominated,
    Label,
    ModelPublished,
    NominationsSettled,
    NominationsWanted,
)
from agents.selector.council.council import Council
from agents.selector.council.rule import Ballot, Ordered, Sitting
from agents.selector.pending import Pending
from agents.selector.pendings.ignore import Ignore
from agents.selector.strategies.chance import Random
from agents.selector.view import PoolViews
from bus.chance import Chance
from bus.message import Envelope


class Slate:
    """Nominated items in the order in which they are to be asked for, taken from the top.

    Args:
        ordered: rows and scores, best first.
        available: which items may be taken; those that are taken are marked in it; shape (items,).
    """

    def __init__(self, ordered: Ordered, available: NDArray[np.bool_]) -> None:
        self.taken: Ordered = []
        self._ordered = ordered
        self._available = available

    def take(self, count: int) -> Ordered:
        """Take the best `count` items, or all that are left, and return rows and scores, best first."""
        there = len(self.taken)
        taken = self._ordered[there : there + count]
        self._available[[row for row, _ in taken]] = False
        self.taken += taken
        return taken


class Chair:
    """Asks the members for nominations, has the rule put them in order, and keeps account of what became of them.

    Rounds follow one another: a round ends when items are asked for, or when there is a new model before they are. All that it
    knows follows from the log: who takes its place after a crash reads the same.

    Args:
        council: who sits there, and the rule.
        selector: name of the Selector.
        available: which items may still be asked for; shape (items,).
        views: the pool, by version of the model.
        horizon: items that will be asked for, as far as is known.
        chance: the run's randomness.
        pending: what members make of items that are under way.
    """

    heard = (ItemsNominated,)
    """What it wants to hear beside what the Selector hears anyway."""

    def __init__(
        self,
        council: Council,
        selector: str,
        available: NDArray[np.bool_],
        views: PoolViews,
        horizon: int,
        chance: Chance,
        pending: Pending = Ignore(),  # noqa: B008 (frozen)
    ) -> None:
        self.members = council.names(selector)
        self.owed: dict[Item, float] = {}
        """Items that were chosen before a crash, but of which the Coordinator has not been told: by item, its score."""
        self.version = 0
        """The model by which the members nominate in this round."""
        self.count = 0
        """How many items each of them nominates."""
        self._council, self._pending = council, pending
        self._available = available
        self._views = views
        self._memory = council.rule.memory(len(self.members), horizon)
        self._ties = chance.keyed("selector", "ties").uniforms(views.items.keys)
        self._luck = chance.keyed("selector", "council")
        self._round = 0
        self._under_way = False
        self._asked: set[str] = set()
        self._ballots: dict[str, Ballot] = {}
        self._sitting: Sitting | None = None
        self._slate: Slate | None = None
        self._newest = 0
        self._classes: dict[Label, int] = {}

    # Rounds

    def calls(self, room: int, version: int) -> Iterator[tuple[str, NominationsWanted]]:
        """Yield whom to ask, and what, so that there will be as many nominations as there is room; nobody is asked twice."""
        if not self._under_way or self.version != version:
            self._begin(self._round + 1, version, max(room, self._council.nominations))
        tokens = None if self._memory is None else self._memory.tokens
        for place, member in enumerate(self.members):
            if member not in self._asked:
                self._asked.add(member)
                purse = None if tokens is None else tokens[place]
                yield member, NominationsWanted(round=self._round, version=self.version, count=self.count, tokens=purse)

    def _begin(self, number: int, version: int, count: int) -> None:
        self._round, self.version, self.count = number, version, count
        self._under_way, self._sitting, self._slate = True, None, None
        self._asked, self._ballots = set(), {}

    @property
    def has_heard_all(self) -> bool:
        """Whether all members have nominated in the round that is under way."""
        return self._under_way and len(self._ballots) == len(self.members)

    @property
    def slate(self) -> Slate:
        """What is nominated, in the order of the rule; nothing, before all have nominated."""
        if self._slate is None:
            ordered: Ordered = []
            if self.has_heard_all:
                self._sitting = self._sit()
                ordered = self._council.rule.order(self._sitting)
                if sorted(row for row, _ in ordered) != sorted(self._sitting.rows):
                    raise Unusable("selector.strategy.rule must put every nominated item in order, and each once")
            self._slate = Slate(ordered, self._available)
        return self._slate

    def _sit(self) -> Sitting:
        left = int(np.count_nonzero(self._available))
        ballots = [self._ballots[member] for member in self.members]
        return Sitting(self._round, ballots, left, self._ties, self._luck, self._memory)

    def settle(self) -> NominationsSettled | None:
        """Return what was taken of the slate, which ends the round; None if that is nothing."""
        taken = self.slate.taken
        if not taken:
            # By the time that some are, the rule may know better.
            self._slate = None
            return None
        ids, weights = self._views.items.ids, () if self._memory is None else self._memory.weights
        rows = [row for row, _ in taken]
        settled = NominationsSettled(
            round=self._round, items=tuple(ids[row] for row in rows), scores=tuple(score for _, score in taken), weights=weights
        )
        self._end(rows)
        return settled

    def _end(self, rows: list[int]) -> None:
        if self._memory is not None:
            assert self._sitting is not None
            self._memory.settle(self._sitting, rows)
        self._under_way, self._slate = False, None

    # What happens

    def note(self, envelope: Envelope) -> None:
        """Take note of what is said to everyone, and of nominations."""
        body, items, memory = envelope.body, self._views.items, self._memory
        match body:
            case ItemsNominated():
                self._hear(envelope.sender, body)
            case CampaignStarted():
                self._classes = {label: index for index, label in enumerate(body.classes)}
            case ItemResolved() if memory is not None:
                memory.hear(items.row(body.item), self._classes[body.label], self._views.at(self._newest))
            case ItemGivenUp() if memory is not None:
                memory.drop(items.row(body.item))
            case ModelPublished():
                self._newest = body.version
                if memory is not None:
                    memory.advance(self._views.at(self._newest))

    def _hear(self, member: str, nominated: ItemsNominated) -> None:
        """Take a ballot; one of an earlier round comes too late."""
        if nominated.round != self._round or not self._under_way:
            return
        strategy = self._council.members[self.members.index(member)]
        needs_model = strategy.rests_on_model or self._pending.needs_model
        by_luck = isinstance(strategy, Random) and not self._pending.needs_features
        even = by_luck or (needs_model and self.version == 0)
        rows = tuple(self._views.items.row(item) for item in nominated.items)
        self._ballots[member] = Ballot(rows, nominated.bids, even)
        self._slate = None

    def recall(self, envelope: Envelope) -> None:
        """Read in the log what the Selector did, before `note` takes what it heard."""
        body = envelope.body
        match body:
            case NominationsWanted():
                if body.round != self._round:
                    self._begin(body.round, body.version, body.count)
                self._asked.add(envelope.recipient)
            case NominationsSettled():
                self._sitting = self._sit()
                self._end([self._views.items.row(item) for item in body.items])
                self.owed = dict(zip(body.items, body.scores, strict=True))
            case ItemRequested():
                self.owed.pop(body.item, None)
