"""Data sources: what each gives, and that the same seed gives the same everywhere."""

import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from pydantic import BaseModel, ValidationError

from agents.component import Component
from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.sources import (
    AnyData,
    BreastCancer,
    Bundled,
    Csv,
    Dataset,
    Digits,
    Docstrings,
    Iris,
    Npz,
    Source,
    Synthetic,
    Wine,
)

BUNDLED = [
    (Digits(), (1797, 64), tuple(range(10))),
    (BreastCancer(), (569, 30), ("malignant", "benign")),
    (Wine(), (178, 13), ("class_0", "class_1", "class_2")),
    (Iris(), (150, 4), ("setosa", "versicolor", "virginica")),
]

GOLDEN_TRUTH = [1, 0, 0, 1, 0, 0, 1, 1, 0, 2, 0, 0, 2, 0, 1, 0, 1, 2, 1, 2, 2, 0, 0, 1]


class Holder(BaseModel):
    data: AnyData


def load(source: Source, folder: Path = Path(), seed: int = 7, features: bool = True) -> Dataset:
    return source.load(folder, Chance(seed), features)


class TestBundled:
    @pytest.mark.parametrize(("source", "shape", "classes"), BUNDLED, ids=lambda each: getattr(each, "kind", ""))
    def test_has_the_size_and_the_classes_that_scikit_learn_says(
        self, source: Bundled, shape: tuple[int, int], classes: tuple[int | str, ...]
    ) -> None:
        data = load(source)
        assert data.features.shape == shape
        assert data.classes == classes
        assert data.ids == list(range(shape[0]))
        assert data.truth.dtype == np.intp
        assert {type(label) for label in data.classes} <= {int, str}

    @pytest.mark.parametrize(("source", "shape", "classes"), BUNDLED, ids=lambda each: getattr(each, "kind", ""))
    def test_makes_no_features_that_nobody_looks_at(self, source: Bundled, shape: object, classes: object) -> None:
        assert load(source, features=False).features is None


class TestSynthetic:
    def test_truth_is_the_same_on_every_machine(self) -> None:
        source = Synthetic(items=24, classes=3, class_weights=(5, 3, 2))
        assert load(source).truth.tolist() == GOLDEN_TRUTH
        assert load(source, seed=8).truth.tolist() != GOLDEN_TRUTH

    def test_truth_does_not_depend_on_whether_features_are_made_nor_on_how_many_items_follow(self) -> None:
        few, many = Synthetic(items=50), Synthetic(items=500)
        assert_array_equal(load(few, features=False).truth, load(few).truth)
        assert_array_equal(load(few).truth, load(many).truth[:50])

    def test_classes_are_as_frequent_as_their_weights(self) -> None:
        data = load(Synthetic(items=100_000, classes=3, class_weights=(6, 3, 1)), features=False)
        assert np.bincount(data.truth) / 100_000 == pytest.approx([0.6, 0.3, 0.1], abs=0.005)

    def test_any_two_centres_are_twice_the_separation_apart(self) -> None:
        data = load(Synthetic(items=60_000, classes=3, features=4, separation=1.5))
        centres = np.array([data.features[data.truth == label].mean(axis=0) for label in range(3)])
        for one, other in ((0, 1), (0, 2), (1, 2)):
            assert np.linalg.norm(centres[one] - centres[other]) == pytest.approx(3.0, abs=0.05)
        assert data.features[data.truth == 0].std(axis=0) == pytest.approx(np.ones(4), abs=0.02)

    @pytest.mark.parametrize("separation", [0.0, 1.0, 2.0])
    def test_the_best_classifier_is_as_good_as_promised(self, separation: float) -> None:
        data = load(Synthetic(items=40_000, separation=separation))
        features, truth = data.features, data.truth
        centres = [features[truth == label].mean(axis=0) for label in (0, 1)]
        nearest = np.argmin([np.linalg.norm(features - centre, axis=1) for centre in centres], axis=0)
        assert np.mean(nearest == truth) == pytest.approx(NormalDist().cdf(separation), abs=0.015)

    def test_there_may_be_more_classes_than_features(self) -> None:
        assert load(Synthetic(classes=5, features=2)).features.shape == (1000, 2)

    @given(st.integers(2, 60), st.integers(2, 8), st.integers(2, 8), st.integers(0, 2**64 - 1))
    @settings(deadline=None, max_examples=30)
    def test_the_same_seed_gives_the_same_data(self, items: int, classes: int, features: int, seed: int) -> None:
        source = Synthetic(items=items, classes=classes, features=features)
        one, other = load(source, seed=seed), load(source, seed=seed)
        assert_array_equal(one.features, other.features)
        assert_array_equal(one.truth, other.truth)
        assert one.truth.min() >= 0
        assert one.truth.max() < classes

    @pytest.mark.parametrize(
        ("dials", "message"),
        [
            ({"classes": 3, "class_weights": (1, 2)}, "class_weights has 2 numbers, but there are 3 classes"),
            ({"class_weights": (1, 0)}, "greater than 0"),
            ({"class_weights": (1, math.inf)}, "finite"),
            ({"separation": -1}, "greater than or equal to 0"),
            ({"items": 1}, "greater than or equal to 2"),
            ({"test_fraction": 1.0}, "less than 1"),
            ({"seed_labels": -1}, "greater than or equal to 0"),
        ],
    )
    def test_dials_out_of_bounds_are_refused(self, dials: dict[str, object], message: str) -> None:
        with pytest.raises(ValidationError, match=message):
            Synthetic.model_validate(dials)


