"""scikit-activeml as a contender: `python -m benchmarks.contenders.activeml_side`, in an environment that has it."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import (
    Badge,
    CoreSet,
    MonteCarloEER,
    ProbCover,
    QueryByCommittee,
    Quire,
    TypiClust,
    UncertaintySampling,
)
from sklearn.linear_model import LogisticRegression

from benchmarks.contenders.selecting import LookedUp, Prepare, contend, parted
from benchmarks.contenders.service import Columns

Chosen = Callable[[], Any]


def known(columns: Columns) -> Any:
    """Return the labels as it wants them."""
    return np.where(columns["labels"] < 0, np.nan, columns["labels"].astype(float))


def looked_up(table: Any, features: Any) -> Any:
    """Return a model whose probabilities are known, as one of its own."""
    return SklearnClassifier(LookedUp(table), classes=[*range(table.shape[1])]).fit(features[:1], [0])


def by_probabilities(method: str, columns: Columns, count: int) -> Chosen:
    """Query by a model whose probabilities are known; all items are asked about, so that it looks none up."""
    model, features, labels = looked_up(columns["probabilities"], columns["features"]), columns["features"], known(columns)
    strategy = UncertaintySampling(method=method, random_state=0)
    return lambda: strategy.query(features, labels, model, fit_clf=False, batch_size=count)


def by_committee(method: str, columns: Columns, count: int) -> Chosen:
    """Query by a committee whose members' probabilities are known."""
    features, labels = columns["features"], known(columns)
    members = [looked_up(table, features) for table in columns["members"]]
    strategy = QueryByCommittee(method=method, random_state=0)
    return lambda: strategy.query(features, labels, members, fit_ensemble=False, batch_size=count)


def by_place(strategy: Any, columns: Columns, count: int) -> Chosen:
    """Query by where items lie."""
    features, labels = columns["features"], known(columns)
    return lambda: strategy.query(features, labels, batch_size=count)


def by_radius(columns: Columns, count: int) -> Chosen:
    """Query by ProbCover with a radius that is given."""
    return by_place(ProbCover(deltas=[float(columns["radius"])], random_state=0), columns, count)


def by_quire(columns: Columns, count: int) -> Chosen:
    """Query by QUIRE; the kernel is exp(-|x - y|^2)."""
    features, labels = columns["features"], known(columns)
    strategy = Quire(classes=[0, 1], metric="rbf", metric_dict={"gamma": 1.0}, random_state=0)
    return lambda: strategy.query(features, labels, batch_size=count)


def by_error(method: str, columns: Columns, count: int) -> Chosen:
    """Query by expected error reduction, with the errors on items that have no label."""
    features, labels = columns["features"], known(columns)
    pool = features[np.isnan(labels)]
    model = SklearnClassifier(LogisticRegression(max_iter=200), classes=range(int(np.nanmax(labels)) + 1), random_state=0)
    strategy = MonteCarloEER(method=method, random_state=0)
    return lambda: strategy.query(features, labels, model, X_eval=pool, batch_size=count, ignore_partial_fit=True)


def by_gradients(columns: Columns, count: int) -> Chosen:
    """Query by BADGE."""
    features, labels = columns["features"], known(columns)
    _, pool = parted(columns)
    model = looked_up(columns["probabilities"][pool], features)
    strategy = Badge(random_state=0)
    return lambda: strategy.query(features, labels, model, fit_clf=False, batch_size=count)


def loop(columns: Columns, count: int) -> Chosen:
    """Query one item after the other."""
    model, features, labels = looked_up(columns["probabilities"], columns["features"]), columns["features"], known(columns)
    strategy = UncertaintySampling(method="entropy", random_state=0)

    def queries() -> list[int]:
        asked = []
        for _ in range(count):
            row = int(strategy.query(features, labels, model, fit_clf=False)[0])
            labels[row] = 0
            asked.append(row)
        return asked

    return queries


QUERIES: dict[str, Prepare] = {
    "entropy": partial(by_probabilities, "entropy"),
    "margin": partial(by_probabilities, "margin_sampling"),
    "least-confident": partial(by_probabilities, "least_confident"),
    "vote-entropy": partial(by_committee, "vote_entropy"),
    "mean-kl": partial(by_committee, "KL_divergence"),
    "variation-ratios": partial(by_committee, "variation_ratios"),
    "k-center": partial(by_place, CoreSet(random_state=0)),
    "typiclust": partial(by_place, TypiClust(k=20, random_state=0)),
    "prob-cover": by_radius,
    "badge": by_gradients,
    "quire": by_quire,
    "expected-error": partial(by_error, "misclassification_loss"),
    "expected-log-loss": partial(by_error, "log_loss"),
    "loop": loop,
}

if __name__ == "__main__":
    contend(QUERIES, {name: version(name) for name in ("scikit-activeml", "scikit-learn", "numpy")})
