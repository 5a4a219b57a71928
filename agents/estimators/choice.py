"""The estimators there are, by the names that a scenario calls them."""

from typing import Annotated

from agents.component import Choice
from agents.estimator import Estimator
from agents.estimators.calibrated import Calibrated
from agents.estimators.committee import InProcessCommittee
from agents.estimators.foreign import AnyClassifier
from agents.estimators.linear import LinearSvm, LogisticRegression, Sgd
from agents.estimators.pipeline import Pipeline
from agents.estimators.simple import NaiveBayes, NearestNeighbours
from agents.estimators.trees import GradientBoosting, RandomForest

KINDS = (
    LogisticRegression,
    RandomForest,
    NaiveBayes,
    Sgd,
    LinearSvm,
    NearestNeighbours,
    GradientBoosting,
    Pipeline,
    Calibrated,
    InProcessCommittee,
)

ESTIMATORS = Choice("estimator", *KINDS, foreign=AnyClassifier)
AnyEstimator = Annotated[Estimator, ESTIMATORS]
