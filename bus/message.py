"""What agents send each other: a typed body in an envelope."""

import re
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

EVERYONE = "*"
"""The recipient of a message that goes to whoever has subscribed to its type."""


class Message(BaseModel):
    """Base class of all bodies: frozen, and strict about its fields.

    `kind` names the type in logs: the class name in small letters, joined by hyphens (`TaskAssigned` is "task-assigned").
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        cls.kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()


class Envelope(NamedTuple):
    """A message on its way, and what is known of it.

    Attributes:
        seq: place in the total order of the run's events, from 1.
        time: simulated microseconds at which it was sent.
        sender: the sending agent's name.
        recipient: the receiving agent's name, or EVERYONE.
        cause: seq of the event that this one follows from; None for a beginning.
        body: what is said.
    """

    seq: int
    time: int
    sender: str
    recipient: str
    cause: int | None
    body: Message

    @property
    def kind(self) -> str:
        """The name of the body's type."""
        return self.body.kind


class MailboxFull(Message):
    """Recorded by the bus when a mailbox had no room: for which message, and what the mailbox's rule made of it."""

    mailbox: str
    rule: str
    message: int


class MessageDropped(Message):
    """A fault of a link: the recipient never gets that message."""

    message: int
    to: str


class MessageDelayed(Message):
    """A fault of a link: the recipient gets that message at `until` (microseconds), or after the next one on the link.

    `until` is None for a message that is held back to arrive after the next one.
    """

    message: int
    to: str
    until: int | None


class MessageDuplicated(Message):
    """A fault of a link: the recipient gets that message twice."""

    message: int
    to: str


class MessageLost(Message):
    """The recipient was down, or went down before it had read that message."""

    message: int
    to: str


class MessageArrived(Message):
    """A message that was delayed, or that a service had missed and found in the log, is there now."""

    message: int
    to: str


class AgentCrashed(Message):
    """An agent went down, and with it what its mailbox held. `until`: when it comes back, in microseconds; None for never."""

    agent: str
    until: int | None


class AgentRestarted(Message):
    """An agent is back, with what it could learn of its past from the log."""

    agent: str
