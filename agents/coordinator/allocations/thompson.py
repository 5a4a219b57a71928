"""Thompson sampling: people are asked as often as they may be the best."""

import math
from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.allocations.choosing import Chooser, Desk
from agents.coordinator.request import Request
from bus.chance import Luck


class Thompson(Chooser):
    """Asks whose accuracy, drawn from what it may be by all that is known, comes out highest (Thompson, 1933)."""

    kind: ClassVar[str] = "thompson"

    topics: bool = False
    """Whether somebody may be good at some topics and not at others: each person is an arm at each topic then."""

    def goes_by_topics(self) -> bool:
        """Return whether it does."""
        return self.topics

    def scores(self, desk: Desk, request: Request, names: Sequence[str], value: float) -> list[float]:
        """Return a draw from each one's posterior."""
        topic = desk.records.topic(request.item)
        return [_beta(*desk.records.beta(name, topic), desk.luck(request, name)) for name in names]


def _beta(a: float, b: float, luck: Luck) -> float:
    """Draw from Beta(a, b), as the share of one of two gamma variates."""
    one, other = _log_gamma(a, luck), _log_gamma(b, luck)
    return 1 / (1 + math.exp(min(other - one, 700.0)))


def _log_gamma(shape: float, luck: Luck) -> float:
    """Draw the logarithm of a gamma variate of scale 1, by rejection (Marsaglia and Tsang, 2000)."""
    if shape < 1:
        # Of low shapes, most of the distribution lies too near 0 for numbers that are no logarithms.
        return _log_gamma(shape + 1, luck) + math.log(luck.uniform()) / shape
    d = shape - 1 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        x = luck.normal()
        v = (1 + c * x) ** 3
        if v > 0 and math.log(luck.uniform()) < x * x / 2 + d - d * v + d * math.log(v):
            return math.log(d * v)
