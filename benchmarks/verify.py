"""A log verified: its CPU time against the run's that wrote it.

To verify is to read the log, to check that it is whole, and to run its campaign again, comparing each line. The run and its
verification take turns in one process, with one BLAS thread; the median of the ratios counts. Two campaigns are measured: one whose
time goes into messages (fifty people, three answers an item, no learner), and one whose time goes into a learner.

    python benchmarks/verify.py [--rounds 7]
"""

import argparse
import gc
import statistics
import tempfile
import time
from pathlib import Path

from threadpoolctl import threadpool_limits

from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.noises.one_coin import OneCoin
from agents.component import Trust
from agents.coordinator.policies.majority import Majority
from agents.selector.strategies.uncertainty import Entropy
from scenarios.annotators import AnnotatorsTable
from scenarios.learners import LearnerTable
from scenarios.run import run, verify
from scenarios.scenario import CoordinationTable, Scenario, SelectorTable, StopTable
from scenarios.sources import Digits, Synthetic

DEMAND = 1.2

CAMPAIGNS = {
    "without a learner": Scenario(
        name="messages",
        data=Synthetic(items=8_000, classes=4),
        annotators=(
            AnnotatorsTable(count=50, noise=OneCoin(accuracy=0.8), latency=LognormalTime(median=45.0, sigma=0.8), price=0.05),
        ),
        coordination=CoordinationTable(policy=Majority(size=3)),
    ),
    "with a learner": Scenario(
        name="learner",
        data=Digits(test_fraction=0.3, seed_labels=20),
        learner=LearnerTable(retrain_every=1),
        selector=SelectorTable(strategy=Entropy(), in_flight=1),
        annotators=(AnnotatorsTable(noise=OneCoin(accuracy=1.0)),),
        stop=StopTable(labels=100),
    ),
}


def measure(scenario: Scenario, folder: Path) -> tuple[float, float, int]:
    """Return the CPU seconds of a run and of its verification, and how many events there are."""
    gc.collect()
    start = time.process_time()
    summary = run(scenario, logs=folder)
    middle = time.process_time()
    gc.collect()
    again = time.process_time()
    reader = verify(Path(str(summary.log)), Trust())
    end = time.process_time()
    assert reader.footer is not None
    return middle - start, end - again, summary.events


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    for name, scenario in CAMPAIGNS.items():
        with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
            # The first round warms caches up.
            times = [measure(scenario, Path(folder)) for _ in range(rounds + 1)][1:]
        ran, verified = (statistics.median(each[place] for each in times) for place in (0, 1))
        ratio = statistics.median(verifying / running for running, verifying, _ in times)
        verdict = "ok" if ratio <= DEMAND else "too slow"
        print(f"{name:<18} {times[0][2]:>7,} events, run {ran:.3f} s, verified {verified:.3f} s of CPU time")
        print(f"{'':<18} ratio {ratio:.2f} (at most {DEMAND}) {verdict}")


if __name__ == "__main__":
    main()
