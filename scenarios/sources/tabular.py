"""One's own data in a file."""

from abc import abstractmethod
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from agents.items import Features
from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.source import Dataset, Name, Source, indexed
from scenarios.tables.arrays import read_npz
from scenarios.tables.contents import Contents, Names
from scenarios.tables.separated import read_csv
from scenarios.text_features import AnyTextFeatures, features_of, refuse_unclear


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
    text_features: AnyTextFeatures | None = None
    """What is counted in text; left out, words, or characters where most letters are of a script without spaces between words."""
    topic: Name | None = None
    """Where it stands what an item is about, as whole numbers or text: people may know more of some topics than of others."""

    @model_validator(mode="after")
    def _uses_columns_once(self) -> Self:
        refuse_unclear(self.text, self.text_features, bool(self.named()))
        used = [name for name in (self.truth, self.id, self.text, self.topic, *self.named()) if name is not None]
        twice = [name for place, name in enumerate(used) if name in used[:place]]
        if twice:
            raise ValueError(f"column {twice[0]!r} is used twice")
        return self

    def named(self) -> tuple[Name, ...]:
        """Return the columns that are named as features, one by one."""
        return ()

    @abstractmethod
    def read(self, folder: Path, names: Names) -> Contents:
        """Read the file.

        Args:
            folder: what relative paths start from.
            names: what is wanted of it: all named columns are features, or all others if it names None.
        """

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return what the file holds."""
        numbers = (self.named() or None) if features and self.text is None else ()
        contents = self.read(folder, Names(self.truth, self.id, self.text if features else None, numbers, self.topic))
        truth, classes = indexed(contents.labels, contents.classes)
        matrix: Features | None = contents.numbers
        if contents.texts is not None:
            try:
                matrix = features_of(contents.texts, self.text_features)
            except ValueError:
                raise BadInput(f"{folder / self.path}: there are no words in {self.text!r} that could be features") from None
        return Dataset([*range(len(truth))] if contents.ids is None else contents.ids, matrix, truth, classes, contents.topics)


class Csv(Tabular):
    """Comma-separated values (tab-separated, if the file ends in .tsv), in UTF-8, with a first line that names the columns."""

    kind: ClassVar[str] = "csv"

    features: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    """Columns of numbers; left out, all that are not truth, id, text or topic."""

    def named(self) -> tuple[Name, ...]:
        """Return the columns that are named as features."""
        return self.features or ()

    def read(self, folder: Path, names: Names) -> Contents:
        """Read the file."""
        return read_csv(folder / self.path, names)


class Npz(Tabular):
    """Arrays as `numpy.savez` writes them: features (items x features), truth and perhaps ids; nothing is ever unpickled."""

    kind: ClassVar[str] = "npz"

    truth: Name = "truth"
    """The array of the classes: whole numbers or text."""
    features: Name = "features"
    """The array of the features; not looked at, if there is `text`."""

    def read(self, folder: Path, names: Names) -> Contents:
        """Read the file."""
        return read_npz(folder / self.path, names._replace(numbers=(self.features,) if names.numbers is None else ()))
