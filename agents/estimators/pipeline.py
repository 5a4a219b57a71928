"""Pipelines: what happens to features before a classifier sees them."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from sklearn.pipeline import Pipeline as SklearnPipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.metaestimators import available_if

from agents.component import Choice, Component
from agents.estimator import Estimator, refusal
from agents.estimators.foreign import AnyTransformer
from agents.estimators.nested import AnyEstimator
from agents.items import Features


class Standardise(Component):
    """Features get a mean of 0 and a standard deviation of 1 among the labelled items (scikit-learn)."""

    kind: ClassVar[str] = "standardise"

    centre: bool = True
    """Whether the mean is taken off; sparse features would not be sparse any more."""

    def build(self, random_state: int) -> Any:
        """Return a new scaler; it draws nothing."""
        return StandardScaler(with_mean=self.centre)


AnyStep = Annotated[Component, Choice("step of a pipeline", Standardise, foreign=AnyTransformer)]


class Pipeline(Estimator):
    """Transformers one after the other, and a classifier behind them; all are trained on the same labels."""

    kind: ClassVar[str] = "pipeline"

    steps: Annotated[tuple[AnyStep, ...], Field(min_length=1)]
    """The transformers: `standardise`, or scikit-learn's or your own by dotted path, with `params`."""
    of: AnyEstimator
    """The classifier."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.kind} of {self.of.name}"

    @property
    def votes(self) -> bool | None:
        """Whether its classifier is a committee."""
        return self.of.votes

    @property
    def weighs(self) -> bool:
        """Whether its classifier takes weights; transformers go without."""
        return self.of.weighs

    def lacks(self, features: Features) -> str | None:
        """Return what the first step says: what the others get is seen when they get it."""
        first = self._parts(0)[0][1]
        why = refusal(first, features)
        return why and f"begins with {type(first).__name__}, which {why}"

    def build(self, random_state: int) -> Any:
        """Return a new pipeline, in which all that is left to chance has this seed."""
        return Chain([*self._parts(random_state), ("of", self.of.build(random_state))])

    def _parts(self, random_state: int) -> Sequence[tuple[str, Any]]:
        # A step is one of ours or of others; both build.
        return [(f"step-{place}", step.build(random_state)) for place, step in enumerate(self.steps)]  # type: ignore[attr-defined]


class Chain(SklearnPipeline):  # type: ignore[misc]
    """scikit-learn's pipeline, whose last step is the one that `sample_weight` is for."""

    def fit(self, features: Features, labels: NDArray[np.intp], sample_weight: NDArray[np.float64] | None = None) -> "Chain":
        """Train all steps."""
        weighed = {} if sample_weight is None else {f"{self.steps[-1][0]}__sample_weight": sample_weight}
        super().fit(features, labels, **weighed)
        return self

    @available_if(lambda self: hasattr(self[-1], "sample_probabilities"))  # type: ignore[untyped-decorator]
    def sample_probabilities(self, features: Features) -> NDArray[np.float64]:
        """Return what the classifier draws; shape (samples, rows, classes)."""
        return np.asarray(self[-1].sample_probabilities(self[:-1].transform(features)))
