"""A bounded queue with one reader, as each agent has one."""

import asyncio
from collections import deque
from typing import Any, Literal, NamedTuple

from bus.clock import VirtualLoop
from bus.message import Envelope

WhenFull = Literal["wait", "reject", "drop-oldest"]
"""What a full mailbox does: let the sender wait, refuse the newest message, or drop the oldest."""


class MailboxStatistics(NamedTuple):
    """How a mailbox is doing: messages held now, the most ever held, senders waiting for room, messages lost."""

    held: int
    peak: int
    waiting: int
    lost: int


class Mailbox:
    """Messages for one address, first in, first out.

    Args:
        address: the agent's name.
        capacity: messages it holds at most.
        when_full: what happens to a message for which there is no room.
    """

    __slots__ = (
        "_held",
        "_loop",
        "_lost",
        "_new_future",
        "_nudged",
        "_peak",
        "_reader",
        "_writers",
        "address",
        "capacity",
        "when_full",
    )

    def __init__(self, address: str, capacity: int = 1024, when_full: WhenFull = "wait") -> None:
        if capacity < 1:
            raise ValueError(f"a mailbox holds at least 1 message, but {address!r} was given {capacity}")
        self.address = address
        self.capacity = capacity
        self.when_full = when_full
        self._held: deque[Envelope] = deque()
        self._writers: deque[tuple[asyncio.Future[None], Envelope]] = deque()
        self._reader: asyncio.Future[Any] | None = None
        self._peak = 0
        self._lost = 0
        self._nudged = False
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self._loop = loop
        self._new_future = loop.new_future

    def __repr__(self) -> str:
        return f"mailbox {self.address!r} ({len(self._held)} of {self.capacity} held, {len(self._writers)} waiting)"

    def __len__(self) -> int:
        return len(self._held)

    def statistics(self) -> MailboxStatistics:
        """Return how the mailbox is doing."""
        return MailboxStatistics(len(self._held), self._peak, len(self._writers), self._lost)

    def offer(self, envelope: Envelope) -> bool:
        """Take a message if there is room, and return whether there was."""
        held = self._held
        count = len(held)
        # Senders wait only while the mailbox is full (see _admit), so that nobody overtakes one here.
        if count >= self.capacity:
            return False
        held.append(envelope)
        if count >= self._peak:
            self._peak = count + 1
        reader = self._reader
        if reader is not None and not reader.done():
            reader.set_result(None)
        return True

    async def put(self, envelope: Envelope) -> None:
        """Take a message for which there was no room, by the rule of this mailbox."""
        room = self.press(envelope)
        if room is not None:
            try:
                await self.admission(room)
            finally:
                self.withdraw(room)

    def press(self, envelope: Envelope) -> asyncio.Future[None] | None:
        """Do by the rule of this mailbox with a message for which there was no room.

        Returns:
            What is done when the message has moved in; None if the rule lets nobody wait.
        """
        if self.when_full == "wait":
            room: asyncio.Future[None] = self._new_future()
            self._writers.append((room, envelope))
            return room
        self._lost += 1
        if self.when_full == "drop-oldest":
            self._held.popleft()
            self.offer(envelope)
        return None

    async def admission(self, room: asyncio.Future[None]) -> None:
        """Wait until a message has moved in. A method, so that a stall can tell of which mailbox."""
        await room

    def withdraw(self, room: asyncio.Future[None]) -> None:
        """Take a message back, unless it has moved in: even at the instant of a cancellation, it is delivered or it is not."""
        room.cancel()
        if room.cancelled():
            self._writers = deque(writer for writer in self._writers if writer[0] is not room)

    def empty(self) -> list[Envelope]:
        """Take out all messages, those of waiting senders too, whom this sets free."""
        held = [*self._held, *(envelope for room, envelope in self._writers if not room.done())]
        for room, _ in self._writers:
            if not room.done():
                room.set_result(None)
        self._held.clear()
        self._writers.clear()
        self._nudged = False
        return held

    async def get(self) -> Envelope:
        """Return the oldest message, waiting for one if there is none."""
        held = self._held
        while not held:
            # Written out, not shared with get_before(): a coroutine more would be a tenth of a message's cost.
            if self._reader is not None:
                raise RuntimeError(f"{self!r} is read by two tasks at once")
            self._reader = reader = self._new_future()
            try:
                await reader
            finally:
                self._reader = None
        envelope = held.popleft()
        if self._writers:
            self._admit()
        return envelope

    async def get_before(self, due: int | None) -> Envelope | None:
        """Return the oldest message, or None if none has come by the instant `due` (microseconds), or before a nudge."""
        if not self._held and not self._nudged:
            if self._reader is not None:
                raise RuntimeError(f"{self!r} is read by two tasks at once")
            reader = self._new_future()
            if due is not None:
                self._loop.finish_at(due, reader)
            self._reader = reader
            try:
                await reader
            finally:
                self._reader = None
        self._nudged = False
        if not self._held:
            return None
        envelope = self._held.popleft()
        if self._writers:
            self._admit()
        return envelope

    def nudge(self) -> None:
        """Let `get_before` return at once, message or not: for an agent's own tasks to call it back to its affairs."""
        self._nudged = True
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _admit(self) -> None:
        """Move in the message of the sender who has waited longest: were he only woken, another could slip in before."""
        while self._writers:
            room, envelope = self._writers.popleft()
            if not room.done():
                self._held.append(envelope)
                room.set_result(None)
                return
