"""A plane with items on it: the one world in which all strategies are pictured, so that pictures compare."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.estimator import Estimator, Model, train
from agents.estimators.committee import InProcessCommittee
from agents.estimators.linear import LogisticRegression
from agents.items import Items
from agents.selector.pool import Pool
from agents.selector.strategies.uncertainty import Margin
from agents.selector.view import PoolView
from bus.chance import Chance
from bus.clock import SECOND

CLASSES = ("A", "B", "C")
"""The last of them is rare."""

WIDTH, HEIGHT = 7.0, 5.0
"""The plane reaches so far from the left to the right, and from below to above; its middle is at 0."""

LEARNER = LogisticRegression()
COMMITTEE = InProcessCommittee(members=(LEARNER,), count=5)
"""The models that strategies go by: those that need a committee by one of five, each with a bootstrap sample of the labels."""

ROOM = 0.15
"""So far items lie from each other at least, to be seen each for itself."""

UNDER_WAY = 6


class Cloud(NamedTuple):
    """Items of one class that lie together: around where, how wide, how many, and how many of these have a label."""

    label: int
    centre: tuple[float, float]
    spread: tuple[float, float]
    items: int
    labelled: int


CLOUDS = (
    Cloud(0, (-1.7, -0.55), (0.62, 0.62), 92, 15),
    Cloud(1, (1.25, -0.75), (0.85, 0.60), 84, 12),
    Cloud(2, (0.35, 1.55), (0.34, 0.28), 11, 2),
    # A few that are like no others.
    Cloud(0, (-2.4, 1.7), (0.40, 0.30), 4, 0),
    Cloud(1, (2.75, 1.5), (0.25, 0.45), 4, 0),
)


class Plane:
    """Items on a plane, a few dozen of them labelled and some pending, and models that have learnt from the labels.

    Args:
        chance: where items lie, and which have a label.

    Attributes:
        places: where items lie; shape (items, 2).
        labels: class by row, for those that have a label.
        pending: rows that were asked for last, for their margin, and have no label yet.
        luck: chance, keyed by item.
    """

    def __init__(self, chance: Chance) -> None:
        self.places, truth, known = _scattered(chance.stream("plane"))
        self.items = Items(range(len(self.places)), self.places)
        self.labels = {row: int(truth[row]) for row in known.tolist()}
        self.pending: list[int] = []
        self.luck = chance.keyed("plane")
        self._models = {
            estimator: train(estimator, self.places[known], truth[known], len(CLASSES), 1)[0] for estimator in (LEARNER, COMMITTEE)
        }
        self.pending = [self.items.row(item) for item in Margin().select(self.view(), UNDER_WAY).ids]

    def model(self, committee: bool = False) -> Model:
        """Return what was learnt from the labels, by one model or by a committee of five."""
        return self._models[COMMITTEE if committee else LEARNER]

    def view(self, committee: bool = False) -> PoolView:
        """Return the items as a strategy sees them who comes to them first."""
        pool = Pool(self.items)
        pool.start(CLASSES)
        pool.know([*self.labels], [CLASSES[label] for label in self.labels.values()])
        for row in self.labels:
            # People take the longer the farther to the right, and get the same for it.
            pool.bill(self.items.ids[row], 0.1, round(30 * SECOND * np.exp(self.places[row, 0])))
        for row in self.pending:
            pool.request(row)
        estimator: Estimator = COMMITTEE if committee else LEARNER
        return PoolView(self.items, self.model(committee), 1, self.luck, pool, estimator)


def _scattered(stream: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Return where items lie, their classes, and which rows have a label."""
    places: list[NDArray[np.float64]] = []
    for cloud in CLOUDS:
        beside = len(places) + cloud.items
        while len(places) < beside:
            place = stream.normal(cloud.centre, cloud.spread)
            inside = np.all(np.abs(place) < (WIDTH / 2 - ROOM, HEIGHT / 2 - ROOM))
            if inside and all(np.hypot(*(place - other)) > ROOM for other in places):
                places.append(place)
    first = np.cumsum([0, *(cloud.items for cloud in CLOUDS)])
    truth = np.repeat([cloud.label for cloud in CLOUDS], [cloud.items for cloud in CLOUDS])
    known = np.concatenate(
        [start + stream.choice(cloud.items, cloud.labelled, replace=False) for start, cloud in zip(first[:-1], CLOUDS, strict=True)]
    )
    # Items come in no order of classes.
    order = stream.permutation(len(places))
    where = np.argsort(order)
    return np.array(places)[order], truth[order], np.sort(where[known])
