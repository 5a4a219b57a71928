"""Bills: what the work on each item has cost, and how long it took."""

from collections.abc import Callable
from typing import Any

from agents.coordinator.ledger import MILLIONTHS
from agents.coordinator.replies import PAID
from agents.messages import Item, ItemBilled
from agents.open_item import Vote
from agents.person import Task
from agents.state import State

_PAID = frozenset(reply.kind for reply in PAID)


class Bills:
    """What was paid for the accepted answers to each item, and how long these took: first answers, rounds, and abstentions."""

    def __init__(self) -> None:
        self._of: dict[Item, tuple[int, int]] = {}

    def add(self, item: Item, price: int, time: int) -> None:
        """Take note of an answer, at its price in millionths, and of the microseconds spent on it, 0 where nobody knows."""
        paid, taken = self._of.get(item, (0, 0))
        self._of[item] = paid + price, taken + time

    def of(self, item: Item) -> ItemBilled:
        """Return the bill of an item, for all that was done so far."""
        price, time = self._of.get(item, (0, 0))
        return ItemBilled(item=item, price=price / MILLIONTHS, time=time)


class Recount(State):
    """The fold of a campaign's events that writes the bills once more.

    Args:
        heed: as for State.
        bills: the bills.
    """

    def __init__(self, heed: Callable[[Item, Vote], None], bills: Bills) -> None:
        super().__init__(heed)
        self._bills = bills

    def _accept(self, task: Task, answer: dict[str, Any]) -> None:
        super()._accept(task, answer)
        if answer["kind"] in _PAID:
            began = answer["body"]["began"]
            self._bills.add(task.item, task.price, 0 if began is None else answer["t"] - began)
