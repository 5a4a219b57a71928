"""Gold questions as a table of a scenario file: how many, when, and what is made of the answers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from agents.coordinator.screening.skill_test import AnySkillTest, Sprt
from bus.chance import Luck
from bus.table import Table


class Gold(Table):
    """`[coordination.gold]`: gold questions, mixed in unseen, and the test that blocks whom they find out."""

    first: Annotated[int, Field(ge=0)] | None = None
    """So many of everybody's first tasks are gold; left out, 0, or with a pass mark all of its questions."""
    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Probability that a further task is gold; left out, 0."""
    every: Annotated[int, Field(ge=2)] | None = None
    """Each so-manieth further task is gold; left out, none."""
    test: AnySkillTest = Sprt()
    """What is made of the answers."""
    retroactive: bool = False
    """Whether all becomes void that somebody said who is blocked: items that rest on it are opened again."""

    @model_validator(mode="after")
    def _asks_something_once(self) -> Self:
        if self.share is not None and self.every is not None:
            raise ValueError("coordination.gold has share and every, but a task is gold by chance or by its turn: leave one out")
        length = self.test.length
        if length is not None:
            if self.share is not None or self.every is not None:
                raise ValueError("coordination.gold: a pass mark is decided by everybody's first tasks; leave share and every out")
            if self.first not in (None, length):
                raise ValueError(
                    f"coordination.gold.first is {self.first}, but the pass mark has {length} questions; leave first out"
                )
        elif not self.first and self.share is None and self.every is None:
            raise ValueError("coordination.gold asks no gold questions; set first, share or every")
        return self

    @property
    def beginning(self) -> int:
        """How many of everybody's first tasks are gold."""
        return self.first or self.test.length or 0

    def is_due(self, number: int, luck: Luck) -> bool:
        """Return whether somebody's task is gold.

        Args:
            number: how many tasks they were given before it.
            luck: for this person and this task.
        """
        further = number - self.beginning
        if further < 0:
            return True
        if self.share is not None:
            return luck.uniform() < self.share
        return self.every is not None and further % self.every == self.every - 1
