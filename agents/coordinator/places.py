"""The places: how many items are with each tier of an escalation, and which wait until there is room for them."""

from asyncio import Future
from collections import Counter, OrderedDict
from typing import NamedTuple

from agents.coordinator.docket import Docket
from agents.escalation import ItemEscalated
from agents.messages import Item
from bus.bus import MessageBus
from bus.mailbox import Mailbox
from bus.message import EVERYONE


class _Waiting(NamedTuple):
    room: int
    done: "Future[None]"


class Places:
    """Says which items go to a higher tier, in the coordinator's name. Each has a place there until it goes on, or ends.

    Args:
        name: the coordinator's.
        bus: the bus.
        inbox: the coordinator's, to be nudged when there may be nothing left that can go on.
        docket: the items.
    """

    def __init__(self, name: str, bus: MessageBus, inbox: Mailbox, docket: Docket) -> None:
        self.escalated = 0
        """How often an item went up."""
        self.granted = 0
        """Places that were waited for, and whose policies have not run yet."""
        self._name, self._bus, self._inbox, self._docket = name, bus, inbox, docket
        self._tiers: dict[Item, int] = {}
        self._counts: Counter[int] = Counter()
        self._waiting: dict[int, OrderedDict[Item, _Waiting]] = {}

    async def enter(self, item: Item, tier: int, room: int | None, waits: bool) -> bool:
        """Give an item a place at a tier, if there is one or it waits for it, and return whether it has one; see Crowd.escalate."""
        case = self._docket.open[item]
        if case.tier >= tier:
            # It had one before a restart.
            return True
        if room is not None and self._counts[tier] >= room:
            if not waits:
                return False
            await self._wait(item, tier, room)
        else:
            self.leave(item)
            self._take(item, tier)
        case.tier = tier
        self.escalated += 1
        case.seq = (await self._bus.publish(ItemEscalated(item=item, tier=tier), self._name, EVERYONE, case.seq)).seq
        return True

    async def _wait(self, item: Item, tier: int, room: int) -> None:
        """Wait until an item has a place, those that came before it having theirs."""
        # Whoever waits above keeps no place below: two tiers cannot wait for each other.
        self.leave(item)
        waiting = self._waiting.setdefault(tier, OrderedDict())
        each = waiting[item] = _Waiting(room, self._bus.loop.new_future())
        # Perhaps the money for those who have a place is spent, which is for the coordinator to see.
        self._inbox.nudge()
        try:
            await each.done
        finally:
            self.granted -= waiting.pop(item, None) is None

    def leave(self, item: Item) -> None:
        """Take an item's place away, if it has one, and give it to who waits for it."""
        tier = self._tiers.pop(item, None)
        if tier is None:
            return
        self._counts[tier] -= 1
        waiting: OrderedDict[Item, _Waiting] = self._waiting.get(tier, OrderedDict())
        for other, each in [*waiting.items()]:
            if self._counts[tier] >= each.room:
                break
            # Who is stopped while it waits is called no more.
            if not each.done.done():
                del waiting[other]
                self._take(other, tier)
                self.granted += 1
                each.done.set_result(None)

    def _take(self, item: Item, tier: int) -> None:
        self._tiers[item] = tier
        self._counts[tier] += 1

    def rebuild(self, escalated: int) -> None:
        """Take over what the log tells, the docket having been read: before any policy asks, everybody has their place."""
        self.escalated = escalated
        for item, case in self._docket.open.items():
            if case.tier:
                self._take(item, case.tier)
