"""Calibration: probabilities that are right as often as they say."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV

from agents.estimator import Estimator
from agents.estimators.linear import odds
from agents.estimators.nested import AnyScoring
from agents.items import Features

Method = Literal["sigmoid", "isotonic", "temperature"]


class Calibrated(Estimator):
    """Another classifier, trained once a fold, whose scores are mapped to probabilities by what is right among the labels left out.

    Where a class has fewer labels than there are folds, the classifier goes uncalibrated until there are as many; margins, where it
    gives no probabilities, then serve as log odds.
    """

    kind: ClassVar[str] = "calibrated"

    of: AnyScoring
    """The classifier; one that gives margins alone will do."""
    method: Method = "sigmoid"
    """Logistic curves (Platt, 1999), monotone steps (Zadrozny and Elkan, 2002), or one temperature for all (Guo et al., 2017)."""
    folds: Annotated[int, Field(ge=2)] = 3
    """Parts of the labels, each left out once."""

    @model_validator(mode="after")
    def _can_be_copied(self) -> "Calibrated":
        if not isinstance(self.of.build(0), BaseEstimator):
            raise PydanticCustomError(
                "classifier",
                "{name} cannot be calibrated: it is trained once a fold, and does not derive from sklearn.base.BaseEstimator",
                {"name": self.of.name},
            )
        return self

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.kind} {self.of.name}"

    @property
    def weighs(self) -> bool:
        """Whether the classifier takes weights."""
        return self.of.weighs

    def lacks(self, features: Features) -> str | None:
        """Return what the classifier says."""
        return self.of.lacks(features)

    def build(self, random_state: int) -> Any:
        """Return a new classifier with this seed."""
        return Calibration(self.of.build(random_state), self.method, self.folds)


class Calibration(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier that is calibrated where there are labels enough."""

    def __init__(self, estimator: Any, method: Method, folds: int) -> None:
        self.estimator = estimator
        self.method = method
        self.folds = folds

    def fit(self, features: Features, labels: NDArray[np.intp], sample_weight: NDArray[np.float64] | None = None) -> "Calibration":
        """Train the classifier, and calibrate it if each class has a label for each fold."""
        self.classes_, counts = np.unique(labels, return_counts=True)
        weighed = {} if sample_weight is None else {"sample_weight": sample_weight}
        self.fitted_ = clone(self.estimator)
        if counts.min() >= self.folds:
            self.fitted_ = CalibratedClassifierCV(self.fitted_, method=self.method, cv=self.folds)
        self.fitted_.fit(features, labels, **weighed)
        return self

    def predict_proba(self, features: Features) -> NDArray[np.float64]:
        """Return probabilities; shape (rows, classes)."""
        if hasattr(self.fitted_, "predict_proba"):
            return np.asarray(self.fitted_.predict_proba(features), np.float64)
        return odds(np.asarray(self.fitted_.decision_function(features), np.float64))
