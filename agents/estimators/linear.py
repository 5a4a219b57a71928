"""Linear classifiers: quick to train, on text too."""

from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import expit
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from sklearn.linear_model import SGDClassifier
from sklearn.svm import LinearSVC

from agents.estimator import Estimator
from agents.items import Features


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


class Sgd(Estimator):
    """Logistic regression, a class against the rest, by stochastic gradient descent (scikit-learn); it can learn as labels come."""

    kind: ClassVar[str] = "sgd"

    alpha: Annotated[float, Field(gt=0)] = 1e-3
    """Strength of the L2 penalty, by which steps are small, too: for thousands of labels, less."""
    epochs: Annotated[int, Field(ge=1)] = 1000
    """Passes over the labels at most, where it is trained anew."""

    def build(self, random_state: int) -> Any:
        """Return a new classifier with this seed."""
        return SGDClassifier(loss="log_loss", alpha=self.alpha, max_iter=self.epochs, random_state=random_state)


class LinearSvm(Estimator):
    """A linear support vector machine (scikit-learn, liblinear); its margins serve as log odds, which `calibrated` mends."""

    kind: ClassVar[str] = "linear-svm"

    C: Annotated[float, Field(gt=0)] = 1.0
    """Inverse strength of the penalty."""
    max_iter: Annotated[int, Field(ge=1)] = 1000
    """Iterations of the solver at most."""

    def build(self, random_state: int) -> Any:
        """Return a new classifier with this seed."""
        return MarginClassifier(C=self.C, max_iter=self.max_iter, random_state=random_state)


class MarginClassifier(LinearSVC):  # type: ignore[misc]
    """A linear support vector machine that gives probabilities."""

    def predict_proba(self, features: Features) -> NDArray[np.float64]:
        """Return the logistic function of the margins, of several classes divided by its sum; shape (rows, classes)."""
        return odds(self.decision_function(features))


def odds(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return margins, taken for log odds, as probabilities; (rows,) for two classes or (rows, classes), to (rows, classes)."""
    if margins.ndim == 1:
        return np.stack([expit(-margins), expit(margins)], axis=1)
    chances = expit(margins)
    total = chances.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(chances, total, out=np.full_like(chances, 1 / chances.shape[1]), where=total > 0))
