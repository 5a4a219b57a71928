"""The front: what is not beaten in money, time and people at once; and its cheapest, its fastest, and the knee between."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from scenarios.statistics.pareto import undominated

CLOSE = 0.03
"""By how much money or time may differ, as a share, and still be called the same."""

K = TypeVar("K", bound=Hashable)


class Outlay(NamedTuple):
    """What something takes: money, simulated seconds, and annotators."""

    cost: float
    seconds: float
    people: int

    def beats(self, other: "Outlay") -> bool:
        """Return whether it takes no more of anything, and less of something."""
        return self != other and all(mine <= theirs for mine, theirs in zip(self, other, strict=True))


def layers(outlays: Mapping[K, Outlay]) -> Iterator[list[K]]:
    """Yield the front, the front of the rest, and so on (nondominated sorting; Goldberg, 1989)."""
    rest = [*outlays]
    while rest:
        best = undominated(-np.array([outlays[key] for key in rest], dtype=float)).tolist()
        yield [key for key, is_best in zip(rest, best, strict=True) if is_best]
        rest = [key for key, is_best in zip(rest, best, strict=True) if not is_best]


def cheapest(outlays: Mapping[K, Outlay]) -> K:
    """Return what costs least; of what is CLOSE to that, what needs the fewest people, and then the cheapest."""
    most = min(each.cost for each in outlays.values()) * (1 + CLOSE)
    close = {key: each for key, each in outlays.items() if each.cost <= most}
    return min(close, key=lambda key: (close[key].people, close[key].cost, close[key].seconds))


def fastest(outlays: Mapping[K, Outlay]) -> K:
    """Return what takes the least time; of what is CLOSE to that, the cheapest, and then what needs the fewest people."""
    most = min(each.seconds for each in outlays.values()) * (1 + CLOSE)
    close = {key: each for key, each in outlays.items() if each.seconds <= most}
    return min(close, key=lambda key: (close[key].cost, close[key].people, close[key].seconds))


def knee(outlays: Mapping[K, Outlay]) -> K | None:
    """Return what lies between the cheapest and the fastest, farthest below the line from one to the other (Das, 1999).

    Axes go from the one to the other. One is time; the other is money, or where both cost the same, people.

    Returns:
        Its key; None if nothing lies below the line.
    """
    low, high = outlays[cheapest(outlays)], outlays[fastest(outlays)]
    place = 0 if high.cost > low.cost * (1 + CLOSE) else 2
    if not (high[place] > low[place] and low.seconds > high.seconds):
        return None
    below: dict[K, float] = {}
    for key in next(layers(outlays)):
        outlay = outlays[key]
        spent = (outlay[place] - low[place]) / (high[place] - low[place])
        taken = (outlay.seconds - high.seconds) / (low.seconds - high.seconds)
        below[key] = 1 - spent - taken
    best = max(below, key=lambda key: (below[key], -outlays[key].people, -outlays[key].cost))
    return best if below[best] > CLOSE and outlays[best] not in (low, high) else None


def kept(outlays: Mapping[K, Outlay], most: int) -> Sequence[K]:
    """Return the layers that are at most so many together, and the first in any case."""
    first, *others = layers(outlays)
    found = [*first]
    for layer in others:
        if len(found) + len(layer) > most:
            break
        found += layer
    return found
