"""Debate: every answer that is heard counts as evidence."""

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, draw
from agents.annotator.saying import Said, assured, log_odds, sigmoid
from agents.annotator.social import Position, Social
from bus.chance import Luck


class Debate(Social):
    """Every answer that is heard counts as evidence, as among language models that debate.

    Their belief is a Dirichlet distribution, at first of mean what their noise has as their answer's chances; each label that they
    hear adds 1 to its class, and each of their labels is drawn from the mean (Choi, Zhu and Li, 2025). Where all begin with the
    same `concentration` and hear as many, how probably each is right is a martingale: debate adds nothing to it, and takes from
    the vote. With a `truth_bias` it teaches them, for a truth is then more convincing than an error. Models of one make, who begin
    alike, are a `family`.

    How sure they say they are grows and shrinks, in log odds, with the probability that they are right, whichever label they draw:
    what they hold of the truth, they do not betray.
    """

    kind: ClassVar[str] = "debate"

    concentration: Annotated[float, Field(gt=0, le=1e6)] = 10.0
    """How many answers their own first opinion counts for."""
    truth_bias: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    """By how much more an answer counts that is right: with 0.5, half as much again as one that is wrong."""

    def position(self, said: Said, chances: Chances) -> Position:
        """Return what they hold: what their noise draws from, and the label that it drew."""
        assert said.label is not None
        return Position(said.label, tuple(chances), said.confidence, self.concentration)

    def revised(self, own: Position, first: Position, heeded: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold when they have heard others, and a label that is drawn from it."""
        mass = own.mass or self.concentration
        counts = [mass * chance for chance in own.spread(case.classes)]
        for each in heeded:
            counts[each.label] += each.weight * (1 + self.truth_bias if each.label == case.truth else 1)
        mass = math.fsum(counts)
        chances = tuple(count / mass for count in counts)
        return Position(draw(chances, case.truth, luck), chances, own.confidence, mass)

    def said(self, held: Position, first: Position, case: Case) -> Position:
        """Return what they say: of their label they are surer than at first by as much as they have become likelier right."""
        classes, right = case.classes, held.spread(case.classes)[case.truth]
        confidence = assured(right, classes)
        if first.confidence is not None:
            gained = log_odds(right) - log_odds(first.spread(classes)[case.truth])
            confidence = assured(sigmoid(log_odds(first.confidence) + gained), classes)
        return Position(held.label, Position(held.label, confidence=confidence).spread(classes), confidence)
