"""A tender: a question for which people bid; and by which rules it is awarded."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agents.coordinator.allocation import Router
from agents.coordinator.request import Request
from agents.messages import Item
from agents.negotiation import Proposed
from bus.message import Envelope


class Award(NamedTuple):
    """Who is to do it, and for how much, in millionths."""

    name: str
    price: int


class Tender:
    """A call for proposals that is not decided yet.

    Attributes:
        number: it is known by it.
        request: what is to be done.
        lots: how many people are wanted.
        awaited: those who have not replied yet, in the order of chance in which they were called.
        called: all who were called, in that order.
        bids: what was bid, by name.
        due: when it is decided at the latest, in microseconds.
    """

    __slots__ = ("awaited", "bids", "called", "due", "lots", "number", "request")

    def __init__(self, number: int, request: Request, lots: int, called: list[str], due: int) -> None:
        self.number, self.request, self.lots, self.due = number, request, lots, due
        self.called = called
        self.awaited = dict.fromkeys(called)
        self.bids: dict[str, Envelope] = {}


class Tendering(Router):
    """A router that has people bid: it matches nobody by itself. All that it knows of people is what they say.

    Attributes:
        candidates: people called for each one who is wanted; None for all.
        deadline: microseconds after which a tender is decided, whoever has replied; None for as long as suits the campaign.
        again: microseconds after which people are called again, all having refused; after each further time, twice as long.
        at_once: tenders that may be open at the same time; None for any number.
        reserve: the most that is paid, in millionths; None for any price.
    """

    candidates: int | None
    deadline: int | None
    again: int
    at_once: int | None = None
    reserve: int | None = None

    def match(self, requests: Iterable[Request], idle: Mapping[str, None]) -> tuple[Request, str] | None:
        """Return no pair: who is asked comes of their bids."""
        return None

    @abstractmethod
    def awards(self, bids: Mapping[str, Proposed], lots: int) -> list[Award]:
        """Return who is to do it, the best first: perhaps more than are wanted, to take the place of those who cannot be asked.

        Args:
            bids: what was bid, by name, in an order of chance: of equals, the first goes first.
            lots: how many people are wanted.
        """

    def promise(self, name: str, item: Item, attempt: int, eta: int, time: int) -> None:
        """Learn that somebody was given a task who bid to be done after so many microseconds."""

    def end(self, name: str, item: Item, attempt: int, time: int) -> None:
        """Learn that a task is answered, or its lease has ended."""
