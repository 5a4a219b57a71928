"""Estimators: what the Learner trains, and the models that come of it."""

import warnings
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.ensemble import BaggingClassifier, ExtraTreesClassifier, RandomForestClassifier, VotingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags
from sklearn.utils.validation import has_fit_parameter

from agents.component import Component, Unusable
from agents.items import Features
from agents.lesson import Examples


class Estimator(Component):
    """Makes fresh classifiers with scikit-learn's `fit` and `predict_proba`.

    They are trained on whole numbers from 0 for the classes that the labels name.
    """

    @abstractmethod
    def build(self, random_state: int) -> Any:
        """Return a new, untrained classifier; `random_state` is its seed, below 2**32."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.kind or type(self).__name__

    @property
    def votes(self) -> bool | None:
        """Whether its models are committees; None if that is seen only when one is trained."""
        return False

    @property
    def weighs(self) -> bool:
        """Whether it takes examples that weigh more or less: a `sample_weight` of `fit`."""
        return bool(has_fit_parameter(self.build(0), "sample_weight"))

    @property
    def decides(self) -> bool:
        """Whether its classifiers have a `decision_function`."""
        return hasattr(self.build(0), "decision_function")

    def lacks(self, features: Features) -> str | None:
        """Return the half sentence that says why it cannot be trained on such features; None where nothing is known against it."""
        return refusal(self.build(0), features)


def refusal(part: Any, features: Features) -> str | None:
    """Return why a classifier or transformer of scikit-learn takes no such features, by its own tags; None if it does."""
    if not isinstance(part, BaseEstimator) or not type(part).__module__.startswith(("sklearn.", "agents.")):
        return None
    tags = get_tags(part).input_tags
    if issparse(features) and not tags.sparse:
        return "takes no sparse features, such as text has"
    if tags.positive_only and features.shape[0] and features.min() < 0:
        return "takes no negative features; set data.standardise = false, or scale them to lie between 0 and 1"
    return None


class Model:
    """A trained classifier, whose probabilities stand in the order of the campaign's classes, seen in training or not.

    Args:
        classifier: trained on the places of classes in `seen`; None if it has seen one class only.
        seen: the indices of the classes it was trained on, ascending.
        classes: number of classes there are.
        columns: which features the classifier looks at; None for all.
        steps: what features go through before that, trained; None for nothing.
    """

    def __init__(
        self,
        classifier: Any,
        seen: Sequence[int],
        classes: int,
        columns: NDArray[np.intp] | None = None,
        steps: Pipeline | None = None,
    ) -> None:
        self.classifier = classifier
        self.classes = classes
        self.seen = list(seen)
        self.examples: Examples | None = None
        """What it was trained on, kept where the next version is to learn only what is new."""
        self._columns = columns
        self._steps = steps

    @property
    def members(self) -> "Sequence[Model]":
        """The members of a committee, of which this model is the mean; none, if it is no committee."""
        classifier = self.classifier
        if classifier is None:
            # Whoever has seen one class only agrees with everybody else who has.
            return [self]
        if isinstance(classifier, Pipeline):
            members = Model(classifier[-1], self.seen, self.classes).members
            return [Model(each.classifier, each.seen, each.classes, each._columns, classifier[:-1]) for each in members]
        if isinstance(whole := getattr(classifier, "committee_", None), Committee):
            return [self._own(each.classifier, each.seen) for each in whole.members]
        trees = getattr(classifier, "estimators_", None)
        if not isinstance(trees, list) or not all(hasattr(tree, "predict_proba") for tree in trees) or not _averages(classifier):
            return ()
        columns = getattr(classifier, "estimators_features_", [None] * len(trees))
        everything = range(len(self.seen))
        return [
            self._own(tree, np.asarray(getattr(tree, "classes_", everything), np.intp).tolist(), chosen)
            for tree, chosen in zip(trees, columns, strict=True)
        ]

    def _own(self, classifier: Any, seen: Sequence[int], columns: NDArray[np.intp] | None = None) -> "Model":
        """Return a member's model; what it has seen is numbered by what the whole has seen."""
        return Model(classifier, [self.seen[place] for place in seen], self.classes, columns)

    def _given(self, features: Features) -> Features:
        """Return what the classifier looks at."""
        features = features if self._steps is None else self._steps.transform(features)
        return features if self._columns is None else features[:, self._columns]

    def probabilities(self, features: Features) -> NDArray[np.float64]:
        """Return the class probabilities of each row; shape (rows, classes).

        Of a row of which the classifier says what are no numbers, all classes that it has seen are as probable.
        """
        shape = features.shape[0], len(self.seen)
        if self.classifier is None:
            known = np.ones(shape)
        else:
            known = self._said("predict_proba", features)
            if known.shape != shape:
                raise Unusable(
                    f"learner.estimator {type(self.classifier).__name__} gave probabilities of shape {known.shape} where there are "
                    f"{shape[0]} rows and {shape[1]} classes"
                )
            known = _numbers(known)
        if len(self.seen) == self.classes:
            return known
        whole = np.zeros((features.shape[0], self.classes))
        whole[:, self.seen] = known
        return whole

    def decision(self, features: Features) -> NDArray[np.float64]:
        """Return the classifier's decision function; shape (rows,) for two classes, otherwise (rows, classes it has seen).

        Raises:
            Unusable: it has none.
        """
        if self.classifier is None:
            return np.zeros(features.shape[0])
        if not hasattr(self.classifier, "decision_function"):
            raise Unusable(f"needs a classifier with a decision_function, and {type(self.classifier).__name__} has none")
        return self._said("decision_function", features)

    @property
    def draws(self) -> bool:
        """Whether its classifier draws samples."""
        return hasattr(self.classifier, "sample_probabilities")

    def samples(self, features: Features) -> NDArray[np.float64] | None:
        """Return the class probabilities by each model that the classifier draws, by dropout say; None if it draws none.

        The classifier does so by a method `sample_probabilities(X)`, which returns (samples, rows, classes it has seen): the
        same one whenever it is asked the same, each sample by one model for all rows. Shape (samples, rows, classes).
        """
        if not self.draws:
            return None
        known = self._said("sample_probabilities", features)
        if known.ndim != 3 or known.shape[1:] != (features.shape[0], len(self.seen)) or not len(known):
            wanted = f"(samples, {features.shape[0]}, {len(self.seen)})"
            raise Unusable(f"needs samples of shape {wanted}, and {type(self.classifier).__name__} gave {known.shape}")
        whole = np.zeros((*known.shape[:2], self.classes))
        whole[:, :, self.seen] = _numbers(known)
        return whole

    def _said(self, method: str, features: Features) -> NDArray[np.float64]:
        try:
            with warnings.catch_warnings():
                # Logarithms of zero, say: what comes of them is looked at, and a warning would come once, wherever it came first.
                warnings.simplefilter("ignore")
                return np.asarray(getattr(self.classifier, method)(self._given(features)), dtype=np.float64)
        except Exception as error:
            raise Unusable(f"learner.estimator {type(self.classifier).__name__} cannot predict: {error}") from error


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

    def decision(self, features: Features) -> NDArray[np.float64]:
        """Refuse: means of decision functions say nothing, each being on a scale of its own."""
        raise Unusable("needs a classifier with a decision_function, and a committee has none")


