"""Data of OpenML: what the loader of scikit-learn keeps, read without a net."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.error import URLError

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pydantic import ValidationError
from typer.testing import CliRunner

from bus.chance import Chance
from scenarios.cli import app
from scenarios.errors import BadInput
from scenarios.source import Dataset
from scenarios.sources import OpenMl
from tests.scenarios.campaigns import LEARNING, write

HOME = "openml/openml.org"

BEASTS = """% A comment
@relation beasts
@attribute id integer
@attribute height real
@attribute weight real
@attribute coat {short,long,'none at all'}
@attribute keeper {ann,bob}
@attribute legs integer
@attribute beast {cat,dog}
@data
1,1.5,2,short,ann,4,cat
2,2.5,?,long,bob,4,dog
3,?,6,?,ann,3,dog
4,2.0,4,short,bob,4,cat
"""

KINDS = {"real": "numeric", "integer": "numeric", "string": "string"}


def keep(
    folder: Path, arff: str = BEASTS, target: str | None = "beast", ids: tuple[str, ...] = ("id",), form: str = "ARFF"
) -> None:
    """Write what the loader would have kept of data number 5, called beasts, in its formats."""
    lines = arff.splitlines()
    declared = [line.split(None, 2)[1:] for line in lines if line.startswith("@attribute")]
    columns = [
        {
            "index": str(place),
            "name": name,
            "data_type": KINDS.get(kind, "nominal"),
            "is_target": str(name == target).lower(),
            "is_ignore": "false",
            "is_row_identifier": str(name in ids).lower(),
            "number_of_missing_values": "0",
        }
        for place, (name, kind) in enumerate(declared)
    ]
    count = len(lines) - lines.index("@data") - 1
    description = {
        "id": "5", "name": "beasts", "version": "1", "format": form, "status": "active", "description": "Beasts.",
        "url": "https://www.openml.org/data/v1/download/50/beasts.arff", "md5_checksum": hashlib.md5(arff.encode()).hexdigest(),
    }  # fmt: skip
    put(folder, "api/v1/json/data/5", {"data_set_description": description})
    put(folder, "api/v1/json/data/features/5", {"data_features": {"feature": columns}})
    put(
        folder,
        "api/v1/json/data/qualities/5",
        {"data_qualities": {"quality": [{"name": "NumberOfInstances", "value": str(count)}]}},
    )
    found = {"data": {"dataset": [{"did": 5, "name": "beasts", "version": 1, "status": "active"}]}}
    put(folder, "api/v1/json/data/list/data_name/beasts/limit/2/data_version/1", found)
    put(folder, "data/v1/download/50/beasts.arff", arff)


def put(folder: Path, path: str, content: object) -> None:
    file = folder / HOME / f"{path}.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress((content if isinstance(content, str) else json.dumps(content)).encode()))


@pytest.fixture(autouse=True)
def no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise URLError("Name or service not known")

    monkeypatch.setattr("sklearn.datasets._openml.urlopen", refuse)
    monkeypatch.setattr("sklearn.datasets._openml.time.sleep", lambda _: None)


def load(folder: Path, looks: bool = True, **dials: Any) -> Dataset:
    named = {} if "name" in dials else {"data_id": 5}
    return OpenMl(cache=str(folder), **named, **dials).load(folder, Chance(7), looks)


def test_numbers_are_filled_with_means_and_categories_become_features(tmp_path: Path) -> None:
    keep(tmp_path)
    data = load(tmp_path)
    assert data.ids == [0, 1, 2, 3]
    assert data.classes == ("cat", "dog")
    assert_array_equal(data.truth, [0, 1, 1, 0])
    heights_weights_legs = [[1.5, 2, 4], [2.5, 4, 4], [2.0, 6, 3], [2.0, 4, 4]]
    coats = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    keepers = [[1, 0], [0, 1], [1, 0], [0, 1]]
    assert_allclose(data.features, np.hstack([heights_weights_legs, coats, keepers]))
    assert load(tmp_path, looks=False).features is None


def test_name_and_version_say_the_same_as_the_number(tmp_path: Path) -> None:
    keep(tmp_path)
    assert_array_equal(load(tmp_path, name="Beasts", version=1, download=False).features, load(tmp_path, download=False).features)


def test_columns_target_and_topic_are_those_that_are_named(tmp_path: Path) -> None:
    keep(tmp_path)
    data = load(tmp_path, features=("weight", "height"), target="legs", topic="keeper")
    assert_allclose(data.features, [[1.5, 2], [2.5, 4], [2.0, 6], [2.0, 4]])
    assert data.classes == (3, 4)
    assert data.topics == ["ann", "bob", "ann", "bob"]
    assert load(tmp_path, topic="keeper").features.shape == (4, 6)


def test_the_rarest_categories_share_a_feature(tmp_path: Path) -> None:
    rows = "".join(f"{'abcdefg'[min(row // 8, 2) if row < 24 else 3 + row % 4]},{row % 2}\n" for row in range(40))
    keep(tmp_path, "@relation r\n@attribute c {a,b,c,d,e,f,g}\n@attribute beast {0,1}\n@data\n" + rows)
    data = load(tmp_path, most_categories=4)
    assert data.classes == (0, 1)
    assert data.features.sum(axis=0).tolist() == [8, 8, 8, 16]


def test_sparse_data_stay_sparse(tmp_path: Path) -> None:
    head = "@relation r\n@attribute a real\n@attribute b real\n@attribute beast {0,cat,dog}\n@data\n"
    keep(tmp_path, head + "{0 1.5, 2 cat}\n{1 2, 2 dog}\n{2 cat}\n", form="Sparse_ARFF")
    data = load(tmp_path)
    assert data.classes == ("cat", "dog")
    assert_allclose(data.features.toarray(), [[1.5, 0], [0, 2], [0, 0]])


def test_text_becomes_features(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    head = "@relation r\n@attribute t string\n@attribute a real\n@attribute beast {cat,dog}\n@data\n"
    keep(tmp_path, head + "'red, blue',1,cat\n?,2,dog\n'red',3,cat\n")
    data = load(tmp_path, text="t")
    assert data.classes == ("cat", "dog")
    assert data.features.shape == (3, 3)
    assert data.features[1].nnz == 0
    with pytest.raises(BadInput, match="openml 5: there are columns of text, which are read if one is named in text"):
        load(tmp_path)


def test_a_campaign_learns_from_openml(tmp_path: Path) -> None:
    rows = "".join(f"{row % 3 + row % 7 / 10},{'xyz'[row % 3]}\n" for row in range(120))
    keep(tmp_path, "@relation r\n@attribute a real\n@attribute beast {x,y,z}\n@data\n" + rows)
    scenario = write(tmp_path, LEARNING.replace('source = "iris"', 'source = "openml"\ndata_id = 5\ncache = "."\ndownload = false'))
    result = CliRunner().invoke(app, ["run", str(scenario), "--logs", str(tmp_path / "logs"), "--json"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("dials", "message"),
    [
        ({"target": "height"}, r"openml 5, row 0: 'height' is 1.5; a class is a category or a whole number"),
        ({"target": "beats"}, "openml 5: there is no column 'beats'; did you mean 'beast'"),
        ({"features": ("hight",)}, "openml 5: there is no column 'hight'; did you mean 'height'"),
        ({"text": "heights"}, "openml 5: there is no column 'heights'; did you mean 'height'"),
        ({"topic": "weight"}, "topic is 'weight', which holds numbers; columns of categories are coat, keeper"),
        ({"topic": "coat"}, "openml 5, row 2: the topic 'coat' is missing"),
        (
            {"name": "beasts", "version": 2},
            r"'beasts', version 2 is not in .*cannot be fetched \(Name or service not known\); go online",
        ),
        (
            {"name": "beasts", "version": 2, "download": False},
            "version 2 is not whole in .*; set download = true, or copy its folder",
        ),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, dials: dict[str, Any], message: str) -> None:
    keep(tmp_path)
    with pytest.raises(BadInput, match=message):
        load(tmp_path, **dials)


@pytest.mark.parametrize("path", ["api/v1/json/data/5", "api/v1/json/data/features/5", "data/v1/download/50/beasts.arff"])
@pytest.mark.parametrize("download", [True, False])
def test_files_that_are_damaged_or_gone_are_refused(tmp_path: Path, path: str, download: bool) -> None:
    for damage in (b"", b"nothing", gzip.compress(b"{}"), gzip.compress(b"null")[:-3], None):
        keep(tmp_path)
        file = tmp_path / HOME / f"{path}.gz"
        file.unlink() if damage is None else file.write_bytes(damage)
        with pytest.raises(BadInput, match=r"^[^\n]*openml[^\n]*$"):
            load(tmp_path, download=download)


def test_data_without_a_class_are_refused(tmp_path: Path) -> None:
    keep(tmp_path, target=None)
    with pytest.raises(BadInput, match="OpenML does not say which column is the class; name it in target; there are beast, coat"):
        load(tmp_path)


@pytest.mark.parametrize(
    "dials",
    [{}, {"name": "x"}, {"version": 1}, {"name": "x", "version": 1, "data_id": 5}, {"data_id": 5, "version": 1}],
)
def test_it_is_said_once_which_data(dials: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="give either name and version, or data_id"):
        OpenMl.model_validate(dials)
