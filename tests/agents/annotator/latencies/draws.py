"""Times, drawn."""

import numpy as np
from numpy.typing import NDArray

from agents.annotator.latency import Latency
from bus.chance import Chance, Luck
from tests.agents.annotator.cases import case

N = 20_000
PERSON = Chance(7).keyed("annotator", "crowd-1", "time")


def times(latency: Latency, count: int = N) -> NDArray[np.float64]:
    """Return how long one person takes over so many items."""
    return np.array([latency.seconds(case(item), PERSON.luck(item)) for item in range(count)])


class Drawn(Luck):
    """Luck that is known beforehand."""

    def __init__(self, *uniforms: float) -> None:
        super().__init__(0)
        self._uniforms = iter(uniforms)

    def uniform(self) -> float:
        return next(self._uniforms)
