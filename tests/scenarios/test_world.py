"""Worlds: how data are parted into the pool, the seeds and what is held out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import issparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.sources import Csv, Dataset, Digits, Docstrings, Iris, Source, Synthetic
from scenarios.world import World, build_world


class Given(Source):
    """Items as a test gives them; the one feature of an item is its row."""

    ids: tuple[int | str, ...]
    labels: tuple[int, ...]
    featured: bool = True

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        rows = np.arange(len(self.ids), dtype=np.float64)[:, np.newaxis]
        return Dataset([*self.ids], rows if self.featured and features else None, np.array(self.labels), ("a", "b", "c", "d"))


def world_of(source: Source, learner: bool = True, seed: int = 7, folder: Path = Path()) -> World:
    return build_world(source, Chance(seed), folder, learner)


@st.composite
def sources(draw: st.DrawFn) -> Given:
    """Sources with two classes at least, of which enough remain in the pool."""
    labels = [0, 0, 0, 1, 1, 1, *draw(st.lists(st.integers(0, 3), min_size=4, max_size=60))]
    ids = draw(
        st.lists(st.integers(-(2**40), 2**40) | st.text(max_size=4), min_size=len(labels), max_size=len(labels), unique=True)
    )
    fraction = draw(st.sampled_from([0.0, 0.1, 0.3, 0.5]))
    seeds = draw(st.integers(0, len(labels) // 2))
    return Given(ids=tuple(ids), labels=tuple(labels), test_fraction=fraction, seed_labels=seeds)


def held_out_ids(source: Given, world: World) -> set[int | str]:
    return set() if world.held_out is None else {source.ids[int(row)] for row in world.held_out[:, 0]}


@given(sources(), st.integers(0, 2**64 - 1))
def test_each_item_is_either_in_the_pool_or_held_out(source: Given, seed: int) -> None:
    world = world_of(source, seed=seed)
    held = held_out_ids(source, world)
    assert sorted([*world.items.ids, *held], key=repr) == sorted(source.ids, key=repr)
    assert len(held) == len(world.held_out_labels) == int((source.test_fraction or 0) * len(source.ids) + 0.5)
    assert list(world.items.ids) == [item for item in source.ids if item not in held]


@given(sources(), st.integers(0, 2**64 - 1))
def test_items_keep_their_features_and_their_truth(source: Given, seed: int) -> None:
    world = world_of(source, seed=seed)
    for row, item in enumerate(world.items.ids):
        assert source.ids[int(world.items.features[row, 0])] == item
        assert world.truth.of(item) == source.labels[source.ids.index(item)]
    if world.held_out is not None:
        assert world.held_out_labels.tolist() == [source.labels[int(row)] for row in world.held_out[:, 0]]


@given(sources(), st.integers(0, 2**64 - 1))
def test_each_class_gives_its_share_to_within_one_item(source: Given, seed: int) -> None:
    world = world_of(source, seed=seed)
    held = np.bincount(world.held_out_labels, minlength=4)
    exact = np.bincount(source.labels, minlength=4) * len(world.held_out_labels) / len(source.labels)
    assert (np.abs(held - exact) < 1).all()


@given(sources(), st.integers(0, 2**64 - 1))
def test_seeds_are_items_of_the_pool_and_show_every_class_if_they_can(source: Given, seed: int) -> None:
    world = world_of(source, seed=seed)
    assert len(set(world.seeds)) == len(world.seeds) == source.seed_labels
    assert set(world.seeds) <= set(world.items.ids)
    in_pool = {world.truth.of(item) for item in world.items.ids}
    if len(world.seeds) >= len(in_pool):
        assert {world.truth.of(item) for item in world.seeds} == in_pool


@given(sources(), st.integers(0, 2**64 - 1), st.randoms(use_true_random=False))
def test_the_split_does_not_depend_on_the_order_of_the_items(source: Given, seed: int, random: object) -> None:
    order = list(range(len(source.ids)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = source.model_copy(
        update={"ids": tuple(source.ids[row] for row in order), "labels": tuple(source.labels[row] for row in order)}
    )
    one, other = world_of(source, seed=seed), world_of(shuffled, seed=seed)
    assert one.seeds == other.seeds
    assert held_out_ids(source, one) == held_out_ids(shuffled, other)


@given(sources(), st.integers(0, 2**64 - 1))
@settings(max_examples=30)
def test_the_same_seed_gives_the_same_world(source: Given, seed: int) -> None:
    one, other = world_of(source, seed=seed), world_of(source, seed=seed)
    assert (one.seeds, one.digest, one.truth.classes, one.items.ids) == (
        other.seeds,
        other.digest,
        other.truth.classes,
        other.items.ids,
    )
    assert_array_equal(one.items.features, other.items.features)


def test_every_item_is_as_likely_to_be_held_out_or_a_seed() -> None:
    source = Given(ids=tuple(range(20)), labels=(0, 1) * 10, test_fraction=0.3, seed_labels=6)
    worlds = [world_of(source, seed=seed) for seed in range(1000)]
    held = np.bincount(np.concatenate([world.held_out[:, 0].astype(int) for world in worlds]), minlength=20)
    seeds = np.bincount(np.concatenate([world.seeds for world in worlds]), minlength=20)
    # Six standard deviations of a binomial count.
    assert np.abs(held - 300).max() < 6 * np.sqrt(1000 * 0.3 * 0.7)
    assert np.abs(seeds - 300).max() < 6 * np.sqrt(1000 * 0.3 * 0.7)


def test_more_seeds_begin_with_the_fewer() -> None:
    five, nine = (world_of(Iris(seed_labels=count)).seeds for count in (5, 9))
    assert nine[:5] == five


def test_defaults_are_20_seeds_and_30_percent_held_out_with_a_learner_and_none_without() -> None:
    with_learner, without = world_of(Digits()), world_of(Digits(), learner=False)
    assert (len(with_learner.seeds), len(with_learner.held_out_labels), len(with_learner.items)) == (20, 539, 1258)
    assert (len(without.seeds), len(without.held_out_labels), len(without.items)) == (0, 0, 1797)
    assert without.items.features is None
    assert without.held_out is None


def test_without_a_learner_items_can_still_be_held_out_and_known() -> None:
    world = world_of(Iris(test_fraction=0.2, seed_labels=3), learner=False)
    assert np.bincount(world.held_out_labels).tolist() == [10, 10, 10]
    assert world.held_out is None
    assert len(world.seeds) == 3


def test_a_world_without_features_is_the_same_on_every_machine() -> None:
    world = world_of(Synthetic(items=1000, classes=3, test_fraction=0.2, seed_labels=6), learner=False)
    assert world.digest == "0b9e240302a6e670"
    assert world.seeds == (909, 155, 48, 698, 725, 778)
    assert world.items.ids[:12] == [1, 2, 3, 4, 7, 8, 9, 11, 16, 18, 20, 22]


def test_the_digest_tells_different_data_apart_and_not_different_splits() -> None:
    source = Given(ids=(1, 2, 3, 4), labels=(0, 1, 0, 1), test_fraction=0, seed_labels=0)
    changed = [
        source.model_copy(update={"ids": (1, 2, 3, 5)}),
        source.model_copy(update={"ids": ("1", 2, 3, 4)}),
        source.model_copy(update={"labels": (0, 1, 1, 1)}),
        source.model_copy(update={"standardise": True}),
        source.model_copy(update={"featured": False}),
    ]
    digests = {world_of(each, learner=each.featured).digest for each in (source, *changed)}
    assert len(digests) == 6
    assert world_of(source.model_copy(update={"test_fraction": 0.5, "seed_labels": 1}), seed=3).digest == world_of(source).digest
    assert len(world_of(source).digest) == 16


def test_bundled_and_synthetic_features_are_standardised_over_all_items() -> None:
    for source in (Iris(seed_labels=0), Synthetic(separation=3)):
        world = world_of(source)
        features = np.concatenate([world.items.features, world.held_out])
        assert_allclose(features.mean(axis=0), 0, atol=1e-12)
        assert_allclose(features.std(axis=0), 1)
    assert world_of(Iris(standardise=False)).items.features.min() >= 0.1


def test_ones_own_features_are_taken_as_they_are_unless_told(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,y\n1,0\n2,1\n3,0\n4,1\n", encoding="utf-8")
    dials = {"path": "data.csv", "truth": "y", "test_fraction": 0.0, "seed_labels": 0}
    assert world_of(Csv.model_validate(dials), folder=tmp_path).items.features[:, 0].tolist() == [1, 2, 3, 4]
    standardised = world_of(Csv.model_validate({**dials, "standardise": True}), folder=tmp_path)
    assert standardised.items.features.sum() == pytest.approx(0)


def test_documentation_is_sparse_learnable_text_of_three_classes() -> None:
    world = world_of(Docstrings(items=1800))
    assert world.truth.classes == ("numpy", "scikit-learn", "scipy")
    assert issparse(world.items.features)
    assert issparse(world.held_out)
    truth = [world.truth.of(item) for item in world.items.ids]
    with threadpool_limits(1):  # Threads make these small products a hundred times slower.
        model = LogisticRegression(max_iter=200).fit(world.items.features, truth)
    assert model.score(world.held_out, world.held_out_labels) > 0.75


def test_a_million_items_without_features_are_made_by_arrays() -> None:
    world = world_of(Synthetic(items=1_000_000), learner=False)
    assert len(world.items) == 1_000_000
    assert world.digest == "2dcc6f447d07f094"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (Given(ids=(1, 2), labels=(1, 1)), "the data have one class only: 'b'"),
        (Given(ids=(1, 2, 3), labels=(0, 1, 1), seed_labels=4, test_fraction=0), "4 seed labels, but the pool has 3 items"),
        (Given(ids=(1, 2, 3), labels=(0, 1, 1)), "20 seed labels, but the pool has 2 items"),
        (Given(ids=(1, 2, 3), labels=(0, 1, 1), test_fraction=0.1), "test_fraction = 0.1 of 3 items holds out none"),
        (Given(ids=(1, 2, 3), labels=(0, 1, 1), test_fraction=0.9), "with test_fraction = 0.9, the pool has no items"),
        (Given(ids=(1, 2, 3), labels=(0, 1, 1), test_fraction=0.6), "with test_fraction = 0.6, the pool has one class only: 'b'"),
        (Given(ids=(1, 2), labels=(0, 1), featured=False), r"'Given' has no features, and a learner needs them"),
        (Docstrings(items=30, standardise=True), "standardise = true: the features of text are sparse"),
    ],
)
def test_data_that_do_not_suffice_are_refused(source: Source, message: str) -> None:
    with pytest.raises(BadInput, match=f"^[^\n]*{message}[^\n]*$"):
        world_of(source)


def test_features_too_large_to_be_standardised_are_refused(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,y\n1e308,0\n-1e308,1\n1e308,0\n-1e308,1\n", encoding="utf-8")
    source = Csv(path="data.csv", truth="y", standardise=True, test_fraction=0, seed_labels=0)
    with pytest.raises(BadInput, match="standardise = true: there are features too large for it"):
        world_of(source, folder=tmp_path)
