"""Data as the Hugging Face hub serves them, in one file or several."""

from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from scenarios.source import Name
from scenarios.sources.tabular import Tabular
from scenarios.tables.class_names import read_class_names
from scenarios.tables.contents import Contents, Names
from scenarios.tables.gathered import contents_of, files, wanted
from scenarios.tables.jsonl import read_jsonl
from scenarios.tables.parquet import read_parquet

Columns = Annotated[tuple[Name, ...], Field(min_length=1)]

ClassNames = Annotated[tuple[Name, ...], Field(min_length=2)]


class Hub(Tabular):
    """Base class of files whose columns hold typed values: text, numbers, lists and objects.

    A column within an object is named with a point: `answer.label`.
    """

    path: Name
    """The file, or several as one: `data/train-*`, in the order of their names; relative to the folder of the scenario."""
    features: Columns | None = None
    """Columns of numbers, or of lists of numbers, all as long; left out, all that are not truth, id, text, topic or embeddings."""
    classes: ClassNames | None = None
    """What the classes are called, if the truth numbers them from 0; they are these, in this order, whether they occur or not."""
    classes_file: Name | None = None
    """A file that says so: the README.md of the data, or their dataset_infos.json."""

    @model_validator(mode="after")
    def _names_classes_once(self) -> Self:
        if self.classes is not None and self.classes_file is not None:
            raise ValueError("give either classes or classes_file")
        if self.classes is not None and len({*self.classes}) < len(self.classes):
            raise ValueError("two classes are called the same")
        return self

    def named(self) -> tuple[Name, ...]:
        """Return the columns that are named as features."""
        return self.features or ()

    def class_names(self, folder: Path) -> tuple[str, ...] | None:
        """Return what the classes are called; None if only the files of the data may say it."""
        return self.classes if self.classes_file is None else read_class_names(folder / self.classes_file, self.truth)

    def apart(self) -> tuple[str, ...]:
        """Return the columns that are no features unless they are named: embeddings in the same file."""
        own = self.embeddings
        return () if own is None or own.path is not None else tuple(name for name in (own.array, own.ids) if name is not None)


class Jsonl(Hub):
    """A JSON object a line, in UTF-8, packed by gzip or not."""

    kind: ClassVar[str] = "jsonl"

    def read(self, folder: Path, names: Names) -> Contents:
        """Read the files."""
        gathered = read_jsonl(files(folder, self.path), wanted(names), names.numbers, self.apart())
        return contents_of(str(folder / self.path), gathered, names, self.class_names(folder))


class Parquet(Hub):
    """Parquet files; what classes are called is taken from what the library `datasets` writes into them, if it is not said here."""

    kind: ClassVar[str] = "parquet"

    def read(self, folder: Path, names: Names) -> Contents:
        """Read the files."""
        gathered = read_parquet(files(folder, self.path), wanted(names), names.numbers, self.apart())
        return contents_of(str(folder / self.path), gathered, names, self.class_names(folder))
