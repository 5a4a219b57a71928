"""Rare classes: how many of their items stay, and which."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.keeping import kept
from scenarios.source import Dataset
from scenarios.sources import BreastCancer, Csv, Iris, Synthetic
from scenarios.study.design import read_design
from scenarios.study.study import Study
from scenarios.world import build_world

ROOT = Path(__file__).parents[2]

LABELS = st.lists(st.integers(0, 2), min_size=1, max_size=60)


def data_of(labels: list[int]) -> Dataset:
    rows = np.arange(len(labels), dtype=np.float64)[:, np.newaxis]
    topics = [f"t{row}" for row in range(len(labels))]
    return Dataset([*range(len(labels))], rows, np.array(labels), ("a", "b", "c"), topics, rows + 0.5)


@given(LABELS, st.floats(0.001, 1), st.integers(0, 2**64 - 1))
def test_a_share_of_the_class_stays_and_all_others_do(labels: list[int], share: float, seed: int) -> None:
    data = kept(data_of(labels), {"b": share}, Chance(seed))
    count = labels.count(1)
    assert np.count_nonzero(data.truth == 1) == min(count, max(1, int(share * count + 0.5)))
    assert [item for item in data.ids if labels[int(item)] != 1] == [row for row, label in enumerate(labels) if label != 1]
    assert data.classes == ("a", "b", "c")


@given(LABELS, st.floats(0.001, 1), st.integers(0, 2**64 - 1))
def test_items_keep_all_that_is_known_of_them(labels: list[int], share: float, seed: int) -> None:
    data = kept(data_of(labels), {"a": share, "c": share}, Chance(seed))
    assert data.topics == [f"t{item}" for item in data.ids]
    assert data.truth.tolist() == [labels[int(item)] for item in data.ids]
    assert data.features[:, 0].tolist() == [*data.ids]
    assert (data.embeddings[:, 0] - 0.5).tolist() == [*data.ids]


@given(LABELS, st.floats(0.001, 1), st.floats(0.001, 1), st.integers(0, 2**64 - 1))
def test_those_of_a_smaller_share_are_among_those_of_a_larger(labels: list[int], one: float, other: float, seed: int) -> None:
    few, many = (kept(data_of(labels), {"b": share}, Chance(seed)).ids for share in sorted((one, other)))
    assert {*few} <= {*many}


def test_every_item_is_as_likely_to_stay() -> None:
    data = data_of([0, 1] * 20)
    stays = np.zeros(40)
    for seed in range(1000):
        stays[kept(data, {"b": 0.3}, Chance(seed)).ids] += 1
    assert (stays[::2] == 1000).all()
    # Four standard deviations of a binomial count.
    assert np.abs(stays[1::2] - 300).max() < 4 * np.sqrt(1000 * 0.3 * 0.7)


def test_tumours_are_rare_in_the_pool_and_among_what_is_held_out_and_the_seeds_show_one() -> None:
    world = build_world(BreastCancer(keep={"malignant": 0.05}), Chance(7), Path(), learner=True)
    assert np.bincount(world.held_out_labels).tolist() == [3, 107]
    assert sum(world.truth.of(item) == 0 for item in world.items.ids) == 8
    assert {world.truth.of(item) for item in world.seeds} == {0, 1}


def test_classes_that_are_numbers_are_named_by_them() -> None:
    world = build_world(Synthetic(items=400, keep={"1": 0.1}), Chance(7), Path(), learner=False)
    assert 15 < sum(world.truth.of(item) for item in world.items.ids) < 25


def test_a_class_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        BadInput, match=r"^data.keep: there is no class 'setoso'; did you mean 'setosa'\? there are setosa, versicolor"
    ):
        build_world(Iris(keep={"setoso": 0.5}), Chance(7), Path(), learner=True)


def test_a_pool_in_which_a_rare_class_leaves_one_class_is_refused() -> None:
    with pytest.raises(BadInput, match="the pool has one class only: 'benign'"):
        build_world(BreastCancer(keep={"malignant": 0.0001}, test_fraction=0.5), Chance(7), Path(), learner=True)


@pytest.mark.slow
def test_where_a_class_is_rare_macro_f1_shows_what_accuracy_hides_as_the_study_says() -> None:
    study = read_design(ROOT / "scenarios" / "library" / "rare-class.toml", seeds=8)
    results = Study(study).run()
    assert not any(row["error"] for row in results.rows)
    random, margin, certainty, often_random, often_margin, often_certainty = (each.mean for each in results.estimates("macro_f1"))
    assert (random, margin, certainty) == (
        pytest.approx(0.84, abs=0.09), pytest.approx(0.94, abs=0.06), pytest.approx(0.93, abs=0.08),
    )  # fmt: skip
    assert often_margin > often_random > often_certainty


@pytest.mark.parametrize("share", [0, -0.5, 1.5, float("nan")])
def test_shares_out_of_bounds_are_refused(share: float) -> None:
    with pytest.raises(ValidationError, match=re.escape("keep.a")):
        Csv.model_validate({"path": "x.csv", "truth": "y", "keep": {"a": share}})
