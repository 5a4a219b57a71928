"""A bus on which messages get lost, late, twice or in the wrong order, and agents go down and come back.

Agents are of two kinds. Services share the log: what a link loses or jumbles they find there, in the order of the log, each message
once, so that a fault between services is a delay. People do not read logs: between them and a service messages may vanish, come
twice or overtake each other, and what is said must bear it.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bus.bus import BUS, MessageBus
from bus.clock import SECOND
from bus.faults import Fate, Plan
from bus.mailbox import Mailbox, WhenFull
from bus.message import (
    EVERYONE,
    AgentCrashed,
    AgentRestarted,
    Envelope,
    Message,
    MessageArrived,
    MessageDelayed,
    MessageDropped,
    MessageDuplicated,
    MessageLost,
)

FAULTS = (MessageDropped, MessageDelayed, MessageDuplicated, MessageLost, AgentCrashed)
"""What is recorded of faults; that something is there again is none."""

Room = asyncio.Future[None]
"""Done when a message for which there was no room has moved in."""


@dataclass
class Traffic:
    """Copies of messages, one for each recipient: `sent` is always the sum of the others.

    Attributes:
        sent: copies that set out, a second one of a message that a service found in the log among them.
        delivered: copies that a mailbox was given: they stand in it, or stood there, or wait for room.
        repeated: copies that a service had already.
        dropped: copies that a link lost.
        lost: copies whose recipient was down.
        in_flight: copies under way.
    """

    sent: int = 0
    delivered: int = 0
    repeated: int = 0
    dropped: int = 0
    lost: int = 0
    in_flight: int = 0


@dataclass(slots=True, eq=False)
class _Parcel:
    """A copy of a message on its way, in the order of the log if that is how its recipient reads.

    `there` once it has arrived, though it may wait for an earlier one; `gone` if its recipient went down meanwhile.
    """

    envelope: Envelope
    mailbox: Mailbox
    in_order: bool
    there: bool = False
    gone: bool = False


class FaultyBus(MessageBus):
    """Delivers messages as a plan of faults lets it, and remembers all of them.

    Args:
        record: as for every bus.
        plan: what goes wrong.
        services: names of those who share the log.
    """

    def __init__(self, record: Callable[[Envelope], None], plan: Plan, services: Collection[str]) -> None:
        self.history: list[Envelope] = []
        """All events so far: the log, as services read it."""
        self.traffic = Traffic()
        self._faults: Counter[str] = Counter()
        self._plan = plan
        self._services = frozenset(services)
        self._down: set[str] = set()
        self._in_order: dict[str, deque[_Parcel]] = {}
        self._loose: dict[str, dict[_Parcel, None]] = {}
        self._held_back: dict[tuple[str, str], _Parcel] = {}

        def remember(envelope: Envelope) -> None:
            self.history.append(envelope)
            record(envelope)

        super().__init__(remember)

    @property
    def faults(self) -> dict[str, int]:
        """Faults so far, by the kind of their events, in alphabetical order."""
        return dict(sorted(self._faults.items()))

    @property
    def down(self) -> frozenset[str]:
        """Who is down."""
        return frozenset(self._down)

    def subscribe(self, address: str, *types: type[Message], capacity: int = 1024, when_full: WhenFull = "wait") -> Mailbox:
        """Open a mailbox; an agent that comes back finds its old one, empty."""
        if address in self._down:
            return self._mailboxes[address]
        mailbox = super().subscribe(address, *types, capacity=capacity, when_full=when_full)
        self._in_order[address] = deque()
        self._loose[address] = {}
        return mailbox

    async def publish(
        self,
        body: Message,
        sender: str,
        to: str = EVERYONE,
        cause: Envelope | int | None = None,
        timeout: int | None = None,
    ) -> Envelope:
        """Send a message, as every bus does, but for the faults; once said, it waits for room even if its sender goes down."""
        recipient = self._mailboxes.get(to)
        if recipient is None and to != EVERYONE:
            raise self._unknown(body, sender, to)
        envelope = self._enter(body, sender, to, cause)
        recipients = [recipient] if recipient is not None else self._subscribers.get(type(body), [])
        sent = [(mailbox, self._send(envelope, mailbox)) for mailbox in recipients]
        rooms = [(mailbox, room) for mailbox, room in sent if room is not None]
        if rooms:
            await self._wait(rooms, envelope, timeout)
        return envelope

    def read_up(self, address: str) -> None:
        """Hand over at once what a service would find in the log."""
        for parcel in [*self._in_order[address]]:
            if not parcel.there:
                self._arrive(parcel)

    # Agents

    def bring_down(self, address: str, until: int | None) -> None:
        """Let an agent be down: what its mailbox holds is lost, and so is what is on its way, until it comes back.

        Args:
            address: the agent's name.
            until: the instant at which it will be back, in microseconds; None for never.
        """
        self._enter_fault(AgentCrashed(agent=address, until=until), None)
        self._down.add(address)
        for envelope in self._mailboxes[address].empty():
            self.traffic.delivered -= 1
            self._lose(envelope, address)
        for parcel in [*self._in_order[address], *self._loose[address]]:
            parcel.gone = True
            self.traffic.in_flight -= 1
            self._lose(parcel.envelope, address)
        self._in_order[address].clear()
        self._loose[address].clear()

    def bring_up(self, address: str) -> None:
        """Let an agent be there again."""
        self._down.discard(address)
        self._enter(AgentRestarted(agent=address), BUS, EVERYONE, None)

    # Messages

    async def _wait(self, rooms: list[tuple[Mailbox, Room]], envelope: Envelope, timeout: int | None) -> None:
        try:
            async with asyncio.timeout(None if timeout is None else timeout / SECOND):
                for mailbox, room in rooms:
                    # Shielded: what a sender said who goes down stands in the log, and is not taken back.
                    await mailbox.admission(asyncio.shield(room))
        except TimeoutError:
            for mailbox, room in rooms:
                mailbox.withdraw(room)
                if room.cancelled():
                    self.traffic.delivered -= 1
                    self._lose(envelope, mailbox.address)
            raise

    def _send(self, envelope: Envelope, mailbox: Mailbox) -> Room | None:
        """Send one copy of a message on its way; return what its sender has to wait for, if there is no room."""
        link = (envelope.sender, mailbox.address)
        fate = self._plan.fate(*link, self._loop.now)
        self.traffic.sent += 1
        if mailbox.address in self._down:
            self._lose(envelope, mailbox.address)
            return None
        parcel = _Parcel(envelope, mailbox, in_order=self._services.issuperset(link))
        self.traffic.in_flight += 1
        if parcel.in_order:
            self._in_order[mailbox.address].append(parcel)
        else:
            self._loose[mailbox.address][parcel] = None
        overtaken = self._held_back.pop(link, None)
        room = self._hand_over(parcel) if fate is None else self._suffer(parcel, fate)
        if overtaken is not None:
            self._arrive(overtaken)
        return room

    def _suffer(self, parcel: _Parcel, fate: Fate) -> Room | None:
        seq, to, now = parcel.envelope.seq, parcel.mailbox.address, self._loop.now
        match fate.does:
            case "drop":
                self._note(MessageDropped(message=seq, to=to), parcel)
                self.traffic.dropped += 1
                if parcel.in_order:
                    self.traffic.sent += 1
                    self._set_out(parcel, now + self._plan.retry)
                else:
                    self.traffic.in_flight -= 1
                    del self._loose[to][parcel]
            case "delay":
                self._note(MessageDelayed(message=seq, to=to, until=now + fate.by), parcel)
                self._set_out(parcel, now + fate.by)
            case "reorder":
                self._note(MessageDelayed(message=seq, to=to, until=None), parcel)
                self._held_back[parcel.envelope.sender, to] = parcel
                # Should no other message follow.
                self._set_out(parcel, now + self._plan.retry)
            case "duplicate":
                self._note(MessageDuplicated(message=seq, to=to), parcel)
                return self._hand_over_twice(parcel)
        return None

    def _hand_over_twice(self, parcel: _Parcel) -> Room | None:
        room = self._hand_over(parcel)
        self.traffic.sent += 1
        if parcel.in_order:
            self.traffic.repeated += 1
        else:
            self._drop_in(parcel)
        return room

    def _set_out(self, parcel: _Parcel, due: int) -> None:
        self._loop.call_at_instant(due, self._arrive, parcel)

    def _arrive(self, parcel: _Parcel) -> None:
        if parcel.gone or parcel.there:
            return
        self._note(MessageArrived(message=parcel.envelope.seq, to=parcel.mailbox.address), parcel)
        self._hand_over(parcel)

    def _hand_over(self, parcel: _Parcel) -> Room | None:
        """Put a parcel into the mailbox, and those that have waited for it; return what is done once there is room for it."""
        parcel.there = True
        if not parcel.in_order:
            del self._loose[parcel.mailbox.address][parcel]
            self.traffic.in_flight -= 1
            return self._drop_in(parcel)
        waiting, room = self._in_order[parcel.mailbox.address], None
        while waiting and waiting[0].there:
            first = waiting.popleft()
            self.traffic.in_flight -= 1
            moved = self._drop_in(first)
            if first is parcel:
                room = moved
        return room

    def _drop_in(self, parcel: _Parcel) -> Room | None:
        self.traffic.delivered += 1
        if self._answers_a_question(parcel.envelope) or parcel.mailbox.offer(parcel.envelope):
            return None
        # At once, lest what comes after it stand before it in the queue.
        return self._press(parcel.mailbox, parcel.envelope)

    def _lose(self, envelope: Envelope, address: str) -> None:
        self.traffic.lost += 1
        self._enter_fault(MessageLost(message=envelope.seq, to=address), envelope)

    def _note(self, event: Message, parcel: _Parcel) -> None:
        self._enter_fault(event, parcel.envelope)

    def _enter_fault(self, event: Message, cause: Envelope | None) -> None:
        """Record what happens to a message or an agent, and count what is a fault."""
        if isinstance(event, FAULTS):
            self._faults[event.kind] += 1
        self._enter(event, BUS, EVERYONE, cause)
