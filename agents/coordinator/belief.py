"""What a policy has learnt from all the answers so far: how good people are, and what items may be."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agents.inference.answers import Floats
from agents.messages import Item, Label


class Revision(NamedTuple):
    """An item that got its label before, and the label that it should have now."""

    item: Item
    label: Label


class Belief(ABC):
    """One a campaign: the Coordinator keeps it, and tells it what happens; a policy finds it in its crowd.

    It knows what the Coordinator knows, in the order in which it came, and nothing else: so it can be made again from the log.

    Args:
        classes: the classes, in order.
    """

    def __init__(self, classes: Sequence[Label]) -> None:
        self.classes = tuple(classes)
        self.index = {label: index for index, label in enumerate(classes)}

    @abstractmethod
    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in an accepted answer."""

    @abstractmethod
    def posterior(self, item: Item) -> Floats:
        """Return the probability of each class for an item, by what was heard so far; shape (classes,)."""

    def know(self, item: Item, label: Label) -> None:  # noqa: B027 (not every belief makes use of it)
        """Learn what an item truly is: a gold question. It is told before any answer to it."""

    def settle(self, item: Item, label: Label) -> None:  # noqa: B027
        """Learn that an item got its label, after all the answers that it rests on; or got another."""

    @abstractmethod
    def forget(self, annotator: str) -> None:
        """Strike out all that somebody said: it is void."""

    def finish(self) -> None:  # noqa: B027
        """Learn that nothing more will be heard: what was put off is to be done now."""

    def revisions(self) -> Iterable[Revision]:
        """Return what has become of settled items since the last call: those whose label should be another now."""
        return ()
