"""Parley as a contender in selecting: `python -m benchmarks.contenders.selection_side`."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from agents.estimators.linear import LogisticRegression
from agents.selector.selection import Selection
from agents.selector.strategies.choice import STRATEGIES
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, view_of
from benchmarks.contenders.selecting import LookedUp, Prepare, contend, trained
from benchmarks.contenders.service import Columns

OURS: dict[str, dict[str, Any]] = {
    "entropy": {"kind": "entropy"},
    "margin": {"kind": "margin"},
    "least-confident": {"kind": "least-confident"},
    "vote-entropy": {"kind": "vote-entropy"},
    "consensus-entropy": {"kind": "consensus-entropy"},
    "mean-kl": {"kind": "kl-divergence", "over": "mean"},
    "max-kl": {"kind": "kl-divergence", "over": "max"},
    "variation-ratios": {"kind": "variation-ratios"},
    "k-center": {"kind": "k-center"},
    "ranked-batch": {"kind": "ranked-batch"},
    "information-density": {"kind": "information-density", "similarity": "euclidean", "sample": 1_000_000},
    "graph-density": {"kind": "graph-density"},
    "typiclust": {"kind": "typiclust", "doubling": False},
    "prob-cover": {"kind": "prob-cover"},
    "badge": {"kind": "badge"},
    "expected-error": {"kind": "expected-error-reduction", "loss": "zero-one", "candidates": 1_000_000, "others": 1_000_000},
    "expected-log-loss": {"kind": "expected-error-reduction", "loss": "log", "candidates": 1_000_000, "others": 1_000_000},
    "quire": {"kind": "quire", "gamma": 1.0},
}
"""What is asked for by name, as a scenario would say it; the dials are those at which an elder does the same."""


class Ensemble(ClassifierMixin, BaseEstimator):
    """A trained committee, as scikit-learn's are: its members in `estimators_`, of whom it is the mean."""

    def __init__(self, tables: Any = None) -> None:
        self.tables = tables
        self.estimators_ = [LookedUp(table) for table in tables]
        self.classes_ = np.arange(tables.shape[2])

    def predict_proba(self, features: Any) -> Any:
        """Return the members' mean; shape (rows, classes)."""
        return np.mean([member.predict_proba(features) for member in self.estimators_], axis=0)


def strategy_for(query: str, columns: Columns) -> Strategy:
    """Return the strategy that answers a query, with the radius of the problem if it has one."""
    table = OURS[query]
    dials = {name: dial for name, dial in table.items() if name != "kind"}
    if "radius" in columns:
        dials["radius"] = float(columns["radius"])
    made = STRATEGIES.members[table["kind"]].model_validate(dials)
    assert isinstance(made, Strategy)
    return made


def view_for(columns: Columns) -> PoolView:
    """Return a view of a problem, with whatever model it has."""
    classifier: Any = None
    if "members" in columns:
        classifier = Ensemble(columns["members"])
    elif "probabilities" in columns:
        classifier = LookedUp(columns["probabilities"])
    elif (columns["labels"] >= 0).any():
        classifier = trained(columns)
    view = view_of(columns["features"], classifier, columns["labels"])
    view.estimator = LogisticRegression()
    return view


def answer(query: str, columns: Columns, count: int) -> Callable[[], Any]:
    """Query by a strategy."""
    strategy, view = strategy_for(query, columns), view_for(columns)

    def select() -> Any:
        selection: Selection = strategy.select(view, count)
        return [view.items.row(item) for item in selection.ids]

    return select


QUERIES: dict[str, Prepare] = {query: partial(answer, query) for query in OURS}

if __name__ == "__main__":
    contend(QUERIES, {"parley-sim": version("parley-sim"), "scikit-learn": version("scikit-learn"), "numpy": version("numpy")})