class TestOnesOwnData:
    TABLE = "id,height,weight,label,note\n10,1.5,2,cat,a small animal\n11,2.5,4,dog,a larger animal\n12,1.25,3,cat,small\n"

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "pets.csv").write_text(self.TABLE, encoding="utf-8")
        arrays = {
            "x": np.eye(3),
            "y": np.array([3, 1, 3]),
            "name": np.array(["a", "b", "c"]),
            "text": np.array(["red", "blue", "red"]),
        }
        np.savez(tmp_path / "pets.npz", **arrays)
        return tmp_path

    def test_csv_gives_ids_features_and_classes(self, folder: Path) -> None:
        data = load(Csv(path="pets.csv", truth="label", id="id", features=("weight", "height")), folder)
        assert data.ids == [10, 11, 12]
        assert data.classes == ("cat", "dog")
        assert_array_equal(data.truth, [0, 1, 0])
        assert_array_equal(data.features, [[2, 1.5], [4, 2.5], [3, 1.25]])

    def test_csv_without_ids_counts_rows_and_without_a_learner_reads_no_features(self, folder: Path) -> None:
        data = load(Csv(path="pets.csv", truth="label"), folder, features=False)
        assert data.ids == [0, 1, 2]
        assert data.features is None

    def test_npz_gives_ids_features_and_classes(self, folder: Path) -> None:
        data = load(Npz(path="pets.npz", truth="y", features="x", id="name"), folder)
        assert data.ids == ["a", "b", "c"]
        assert data.classes == (1, 3)
        assert_array_equal(data.truth, [1, 0, 1])
        assert_array_equal(data.features, np.eye(3))
        assert load(Npz(path="pets.npz", truth="y"), folder, features=False).features is None

    @pytest.mark.parametrize(
        "source",
        [Csv(path="pets.csv", truth="label", text="note"), Npz(path="pets.npz", truth="y", text="text")],
        ids=["csv", "npz"],
    )
    def test_text_becomes_sparse_features(self, source: Source, folder: Path) -> None:
        features = load(source, folder).features
        assert features.format == "csr"
        assert features.shape[0] == 3
        assert load(source, folder, features=False).features is None

    def test_text_without_a_word_is_refused(self, folder: Path) -> None:
        (folder / "dots.csv").write_text("note,label\n...,a\n!,b\n", encoding="utf-8")
        with pytest.raises(BadInput, match=r"dots\.csv: there are no words in 'note' that could be features$"):
            load(Csv(path="dots.csv", truth="label", text="note"), folder)

    @pytest.mark.parametrize(
        ("dials", "message"),
        [
            ({"text": "note", "features": ("weight",)}, "either features or text"),
            ({"features": ("weight", "label")}, "column 'label' is used twice"),
            ({"text": "label"}, "column 'label' is used twice"),
            ({"features": ()}, "at least 1 item"),
            ({"path": ""}, "at least 1 character"),
        ],
    )
    def test_dials_that_contradict_each_other_are_refused(self, dials: dict[str, object], message: str) -> None:
        with pytest.raises(ValidationError, match=message):
            Csv.model_validate({"path": "pets.csv", "truth": "label", **dials})


class TestInAScenario:
    @pytest.mark.parametrize(
        "table",
        [
            {"source": "digits", "seed_labels": 10},
            {"source": "synthetic", "classes": 2, "class_weights": [3, 1]},
            {"source": "csv", "path": "pets.csv", "truth": "label", "features": ["a"]},
            {"source": "npz", "path": "pets.npz"},
            {"source": "docstrings", "items": 500},
            {"source": "docstrings", "text_features": "characters"},
            {"source": "20newsgroups", "categories": ["sci.med", "sci.space"], "remove": ["headers"], "cache": "kept"},
            {"source": "openml", "data_id": 61, "keep": {"Iris-setosa": 0.1}},
            {"source": "jsonl", "path": "part-*.jsonl.gz", "truth": "label", "text": "text", "classes": ["no", "yes"]},
            {"source": "parquet", "path": "x.parquet", "truth": "y", "embeddings": {"array": "vector"}, "keep": {"1": 0.5}},
        ],
        ids=lambda table: table["source"],
    )
    def test_a_source_reads_back_as_it_was_written(self, table: dict[str, object]) -> None:
        data = Holder.model_validate({"data": table}).data
        assert data == Holder.model_validate({"data": Holder(data=data).model_dump()["data"]}).data
        assert isinstance(data, Component)

    def test_every_source_is_in_the_schema(self) -> None:
        tables = Holder.model_json_schema()["properties"]["data"]["anyOf"]
        kinds = [table["properties"]["source"]["const"] for table in tables if "const" in table["properties"]["source"]]
        ours = "digits breast-cancer wine iris docstrings 20newsgroups openml synthetic csv npz jsonl parquet answers"
        assert kinds == ours.split()

    def test_docstrings_of_a_campaign_without_a_learner_have_no_features(self) -> None:
        data = load(Docstrings(items=30), features=False)
        assert data.features is None
        assert data.classes == ("numpy", "scikit-learn", "scipy")
        assert data.ids[:2] == ["doc-00000", "doc-00001"]
