"""The judge: one member hears all, and decides."""

from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.pool import Pool
from agents.coordinator.vote import plurality
from agents.messages import Item, Label


class Judge(Pool):
    """One member takes no part in the talk, hears all others at the end, and decides."""

    kind: ClassVar[str] = "judge"

    who: str | None = None
    """Who that is; left out, or where they have not answered, one of the members by the luck of the item."""

    def judge(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> str | None:
        """Return the judge."""
        names = sorted(position.annotator for position in positions)
        # Each by luck of their own: who answers later hardly ever takes the place of somebody who has heard all.
        return self.who if self.who in names else max(names, key=lambda name: crowd.luck(item, f"judge {name}").bits())

    def label(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return what the judge holds."""
        judge = self.judge(item, positions, crowd)
        return next((each.label for each in positions if each.annotator == judge), plurality(positions, item, crowd))

    def people(self) -> Sequence[str]:
        """Return the judge."""
        return () if self.who is None else (self.who,)
