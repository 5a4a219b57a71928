"""Choosing a hundred items of a million: Parley's strategies against bare NumPy formulas.

Each formula is what somebody would write who knows NumPy well: in chunks of 16,000 rows, and `argpartition` for the best hundred.
Parley gives every item a score, sees that each is a number, and chooses, of equal scores the earlier item. What a model says of
the items, or a committee of five, is there beforehand. They take turns in one process, with one BLAS thread; the median of the
ratios counts. They must choose items of the same scores.

    python benchmarks/scoring.py [--rounds 7]
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from agents.items import Items
from agents.selector.forecast import Forecast
from agents.selector.pool import Pool
from agents.selector.strategies.bald import Bald
from agents.selector.strategies.committee import VoteEntropy
from agents.selector.strategies.uncertainty import Entropy, LeastConfident, Margin
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from bus.chance import Keyed

CLASSES = 10
COUNT = 100
CHUNK = 16_384
DEMAND = 1.3

Floats = NDArray[np.float64]


class Contest(NamedTuple):
    """A strategy and the bare formula, each of which chooses by the same numbers.

    Attributes:
        name: for people.
        view: what the strategy looks at.
        strategy: Parley's.
        bare: returns the scores of rows from one to another.
    """

    name: str
    view: PoolView
    strategy: Strategy
    bare: Callable[[slice], Floats]


def contests() -> list[Contest]:
    """Make up what a model says of a million items, and a committee of 200,000, and return the contests."""
    draws = np.random.default_rng(1)
    said = draws.dirichlet(np.ones(CLASSES), 1_000_000)
    opinions = draws.dirichlet(np.ones(CLASSES), (5, 200_000))
    one, several = view(len(said), "probabilities", said), view(opinions.shape[1], "member_probabilities", opinions)
    return [
        Contest("entropy, 1,000,000", one, Entropy(), lambda rows: entropy(said[rows])),
        Contest("margin, 1,000,000", one, Margin(), lambda rows: margin(said[rows])),
        Contest("least confident, 1,000,000", one, LeastConfident(), lambda rows: 1 - said[rows].max(axis=1)),
        Contest("vote entropy, 200,000 x 5", several, VoteEntropy(), lambda rows: vote_entropy(opinions[:, rows])),
        Contest("BALD, 200,000 x 5", several, Bald(), lambda rows: bald(opinions[:, rows])),
    ]


def view(size: int, name: str, said: Floats) -> PoolView:
    """Return a pool of which a model, or its members, say what is given."""
    items = Items(range(size), None)
    forecast = Forecast(items, None, 1)
    setattr(forecast, name, said)
    pool = Pool(items)
    pool.start(range(CLASSES))
    return PoolView(items, None, 1, Keyed(1, "selector"), pool, forecast=forecast)


def entropy(said: Floats) -> Floats:
    """Return -sum p log p; where a p is 0 it is NaN."""
    return -np.einsum("ij,ij->i", said, np.log(said))


def margin(said: Floats) -> Floats:
    """Return one minus the gap between the two greatest."""
    parted = np.partition(said, -2, axis=1)
    return 1 - (parted[:, -1] - parted[:, -2])


def vote_entropy(opinions: Floats) -> Floats:
    """Return the entropy of the members' votes."""
    members, rows, classes = opinions.shape
    votes = opinions.argmax(axis=2)
    counts = np.bincount((votes + np.arange(rows) * classes).ravel(), minlength=rows * classes)
    shares = counts.reshape(rows, classes) / members
    return -np.einsum("ij,ij->i", shares, np.log(np.where(shares > 0, shares, 1)))


def bald(opinions: Floats) -> Floats:
    """Return the entropy of the mean less the mean of the entropies."""
    return entropy(opinions.mean(axis=0)) + np.einsum("mij,mij->i", opinions, np.log(opinions)) / len(opinions)


def bare_choice(contest: Contest) -> tuple[Floats, NDArray[np.intp]]:
    """Return all scores by the bare formula, and the rows of the best, best first."""
    scores = np.empty(len(contest.view.items))
    for start in range(0, len(scores), CHUNK):
        rows = slice(start, start + CHUNK)
        scores[rows] = contest.bare(rows)
    top = np.argpartition(-scores, COUNT)[:COUNT]
    return scores, top[np.argsort(-scores[top])]


def measure(contest: Contest, rounds: int) -> tuple[float, float, float, bool]:
    """Return the medians of Parley's seconds, the formula's, and their ratio, and whether both choose items of the same scores."""
    ours, theirs = [], []
    for _ in range(rounds + 1):
        # A new version of the model would have nothing put in order yet.
        contest.view.pool.shortlists.clear()
        start = time.process_time()
        selection = contest.strategy.select(contest.view, COUNT)
        middle = time.process_time()
        scores, top = bare_choice(contest)
        end = time.process_time()
        ours.append(middle - start)
        theirs.append(end - middle)
    same = np.allclose(scores[list(selection.ids)], scores[top], rtol=0, atol=1e-12)
    # The first round warms caches up.
    ratios = [one / other for one, other in zip(ours[1:], theirs[1:], strict=True)]
    return statistics.median(ours[1:]), statistics.median(theirs[1:]), statistics.median(ratios), bool(same)


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with threadpool_limits(1):
        for contest in contests():
            ours, theirs, ratio, same = measure(contest, rounds)
            assert same, f"{contest.name}: Parley chose items of other scores"
            verdict = "ok" if ratio <= DEMAND else "too slow"
            print(f"{contest.name:<28}{ours * 1e3:>7.1f} ms, bare {theirs * 1e3:>6.1f} ms: ", end="")
            print(f"ratio {ratio:.2f} (at most {DEMAND}) {verdict}")


if __name__ == "__main__":
    main()
