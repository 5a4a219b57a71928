"""Bounded confidence: who thinks too differently is not listened to."""

import math
from collections.abc import Sequence
from operator import sub
from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Probability
from agents.annotator.social import TIE, Position, Social
from bus.chance import Luck


class BoundedConfidence(Social):
    """Who thinks too differently is not listened to, so that opinions gather in a few places.

    What they hold probable becomes the mean of all opinions that are at most `epsilon` from theirs, their own among them
    (Hegselmann and Krause, 2002). With a `step` they go that part of the way to the mean of the others within `epsilon`: where
    people meet in pairs, this is the model of Deffuant, Neau, Amblard and Weisbuch (2000), and `step` its mu. Means are weighted as
    what is heard is shown; one's own opinion has weight 1.

    Two opinions are as far apart as the total variation between them, half the sum of the absolute differences: with two classes
    |x - y|, where x and y are the probabilities of one of them. Who is at exactly `epsilon` is within it, and so is who is a
    billionth beyond, where rounding would decide. Who says a label and nothing else is taken to be certain of it. Their label is
    the class that they hold most probable, as with conformity.
    """

    kind: ClassVar[str] = "bounded-confidence"

    epsilon: Probability = 0.25
    """How far from one's own an opinion may be to be listened to."""
    step: Probability | None = None
    """How far they go towards the others they listen to: 0 for not at all, 1 for all the way; left out, each of these counts as
    much as they themselves."""

    def revised(self, own: Position, first: Position, heeded: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold when they have heard others."""
        held = own.spread(case.classes)
        opinions = [(each.weight, each.spread(case.classes)) for each in heeded]
        near = [(weight, opinion) for weight, opinion in opinions if _distance(held, opinion) <= self.epsilon + TIE]
        if not near:
            return own
        if self.step is None:
            return own.moved(_mean([*near, (1.0, held)]))
        step = self.step
        return own.moved([(1 - step) * here + step * there for here, there in zip(held, _mean(near), strict=True)])


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    apart: float = sum(map(abs, map(sub, one, other)))
    return apart / 2


def _mean(opinions: Sequence[tuple[float, Sequence[float]]]) -> list[float]:
    total = math.fsum(weight for weight, _ in opinions)
    classes = range(len(opinions[0][1]))
    return [math.fsum(weight * opinion[each] for weight, opinion in opinions) / total for each in classes]
