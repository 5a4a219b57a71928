"""What the coordinator says of people and items, and what people say to it."""

from agents.messages import AnswerSubmitted, Item, ItemGivenUp
from bus.clock import SECOND
from bus.message import Message
from tests.agents.coordinator.desk import Desk


def told(desk: Desk, kind: type[Message]) -> list[tuple[float, str]]:
    """Return second and annotator of what the coordinator says of annotators."""
    return [(event.time / SECOND, event.body.annotator) for event in desk.record.of(kind)]


def given_up(desk: Desk) -> list[tuple[float, Item, str]]:
    return [(event.time / SECOND, event.body.item, event.body.reason) for event in desk.record.of(ItemGivenUp)]


def answer(item: Item, label: str = "yes", attempt: int = 0) -> AnswerSubmitted:
    return AnswerSubmitted(item=item, attempt=attempt, label=label, began=None)
