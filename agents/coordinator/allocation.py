"""Allocation: which of the waiting people gets which of the waiting questions."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from agents.component import Component
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.messages import Item, Label
from bus.chance import Chance
from bus.clock import VirtualLoop


class Workforce(NamedTuple):
    """What an allocation may know when a campaign begins.

    Attributes:
        people: the annotators, in the order of the scenario.
        prices: what an answer of each costs, in millionths.
        classes: the classes there are.
        chance: the run's randomness.
        loop: the clock.
        topics: what each item is about, where the data say so; empty where they do not.
    """

    people: Sequence[str]
    prices: Mapping[str, int]
    classes: Sequence[Label]
    chance: Chance
    loop: VirtualLoop
    topics: Mapping[Item, str]


class Router(ABC):
    """An allocation at work in one campaign. It may remember, but only what follows from what it is told, and from its luck."""

    learns: ClassVar[bool] = False
    """Whether it wants to be told of answers and labels."""

    @abstractmethod
    def match(self, requests: Iterable[Request], idle: Mapping[str, None]) -> tuple[Request, str] | None:
        """Return the next pair, or None if there is none to be made now.

        Args:
            requests: those that lack people, oldest first.
                idle: names of the people without a task whom the budget affords, longest idle first.
        """

    def meet(self, roll: Roll, nudge: Callable[[], None]) -> None:  # noqa: B027 (not every router waits for anybody)
        """Learn, before anything is wanted, where it stands who is there.

        Args:
            roll: who is there; it changes.
            nudge: has pairs looked for anew, nothing else having happened.
        """

    def want(self, request: Request) -> None:  # noqa: B027 (not every router prepares)
        """Learn that a request lacks people: a new one, or one that lacks another."""

    def done(self, request: Request) -> None:  # noqa: B027
        """Learn that a request lacks nobody any more: it has whom it wants, or is over."""

    async def dismiss(self, request: Request) -> None:  # noqa: B027
        """Learn, before it is done, that a request is over, and say so to those who have been asked whether they would take it."""

    def hear(self, item: Item, annotator: str, label: Label) -> None:  # noqa: B027
        """Learn of an accepted answer."""

    def know(self, item: Item, label: Label) -> None:  # noqa: B027
        """Learn what an item truly is: a gold question."""

    def settle(self, item: Item, label: Label) -> None:  # noqa: B027
        """Learn that an item got its label, or another."""

    def forget(self, annotator: str) -> None:  # noqa: B027
        """Learn that all that somebody said is void."""


class Allocation(Component):
    """Brings together questions that wait for people and people who wait for questions."""

    def needs_topics(self) -> bool:
        """Return whether it cannot do without knowing what items are about."""
        return False

    def clusters(self) -> int | None:
        """Return how many clusters of items, by their features, are to take the place of topics; None if none are."""
        return None

    @abstractmethod
    def router(self, workforce: Workforce) -> Router:
        """Return what brings them together in one campaign."""
