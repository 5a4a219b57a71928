"""Views of the pool: all that a strategy may look at."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from agents.component import Unusable
from agents.estimator import Estimator, Model, ModelShelf
from agents.inference.activelab import logarithms
from agents.items import UNKNOWN, Features, Items
from agents.selector.chunks import chunks
from agents.selector.pool import Pool
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from bus.chance import Keyed, number_of

T = TypeVar("T")

Space = Literal["features", "embeddings"]
"""In what distances are measured: the learner's features, or embeddings of the user's own."""


KEPT = 2**25
"""So many numbers that members say of the pool are kept (256 MB); beyond, they are asked for again."""


class Forecast:
    """What one model says of the whole pool, each thing computed once, for all who look.

    Args:
        items: the pool.
        model: the model; None before there is one.
        version: its version; 0 before there is one.
    """

    def __init__(self, items: Items, model: Model | None, version: int) -> None:
        self.items = items
        self.model = model
        self.version = version

    @cached_property
    def probabilities(self) -> Scores:
        """The model's class probabilities for each item of the pool; shape (items, classes)."""
        assert self.model is not None
        return self.model.probabilities(self.items.features)

    @cached_property
    def lags(self) -> Scores:
        """The logarithm of each of these over that of the item's most probable class; shape (items, classes)."""
        logs = logarithms(self.probabilities)
        return np.asarray(logs - logs.max(axis=1, keepdims=True))

    @cached_property
    def predictions(self) -> NDArray[np.intp]:
        """The index of each item's most probable class, of equal ones the first; shape (items,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def predicted(self) -> list[NDArray[np.intp]]:
        """The rows of the items of which each class is the most probable, in order."""
        classes = self.probabilities.shape[1]
        # Small numbers are sorted by their digits, in O(items).
        small = self.predictions.astype(np.min_scalar_type(classes))
        return np.split(np.argsort(small, kind="stable"), np.cumsum(np.bincount(small, minlength=classes))[:-1])

    @cached_property
    def member_probabilities(self) -> Scores:
        """The class probabilities of each member of a committee, or each sample of a classifier; shape (members, items, classes).

        Raises:
            Unusable: the model is no committee, and its classifier draws no samples.
        """
        samples = None if self.model is None else self.model.samples(self.items.features)
        return np.stack([member.probabilities(self.items.features) for member in self._members]) if samples is None else samples

    @cached_property
    def _members(self) -> Sequence[Model]:
        members = () if self.model is None else self.model.members
        if not members:
            raise Unusable("needs a committee, and the model is none")
        return members

    def of_members(self, rows: slice | NDArray[np.intp]) -> Scores:
        """Return the class probabilities of each member for these rows; shape (members, rows, classes).

        What they say of the whole pool is kept where that takes little room, or where they are samples, which go together.

        Raises:
            Unusable: as for `member_probabilities`.
        """
        if self._is_kept_whole:
            return np.asarray(self.member_probabilities[:, rows])
        features = self.items.features
        assert features is not None
        return np.stack([member.probabilities(features[rows]) for member in self._members])

    def by_parts(self) -> Iterator[tuple[slice, Scores]]:
        """Yield all rows in slices, each with what the members say of it; shape (members, rows, classes)."""
        width = self.member_probabilities[:, :1].size if self._is_kept_whole else len(self._members) * self._members[0].classes
        # Members predict many rows at a time much faster than few.
        for part in chunks(len(self.items), width, KEPT // 32 if self._is_kept_whole else KEPT // 8):
            yield part, self.of_members(part)

    @cached_property
    def _is_kept_whole(self) -> bool:
        if "member_probabilities" in self.__dict__ or self.model is None or self.model.draws:
            return True
        return len(self._members) * len(self.items) * self._members[0].classes <= KEPT


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
        """Which items were asked for and have no label yet; shape (items,)."""
        return self.pool.pending

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
