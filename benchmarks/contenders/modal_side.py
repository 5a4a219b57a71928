"""modAL as a contender: `python -m benchmarks.contenders.modal_side`, in an environment that has it."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np

# A name that its annotations use, and NumPy no longer has.
np.float = float  # noqa: NPY001

from modAL.batch import uncertainty_batch_sampling
from modAL.density import information_density
from modAL.disagreement import consensus_entropy_sampling, max_disagreement_sampling, vote_entropy_sampling
from modAL.expected_error import expected_error_reduction
from modAL.models import ActiveLearner, Committee
from modAL.uncertainty import classifier_entropy, entropy_sampling, margin_sampling, uncertainty_sampling
from modAL.utils.combination import make_product
from modAL.utils.selection import multi_argmax

from benchmarks.contenders.selecting import LookedUp, Prepare, contend, parted, trained
from benchmarks.contenders.service import Columns

# ruff: noqa: E402 (what the imports need comes before them)

Chosen = Callable[[], Any]


def by_learner(strategy: Any, columns: Columns, count: int) -> Chosen:
    """Query by a model whose probabilities are known."""
    labelled, pool = parted(columns)
    features, labels = columns["features"], columns["labels"]
    known = {"X_training": features[labelled], "y_training": labels[labelled]} if len(labelled) else {}
    learner = ActiveLearner(LookedUp(columns["probabilities"][pool]), query_strategy=strategy, **known)
    items = features[pool]
    return lambda: pool[strategy(learner, items, n_instances=count)[0]]


def by_committee(strategy: Any, columns: Columns, count: int) -> Chosen:
    """Query by a committee whose members' probabilities are known."""
    _, pool = parted(columns)
    committee = Committee([ActiveLearner(LookedUp(table[pool])) for table in columns["members"]])
    items = columns["features"][pool]
    return lambda: pool[strategy(committee, items, n_instances=count)[0]]


def by_weighted_density(columns: Columns, count: int) -> Chosen:
    """Query by entropy times information density, as its manual combines them."""
    _, pool = parted(columns)
    items, learner = columns["features"][pool], ActiveLearner(LookedUp(columns["probabilities"][pool]))
    measure = make_product(classifier_entropy, lambda _, items: information_density(items))
    return lambda: pool[multi_argmax(measure(learner, items), n_instances=count)[0]]


def by_error(loss: str, columns: Columns, count: int) -> Chosen:
    """Query by expected error reduction."""
    labelled, pool = parted(columns)
    features, labels = columns["features"], columns["labels"]
    learner = ActiveLearner(trained(columns), X_training=features[labelled], y_training=labels[labelled])
    return lambda: pool[expected_error_reduction(learner, features[pool], loss=loss, n_instances=count)[0]]


def loop(columns: Columns, count: int) -> Chosen:
    """Query one item after the other, and teach its label."""
    table, rows = columns["probabilities"], columns["features"]
    learner = ActiveLearner(LookedUp(table), entropy_sampling, X_training=rows[:1], y_training=np.zeros(1, int))

    def queries() -> list[int]:
        pool, asked = rows, []
        for _ in range(count):
            index, _ = learner.query(pool)
            asked.append(int(pool[index, 0][0]))
            learner.teach(pool[index], np.zeros(1, int))
            pool = np.delete(pool, index, axis=0)
        return asked

    return queries


QUERIES: dict[str, Prepare] = {
    "entropy": partial(by_learner, entropy_sampling),
    "margin": partial(by_learner, margin_sampling),
    "least-confident": partial(by_learner, uncertainty_sampling),
    "ranked-batch": partial(by_learner, uncertainty_batch_sampling),
    "vote-entropy": partial(by_committee, vote_entropy_sampling),
    "consensus-entropy": partial(by_committee, consensus_entropy_sampling),
    "max-kl": partial(by_committee, max_disagreement_sampling),
    "information-density": by_weighted_density,
    "expected-error": partial(by_error, "binary"),
    "expected-log-loss": partial(by_error, "log"),
    "loop": loop,
}

if __name__ == "__main__":
    contend(QUERIES, {name: version(name) for name in ("modAL-python", "scikit-learn", "numpy")})
