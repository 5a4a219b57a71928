"""libact as a contender: `python -m benchmarks.contenders.libact_side`, in an environment that has it. One item a query."""

import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import joblib
import numpy as np

# A module that it imports, and scikit-learn no longer has.
sys.modules["sklearn.externals.joblib"] = joblib

from libact.base.dataset import Dataset
from libact.base.interfaces import ProbabilisticModel
from libact.models import SklearnProbaAdapter
from libact.query_strategies import QUIRE, QueryByCommittee, UncertaintySampling
from libact.query_strategies.multiclass import EER
from sklearn.linear_model import LogisticRegression

from benchmarks.contenders.selecting import LookedUp, Prepare, contend
from benchmarks.contenders.service import Columns

# ruff: noqa: E402 (what the imports need comes before them)

Chosen = Callable[[], Any]


class Known(ProbabilisticModel):
    """A model whose probabilities are known."""

    def __init__(self, table: Any) -> None:
        self.model = LookedUp(table)

    def train(self, dataset: Any, *_: Any, **__: Any) -> None:
        """Learn nothing."""

    def predict(self, feature: Any, *_: Any, **__: Any) -> Any:
        """Return the most probable class of each row."""
        return self.model.predict(feature)

    def predict_real(self, feature: Any, *_: Any, **__: Any) -> Any:
        """Return the probabilities, which it takes for confidences."""
        return self.model.predict_proba(feature)

    def predict_proba(self, feature: Any, *_: Any, **__: Any) -> Any:
        """Return the rows of the table; shape (rows, classes)."""
        return self.model.predict_proba(feature)

    def score(self, testing_dataset: Any, *_: Any, **__: Any) -> float:
        """Return nothing that anybody asks for."""
        return 0.0


def dataset_of(columns: Columns, signs: bool = False) -> Any:
    """Return items and labels as it wants them; of two classes, as -1 and 1 if it is so said."""
    labels = columns["labels"]
    given = np.where(labels > 0, 1, -1) if signs else labels
    known = np.where(labels < 0, None, given.astype(object))
    if not (labels >= 0).any():
        # Without a label it trains nothing, and asks for nothing.
        features = np.vstack([columns["features"], columns["features"][:1]])
        return Dataset(features, np.append(known, [0]))
    return Dataset(columns["features"], known)


def by_probabilities(method: str, columns: Columns, count: int) -> Chosen:
    """Query by a model whose probabilities are known."""
    strategy = UncertaintySampling(dataset_of(columns), method=method, model=Known(columns["probabilities"]))
    return lambda: [strategy.make_query() for _ in range(min(count, 1))]


def by_votes(columns: Columns, count: int) -> Chosen:
    """Query by the votes of a committee."""
    strategy = QueryByCommittee(dataset_of(columns), models=[Known(table) for table in columns["members"]], random_state=0)
    return lambda: [strategy.make_query()]


def by_quire(columns: Columns, count: int) -> Chosen:
    """Query by QUIRE with its kernel as it is; classes are -1 and 1."""
    dataset = dataset_of(columns, signs=True)
    return lambda: [QUIRE(dataset).make_query()]


def by_error(loss: str, columns: Columns, count: int) -> Chosen:
    """Query by expected error reduction."""
    dataset = dataset_of(columns)
    strategy = EER(dataset, model=SklearnProbaAdapter(LogisticRegression(max_iter=200)), loss=loss, random_state=0)
    return lambda: [strategy.make_query()]


def loop(columns: Columns, count: int) -> Chosen:
    """Query one item after the other; the table stays that of all items, so it looks the others up."""
    dataset = dataset_of(columns)
    strategy = UncertaintySampling(dataset, method="entropy", model=Known(columns["probabilities"]))

    def queries() -> list[int]:
        asked = []
        for _ in range(count):
            row = strategy.make_query()
            dataset.update(row, 0)
            asked.append(int(row))
        return asked

    return queries


QUERIES: dict[str, Prepare] = {
    "entropy": partial(by_probabilities, "entropy"),
    "margin": partial(by_probabilities, "sm"),
    "least-confident": partial(by_probabilities, "lc"),
    "vote-entropy": by_votes,
    "quire": by_quire,
    "expected-error": partial(by_error, "01"),
    "expected-log-loss": partial(by_error, "log"),
    "loop": loop,
}

if __name__ == "__main__":
    contend(QUERIES, {name: version(name) for name in ("libact", "scikit-learn", "numpy")})
