"""The world of a campaign: its items, what they truly are, and who knows that from the start."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.preprocessing import StandardScaler

from agents.annotator.noise import Fact
from agents.annotator.terrain import Terrain
from agents.component import Unusable
from agents.items import Features, Items, Truth
from agents.messages import Item
from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.keeping import kept
from scenarios.source import Dataset, Source

Rows = NDArray[np.intp]

_ROWS_AT_ONCE = 16384


class World(NamedTuple):
    """Items and truth, parted into the pool and what is held out.

    Attributes:
        items: the pool, seed items among them, gold items not, in the order of the data.
        truth: what the pool's items and the gold items truly are.
        seeds: items whose true label is known from the start.
        held_out: features of the held-out items; None if there are none.
        held_out_labels: the true class index of each held-out item.
        digest: 16 hexadecimal digits over the data before they are parted. Without features, the same on every machine.
        gold: items that are asked to see who is any good, whose true label the coordinator knows.
        terrain: where items lie among each other; None where no annotator goes by that.
        topics: what items are about, for all to know, or in which cluster of features they lie; None if nobody says.
    """

    items: Items
    truth: Truth
    seeds: tuple[Item, ...]
    held_out: Features | None
    held_out_labels: NDArray[np.intp]
    digest: str
    gold: tuple[Item, ...] = ()
    terrain: Terrain | None = None
    topics: Mapping[Item, str] | None = None


def build_world(
    source: Source,
    chance: Chance,
    folder: Path,
    learner: bool,
    needs: Mapping[Fact, str] | None = None,
    by_topic: bool = False,
    clusters: int | None = None,
    looks: bool = False,
) -> World:
    """Load the data and part them.

    Which items are held out, and which are seeds or gold, depends on the run's seed, the ids and the truth: not on the order of the
    items, nor on the version of NumPy.

    Args:
        source: the data.
        chance: the run's randomness.
        folder: what relative paths start from.
        learner: whether there is one; without, features are made only where annotators go by them.
        needs: what annotators go by beside the truth, and which of them, for instance, does.
        by_topic: whether the allocation cannot do without knowing what items are about.
        clusters: clusters of features that are to take the place of topics; None for the topics of the data.
        looks: whether the selector goes by where items lie.

    Raises:
        BadInput: the data cannot be read, or do not suffice.
    """
    source = source.completed(learner)
    fraction, seed_labels, gold_labels = source.test_fraction or 0.0, source.seed_labels or 0, source.gold_labels
    needs = needs or {}
    data = _standardised(
        source, _loaded(source, folder, chance, features=learner or looks or "features" in needs or clusters is not None)
    )
    _refuse_lack(source, data, learner, needs)
    _refuse_no_topics(source, data, by_topic, clusters)
    _refuse_one_class("the data have", data, data.truth)
    everything = Items(data.ids, data.features, data.embeddings)
    held = _held_out(data.truth, fraction, chance.keyed("world", "test").uniforms(everything.keys))
    pool = np.flatnonzero(~held)
    _refuse_small_parts(data, pool, fraction, seed_labels, gold_labels)
    keys = everything.keys[pool]
    seeds = _some_of_each(data.truth[pool], seed_labels, chance.keyed("world", "seed").uniforms(keys))
    others = np.delete(np.arange(len(pool)), seeds)
    luck = chance.keyed("world", "gold").uniforms(keys[others])
    gold = others[_some_of_each(data.truth[pool][others], gold_labels, luck)]
    left = np.delete(pool, gold)
    known = everything if learner or looks else Items(data.ids, None, data.embeddings)
    return World(
        items=known if len(left) == len(held) else known.only(left),
        truth=Truth(data.classes, dict(zip((data.ids[row] for row in pool), data.truth[pool].tolist(), strict=True))),
        seeds=tuple(data.ids[row] for row in pool[seeds]),
        held_out=data.features[held] if learner and data.features is not None and held.any() else None,
        held_out_labels=data.truth[held],
        digest=_digest(data),
        gold=tuple(data.ids[row] for row in pool[gold]),
        terrain=Terrain(everything, data.truth, len(data.classes), data.topics, chance) if needs else None,
        topics=_topics(everything, data, clusters, chance),
    )


def _loaded(source: Source, folder: Path, chance: Chance, features: bool) -> Dataset:
    """Return the data with embeddings of the user's own, and classes as rare as they are to be."""
    data = source.load(folder, chance, features)
    if source.embeddings is not None and features:
        file = getattr(source, "path", None)
        data = data._replace(embeddings=source.embeddings.read(folder, file, data.ids))
    return data if source.keep is None else kept(data, source.keep, chance)


def _refuse_lack(source: Source, data: Dataset, learner: bool, needs: Mapping[Fact, str]) -> None:
    """Refuse data without what somebody goes by."""
    name = repr(source.kind or type(source).__name__)
    if learner and data.features is None:
        raise BadInput(f"data source {name} has no features, and a learner needs them")
    if "features" in needs and data.features is None:
        raise BadInput(f"annotators, {needs['features']}: their noise goes by features, but data source {name} has none")
    if "topics" in needs and data.topics is None:
        hint = "; name their column in data.topic" if "topic" in type(source).model_fields else ""
        raise BadInput(f"annotators, {needs['topics']}: their noise goes by topics, but data source {name} has none{hint}")


