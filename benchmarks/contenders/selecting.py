"""Selecting as a contest: what the sides of `benchmarks/elders.py` have in common.

A problem is a file of columns, of which each work needs some: `probabilities` of a model, shape (items, classes); `members`, those
of a committee's members, shape (members, items, classes); `features`, shape (items, features); `labels`, shape (items,), -1 where
there is none.

It runs in either environment, so it needs NumPy and scikit-learn only.
"""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from benchmarks.contenders.service import Columns, Outcome, Request, Work, serve

Rows = Any
"""Rows of the items chosen, in the order in which they were chosen, where there is one."""

Prepare = Callable[[Columns, int], Callable[[], Rows]]
"""Makes ready what may be ready before a query, which is not measured; returns the query for so many items."""


class LookedUp(ClassifierMixin, BaseEstimator):
    """A trained model that costs nothing: its probabilities stand in a table, a row an item, in the items' order.

    Of fewer items than there are, it looks them up by the first feature, which is then the row.
    """

    def __init__(self, table: Any = None) -> None:
        self.table = table

    def __sklearn_is_fitted__(self) -> bool:
        return True

    @property
    def classes_(self) -> Any:
        """The classes: 0, 1, ..."""
        return np.arange(self.table.shape[1])

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "LookedUp":  # noqa: N803
        """Learn nothing. Some go by the arguments' names, which are scikit-learn's."""
        return self

    def predict_proba(self, X: Any) -> Any:  # noqa: N803
        """Return the rows of the table; shape (rows, classes)."""
        return self.table if len(X) == len(self.table) else self.table[np.asarray(X)[:, 0].astype(np.intp)]

    def predict(self, X: Any) -> Any:  # noqa: N803
        """Return the most probable class of each row."""
        return self.predict_proba(X).argmax(axis=1)


def parted(columns: Columns) -> tuple[Any, Any]:
    """Return the rows of the items that have a label, and of those that have none."""
    labels = columns["labels"]
    return np.flatnonzero(labels >= 0), np.flatnonzero(labels < 0)


def trained(columns: Columns) -> Any:
    """Return a logistic regression on the items that have a label."""
    labelled, _ = parted(columns)
    return LogisticRegression(max_iter=200).fit(columns["features"][labelled], columns["labels"][labelled])


def load(path: Path) -> Columns:
    """Return all columns of a file; probabilities need not have a place, so there is one for each item where nothing is said."""
    with np.load(path, allow_pickle=False) as file:
        columns = {name: file[name] for name in file.files}
    size = columns["members"].shape[1] if "members" in columns else len(columns.get("probabilities", columns.get("features")))
    columns.setdefault("labels", np.full(size, -1))
    columns.setdefault("features", np.arange(size, dtype=np.float64).reshape(-1, 1))
    return columns


def timed(prepare: Prepare) -> Work:
    """Return the work that answers a query: which rows, and how many seconds of a processor."""

    def work(columns: Columns, request: Request) -> Outcome:
        query = prepare(columns, request["count"])
        began = time.process_time()
        rows = query()
        cpu = time.process_time() - began
        return Outcome((), (), (), None, None, {"cpu": cpu, "rows": [int(row) for row in rows]})

    return work


def contend(queries: dict[str, Prepare], about: dict[str, str]) -> None:
    """Answer requests for queries, by name, until there are no more."""
    warnings.simplefilter("ignore")
    serve(load, {name: timed(prepare) for name, prepare in queries.items()}, about)
