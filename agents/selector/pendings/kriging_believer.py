"""Believing that what is under way will be what the model predicts."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.selector.pending import Pending
from agents.selector.pendings.supposing import Rows, Supposed, select_supposing
from agents.selector.selection import Selection
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class KrigingBeliever(Pending):
    """Counts items under way as labelled with what the model predicts, and selects by a model that learns these too.

    Ginsbourger, Le Riche and Carraro (2010). What is picked at once is believed in the same way, before more is picked.
    """

    kind: ClassVar[str] = "kriging-believer"
    needs_model: ClassVar[bool] = True
    needs_training: ClassVar[bool] = True

    refit: Annotated[int, Field(ge=1)] = 1
    """Items picked at once, after which the model is trained anew."""

    def select(self, strategy: Strategy, view: PoolView, count: int) -> Selection:
        """Return what the strategy selects by the model that believes."""
        return select_supposing(strategy, view, count, self.refit, _believed)


def _believed(view: PoolView, rows: Rows) -> Supposed:
    return Supposed(rows, view.forecast.predictions[rows])
