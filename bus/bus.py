"""The message bus: addresses, subscriptions, questions and answers.

What it promises: messages from one agent to another arrive in the order in which they were sent, each at most once. Publishing
completes without giving up control while the recipients have room.
"""

import asyncio
import json
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from bus.clock import SECOND, VirtualLoop
from bus.mailbox import Mailbox, MailboxStatistics, WhenFull
from bus.message import EVERYONE, Envelope, MailboxFull, Message

BUS = "bus"
"""The name under which the bus itself records what happens to messages."""

_new_tuple = tuple.__new__


def _forget(envelope: Envelope) -> None:
    """Record nothing."""


class UnknownAddress(LookupError):
    """A message was sent to a name at which nobody has a mailbox."""


class MessageBus:
    """Delivers messages between the agents of one run, in simulated time.

    Args:
        record: called with every envelope, in order of `seq`, before it is delivered.
    """

    def __init__(self, record: Callable[[Envelope], None]) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self._loop = loop
        self._record = record
        self._seq = 0
        self._mailboxes: dict[str, Mailbox] = {}
        self._subscribers: dict[type[Message], list[Mailbox]] = {}
        self._questions: dict[int, tuple[str, asyncio.Future[Envelope]]] = {}

    @property
    def loop(self) -> VirtualLoop:
        """The event loop, and with it the clock."""
        return self._loop

    @property
    def events(self) -> int:
        """How many events there have been."""
        return self._seq

    @property
    def faults(self) -> dict[str, int]:
        """Faults so far, by the kind of their events: none, on a bus that is sound."""
        return {}

    @property
    def down(self) -> frozenset[str]:
        """Who is down: nobody, on a bus that is sound."""
        return frozenset()

    def subscribe(self, address: str, *types: type[Message], capacity: int = 1024, when_full: WhenFull = "wait") -> Mailbox:
        """Open the mailbox of an address, for what is sent to it and for what of these types is sent to everyone.

        Raises:
            ValueError: the address is taken, or could not stand in a log as it is.
        """
        if address in self._mailboxes or address in (BUS, EVERYONE):
            raise ValueError(f"the address {address!r} is taken")
        if json.dumps(address, ensure_ascii=False) != f'"{address}"':
            raise ValueError(f"the address {address!r} holds a quote, a backslash or a control character")
        mailbox = self._mailboxes[address] = Mailbox(address, capacity, when_full)
        for message_type in types:
            self._subscribers.setdefault(message_type, []).append(mailbox)
        return mailbox

    def statistics(self) -> dict[str, MailboxStatistics]:
        """Return how each mailbox is doing, by address."""
        return {address: mailbox.statistics() for address, mailbox in self._mailboxes.items()}

    def read_up(self, address: str) -> None:
        """Hand over at once what an agent has missed; nothing, where nothing is ever missed."""

    def fall_silent(self) -> None:
        """Record nothing more: what agents do while a run breaks up is not part of it, and not in the order it would have had."""
        self._record = _forget

    async def publish(
        self,
        body: Message,
        sender: str,
        to: str = EVERYONE,
        cause: Envelope | int | None = None,
        timeout: int | None = None,
    ) -> Envelope:
        """Send a message to one agent, or to all who have subscribed to its type.

        Args:
            body: what is said.
            sender: name of the sending agent.
            to: name of the receiving agent, or EVERYONE.
            cause: the message (or the seq of the event) that this one follows from.
            timeout: microseconds to wait for room at most, where a full mailbox lets senders wait; None to wait for ever.

        Raises:
            UnknownAddress: nobody has that name.
            TimeoutError: there was no room in time, and the message is withdrawn.
        """
        recipient = self._mailboxes.get(to)
        if recipient is None and to != EVERYONE:
            raise self._unknown(body, sender, to)
        # _enter(), written out: a call less for every message.
        self._seq = seq = self._seq + 1
        after = cause.seq if type(cause) is Envelope else cause
        envelope: Envelope = _new_tuple(Envelope, (seq, self._loop._now, sender, to, after, body))
        self._record(envelope)
        if recipient is None:
            full = [mailbox for mailbox in self._subscribers.get(type(body), ()) if not mailbox.offer(envelope)]
            if full:
                await self._overflow(full, envelope, timeout)
        elif self._questions and self._answers_a_question(envelope):
            return envelope
        elif not recipient.offer(envelope):
            await self._overflow([recipient], envelope, timeout)
        return envelope

    async def ask(
        self, body: Message, sender: str, to: str, timeout: int | None = None, cause: Envelope | int | None = None
    ) -> Envelope:
        """Send a message and return the first message to `sender` whose cause it is.

        A reply that comes after the timeout is delivered to the sender's mailbox, as any message is.

        Args:
            body, sender, to, cause: as for `publish`.
            timeout: microseconds to wait for room and for the reply; None to wait for ever.

        Raises:
            TimeoutError: there was no reply in time.
        """
        seq = self._seq + 1
        reply: asyncio.Future[Any] = self._loop.create_future()
        if timeout is not None:
            self._loop.finish_at(self._loop.now + timeout, reply)
        self._questions[seq] = (sender, reply)
        try:
            await self.publish(body, sender, to, cause, timeout)
            answer: Envelope | None = await reply
        finally:
            self._questions.pop(seq, None)
        if answer is None:
            raise TimeoutError(f"{to!r} did not reply to {body.kind} of {sender!r} within {timeout} microseconds")
        return answer

    async def reply(self, question: Envelope, body: Message, sender: str) -> Envelope:
        """Send a message back to whoever sent `question`."""
        return await self.publish(body, sender, question.sender, question)

    def _enter(self, body: Message, sender: str, to: str, cause: Envelope | int | None) -> Envelope:
        self._seq = seq = self._seq + 1
        # Envelope(...) would go through a Python __new__ with keyword handling.
        after = cause.seq if type(cause) is Envelope else cause
        envelope: Envelope = _new_tuple(Envelope, (seq, self._loop._now, sender, to, after, body))
        self._record(envelope)
        return envelope

    def _unknown(self, body: Message, sender: str, to: str) -> UnknownAddress:
        near = get_close_matches(to, self._mailboxes, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return UnknownAddress(f"{sender!r} sent {body.kind} to {to!r}, where nobody is{hint}")

    def _answers_a_question(self, envelope: Envelope) -> bool:
        question = None if envelope.cause is None else self._questions.get(envelope.cause)
        if question is None:
            return False
        asker, reply = question
        if envelope.recipient != asker or reply.done():
            return False
        reply.set_result(envelope)
        return True

    async def _overflow(self, full: list[Mailbox], envelope: Envelope, timeout: int | None) -> None:
        # The message stands in every queue before anybody waits, lest a later one of the same sender arrive before it.
        rooms = [(mailbox, room) for mailbox in full if (room := self._press(mailbox, envelope)) is not None]
        try:
            async with asyncio.timeout(None if timeout is None else timeout / SECOND):
                for mailbox, room in rooms:
                    await mailbox.admission(room)
        finally:
            for mailbox, room in rooms:
                mailbox.withdraw(room)

    def _press(self, mailbox: Mailbox, envelope: Envelope) -> asyncio.Future[None] | None:
        event = MailboxFull(mailbox=mailbox.address, rule=mailbox.when_full, message=envelope.seq)
        self._enter(event, BUS, EVERYONE, envelope)
        return mailbox.press(envelope)
