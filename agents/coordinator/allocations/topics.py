"""Topics: questions go to those who know most of what they are about."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.allocations.choosing import Chooser, Desk
from agents.coordinator.request import Request


class ByTopic(Chooser):
    """Asks people what they know more of than others, by how often they were right at each topic (`data.topic`, or `regions`).

    Whoever is free gets the waiting question at which they are furthest ahead of the average.
    """

    kind: ClassVar[str] = "topics"
    by_pairs: ClassVar[bool] = True

    regions: Annotated[int, Field(ge=2, le=1000)] | None = None
    """Clusters of items by their features (k-means; Lloyd, 1982) that take the place of topics; left out, the data name topics."""

    def goes_by_topics(self) -> bool:
        """Return that it does."""
        return True

    def clusters(self) -> int | None:
        """Return how many there are to be."""
        return self.regions

    def scores(self, desk: Desk, request: Request, names: Sequence[str], value: float) -> list[float]:
        """Return how often each is likely to be right."""
        topic = desk.records.topic(request.item)
        return [desk.records.mean(name, topic) for name in names]

    def standard(self, desk: Desk, request: Request) -> float:
        """Return how often people are likely to be right, on average over those who are expected."""
        return desk.records.average(desk.records.topic(request.item), desk.roll)
