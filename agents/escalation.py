"""The vocabulary of escalation: items that go to somebody else, because it is in doubt what they are."""

from agents.messages import Item
from bus.message import Message


class ItemEscalated(Message):
    """An item goes to a higher tier, and has a place there until it goes on or ends; the Coordinator to everyone.

    The lowest `tier`, where items begin, is 1.
    """

    item: Item
    tier: int
