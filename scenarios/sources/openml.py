"""Data of OpenML, as scikit-learn's loader fetches and keeps them."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlparse

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.sparse import csr_matrix, issparse
from sklearn.datasets import fetch_openml
from sklearn.preprocessing import OneHotEncoder

from agents.items import Features
from agents.messages import Label
from bus.chance import Chance
from bus.table import nearest
from scenarios.errors import BadInput, brief, listed
from scenarios.rows import whole_or_text
from scenarios.source import Dataset, Name, Source, indexed
from scenarios.sources.fetching import cache_folder, fetching
from scenarios.text_features import AnyTextFeatures, features_of, refuse_unclear


class OpenMl(Source):
    """Data of OpenML (Vanschoren et al., 2013), by name and version or by number; ids are row numbers.

    Of columns of categories, each category is a feature of 0 and 1, and so is that none is given. Where a number is missing, the
    mean of its column stands (no label is looked at); a column without any number is left out. Text needs pandas to be read.
    """

    kind: ClassVar[str] = "openml"
    standardised: ClassVar[bool] = True

    name: Name | None = None
    """What the data are called, such as "phoneme"."""
    version: Annotated[int, Field(ge=1)] | None = None
    """Which data of that name: there may be several, that have little in common."""
    data_id: Annotated[int, Field(ge=1)] | None = None
    """Their number, instead of name and version."""
    target: Name | None = None
    """The column of the class; left out, the one that OpenML says. It holds categories, or whole numbers."""
    features: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """Columns that are features; left out, all but the topic that OpenML does not call ids or of no account."""
    most_categories: Annotated[int, Field(ge=2)] = 100
    """Features at most that a column of categories becomes: the rarest share one."""
    text: Name | None = None
    """Column of text that TF-IDF features are made of, instead of other features."""
    text_features: AnyTextFeatures | None = None
    """What is counted in text; left out, words, or characters where most letters are of a script without spaces between words."""
    topic: Name | None = None
    """Column of categories that says what an item is about: people may know more of some topics than of others."""
    cache: Name | None = None
    """The folder in which they are kept; relative to the folder of the scenario. Left out, scikit-learn's, in the home folder."""
    download: bool = True
    """Whether they are fetched if they are not there."""

    @model_validator(mode="after")
    def _is_one_data_set(self) -> Self:
        if (self.data_id is None) == (self.name is None) or (self.name is None) != (self.version is None):
            raise ValueError("give either name and version, or data_id")
        refuse_unclear(self.text, self.text_features, self.features is not None)
        return self

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the data."""
        cache = cache_folder(folder, self.cache)
        what = f"openml {self.data_id}" if self.name is None else f"openml {self.name!r}, version {self.version}"
        instead = "copy its folder openml there from where it is, such as ~/scikit_learn_data on a machine that has fetched it"
        with fetching(what, cache, instead, self.download):
            if not self.download:
                _refuse_absence(cache / "openml" / "openml.org", self.name, self.version, self.data_id)
            if self.text is not None and find_spec("pandas") is None:
                raise BadInput(f"{what}: columns of text are read by pandas, which is not installed (pip install pandas)")
            bunch = self._fetch(what, cache)
        for name in (self.text, self.topic, *(self.features or ())):
            if name is not None and name not in bunch.feature_names:
                raise BadInput(f"{what}: there is no column {name!r}; {nearest(name, listed(bunch.feature_names))}")
        truth, classes = indexed(_labels(what, bunch))
        matrix = None
        if features:
            matrix = self._text(what, bunch) if self.text is not None else self._features(what, bunch)
        topics = None if self.topic is None else _topics(what, bunch, self.topic)
        return Dataset([*range(len(truth))], matrix, truth, classes, topics)

    def _fetch(self, what: str, cache: Path) -> Any:
        def fetched(target: str | None) -> Any:
            return fetch_openml(
                self.name,
                version=self.version or "active",
                data_id=self.data_id,
                data_home=cache,
                target_column=target,
                as_frame=self.text is not None,
                parser="liac-arff",
                n_retries=1,
            )

        try:
            return fetched(self.target or "default-target")
        except ValueError as error:
            if "STRING" in str(error):
                raise BadInput(f"{what}: there are columns of text, which are read if one is named in text") from None
            raise
        except KeyError:
            names = fetched(None).feature_names
            if self.target is None or self.target in names:
                raise
            raise BadInput(f"{what}: there is no column {self.target!r}; {nearest(self.target, listed(names))}") from None

    def _text(self, what: str, bunch: Any) -> Features:
        texts = [value if isinstance(value, str) else "" for value in bunch.data[self.text].tolist()]
        try:
            return features_of(texts, self.text_features)
        except ValueError:
            raise BadInput(f"{what}: there are no words in {self.text!r} that could be features") from None

    def _features(self, what: str, bunch: Any) -> Features:
        wanted = self.features or [name for name in bunch.feature_names if name != self.topic]
        chosen = [place for place, name in enumerate(bunch.feature_names) if name in wanted]
        categories = [place for place in chosen if bunch.feature_names[place] in bunch.categories]
        if issparse(bunch.data):
            return _sparse(what, bunch, chosen, categories)
        numbers = bunch.data[:, [place for place in chosen if place not in categories]]
        if np.isinf(numbers).any():
            raise BadInput(f"{what}: there are infinite numbers; features are finite; name other columns in features")
        parts = [_filled(numbers)]
        if categories:
            encoder = OneHotEncoder(sparse_output=False, max_categories=self.most_categories, dtype=np.float64)
            parts.append(encoder.fit_transform(bunch.data[:, categories]))
        matrix = np.concatenate(parts, axis=1)
        if not matrix.shape[1]:
            raise BadInput(f"{what}: there is no column with anything in it that could be a feature")
        return matrix


def _labels(what: str, bunch: Any) -> list[Label]:
    """Return the classes of the items: categories, as numbers if they are whole numbers throughout, or whole numbers."""
    if bunch.target is None:
        raise BadInput(f"{what}: OpenML does not say which column is the class; name it in target; {_columns(bunch)}")
    if len(bunch.target_names) > 1:
        raise BadInput(f"{what}: there are several classes an item: {', '.join(bunch.target_names)}; name one in target")
    values = bunch.target.tolist()
    if all(isinstance(value, str) for value in values):
        return whole_or_text(values)
    for row, value in enumerate(values):
        if not isinstance(value, int | float) or not float(value).is_integer() or abs(value) > 2**53:
            raise BadInput(
                f"{what}, row {row}: {bunch.target_names[0]!r} is {brief(value)}; a class is a category or a whole number "
                f"(name its column in target; {_columns(bunch)})"
            )
    return [int(value) for value in values]


def _topics(what: str, bunch: Any, name: str) -> list[Label]:
    """Return the categories of a column, as an array numbers them or as a table holds them."""
    if issparse(bunch.data):
        raise BadInput(f"{what}: the data are sparse, and {name!r} cannot be their topic")
    if bunch.categories is None:
        values = bunch.data[name].tolist()
    elif name not in bunch.categories:
        raise BadInput(f"{what}: topic is {name!r}, which holds numbers; columns of categories are {', '.join(bunch.categories)}")
    else:
        places = bunch.data[:, bunch.feature_names.index(name)].tolist()
        values = [None if place != place else bunch.categories[name][int(place)] for place in places]
    for row, value in enumerate(values):
        if not isinstance(value, str) or not value:
            raise BadInput(f"{what}, row {row}: the topic {name!r} is {'missing' if value != value or not value else brief(value)}")
    return [*values]


def _columns(bunch: Any) -> str:
    return nearest("", listed(bunch.feature_names))


def _filled(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers with the mean of its column where one is missing, and without columns where all are."""
    missing = np.isnan(numbers)
    told = ~missing.all(axis=0)
    if not missing.any():
        return numbers
    numbers, missing = numbers[:, told], missing[:, told]
    means = np.nanmean(numbers, axis=0)
    return np.where(missing, means, numbers)


