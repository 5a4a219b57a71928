"""Sentences that are on every machine."""

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from bus.chance import Chance
from scenarios.source import Dataset, Source, indexed
from scenarios.text import documentation
from scenarios.text_features import AnyTextFeatures, features_of


class Docstrings(Source):
    """Sentences from the documentation of NumPy, SciPy and scikit-learn; the class is the library, whose name is masked.

    Real text that is on every machine, as TF-IDF features. It changes with the versions of the libraries.
    """

    kind: ClassVar[str] = "docstrings"

    items: Annotated[int, Field(ge=2)] = 3000
    """Sentences at most, as many from each library as far as there are (some 2,500 from NumPy)."""
    text_features: AnyTextFeatures | None = None
    """What is counted in a sentence; left out, words."""

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the sentences, with ids such as "doc-00017"."""
        sentences = documentation(self.items)
        truth, classes = indexed([sentence.library for sentence in sentences])
        matrix = features_of([sentence.text for sentence in sentences], self.text_features) if features else None
        return Dataset([sentence.name for sentence in sentences], matrix, truth, classes)
