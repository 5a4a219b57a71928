"""Data that chance makes."""

import math
from itertools import accumulate
from pathlib import Path
from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from bus.chance import Chance
from scenarios.source import Dataset, Source


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
