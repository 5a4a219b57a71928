"""What all agents are: a name, an inbox, a run()."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any

import structlog

from bus.bus import MessageBus
from bus.message import EVERYONE, Envelope, Message


class Agent(ABC):
    """Takes part in a campaign by messages alone.

    Args:
        name: its address on the bus.
        bus: the bus.
        types: what it wants of that which is sent to everyone.
        capacity: messages its mailbox holds.
    """

    def __init__(self, name: str, bus: MessageBus, *types: type[Message], capacity: int = 1024) -> None:
        self.name = name
        self.bus = bus
        self.loop = bus.loop
        self.inbox = bus.subscribe(name, *types, capacity=capacity)
        self.log = structlog.get_logger().bind(agent=name)

    @abstractmethod
    async def run(self) -> object:
        """Read the inbox and act, until cancelled or done."""

    @abstractmethod
    def rebuild(self, history: list[Envelope]) -> None:
        """Take up, before `run`, where the agent of this name was when it went down, by all events of the run so far."""

    def send(self, body: Message, to: str = EVERYONE, cause: Envelope | int | None = None) -> Coroutine[Any, Any, Envelope]:
        """Publish a message as this agent's: to be awaited."""
        return self.bus.publish(body, self.name, to, cause)
