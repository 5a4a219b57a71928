"""Batches: answers that are asked for together come together."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.availability import Availability
from bus.clock import SECOND
from bus.duration import Duration


class Batches(Availability):
    """Takes part in batches, as providers of language models offer them: what has come by its beginning is begun together.

    A group of a language model is as many annotators as it takes items at once; each holds one item of the batch.
    """

    kind: ClassVar[str] = "batches"

    every: Annotated[Duration, Field(gt=0)]
    """Time from the beginning of one batch to that of the next; the first begins with the campaign."""
    together: bool = True
    """Whether answers come when the batch is over, all at once; else each comes when it is ready."""

    def sets_out(self, now: int) -> int:
        """Return the beginning of the next batch."""
        return self._next(now)

    def hands_in(self, done: int) -> int:
        """Return the end of the batch in which an answer is ready."""
        return self._next(done) if self.together else done

    def _next(self, instant: int) -> int:
        period = max(1, round(self.every * SECOND))
        return -(-instant // period) * period
