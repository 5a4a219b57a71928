"""A batch of 100 by k-center: Parley's CPU time against a bare running minimum in single precision.

The pool has 50,000 items of 64 features, 20 of them labelled. Both get the features in double precision, and find 100 items, each
the farthest from all that are labelled or picked; the bare one by a matrix-vector product for each, and nothing else. They take
turns in one process, with one BLAS thread; the median of the ratios counts. What they pick must cover the pool within the same
radius.

    python benchmarks/k_center.py [--rounds 15]
"""

import argparse
import statistics
import time

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from agents.items import UNKNOWN
from agents.selector.strategies.k_center import KCenter
from agents.selector.view import PoolView, view_of

ITEMS, WIDTH, LABELLED, BATCH = 50_000, 64, 20, 100
DEMAND = 1.3

Matrix = NDArray[np.float64]


def bare(features: Matrix, labelled: int, batch: int) -> list[int]:
    """Pick items by a running minimum and nothing else, and return their rows."""
    points = features.astype(np.float32)
    squares = np.einsum("ij,ij->i", points, points)
    nearest = np.full(len(points), np.inf, np.float32)

    def cover(row: int) -> None:
        np.minimum(nearest, squares - 2 * (points @ points[row]) + squares[row], out=nearest)

    for row in range(labelled):
        cover(row)
    nearest[:labelled] = -1
    picked = []
    for _ in range(batch):
        row = int(np.argmax(nearest))
        picked.append(row)
        cover(row)
        nearest[row] = -1
    return picked


def pool(features: Matrix, labelled: int) -> PoolView:
    """Return the pool as Parley's strategies see it; nothing is computed yet."""
    labels = np.full(len(features), UNKNOWN)
    labels[:labelled] = 0
    return view_of(features, labels=labels)


def radius(features: Matrix, rows: list[int]) -> float:
    """Return how far the farthest item is from these, in double precision."""
    nearest = np.full(len(features), np.inf)
    for row in rows:
        np.minimum(nearest, np.linalg.norm(features - features[row], axis=1), out=nearest)
    return float(nearest.max())


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    features = np.random.default_rng(1).normal(size=(ITEMS, WIDTH))
    ours, theirs = [], []
    with threadpool_limits(1):
        # The first round warms caches up.
        for _ in range(rounds + 1):
            view = pool(features, LABELLED)
            start = time.process_time()
            selection = KCenter().select(view, BATCH)
            middle = time.process_time()
            picked = bare(features, LABELLED, BATCH)
            ours.append(middle - start)
            theirs.append(time.process_time() - middle)
        labelled = [*range(LABELLED)]
        covers = [radius(features, [*labelled, *rows]) for rows in (map(int, selection.ids), picked)]
    assert len(selection) == len(picked) == BATCH
    assert abs(covers[0] - covers[1]) <= 1e-5 * covers[1], f"they cover the pool within {covers[0]} and {covers[1]}"
    for name, seconds in (("Parley", ours), ("bare loop", theirs)):
        print(f"{name:<10}{statistics.median(seconds[1:]):>8.3f} CPU seconds")
    ratio = statistics.median(one / other for one, other in zip(ours[1:], theirs[1:], strict=True))
    print(f"the pool is covered within the same radius: {covers[0]:.4f}")
    print(f"ratio {ratio:.2f} (at most {DEMAND}) {'ok' if ratio <= DEMAND else 'too slow'}")


if __name__ == "__main__":
    main()