def _sparse(what: str, bunch: Any, chosen: Sequence[int], categories: Sequence[int]) -> Features:
    if categories:
        name = bunch.feature_names[categories[0]]
        raise BadInput(f"{what}: the data are sparse, and {name!r} holds categories; name the columns of numbers in features")
    matrix = csr_matrix(bunch.data)[:, [*chosen]]
    if not np.isfinite(matrix.data).all():
        raise BadInput(f"{what}: the data are sparse, and numbers in them are missing or infinite; name other columns in features")
    return matrix


def _refuse_absence(home: Path, name: str | None, version: int | None, data_id: int | None) -> None:
    """Refuse to go on unless every file is there that the loader would fetch otherwise.

    Raises:
        BadInput: one is not, or is damaged.
    """
    if name is not None:
        listing = _kept(home, f"api/v1/json/data/list/data_name/{name.lower()}/limit/2/data_version/{version}")
        data_id = json.loads(listing)["data"]["dataset"][0]["did"]
    description = json.loads(_kept(home, f"api/v1/json/data/{data_id}"))["data_set_description"]
    for path in (f"api/v1/json/data/features/{data_id}", f"api/v1/json/data/qualities/{data_id}"):
        json.loads(_kept(home, path))
    path = urlparse(description["url"]).path.lstrip("/")
    if hashlib.md5(_kept(home, path), usedforsecurity=False).hexdigest() != description["md5_checksum"]:
        raise BadInput(f"{home / path}.gz: the file is damaged; delete it, and set download = true to fetch it again")


def _kept(home: Path, path: str) -> bytes:
    """Return a file of the loader, unpacked."""
    with gzip.open(home / f"{path}.gz") as file:
        return file.read()
