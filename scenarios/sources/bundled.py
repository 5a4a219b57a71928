"""Data sets that come with scikit-learn."""

from pathlib import Path
from typing import ClassVar

import numpy as np
from sklearn import datasets

from bus.chance import Chance
from scenarios.source import Dataset, Source


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
