"""Sources: where the items of a campaign come from, and what they truly are."""

import math
from abc import abstractmethod
from itertools import accumulate
from pathlib import Path
from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from sklearn import datasets

from agents.component import Choice
from bus.chance import Chance
from scenarios.answers.source import Answered
from scenarios.errors import BadInput
from scenarios.source import Dataset, Name, Source, indexed
from scenarios.tables import Contents, Names, read_csv, read_npz
from scenarios.text import documentation, tf_idf


class Bundled(Source):
    """Base class of the data sets that come with scikit-learn, each under its name there."""

    standardised: ClassVar[bool] = True

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the data set; ids are row numbers."""
        bunch = getattr(datasets, f"load_{self.kind.replace('-', '_')}")()
        truth = bunch.target.astype(np.intp)
        return Dataset([*range(len(truth))], bunch.data if features else None, truth, tuple(bunch.target_names.tolist()))


class Digits(Bundled):
    """1,797 handwritten digits in 8 x 8 pixels (UCI)."""

    kind: ClassVar[str] = "digits"


class BreastCancer(Bundled):
    """569 tumours, malignant or benign, by 30 features of cell nuclei (Wisconsin diagnostic data, UCI)."""

    kind: ClassVar[str] = "breast-cancer"


class Wine(Bundled):
    """178 wines of three growers, by 13 chemical features (UCI)."""

    kind: ClassVar[str] = "wine"


class Iris(Bundled):
    """150 flowers of three species, by the 4 lengths and widths of their leaves (Fisher, 1936)."""

    kind: ClassVar[str] = "iris"


class Docstrings(Source):
    """Sentences from the documentation of NumPy, SciPy and scikit-learn; the class is the library, whose name is masked.

    Real text that is on every machine, as TF-IDF features. It changes with the versions of the libraries.
    """

    kind: ClassVar[str] = "docstrings"

    items: Annotated[int, Field(ge=2)] = 3000
    """Sentences at most, as many from each library as far as there are (some 2,500 from NumPy)."""

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the sentences, with ids such as "doc-00017"."""
        sentences = documentation(self.items)
        truth, classes = indexed([sentence.library for sentence in sentences])
        matrix = tf_idf([sentence.text for sentence in sentences]) if features else None
        return Dataset([sentence.name for sentence in sentences], matrix, truth, classes)


