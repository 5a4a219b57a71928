"""Estimators: what the Learner trains, and the models that come of it."""

import warnings
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sklearn.base import ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression

from agents.component import Choice, Component, Trust, Unusable, import_class
from agents.items import Features
from bus.table import nearest


class Estimator(Component):
    """Makes fresh classifiers with scikit-learn's `fit` and `predict_proba`."""

    votes: ClassVar[bool | None] = False
    """Whether its models are committees; None if that is seen only when one is trained."""

    @abstractmethod
    def build(self, random_state: int) -> Any:
        """Return a new, untrained classifier; `random_state` is its seed, below 2**32."""


class LogisticRegression(Estimator):
    """Multinomial logistic regression with an L2 penalty (scikit-learn, lbfgs)."""

    kind: ClassVar[str] = "logistic-regression"

    C: Annotated[float, Field(gt=0)] = 1.0
    """Inverse strength of the penalty."""
    max_iter: Annotated[int, Field(ge=1)] = 200
    """Iterations of the solver at most."""

    def build(self, random_state: int) -> Any:
        """Return a new classifier; it draws nothing."""
        return SklearnLogisticRegression(C=self.C, max_iter=self.max_iter)


class RandomForest(Estimator):
    """A random forest (Breiman, 2001; scikit-learn)."""

    kind: ClassVar[str] = "random-forest"
    votes: ClassVar[bool | None] = True

    trees: Annotated[int, Field(ge=1)] = 100
    """Trees in the forest."""
    max_depth: Annotated[int, Field(ge=1)] | None = None
    """Depth of a tree at most; left out, no limit."""
    min_leaf: Annotated[int, Field(ge=1)] = 1
    """Labels in a leaf at least."""

    def build(self, random_state: int) -> Any:
        """Return a new forest with this seed."""
        return RandomForestClassifier(
            self.trees, max_depth=self.max_depth, min_samples_leaf=self.min_leaf, random_state=random_state
        )


class AnyClassifier(Estimator):
    """A classifier by its dotted path, with `fit` and `predict_proba`: scikit-learn's or anybody's."""

    votes: ClassVar[bool | None] = None

    path: str
    """Dotted path of the class: its `kind` in a scenario."""
    params: Annotated[dict[str, JsonValue], Field(default_factory=dict)]
    """Arguments of its constructor."""

    @field_validator("path")
    @classmethod
    def _is_classifier(cls, path: str, info: ValidationInfo) -> str:
        trust = info.context if isinstance(info.context, Trust) else Trust()
        found = import_class(path, trust)
        if path.startswith("sklearn."):
            # Trusted without being asked for: so it must be one of scikit-learn's classifiers, and not whatever its modules import.
            if not (isinstance(found, type) and issubclass(found, ClassifierMixin) and found.__module__.startswith("sklearn.")):
                raise PydanticCustomError("classifier", "{path} is no classifier of scikit-learn", {"path": repr(path)})
            return path
        missing = [method for method in ("fit", "predict_proba") if not hasattr(found, method)]
        if missing:
            what = {"path": repr(path), "missing": " and no ".join(missing)}
            raise PydanticCustomError("classifier", "{path} is no classifier: it has no {missing}", what)
        return path

    @model_validator(mode="after")
    def _params_fit(self) -> "AnyClassifier":
        try:
            built = self.build(0)
        except (TypeError, ValueError) as error:
            known: list[str] = getattr(import_class(self.path, Trust()), "_get_param_names", list)()
            unknown = next((name for name in self.params if name not in known), "")
            hint = f". {nearest(unknown, known)}" if known and unknown else ""
            raise PydanticCustomError(
                "params", "{kind} does not take these params: {why}{hint}", {"kind": self.path, "why": str(error), "hint": hint}
            ) from None
        if not hasattr(built, "predict_proba"):
            raise PydanticCustomError(
                "classifier", "{kind} gives no probabilities (predict_proba) with these params", {"kind": repr(self.path)}
            )
        return self

    def build(self, random_state: int) -> Any:
        """Return a new classifier, seeded where it takes a `random_state` that `params` does not give."""
        classifier = import_class(self.path, Trust())(**self.params)
        if hasattr(classifier, "get_params") and "random_state" not in self.params and "random_state" in classifier.get_params():
            classifier.set_params(random_state=random_state)
        return classifier


AnyEstimator = Annotated[Estimator, Choice("estimator", LogisticRegression, RandomForest, foreign=AnyClassifier)]


