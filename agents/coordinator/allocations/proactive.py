"""Proactive learning: the question and the person are chosen together, with what it costs."""

from collections.abc import Sequence
from math import inf
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.allocation import Router, Workforce
from agents.coordinator.allocations.choosing import Chooser, Desk
from agents.coordinator.allocations.track_records import Prior, TrackRecords
from agents.coordinator.ledger import MILLIONTHS
from agents.coordinator.request import Request
from agents.messages import Item, Label


class Proactive(Chooser):
    """The pair of most use: P(answers) P(right) worth value - price, each by person and topic (Donmez and Carbonell, 2008).

    The value of a question is the score that its item was asked for with, from 0 for the least to 1 for the greatest of those that
    wait. People are reluctant who decline, abstain or let leases pass.
    """

    kind: ClassVar[str] = "proactive"
    by_pairs: ClassVar[bool] = True

    worth: Annotated[float, Field(gt=0, le=1e9)] = 1.0
    """What a right answer to the question of greatest value is worth, in units of the user's currency."""
    explore: Annotated[int, Field(ge=0, le=1_000_000)] = 3
    """Questions that everybody is asked about each topic before it goes by what is known of them."""
    willing: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """How often somebody of whom nothing is known is expected to answer."""
    regions: Annotated[int, Field(ge=2, le=1000)] | None = None
    """Clusters of items by their features (k-means; Lloyd, 1982) that take the place of topics; left out, the data name topics, or
    all items are of one."""

    def goes_by_topics(self) -> bool:
        """Return that it does."""
        return True

    def clusters(self) -> int | None:
        """Return how many there are to be."""
        return self.regions

    def needs_topics(self) -> bool:
        """Return that it can do without."""
        return False

    def scores(self, desk: Desk, request: Request, names: Sequence[str], value: float) -> list[float]:
        """Return the use of each pair; infinity for one that explores."""
        assert isinstance(desk, Explorer)
        topic = desk.records.topic(request.item)
        return [self._use(desk, name, topic, value) for name in names]

    def _use(self, desk: "Explorer", name: str, topic: str, value: float) -> float:
        if desk.tries(name, topic) < self.explore:
            return inf
        gain = desk.answering.mean(name, topic) * desk.records.mean(name, topic) * self.worth * value
        return gain - desk.prices[name] / MILLIONTHS

    def router(self, workforce: Workforce) -> Router:
        """Return one that has tried nobody yet."""
        return Explorer(workforce, self, self.willing)


class Explorer(Desk):
    """A desk that learns who answers, too.

    Args:
        workforce, chooser: as for Desk.
        willing: how often somebody of whom nothing is known is expected to answer.
    """

    def __init__(self, workforce: Workforce, chooser: Chooser, willing: float) -> None:
        super().__init__(workforce, chooser)
        prior = Prior(willing, chooser.strength, chooser.sharing)
        self.answering = TrackRecords(prior, chooser.forgetting, False, workforce.topics)
        self._asked_in_vain: dict[Item, dict[str, int]] = {}

    def tries(self, name: str, topic: str) -> int:
        """Return how many questions of a topic somebody was asked, as far as it is known what came of them."""
        return self.answering.tally(name, topic).turns

    def want(self, request: Request) -> None:
        """See who was asked in vain."""
        super().want(request)
        for name, times in request.in_vain():
            noted = self._asked_in_vain.setdefault(request.item, {})
            for _ in range(times - noted.get(name, 0)):
                self.answering.count(request.item, name, right=False)
            noted[name] = times

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in that somebody answers, and what."""
        super().hear(item, annotator, label)
        self.answering.count(item, annotator, right=True)

    def forget(self, annotator: str) -> None:
        """Forget what is known of somebody."""
        super().forget(annotator)
        self.answering.forget(annotator)