class Synthetic(Source):
    """Normal clouds, one a class: an item's features are its class's centre, plus standard normal noise in each feature.

    Centres lie at sqrt(2) * separation from the origin, in random directions. If there are no more classes than features, these
    are at right angles, so that any two centres are 2 * separation apart; and of two equally frequent classes, the best
    classifier that there can be gets Phi(separation) right, the standard normal distribution function: 0.84 at 1, 0.98 at 2.
    """

    kind: ClassVar[str] = "synthetic"
    standardised: ClassVar[bool] = True

    items: Annotated[int, Field(ge=2, le=10_000_000)] = 1000
    """Number of items."""
    classes: Annotated[int, Field(ge=2, le=10_000)] = 2
    """Number of classes; they are called 0, 1, ..."""
    features: Annotated[int, Field(ge=2, le=100_000)] = 20
    """Number of features; they are made only for a learner."""
    class_weights: tuple[Annotated[float, Field(gt=0)], ...] | None = None
    """How frequent each class is, relative to the others; left out, all alike."""
    separation: Annotated[float, Field(ge=0, le=1e6)] = 1.0
    """Half the distance of two centres, in standard deviations of the noise; at 0, features say nothing of the class."""

    @model_validator(mode="after")
    def _has_a_weight_a_class(self) -> Self:
        if self.class_weights is not None and len(self.class_weights) != self.classes:
            raise ValueError(f"class_weights has {len(self.class_weights)} numbers, but there are {self.classes} classes")
        return self

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Draw the data; ids are row numbers. The truth is the same with every version of Python and NumPy."""
        truth = self._truth(chance)
        matrix = self._features(truth, chance.stream("world", "synthetic")) if features else None
        return Dataset([*range(self.items)], matrix, truth, tuple(range(self.classes)))

    def _truth(self, chance: Chance) -> NDArray[np.intp]:
        weights = self.class_weights or (1.0,) * self.classes
        total = math.fsum(weights)
        bounds = [upper / total for upper in accumulate(weights)][:-1]
        luck = chance.keyed("world", "truth").uniforms(np.arange(self.items, dtype=np.uint64))
        return np.searchsorted(bounds, luck, side="right")

    def _features(self, truth: NDArray[np.intp], stream: np.random.Generator) -> NDArray[np.float64]:
        directions = stream.standard_normal((self.features, self.classes))
        directions = np.linalg.qr(directions).Q if self.classes <= self.features else directions
        directions /= np.linalg.norm(directions, axis=0)
        features = stream.standard_normal((self.items, self.features))
        features += (math.sqrt(2) * self.separation * directions.T)[truth]
        return features


class Tabular(Source):
    """Base class of one's own data in a file."""

    path: Name
    """The file; relative to the folder of the scenario."""
    truth: Name
    """Where the class stands: whole numbers or text."""
    id: Name | None = None
    """Where the items' ids stand; left out, items are called by their rows, from 0."""
    text: Name | None = None
    """Where text stands that TF-IDF features are made of, instead of other features."""
    topic: Name | None = None
    """Where it stands what an item is about, as whole numbers or text: people may know more of some topics than of others."""

    @abstractmethod
    def read(self, path: Path, numbers: bool) -> Contents:
        """Read the file: truth, ids and texts, and with `numbers`, the features."""

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return what the file holds."""
        path = folder / self.path
        contents = self.read(path, features and self.text is None)
        truth, classes = indexed(contents.labels)
        ids = [*range(len(truth))] if contents.ids is None else contents.ids
        if not features or contents.texts is None:
            return Dataset(ids, contents.numbers, truth, classes, contents.topics)
        try:
            return Dataset(ids, tf_idf(contents.texts), truth, classes, contents.topics)
        except ValueError:
            raise BadInput(f"{path}: there are no words in {self.text!r} that could be features") from None


class Csv(Tabular):
    """Comma-separated values (tab-separated, if the file ends in .tsv), in UTF-8, with a first line that names the columns."""

    kind: ClassVar[str] = "csv"

    features: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """Columns of numbers; left out, all that are not truth, id, text or topic."""

    @model_validator(mode="after")
    def _uses_columns_once(self) -> Self:
        if self.text is not None and self.features is not None:
            raise ValueError("give either features or text: TF-IDF features and others do not mix")
        used = [name for name in (self.truth, self.id, self.text, self.topic, *(self.features or ())) if name is not None]
        twice = [name for place, name in enumerate(used) if name in used[:place]]
        if twice:
            raise ValueError(f"column {twice[0]!r} is used twice")
        return self

    def read(self, path: Path, numbers: bool) -> Contents:
        """Read the file."""
        return read_csv(path, Names(self.truth, self.id, self.text, self.features if numbers else (), self.topic))


class Npz(Tabular):
    """Arrays as `numpy.savez` writes them: features (items x features), truth and perhaps ids; nothing is ever unpickled."""

    kind: ClassVar[str] = "npz"

    truth: Name = "truth"
    """The array of the classes: whole numbers or text."""
    features: Name = "features"
    """The array of the features; not looked at, if there is `text`."""

    def read(self, path: Path, numbers: bool) -> Contents:
        """Read the file."""
        return read_npz(path, Names(self.truth, self.id, self.text, (self.features,) if numbers else (), self.topic))


AnyData = Annotated[
    Source,
    Choice("data source", Digits, BreastCancer, Wine, Iris, Docstrings, Synthetic, Csv, Npz, Answered, tag="source"),
]
