"""Families: people, or language models of one make, who err together."""

from abc import abstractmethod
from collections.abc import Set
from typing import Annotated

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Fact
from agents.component import Component
from bus.chance import Luck


class Family(Component):
    """How the members of a family err together: most kinds leave each as often right as alone, but on the same items.

    What they share is drawn once an item, so that it is the same whoever of them is asked, and when.
    """

    name: Annotated[str, Field(min_length=1, max_length=64)]
    """The family's name: who gives the same one shares its draws, whatever group they are of."""

    @abstractmethod
    def answer(self, chances: Chances, case: Case, luck: Luck) -> int:
        """Return the index of the class that a member answers.

        Args:
            chances: the probability of each answer, were they alone.
            case: the item, and what is true of it.
            luck: the member's own draws.
        """

    def check(self, classes: int) -> None:
        """Raise ValueError if this family cannot answer about that many classes."""

    def check_kin(self, other: "Family") -> None:
        """Raise ValueError if somebody of the same name, whose family this is to them, is of another family."""
        if type(other) is not type(self):
            raise ValueError(f"members of one family err in one way, but the one is {self.kind!r} and the other {other.kind!r}")

    def needs(self) -> Set[Fact]:
        """Return what these answers go by, beside the truth."""
        return frozenset()
