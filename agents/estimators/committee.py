"""Committees within one learner: several classifiers, whose mean is the model."""

import warnings
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning

from agents.estimator import Committee, Estimator, train
from agents.estimators.nested import AnyEstimator
from agents.items import Features
from bus.chance import Chance


class InProcessCommittee(Estimator):
    """Several classifiers, each with a vote of the same weight: the model is the mean of their probabilities (Breiman, 1996)."""

    kind: ClassVar[str] = "committee"

    members: Annotated[tuple[AnyEstimator, ...], Field(min_length=1)]
    """The classifiers; of one kind or of several."""
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many there are of each."""
    bag: bool = True
    """Whether each trains on a bootstrap sample of its own, as many labels drawn with replacement, or all on all of them. Who has
    drawn no label of a class does not know it."""

    @property
    def votes(self) -> bool | None:
        """True."""
        return True

    @property
    def weighs(self) -> bool:
        """Whether all members take weights."""
        return all(member.weighs for member in self.members)

    def lacks(self, features: Features) -> str | None:
        """Return what the first member says that cannot be trained."""
        said = ((member, member.lacks(features)) for member in self.members)
        return next((f"has a member {member.name} that {why}" for member, why in said if why is not None), None)

    def build(self, random_state: int) -> Any:
        """Return a new committee; its members' seeds and samples follow from this one."""
        return SoftVote([member for member in self.members for _ in range(self.count)], self.bag, random_state)


class SoftVote(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The mean of several models, some of which may not know every class."""

    def __init__(self, members: Sequence[Estimator], bag: bool, random_state: int) -> None:
        self.members = members
        self.bag = bag
        self.random_state = random_state

    def fit(self, features: Features, labels: NDArray[np.intp], sample_weight: NDArray[np.float64] | None = None) -> "SoftVote":
        """Train all members; labels are whole numbers from 0."""
        self.classes_ = np.unique(labels)
        stream = Chance(self.random_state).stream("committee")
        trained = []
        for member in self.members:
            rows = stream.integers(len(labels), size=len(labels)) if self.bag else np.arange(len(labels))
            weights = None if sample_weight is None else sample_weight[rows]
            seed = int(stream.integers(2**32))
            trained.append(train(member, features[rows], labels[rows], len(self.classes_), seed, weights))
        self.committee_ = Committee([model for model, _ in trained])
        if not all(converged for _, converged in trained):
            warnings.warn("a member did not converge", ConvergenceWarning, stacklevel=2)
        return self

    def predict_proba(self, features: Features) -> NDArray[np.float64]:
        """Return the mean of the members' probabilities; shape (rows, classes)."""
        return self.committee_.probabilities(features)