def _refuse_no_topics(source: Source, data: Dataset, by_topic: bool, clusters: int | None) -> None:
    """Refuse data without what the allocation goes by."""
    name = repr(source.kind or type(source).__name__)
    if by_topic and data.topics is None:
        hint = "name their column in data.topic" if "topic" in type(source).model_fields else "set its regions, if it has that dial"
        raise BadInput(f"coordination.allocation goes by topics, but data source {name} has none; {hint}")
    if clusters is not None and data.features is None:
        raise BadInput(f"coordination.allocation goes by regions of features, but data source {name} has none")
    if clusters is not None and clusters > len(data.ids):
        raise BadInput(f"coordination.allocation goes by {clusters} regions, but there are {len(data.ids)} items")


def _topics(everything: Items, data: Dataset, clusters: int | None, chance: Chance) -> dict[Item, str] | None:
    """Return what items are about."""
    if clusters is not None:
        terrain = Terrain(everything, data.truth, len(data.classes), None, chance)
        try:
            return {item: f"region {terrain.region(item, clusters)}" for item in data.ids}
        except Unusable:
            raise BadInput("coordination.allocation goes by regions, but there are features too large for that") from None
    return None if data.topics is None else {item: str(topic) for item, topic in zip(data.ids, data.topics, strict=True)}


def _standardised(source: Source, data: Dataset) -> Dataset:
    """Standardise the features in place: nobody else has them, and a million items are not to be in memory twice."""
    if data.features is None or not (source.standardised if source.standardise is None else source.standardise):
        return data
    if issparse(data.features):
        if source.standardise is None:
            return data
        raise BadInput("standardise = true: the features of text are sparse, and would not be any more; leave it out")
    scaler = StandardScaler(copy=not data.features.flags.writeable)
    with np.errstate(all="ignore"):
        features = scaler.fit_transform(data.features)
    if not np.isfinite(scaler.var_).all():
        raise BadInput("standardise = true: there are features too large for it")
    return data._replace(features=features)


def _refuse_one_class(whose: str, data: Dataset, truth: NDArray[np.intp]) -> None:
    found = np.flatnonzero(np.bincount(truth))
    if len(found) < 2:
        only = f"one class only: {data.classes[found[0]]!r}" if len(found) else "no items"
        raise BadInput(f"{whose} {only}; a campaign needs two classes at least")


def _refuse_small_parts(data: Dataset, pool: Rows, fraction: float, seed_labels: int, gold_labels: int) -> None:
    """Refuse data that are too few to be parted so."""
    if fraction and len(pool) == len(data.ids):
        raise BadInput(f"test_fraction = {fraction} of {len(data.ids)} items holds out none; hold out more, or 0")
    _refuse_one_class(f"with test_fraction = {fraction}, the pool has", data, data.truth[pool])
    if seed_labels > len(pool):
        raise BadInput(f"there are to be {seed_labels} seed labels, but the pool has {len(pool)} items; set seed_labels")
    if gold_labels and seed_labels + gold_labels >= len(pool):
        raise BadInput(
            f"there are to be {gold_labels} gold labels beside {seed_labels} seed labels, but the pool has {len(pool)} items, "
            "so nothing is left to label; lower gold_labels"
        )


def _held_out(truth: NDArray[np.intp], fraction: float, luck: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark the unluckiest of each class, each class giving its share, rounded by largest remainder."""
    total = int(fraction * len(truth) + 0.5)
    counts = np.bincount(truth)
    shares, remainders = np.divmod(counts * total, len(truth))
    shares[np.argsort(-remainders, kind="stable")[: total - shares.sum()]] += 1
    order = np.lexsort((luck, truth))
    rank = np.arange(len(truth)) - np.repeat(np.cumsum(counts) - counts, counts)
    held = np.zeros(len(truth), dtype=np.bool_)
    held[order] = rank < np.repeat(shares, counts)
    return held


def _some_of_each(truth: NDArray[np.intp], count: int, luck: NDArray[np.float64]) -> Rows:
    """Return rows at random: first one of each class, if `count` allows, then any."""
    order = np.argsort(luck, kind="stable")
    _, first = np.unique(truth[order], return_index=True)
    if count >= len(first):
        order = np.concatenate([order[first], np.delete(order, first)])
    return order[:count]


def _digest(data: Dataset) -> str:
    state = blake2b(json.dumps([data.ids, data.classes]).encode(), digest_size=8)
    if data.topics is not None:
        state.update(json.dumps(data.topics).encode())
    for part in (data.truth, *_arrays_of(data.features), *_arrays_of(data.embeddings)):
        for start in range(0, len(part), _ROWS_AT_ONCE):
            rows = part[start : start + _ROWS_AT_ONCE]
            # Sizes and byte order of numbers differ from machine to machine.
            state.update(rows.astype("<f8" if part.dtype.kind == "f" else "<i8", copy=False).tobytes())
    return state.hexdigest()


def _arrays_of(features: Features | None) -> list[NDArray[Any]]:
    if features is None:
        return []
    return [features.indptr, features.indices, features.data] if issparse(features) else [features]