class Model:
    """A trained classifier, whose probabilities stand in the order of the campaign's classes, seen in training or not.

    Args:
        classifier: trained on class indices; None if it has seen one class only.
        seen: the indices of the classes it was trained on, ascending.
        classes: number of classes there are.
    """

    def __init__(self, classifier: Any, seen: Sequence[int], classes: int) -> None:
        self._classifier = classifier
        self.classes = classes
        self._seen = list(seen)

    @property
    def members(self) -> "Sequence[Model]":
        """The members of a committee, of which this model is the mean; none, if it is no committee."""
        if self._classifier is None:
            # Whoever has seen one class only agrees with everybody else who has.
            return [self]
        trees = getattr(self._classifier, "estimators_", None)
        if not isinstance(trees, list) or not all(hasattr(tree, "predict_proba") for tree in trees):
            return ()
        return [Model(tree, self._seen, self.classes) for tree in trees]

    def probabilities(self, features: Features) -> NDArray[np.float64]:
        """Return the class probabilities of each row; shape (rows, classes)."""
        known = np.ones((features.shape[0], 1)) if self._classifier is None else self._said("predict_proba", features)
        if len(self._seen) == self.classes:
            return known
        whole = np.zeros((features.shape[0], self.classes))
        whole[:, self._seen] = known
        return whole

    def decision(self, features: Features) -> NDArray[np.float64]:
        """Return the classifier's decision function; shape (rows,) for two classes, otherwise (rows, classes it has seen).

        Raises:
            Unusable: it has none.
        """
        if self._classifier is None:
            return np.zeros(features.shape[0])
        if not hasattr(self._classifier, "decision_function"):
            raise Unusable(f"needs a classifier with a decision_function, and {type(self._classifier).__name__} has none")
        return self._said("decision_function", features)

    @property
    def draws(self) -> bool:
        """Whether its classifier draws samples."""
        return hasattr(self._classifier, "sample_probabilities")

    def samples(self, features: Features) -> NDArray[np.float64] | None:
        """Return the class probabilities by each model that the classifier draws, by dropout say; None if it draws none.

        The classifier does so by a method `sample_probabilities(X)`, which returns (samples, rows, classes it has seen): the
        same one whenever it is asked the same, each sample by one model for all rows. Shape (samples, rows, classes).
        """
        if not self.draws:
            return None
        known = self._said("sample_probabilities", features)
        if known.ndim != 3 or known.shape[1:] != (features.shape[0], len(self._seen)) or not len(known):
            wanted = f"(samples, {features.shape[0]}, {len(self._seen)})"
            raise Unusable(f"needs samples of shape {wanted}, and {type(self._classifier).__name__} gave {known.shape}")
        whole = np.zeros((*known.shape[:2], self.classes))
        whole[:, :, self._seen] = known
        return whole

    def _said(self, method: str, features: Features) -> NDArray[np.float64]:
        try:
            return np.asarray(getattr(self._classifier, method)(features), dtype=np.float64)
        except Exception as error:
            raise Unusable(f"learner.estimator {type(self._classifier).__name__} cannot predict: {error}") from error


class Committee(Model):
    """The mean of several models.

    Args:
        members: the models, one at least; of the same classes.
    """

    def __init__(self, members: Sequence[Model]) -> None:
        super().__init__(None, (), members[0].classes)
        self._members = members

    @property
    def members(self) -> Sequence[Model]:
        """The models."""
        return self._members

    def probabilities(self, features: Features) -> NDArray[np.float64]:
        """Return the mean of the members' class probabilities; shape (rows, classes)."""
        return np.asarray(np.mean([member.probabilities(features) for member in self._members], axis=0))


def train(
    estimator: Estimator, features: Features, labels: NDArray[np.intp], classes: int, random_state: int
) -> tuple[Model, bool]:
    """Train a new classifier.

    Args:
        estimator: what to train.
        features: a row a label.
        labels: class indices; shape (labels,).
        classes: number of classes there are.
        random_state: the classifier's seed.

    Returns:
        The model, and whether its solver converged.
    """
    seen = np.unique(labels).tolist()
    if len(seen) == 1:
        return Model(None, seen, classes), True
    classifier = estimator.build(random_state)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        try:
            classifier.fit(features, labels)
        except Exception as error:
            raise Unusable(
                f"learner.estimator {type(classifier).__name__} cannot be trained on {len(labels)} labels: {error}"
            ) from error
    return Model(classifier, seen, classes), not any(issubclass(each.category, ConvergenceWarning) for each in caught)


class ModelShelf:
    """Where models stand by version: messages say the version, and agents fetch what they need."""

    def __init__(self, kept: int = 4) -> None:
        self.kept = kept
        self._models: OrderedDict[int, Model] = OrderedDict()

    def put(self, version: int, model: Model) -> None:
        """Keep a model, forgetting the oldest if there are too many."""
        self._models[version] = model
        while len(self._models) > self.kept:
            self._models.popitem(last=False)

    def get(self, version: int) -> Model:
        """Return a model; KeyError if it is unknown or forgotten."""
        return self._models[version]
