"""Debate: every answer that is heard counts as evidence."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, draw
from agents.annotator.saying import Said
from agents.annotator.social import Position, Social
from bus.chance import Luck


class Debate(Social):
    """Every answer that is heard counts as evidence, as among language models that debate.

    Their belief is a Dirichlet distribution, at first of mean what their noise has as their answer's chances; each label that they
    hear adds 1 to its class, and each of their labels is drawn from the mean (Choi, Zhu and Li, 2025). Where all begin with the
    same `concentration` and hear as many, how probably each is right is a martingale: debate adds nothing to it, and takes from
    the vote.
    """

    kind: ClassVar[str] = "debate"

    concentration: Annotated[float, Field(gt=0, le=1e6)] = 10.0
    """How many answers their own first opinion counts for."""

    def position(self, said: Said, chances: Chances) -> Position:
        """Return what they hold: what their noise draws from, and the label that it drew."""
        assert said.label is not None
        return Position(said.label, tuple(chances), said.confidence, self.concentration)

    def revised(self, own: Position, first: Position, heeded: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold when they have heard others, and a label that is drawn from it."""
        mass = own.mass or self.concentration
        counts = [mass * chance for chance in own.spread(case.classes)]
        for each in heeded:
            counts[each.label] += 1
        mass += len(heeded)
        chances = tuple(count / mass for count in counts)
        label = draw(chances, case.truth, luck)
        return Position(label, chances, None if own.confidence is None else chances[label], mass)
