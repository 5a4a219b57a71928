"""UCB1: people are judged by the best that they may be."""

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.allocations.choosing import Chooser, Desk
from agents.coordinator.request import Request


class Ucb1(Chooser):
    """Asks whose share of right answers, plus sqrt(2 ln t / n), is highest (Auer, Cesa-Bianchi and Fischer, 2002).

    With `forgetting`, numbers of answers are faded too (Garivier and Moulines, 2008). `expected` and `strength` do not matter.
    """

    kind: ClassVar[str] = "ucb1"

    topics: bool = False
    """Whether somebody may be good at some topics and not at others: each person is an arm at each topic then."""
    width: Annotated[float, Field(ge=0, le=100)] = 1.0
    """What the second term is multiplied by."""
    counts_pending: bool = True
    """Whether answers that are not judged yet count among the n of their person. If they do not, whoever is ahead is asked again
    and again until one of them is."""

    def goes_by_topics(self) -> bool:
        """Return whether it does."""
        return self.topics

    def scores(self, desk: Desk, request: Request, names: Sequence[str], value: float) -> list[float]:
        """Return each one's upper confidence bound; infinity for whom nothing was asked yet."""
        topic = desk.records.topic(request.item)
        tallies = [desk.records.tally(name, topic) for name in names]
        numbers = [tally.judged + (tally.pending if self.counts_pending else 0) for tally in tallies]
        log = math.log(max(math.fsum(numbers), 1.0))
        return [
            # Who was asked, and never judged, may be always right.
            (tally.right / tally.judged if tally.judged else 1.0) + self.width * math.sqrt(2 * log / number) if number else math.inf
            for tally, number in zip(tallies, numbers, strict=True)
        ]
