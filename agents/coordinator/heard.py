"""What the coordinator has heard: an answer counts once, however often it comes."""

from collections.abc import Iterable

from agents.messages import AbstentionSubmitted, AnswerSubmitted, Item, TaskDeclined, TaskReturned
from agents.negotiation import PositionStated
from bus.message import Envelope, MessageArrived, MessageDelayed, MessageDropped, MessageLost

Key = tuple[str, Item, int]
"""Annotator, item and attempt."""


class Heard:
    """The tasks whose answers have come.

    Args:
        remembers: whether to remember them: needed only where messages may get lost or come twice.
    """

    def __init__(self, remembers: bool) -> None:
        self.keys: set[Key] = set()
        self.remembers = remembers

    def again(self, key: Key) -> bool:
        """Return whether an answer has come before, and remember it."""
        if not self.remembers:
            return False
        known = key in self.keys
        self.keys.add(key)
        return known


def heard_of(history: Iterable[Envelope]) -> set[Key]:
    """Return the tasks, by annotator, item and attempt, of which the log says that their answers have come."""
    heard: dict[int, Key] = {}
    travelling: dict[int, Key] = {}
    for envelope in history:
        match envelope.body:
            case AnswerSubmitted() | PositionStated() | AbstentionSubmitted() | TaskDeclined() | TaskReturned() as said:
                heard[envelope.seq] = (envelope.sender, said.item, said.attempt)
            case MessageDropped(message=seq) | MessageLost(message=seq):
                heard.pop(seq, None)
            case MessageDelayed(message=seq) if seq in heard:
                travelling[seq] = heard.pop(seq)
            case MessageArrived(message=seq) if seq in travelling:
                heard[seq] = travelling.pop(seq)
    return set(heard.values())
