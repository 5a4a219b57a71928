"""Views of the pool: all that a strategy may look at."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from agents.component import Unusable
from agents.estimator import Estimator, Model, ModelShelf
from agents.items import UNKNOWN, Features, Items
from agents.selector.forecast import Forecast
from agents.selector.pool import Pool
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from bus.chance import Keyed, number_of

T = TypeVar("T")

Space = Literal["features", "embeddings"]
"""In what distances are measured: the learner's features, or embeddings of the user's own."""


class PoolView:
    """All that a strategy may look at.

    Args:
        items: all items of the pool, asked for or not.
        model: the newest model; None before there is one.
        version: its version; 0 before there is one.
        luck: chance, keyed by item.
        pool: what is known of each item; None if nothing is, and all may be asked for.
        estimator: makes models like this one; None if nobody does.
        forecast: what the model says, where others look at it too; None to have it computed for this view alone.
    """

    def __init__(
        self,
        items: Items,
        model: Model | None,
        version: int,
        luck: Keyed,
        pool: Pool | None = None,
        estimator: Estimator | None = None,
        forecast: Forecast | None = None,
    ) -> None:
        self.items = items
        self.model = model
        self.version = version
        self.luck = luck
        self.pool = pool or Pool(items)
        self.estimator = estimator
        self.forecast = forecast or Forecast(items, model, version)

    @property
    def probabilities(self) -> Scores:
        """The model's class probabilities for each item of the pool; shape (items, classes)."""
        return self.forecast.probabilities

    @property
    def lags(self) -> Scores:
        """The logarithm of each of these over that of the item's most probable class; shape (items, classes)."""
        return self.forecast.lags

    @property
    def member_probabilities(self) -> Scores:
        """The class probabilities of each member of a committee; shape (members, items, classes). Unusable if there is none."""
        return self.forecast.member_probabilities

    @property
    def available(self) -> NDArray[np.bool_]:
        """Which items may be asked for; shape (items,)."""
        return self.pool.available

    @property
    def pending(self) -> NDArray[np.bool_]:
        """Which items were asked for and have no label yet; shape (items,). One that is asked for again has one."""
        return np.asarray(self.pool.pending & (self.pool.labels == UNKNOWN))

    @property
    def labels(self) -> NDArray[np.intp]:
        """The index of each item's label, UNKNOWN without one; shape (items,)."""
        return self.pool.labels

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.pool.classes) or (0 if self.model is None else self.model.classes)

    def features(self, space: Space | None = None) -> Features:
        """Return where items lie: in embeddings where there are any, unless it is said otherwise.

        Raises:
            Unusable: there are none.
        """
        chosen = space or ("features" if self.items.embeddings is None else "embeddings")
        found = self.items.embeddings if chosen == "embeddings" else self.items.features
        if found is None:
            raise Unusable(f"goes by {chosen}, and the data have none")
        return found

    def generator(self, word: str) -> np.random.Generator:
        """Return random numbers for one selection: the same whenever the same is known, and other ones once more is asked for."""
        return self.luck.generator(number_of(word), self.version, self.pool.asked)

    def among(self, allowed: NDArray[np.bool_]) -> "PoolView":
        """Return the same view, in which only these items may be asked for; shape (items,)."""
        return PoolView(self.items, self.model, self.version, self.luck, self.pool.among(allowed), self.estimator, self.forecast)

    def only(self, rows: NDArray[np.intp]) -> "PoolView":
        """Return the same view, as if there were no items but those of these rows, in this order; what it costs goes by these."""
        pool = self.pool.only(rows)
        return PoolView(pool.items, self.model, self.version, self.luck, pool, self.estimator)

    def selection(self, rows: Sequence[int] | NDArray[np.intp], scores: Sequence[float] | Scores) -> Selection:
        """Return these rows as what was selected."""
        ids = self.items.ids
        return Selection(tuple(ids[int(row)] for row in rows), tuple(float(score) for score in scores), self.version)

    def kept(self, key: str, make: Callable[[], T]) -> T:
        """Return what was made under this key for this pool, making it the first time; see Pool.kept."""
        return self.pool.kept(key, make)


class PoolViews:
    """The pool as the newest model sees it, made once a version.

    Those who share it have what a model says of the pool computed once for all of them.

    Args:
        items: the pool.
        models: where published models are; None if nobody learns.
        luck: chance, keyed by item.
        estimator: makes models; None if nobody does.
    """

    def __init__(self, items: Items, models: ModelShelf | None, luck: Keyed, estimator: Estimator | None = None) -> None:
        self.items = items
        self._models = models
        self._luck = luck
        self._estimator = estimator
        self._last: Forecast | None = None

    def at(self, version: int, pool: Pool | None = None) -> PoolView:
        """Return the pool by that version of the model, 0 being none, and what one agent knows of it.

        Raises:
            KeyError: the version is unknown or forgotten.
        """
        if self._last is None or self._last.version != version:
            model = self._models.get(version) if self._models and version else None
            self._last = Forecast(self.items, model, version)
        last = self._last
        return PoolView(self.items, last.model, version, self._luck, pool, self._estimator, last)


def view_of(
    features: Features,
    classifier: object = None,
    labels: Sequence[int] | NDArray[np.intp] | None = None,
    pending: Sequence[int] = (),
    embeddings: Features | None = None,
    estimator: Estimator | None = None,
    seed: int = 0,
) -> PoolView:
    """Return a view of one's own data, to use a strategy without a campaign.

    Args:
        features: a row an item; dense, or sparse in rows.
        classifier: trained, with `predict_proba`; None for none. Where its classes are no whole numbers, class 0 is its first one.
        labels: a class index an item, -1 for those that may be asked for; left out, all may be; shape (items,).
        pending: rows of items that were asked for, and have no label yet.
        embeddings: other features, to measure distances in.
        estimator: for strategies that train models of their own; None for none.
        seed: of what is left to chance.
    """
    rows = features.shape[0]
    items = Items(range(rows), features, embeddings)
    known = np.full(rows, UNKNOWN) if labels is None else np.asarray(labels, np.intp)
    model, count = None, int(known.max(initial=UNKNOWN)) + 1
    if classifier is not None:
        names = np.asarray(getattr(classifier, "classes_", range(max(count, 1))))
        seen = names.tolist() if names.dtype.kind in "iu" else [*range(len(names))]
        count = max(count, 1 + max(seen))
        model = Model(classifier, seen, count)
    pool = Pool(items)
    pool.start(range(count))
    labelled = np.flatnonzero(known != UNKNOWN)
    pool.know(labelled.tolist(), known[labelled].tolist())
    for row in pending:
        pool.request(row)
    return PoolView(items, model, 0 if model is None else 1, Keyed(seed, "selector"), pool, estimator)
