"""What every source of data is: dials, and a method that gives items and what they truly are."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.component import Component
from agents.items import Features
from agents.messages import Item, Label
from bus.chance import Chance
from scenarios.embeddings import Embeddings

Name = Annotated[str, Field(min_length=1)]
"""A path, or the name of a column or an array."""


Share = Annotated[float, Field(gt=0, le=1)]


class Dataset(NamedTuple):
    """Items, and all that is known of them.

    Attributes:
        ids: the items' ids, all different.
        features: a dense array of float64 or a sparse matrix in rows, items x features; None if nobody looks at them.
        truth: an index into `classes` an item.
        classes: the classes.
        topics: what each item is about; None if nobody says.
        embeddings: other features of the user's own, items x dimensions; None if there are none.
    """

    ids: list[Item]
    features: Features | None
    truth: NDArray[np.intp]
    classes: tuple[Label, ...]
    topics: list[Label] | None = None
    embeddings: Features | None = None


class Source(Component):
    """Base class of data sources."""

    standardised: ClassVar[bool] = False
    """Whether features are standardised where `standardise` is left out."""

    test_fraction: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Share of the items held out to judge the model by, the same of every class; left out: 0.3 with a learner, otherwise 0."""
    seed_labels: Annotated[int, Field(ge=0)] | None = None
    """Items whose true label is known from the start; left out: 20 with a learner, otherwise 0."""
    gold_labels: Annotated[int, Field(ge=0)] = 0
    """Further items that are no work to be done: the coordinator knows their true labels, and with a table `[coordination.gold]`
    asks them to see who is any good."""
    standardise: bool | None = None
    """Whether each feature is brought to mean 0 and variance 1 over all items, held-out ones too (no label is looked at). Left
    out: yes for data of scikit-learn, of OpenML and synthetic ones, no for one's own; features of text are sparse and cannot be."""
    keep: dict[Name, Share] | None = None
    """Of some classes, the share of their items that stays, one at least: `keep = { malignant = 0.05 }` makes tumours rare, in the
    pool and among what is held out. Which stay is luck, keyed by item; those of a smaller share are among those of a larger.
    Look at macro F1 then: accuracy hides how a rare class fares."""
    embeddings: Embeddings | None = None
    """Where items lie as another model sees them, for strategies that go by distances: an array in a file of your own."""

    def completed(self, learner: bool) -> Self:
        """Return the source with what depends on whether there is a learner written out."""
        test_fraction, seed_labels = (0.3, 20) if learner else (0.0, 0)
        return self.model_copy(
            update={
                "test_fraction": test_fraction if self.test_fraction is None else self.test_fraction,
                "seed_labels": seed_labels if self.seed_labels is None else self.seed_labels,
            }
        )

    @abstractmethod
    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the data, whose arrays are the caller's to change.

        Args:
            folder: what relative paths start from.
            chance: the run's randomness.
            features: whether anybody looks at features; if not, none need be made.

        Raises:
            BadInput: the data cannot be read or used.
        """


def indexed(labels: Sequence[Label], classes: Sequence[Label] | None = None) -> tuple[NDArray[np.intp], tuple[Label, ...]]:
    """Return labels as indices into classes: into their sorted classes, if there are no others."""
    classes = sorted(set(labels)) if classes is None else classes
    index = {label: place for place, label in enumerate(classes)}
    return np.fromiter((index[label] for label in labels), np.intp, len(labels)), tuple(classes)
