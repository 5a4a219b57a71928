"""Telling one and the same lie about all that is under way."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from agents.estimator import Estimator
from agents.items import UNKNOWN
from agents.selector.pending import Pending
from agents.selector.pendings.supposing import Rows, Supposed, select_supposing
from agents.selector.selection import Selection
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView

Lie = Literal["most-frequent", "least-frequent", "uniform"]


class ConstantLiar(Pending):
    """Counts items under way as labelled with one class, whatever they are, and selects by a model that learns this too.

    Ginsbourger, Le Riche and Carraro (2010). What is picked at once is lied about in the same way, before more is picked.
    """

    kind: ClassVar[str] = "constant-liar"
    needs_model: ClassVar[bool] = True
    needs_training: ClassVar[bool] = True

    lie: Lie = "most-frequent"
    """The class: the one that most labels name, or the fewest, of equal ones the first; "uniform" for a bit of each."""
    refit: Annotated[int, Field(ge=1)] = 1
    """Items picked at once, after which the model is trained anew."""

    def check(self, estimator: Estimator) -> None:
        """Refuse a learner that cannot learn a bit of each class."""
        if self.lie == "uniform" and not estimator.weighs:
            raise ValueError(
                f'lie = "uniform" needs a classifier that takes sample_weight, and learner.estimator {estimator.name!r} does not'
            )

    def select(self, strategy: Strategy, view: PoolView, count: int) -> Selection:
        """Return what the strategy selects by the model that is lied to."""
        return select_supposing(strategy, view, count, self.refit, self._told)

    def _told(self, view: PoolView, rows: Rows) -> Supposed:
        classes = view.classes
        if self.lie == "uniform":
            each = np.tile(np.arange(classes, dtype=np.intp), len(rows))
            return Supposed(np.repeat(rows, classes), each, np.full(len(each), 1.0 / classes))
        counts = np.bincount(view.labels[view.labels != UNKNOWN], minlength=classes)
        told = counts.argmax() if self.lie == "most-frequent" else counts.argmin()
        return Supposed(rows, np.full(len(rows), told, np.intp))
