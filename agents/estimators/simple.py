"""Simple classifiers: they count, or they compare."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier

from agents.estimator import Estimator
from agents.items import Features

_SMOOTHED = {"multinomial": MultinomialNB, "complement": ComplementNB, "bernoulli": BernoulliNB}


class NaiveBayes(Estimator):
    """Naive Bayes (scikit-learn): features are independent where the class is known; it can learn as labels come."""

    kind: ClassVar[str] = "naive-bayes"

    distribution: Literal["multinomial", "complement", "bernoulli", "gaussian"] = "multinomial"
    """Of a feature in a class: for counts and weights of words, the same where classes are rare (Rennie, 2003), for their presence,
    or for measures."""
    alpha: Annotated[float, Field(gt=0)] = 1.0
    """Words that each class has beforehand of each kind; without effect on measures."""

    def build(self, random_state: int) -> Any:
        """Return a new classifier; it draws nothing."""
        return GaussianNB() if self.distribution == "gaussian" else _SMOOTHED[self.distribution](alpha=self.alpha)


class NearestNeighbours(Estimator):
    """Shares of the classes among the nearest labelled items (scikit-learn); of all, while there are fewer."""

    kind: ClassVar[str] = "k-nearest"

    neighbours: Annotated[int, Field(ge=1)] = 5
    """How many are looked at."""
    weights: Literal["uniform", "distance"] = "uniform"
    """Whether all count the same, or by one over their distance."""

    def build(self, random_state: int) -> Any:
        """Return a new classifier; it draws nothing."""
        return Neighbours(self.neighbours, weights=self.weights)


class Neighbours(KNeighborsClassifier):  # type: ignore[misc]
    """The nearest neighbours, or all where there are fewer."""

    n_neighbors: int

    def fit(self, features: Features, labels: NDArray[np.intp]) -> "Neighbours":
        """Remember the labels."""
        self.n_neighbors = min(self.n_neighbors, len(labels))
        super().fit(features, labels)
        return self
