"""Terrain: where items lie among each other, by their features and topics, as annotators may see but labellers are not told."""

import warnings
from collections.abc import Sequence, Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from agents.component import Unusable
from agents.items import Features, Items
from agents.messages import Item, Label
from bus.chance import Chance

FOLDS = 5
"""Parts of the items; what is said of those in one is learnt from the others."""

MOST = 20_000
"""Items at most that anything is learnt from: more would take longer, and say the same."""


class Doubt(NamedTuple):
    """How sure a model is of an item that knows the truth of the others.

    Attributes:
        margin: the probability that it gives to the item's true class, less that of the likeliest other one: from -1 to 1, and
            0 on the boundary between the two.
        rival: index of that other class.
    """

    margin: float
    rival: int


class Terrain:
    """The lie of all items of a run, held-out ones too. What it takes is worked out when it is first asked for.

    It depends on the items, their features and truth, and on the run's seed; not on their order.

    Args:
        items: the items, and their features if anybody goes by them.
        truth: the true class index of each, in their order.
        classes: number of classes.
        topics: what each is about; None if nobody says.
        chance: the run's randomness.
    """

    def __init__(self, items: Items, truth: NDArray[np.intp], classes: int, topics: Sequence[Label] | None, chance: Chance) -> None:
        self._items, self._truth, self._classes, self._topics = items, truth, classes, topics
        self._lots = chance.keyed("nature", "terrain")
        self._order = np.argsort(self._lots.uniforms(items.keys), kind="stable")
        self._features: Features | None = None
        self._doubts: tuple[list[float], list[int]] | None = None
        self._regions: dict[int, list[int]] = {}

    @property
    def topics(self) -> Set[str]:
        """The names of all topics."""
        return frozenset(map(str, self._topics or ()))

    def topic(self, item: Item) -> Label:
        """Return what an item is about.

        Raises:
            Unusable: nobody says.
        """
        if self._topics is None:
            raise Unusable("the noise of annotators goes by topics, but the data have none")
        return self._topics[self._items.row(item)]

    def doubt(self, item: Item) -> Doubt:
        """Return how sure of the item a logistic regression is that was fitted to the truth of others (up to `MOST` of them)."""
        if self._doubts is None:
            self._doubts = self._learn_doubts()
        row = self._items.row(item)
        return Doubt(self._doubts[0][row], self._doubts[1][row])

    def region(self, item: Item, count: int) -> int:
        """Return in which of `count` regions an item lies: clusters by k-means (Lloyd, 1982), the largest being number 0.

        Raises:
            Unusable: there are fewer items than regions.
        """
        found = self._regions.get(count)
        if found is None:
            found = self._regions[count] = self._find_regions(count)
        return found[self._items.row(item)]

    def _ordered(self) -> Features:
        """Return the features in an order that does not depend on that of the data, those that are not sparse standardised."""
        if self._features is None:
            if self._items.features is None:
                raise Unusable("the noise of annotators goes by features, but the data have none")
            features = self._items.features[self._order]
            if not issparse(features):
                scaler = StandardScaler()
                with np.errstate(all="ignore"):
                    features = scaler.fit_transform(features)
                if not np.isfinite(scaler.var_).all():
                    raise Unusable("the noise of annotators goes by features, but there are features too large for that")
            self._features = features
        return self._features

    def _learn_doubts(self) -> tuple[list[float], list[int]]:
        features, truth = self._ordered(), self._truth[self._order]
        fold = np.arange(len(truth)) % FOLDS
        margin, rival = np.empty(len(truth)), np.empty(len(truth), dtype=np.intp)
        for number in range(FOLDS):
            rows = np.flatnonzero(fold == number)
            others = np.flatnonzero(fold != number)[:MOST]
            if len(np.unique(truth[others])) < 2:
                others = np.arange(len(truth))
            with threadpool_limits(1), warnings.catch_warnings():
                # A reference that might still gain a little is a reference.
                warnings.simplefilter("ignore", ConvergenceWarning)
                model = LogisticRegression(max_iter=200).fit(features[others], truth[others])
                likely = np.zeros((len(rows), self._classes))
                if len(rows):
                    likely[:, model.classes_] = model.predict_proba(features[rows])
            own = likely[np.arange(len(rows)), truth[rows]]
            likely[np.arange(len(rows)), truth[rows]] = -1.0
            rival[rows] = likely.argmax(axis=1)
            margin[rows] = own - likely.max(axis=1)
        place = np.argsort(self._order)
        return margin[place].tolist(), rival[place].tolist()

    def _find_regions(self, count: int) -> list[int]:
        features = self._ordered()
        if count > features.shape[0]:
            raise Unusable(f"the noise of annotators goes by {count} regions, but there are {features.shape[0]} items")
        seed = self._lots.luck("regions", count).bits() >> 32
        with threadpool_limits(1), warnings.catch_warnings():
            # Fewer distinct items than regions: some regions are empty.
            warnings.simplefilter("ignore", ConvergenceWarning)
            found = KMeans(count, n_init=4, random_state=seed).fit(features[:MOST]).predict(features)
        number = np.empty(count, dtype=np.intp)
        number[np.argsort(-np.bincount(found, minlength=count), kind="stable")] = np.arange(count)
        return [*number[found][np.argsort(self._order)].tolist()]
