"""The judge: one member hears all, and decides."""

from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.crowd import Answer, Crowd, is_among
from agents.coordinator.pool import Pool
from agents.coordinator.vote import plurality
from agents.messages import Item, Label


class Judge(Pool):
    """One member takes no part in the talk, hears all others at the end, and decides.

    Where there is no need to talk, as enough of the members agree, the most frequent label is settled.
    """

    kind: ClassVar[str] = "judge"

    who: str | None = None
    """Who that is, or of which group; left out, or where none of these has answered, one of the members by the luck of the item."""

    def judge(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> str | None:
        """Return the judge."""
        names = sorted(position.annotator for position in positions)
        wanted = [name for name in names if is_among(name, self.people())] or names
        # Each by luck of their own: who answers later hardly ever takes the place of somebody who has heard all.
        return max(wanted, key=lambda name: crowd.luck(item, f"judge {name}").bits()) if len(wanted) > 1 else wanted[0]

    def label(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return what the judge holds."""
        judge = self.judge(item, positions, crowd)
        return next((each.label for each in positions if each.annotator == judge), plurality(positions, item, crowd))

    def undisputed(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the most frequent label: who has heard nobody is no judge."""
        return plurality(positions, item, crowd)

    def people(self) -> Sequence[str]:
        """Return the judge, if there is a certain one."""
        return () if self.who is None else (self.who,)
