"""How the cost of every strategy grows with the pool, beside what it states.

    python -m benchmarks.growth [--kind NAME] [--rounds 3] [--batch 20]

Each strategy, with its dials as they are, selects a batch from pools of n, 2n and 4n items: the first time, when what it keeps is
made, and the next time, by a newer model, with the batch before pending. What the model says is computed beforehand. Times are
processor seconds, the least of the rounds, with one BLAS thread; a growth of 1 is in proportion to n, 2 to its square. Memory is
what Python and NumPy allocate at most during the first selection. Pools begin small, and are larger where a strategy is quick.
"""

import argparse
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from threadpoolctl import threadpool_limits

from agents.component import Unusable
from agents.estimators.linear import LogisticRegression
from agents.selector.strategies.choice import KINDS
from agents.selector.strategies.uncertainty import Entropy, Margin
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, view_of
from bus.chance import Chance

CLASSES, FEATURES, LABELLED, MEMBERS = 4, 16, 40, 5
SMALLEST, LARGEST, QUICK = 2_000, 64_000, 0.3
"""Pools to begin with, at least and at most, and the seconds below which a larger one is taken."""

PARTS: dict[str, Any] = {"parts": (Entropy(), Margin()), "number": 1000}
"""Dials of combinations that must be given; every other one is a strategy."""


class Growth(NamedTuple):
    """What a strategy takes in pools of three sizes.

    Attributes:
        sizes: items.
        first, later: seconds of the first selection, and of the next.
        memory: megabytes at most.
    """

    sizes: list[int]
    first: list[float]
    later: list[float]
    memory: list[float]


def made(kind: type[Strategy]) -> Strategy:
    """Return a strategy with its dials as they are, and parts where it must have some."""
    lacking = [name for name, field in kind.model_fields.items() if field.is_required()]
    dials = {name: PARTS.get(name, Entropy()) for name in lacking}
    if kind.kind == "subsample":
        dials["number"] = PARTS["number"]
    return kind.model_validate(dials)


def pool(items: int, committee: bool) -> PoolView:
    """Return a view of clouds, some of whose items are labelled, with a model of these."""
    stream = Chance(items).stream("pool")
    truth = np.arange(items) % CLASSES
    features = stream.standard_normal((items, FEATURES))
    features[:, :CLASSES] += 2.0 * np.eye(CLASSES)[truth]
    labels = np.where(np.arange(items) < LABELLED, truth, -1)
    classifier = SklearnLogisticRegression()
    if committee:
        classifier = BaggingClassifier(classifier, MEMBERS, random_state=0)
    view = view_of(features, classifier.fit(features[:LABELLED], truth[:LABELLED]), labels)
    view.estimator = LogisticRegression()
    _ = view.probabilities
    return view


def newer(view: PoolView) -> PoolView:
    """Return the pool as a newer model sees it, which says the same."""
    after = PoolView(view.items, view.model, view.version + 1, view.luck, view.pool, view.estimator)
    _ = after.probabilities
    return after


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return processor seconds, and what came of it."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def selections(strategy: Strategy, items: int, batch: int) -> tuple[float, float]:
    """Return the seconds of a first selection, and of the next."""
    view = pool(items, strategy.needs_members)
    first, selection = timed(lambda: strategy.select(view, batch))
    for item in selection.ids:
        view.pool.request(view.items.row(item))
    after = newer(view)
    return first, timed(lambda: strategy.select(after, batch))[0]


def peak(strategy: Strategy, items: int, batch: int) -> float:
    """Return the megabytes that a first selection allocates at most."""
    view = pool(items, strategy.needs_members)
    tracemalloc.start()
    strategy.select(view, batch)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def growth(strategy: Strategy, rounds: int, batch: int) -> Growth:
    """Measure a strategy in pools of three sizes."""
    most = strategy.most_items or 4 * LARGEST
    size = SMALLEST
    while max(selections(strategy, size, batch)) < QUICK and 8 * size <= most and size < LARGEST:
        size *= 2
    sizes = [size, 2 * size, 4 * size]
    least = [np.min([selections(strategy, items, batch) for _ in range(rounds)], axis=0) for items in sizes]
    return Growth(sizes, [float(each[0]) for each in least], [float(each[1]) for each in least],
                  [peak(strategy, items, batch) for items in sizes])  # fmt: skip


def exponent(sizes: Iterable[int], values: Iterable[float]) -> float:
    """Return the power of n that fits best."""
    return float(np.polyfit(np.log(np.array([*sizes])), np.log(np.maximum(np.array([*values]), 1e-9)), 1)[0])


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kind", default="", help="this strategy alone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=20)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{'strategy':<26}{'4n':>8}{'first s':>9}{'growth':>8}{'next s':>9}{'growth':>8}{'MB':>8}{'growth':>8}  stated")
    with threadpool_limits(1):
        for kind in KINDS:
            if options.kind not in ("", kind.kind):
                continue
            try:
                found = growth(made(kind), options.rounds, options.batch)
            except Unusable as error:
                print(f"{kind.kind:<26}{error}")
                continue
            columns = "".join(
                f"{values[-1]:>{width}.{digits}f}{exponent(found.sizes, values):>8.2f}"
                for values, width, digits in ((found.first, 9, 4), (found.later, 9, 4), (found.memory, 8, 1))
            )
            print(f"{kind.kind:<26}{found.sizes[-1]:>8}{columns}  {kind.cost}", flush=True)


if __name__ == "__main__":
    main()
