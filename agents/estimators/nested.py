"""Any estimator, as a dial of an estimator."""

from typing import Annotated

from agents.estimator import Estimator
from agents.estimators.foreign import AnyClassifier, AnyScorer
from agents.nested import Nested

_PLACE = "agents.estimators.choice", "ESTIMATORS"

AnyEstimator = Annotated[Estimator, Nested("estimator", *_PLACE, foreign=AnyClassifier)]
AnyScoring = Annotated[Estimator, Nested("estimator", *_PLACE, foreign=AnyScorer)]
"""The same, classifiers of others that give margins alone among them."""
