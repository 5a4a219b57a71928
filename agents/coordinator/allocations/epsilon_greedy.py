"""Epsilon-greedy: mostly the best so far, now and then anybody."""

from collections.abc import Sequence
from typing import ClassVar

from agents.annotator.noise import Probability
from agents.coordinator.allocations.choosing import Chooser, Desk
from agents.coordinator.request import Request


class EpsilonGreedy(Chooser):
    """Asks who has been right most often; of a share of the questions, anybody (Sutton and Barto, 1998)."""

    kind: ClassVar[str] = "epsilon-greedy"

    topics: bool = False
    """Whether somebody may be good at some topics and not at others: each person is an arm at each topic then."""
    epsilon: Probability = 0.1
    """The share."""

    def goes_by_topics(self) -> bool:
        """Return whether it does."""
        return self.topics

    def scores(self, desk: Desk, request: Request, names: Sequence[str], value: float) -> list[float]:
        """Return each one's mean, or chance."""
        if desk.luck(request).uniform() < self.epsilon:
            return [desk.luck(request, name).uniform() for name in names]
        topic = desk.records.topic(request.item)
        return [desk.records.mean(name, topic) for name in names]
