"""A hundred queries on digits, one at a time: Parley's CPU time against a bare scikit-learn loop's.

Both train a logistic regression on 20 seed labels, ask for the item of greatest entropy, learn its label, train again, and so on;
both measure accuracy on held-out items after each training. Parley does so with agents on the bus and an event log. They take
turns in one process, with one BLAS thread; the median of the ratios counts. They must ask for the same items in the same order.

    python benchmarks/digits_loop.py [--rounds 7]
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from agents.annotator.noises.one_coin import OneCoin
from agents.selector.strategies.uncertainty import Entropy
from scenarios.annotators import AnnotatorsTable
from scenarios.learners import LearnerTable
from scenarios.run import Origin, prepare, run
from scenarios.scenario import Scenario, SelectorTable, StopTable
from scenarios.sources import Digits

QUERIES = 100
DEMAND = 1.1


def campaign(queries: int = QUERIES, seed: int = 1) -> Scenario:
    """Return Parley's version: one perfect annotator who takes no time."""
    return Scenario(
        name="digits-loop",
        seed=seed,
        data=Digits(test_fraction=0.3, seed_labels=20),
        learner=LearnerTable(retrain_every=1),
        selector=SelectorTable(strategy=Entropy(), in_flight=1),
        annotators=(AnnotatorsTable(noise=OneCoin(accuracy=1.0)),),
        stop=StopTable(labels=queries),
    )


def parts(scenario: Scenario) -> tuple[list[int], list[int], list[int]]:
    """Return the rows of the pool, of the seed labels, and of the held-out items that Parley would use."""
    _, world, _ = prepare(scenario, Origin())
    pool = [int(item) for item in world.items.ids]
    return pool, [int(item) for item in world.seeds], sorted(set(range(1797)) - set(pool))


def bare_loop(pool: list[int], seeds: list[int], held_out: list[int], queries: int = QUERIES) -> list[int]:
    """Ask by entropy with scikit-learn and NumPy alone, and return the rows asked for, in order."""
    features, truth = load_digits(return_X_y=True)
    features = StandardScaler().fit_transform(features)
    labelled, asked, curve = list(seeds), [], []
    remaining = [row for row in pool if row not in set(seeds)]
    for _ in range(queries + 1):
        model = LogisticRegression(max_iter=200).fit(features[labelled], truth[labelled])
        curve.append(np.mean(model.predict(features[held_out]) == truth[held_out]))
        if len(asked) == queries:
            break
        probabilities = model.predict_proba(features[remaining])
        entropy = -np.sum(probabilities * np.log(np.clip(probabilities, 1e-300, None)), axis=1)
        row = remaining.pop(int(np.argmax(entropy)))
        asked.append(row)
        labelled.append(row)
    return asked


def items_asked(log: Path) -> list[Any]:
    """Return the items that a log's Selector asked for, in order."""
    events = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return [event["body"]["item"] for event in events if event.get("kind") == "item-requested"]


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    scenario = campaign()
    split = parts(scenario)
    ratios, times = [], {"Parley": 0.0, "bare loop": 0.0}
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        for _ in range(rounds + 1):
            start = time.process_time()
            summary = run(scenario, logs=Path(folder))
            middle = time.process_time()
            asked = bare_loop(*split)
            end = time.process_time()
            times = {"Parley": middle - start, "bare loop": end - middle}
            ratios.append(times["Parley"] / times["bare loop"])
        assert summary.log is not None
        same = items_asked(Path(summary.log)) == asked
    for name, seconds in times.items():
        print(f"{name:<10}{seconds:>8.3f} CPU seconds")
    # The first round warms caches up.
    ratio = statistics.median(ratios[1:])
    print(f"the same items in the same order: {'yes' if same else 'NO'}")
    print(f"ratio {ratio:.2f} (at most {DEMAND}) {'ok' if ratio <= DEMAND else 'too slow'}")


if __name__ == "__main__":
    main()
