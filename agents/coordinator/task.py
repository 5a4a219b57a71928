"""A task, and the terms on which people work."""

from collections.abc import Mapping
from typing import NamedTuple

from agents.coordinator.request import Request
from agents.messages import Item, View


class Terms(NamedTuple):
    """On what terms people work.

    Attributes:
        lease: microseconds in which an answer is due; None for ever.
        pay_cancelled: whether a cancelled task is paid, the work on it having begun.
        retry: microseconds of silence after which somebody is reminded of a task; None where no message is ever lost.
        tries: reminders without a word after which somebody counts as away.
        quotas: how many answers are taken of some people at most; None where nobody has a quota.
    """

    lease: int | None = None
    pay_cancelled: bool = True
    retry: int | None = None
    tries: int = 5
    quotas: Mapping[str, int] | None = None


class Task:
    """A task that an annotator has. Not live any more, its answer will be late. `silent`: reminders without a word.

    `request` is None for a task of before a restart whose policy has not asked for its answer yet. `view` is what they are shown.
    """

    __slots__ = ("attempt", "due", "item", "live", "name", "price", "request", "seq", "silent", "view")

    def __init__(
        self,
        name: str,
        item: Item,
        request: Request | None,
        attempt: int,
        price: int,
        seq: int,
        due: int | None,
        view: View | None = None,
    ) -> None:
        self.name = name
        self.item = item
        self.request = request
        self.attempt = attempt
        self.price = price
        self.seq = seq
        self.due = due
        self.view = view
        self.live = True
        self.silent = 0

    @property
    def turn(self) -> int:
        """The round that it belongs to; 0 for a first answer."""
        return 0 if self.view is None else self.view[0]