def _numbers(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities, where some of a row are no numbers (a Gaussian without any variance, say) the same for all classes."""
    finite = np.isfinite(known)
    return known if finite.all() else np.where(finite.all(axis=-1, keepdims=True), known, 1.0 / known.shape[-1])


def _averages(classifier: Any) -> bool:
    """Return whether a classifier is the mean of its `estimators_`: boosters and one-vs-rest have some, and are not."""
    if not type(classifier).__module__.startswith("sklearn."):
        return True
    return isinstance(classifier, RandomForestClassifier | ExtraTreesClassifier | BaggingClassifier | VotingClassifier)


def train(
    estimator: Estimator,
    features: Features,
    labels: NDArray[np.intp],
    classes: int,
    random_state: int,
    weights: NDArray[np.float64] | None = None,
) -> tuple[Model, bool]:
    """Train a new classifier.

    Args:
        estimator: what to train.
        features: a row a label.
        labels: class indices; shape (labels,).
        classes: number of classes there are.
        random_state: the classifier's seed.
        weights: what each label weighs, above 0; shape (labels,). None if all weigh the same.

    Returns:
        The model, and whether its solver converged.
    """
    seen, targets = np.unique(labels, return_inverse=True)
    if len(seen) == 1:
        return Model(None, seen.tolist(), classes), True
    classifier = estimator.build(random_state)
    converged = teach(estimator, classifier.fit, features, targets, weights)
    return Model(classifier, seen.tolist(), classes), converged


def teach(
    estimator: Estimator,
    fit: Callable[..., object],
    features: Features,
    targets: NDArray[np.intp],
    weights: NDArray[np.float64] | None = None,
) -> bool:
    """Call a classifier's `fit` or `partial_fit`, and return whether its solver converged.

    Raises:
        Unusable: it failed.
    """
    weighed = {} if weights is None else {"sample_weight": weights}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            fit(features, targets, **weighed)
        except Unusable:
            # A member of a committee, which has said who it is.
            raise
        except Exception as error:
            raise Unusable(f"learner.estimator {estimator.name} cannot be trained on {len(targets)} labels: {error}") from error
    return not any(issubclass(each.category, ConvergenceWarning) for each in caught)


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
