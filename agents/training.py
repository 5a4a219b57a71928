"""Training: how a version of a model comes of examples, and of the version before it."""

from copy import deepcopy
from typing import Any, Literal, NamedTuple

import numpy as np
from sklearn.pipeline import Pipeline

from agents.estimator import Estimator, Model, teach, train
from agents.inference.answers import Floats, Indices
from agents.items import Features
from agents.lesson import Examples, Guess

Way = Literal["anew", "warm-start", "incremental"]
"""From nothing; from where the version before it ended; or from that version, by what is new alone."""


class Trained(NamedTuple):
    """What a training came to.

    Attributes:
        model: the model.
        converged: whether its solver converged.
        anew: why it was trained anew, though it was to go on from the version before it; empty if it went on.
    """

    model: Model
    converged: bool
    anew: str


class Training:
    """Trains versions of one estimator.

    Args:
        estimator: what to train.
        way: how a version comes of the one before it.
        features: of the pool, a row an item.
        classes: number of classes there are.
    """

    def __init__(self, estimator: Estimator, way: Way, features: Features, classes: int) -> None:
        self._estimator = estimator
        self._way = way
        self._features = features
        self._classes = classes

    def anew(self, examples: Examples, random_state: int) -> tuple[Model, bool]:
        """Return a model that was trained from nothing, and whether its solver converged."""
        features = self._features[examples.rows]
        return train(self._estimator, features, examples.labels, self._classes, random_state, examples.weights)

    def guesses(self, random_state: int) -> Guess:
        """Return what trains a model on examples, with this seed, and says what it makes of rows of the pool."""

        def guess(examples: Examples, rows: Indices) -> Floats:
            return self.anew(examples, random_state)[0].probabilities(self._features[rows])

        return guess

    def version(self, examples: Examples, random_state: int, before: Model | None) -> Trained:
        """Return the next version.

        Where the last one knew other classes, everything begins anew; and so it does where one of its examples has another label
        or is gone, and only the new ones would be learned, since what was learned cannot be unlearned.

        Args:
            examples: all examples there are.
            random_state: the seed, where it is trained anew.
            before: the version before it; None if there is none.
        """
        if self._way == "anew":
            return Trained(*self.anew(examples, random_state), "")
        why = self._hindrance(examples, before)
        if why or before is None:
            model, converged = self._beginning(examples, random_state)
        else:
            model, converged = self._next(examples, before)
        model.examples = examples if self._way == "incremental" else None
        return Trained(model, converged, why)

    def _beginning(self, examples: Examples, random_state: int) -> tuple[Model, bool]:
        if self._way == "incremental":
            return self.anew(examples, random_state)
        seen, targets = np.unique(examples.labels, return_inverse=True)
        if len(seen) == 1:
            return Model(None, seen.tolist(), self._classes), True
        classifier = self._estimator.build(random_state)
        last_step(classifier).set_params(warm_start=True)
        converged = teach(self._estimator, classifier.fit, self._features[examples.rows], targets, examples.weights)
        return Model(classifier, seen.tolist(), self._classes), converged

    def _hindrance(self, examples: Examples, before: Model | None) -> str:
        """Return why there is no going on from a version; empty if there is."""
        if before is None:
            return "there is no version before it"
        if before.seen != np.unique(examples.labels).tolist():
            return "the version before it knew other classes"
        if before.classifier is None:
            return "there is one class so far"
        if self._way == "incremental" and (before.examples is None or not before.examples.begin(examples)):
            return "what it had learned was revised"
        return ""

    def _next(self, examples: Examples, before: Model) -> tuple[Model, bool]:
        """Return the model that comes of the one before it, and whether its solver converged."""
        classifier = deepcopy(before.classifier)
        fit = classifier.fit
        if self._way == "incremental":
            assert before.examples is not None
            examples = examples.at(slice(len(before.examples), None))
            fit = classifier.partial_fit
        converged = True
        if len(examples):
            targets = np.searchsorted(before.seen, examples.labels)
            converged = teach(self._estimator, fit, self._features[examples.rows], targets, examples.weights)
        return Model(classifier, before.seen, self._classes), converged


def last_step(classifier: Any) -> Any:
    """Return the classifier itself, or the one at the end of a pipeline."""
    return classifier[-1] if isinstance(classifier, Pipeline) else classifier


def obstacle(estimator: Estimator, way: Way) -> str | None:
    """Return the half sentence that says why an estimator cannot be trained in such a way; None if it can."""
    built = estimator.build(0)
    if way == "incremental" and not hasattr(built, "partial_fit"):
        return "cannot learn from what is new alone (it has no partial_fit)"
    if way == "warm-start":
        last = last_step(built)
        if not hasattr(last, "get_params") or "warm_start" not in last.get_params():
            return "cannot go on from the version before it (it has no warm_start)"
        if type(last).__module__.startswith("sklearn.ensemble"):
            return "would add no trees to those of the version before it, which have not heard of the new labels"
    return None
