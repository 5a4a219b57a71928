"""Parley as a contender in selecting: `python -m benchmarks.contenders.selection_side`."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

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
}
"""What is asked for by name, as a scenario would say it."""


class Ensemble(ClassifierMixin, BaseEstimator):
    """A trained committee, as scikit-learn's are: its members in `estimators_`, of whom it is the mean."""

    def __init__(self, tables: Any = None) -> None:
        self.tables = tables
        self.estimators_ = [LookedUp(table) for table in tables]
        self.classes_ = np.arange(tables.shape[2])

    def predict_proba(self, features: Any) -> Any:
        """Return the members' mean; shape (rows, classes)."""
        return np.mean([member.predict_proba(features) for member in self.estimators_], axis=0)


def strategy_of(table: dict[str, Any]) -> Strategy:
    """Return the strategy that a table of a scenario says."""
    dials = {name: dial for name, dial in table.items() if name != "kind"}
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
    return view_of(columns["features"], classifier, columns["labels"])


def query(table: dict[str, Any], columns: Columns, count: int) -> Callable[[], Any]:
    """Query by a strategy."""
    strategy, view = strategy_of(table), view_for(columns)

    def select() -> Any:
        selection: Selection = strategy.select(view, count)
        return [view.items.row(item) for item in selection.ids]

    return select


QUERIES: dict[str, Prepare] = {name: partial(query, table) for name, table in OURS.items()}

if __name__ == "__main__":
    contend(QUERIES, {"parley-sim": version("parley-sim"), "scikit-learn": version("scikit-learn"), "numpy": version("numpy")})
