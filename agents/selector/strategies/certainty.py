"""Certainty: for whoever looks for the items of one class, and not for a model."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from agents.component import Unusable
from agents.messages import Label
from agents.selector.shortlist import Scores
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView

_NAMED = 20
"""So many classes are named in a message at most."""


class Certainty(Strategy):
    """The probability of one class: likeliest first, for screening (relevance sampling, Lewis and Gale, 1994)."""

    kind: ClassVar[str] = "certainty"
    cost: ClassVar[str] = "O(n)"

    label: Label | None = None
    """The class that is looked for, as the data call it; left out, the last one."""

    def check(self, classes: Sequence[Label]) -> None:
        """Refuse a class that the data do not have."""
        if self.label is not None and self.label not in classes:
            others = ", ..." if len(classes) > _NAMED else ""
            raise ValueError(f"label is {self.label!r}, but the classes are {', '.join(map(repr, classes[:_NAMED]))}{others}")

    def scores(self, view: PoolView) -> Scores:
        """Return p of the class."""
        classes = view.pool.classes
        try:
            self.check(classes)
        except ValueError as error:
            raise Unusable(f"needs a class that there is: {error}") from None
        place = -1 if self.label is None else classes.index(self.label)
        return np.ascontiguousarray(view.probabilities[:, place])
