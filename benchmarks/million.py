"""A campaign on a pool of a million items: seconds, and peak memory, which must not grow with the number of queries.

    python -m benchmarks.million [--items 1000000] [--queries 100 1000]

Synthetic items, 10 classes, 20 features; logistic regression; entropy; batches of 10, each chosen by the newest model. Each
number of queries is run in a process of its own, with one BLAS thread, whose peak of resident memory is read when it ends.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from agents.annotator.noises.one_coin import OneCoin
from agents.selector.strategies.uncertainty import Entropy
from benchmarks.contenders.contender import ONE_THREAD, ROOT
from benchmarks.contenders.service import memory
from scenarios.annotators import AnnotatorsTable
from scenarios.run import Origin, play, prepare
from scenarios.scenario import LearnerTable, Scenario, SelectorTable, StopTable
from scenarios.sources.synthetic import Synthetic

BATCH = 10
MEMORY, GROWTH = 4096.0, 64.0
"""Megabytes at most, and how many more after ten times as many queries."""


def campaign(items: int, queries: int) -> Scenario:
    """Return the campaign: ten annotators, who are right nine times in ten."""
    return Scenario(
        name="million",
        data=Synthetic(items=items, classes=10, features=20, test_fraction=0.01, seed_labels=20),
        learner=LearnerTable(retrain_every=BATCH),
        selector=SelectorTable(strategy=Entropy(), in_flight=BATCH, barrier=True),
        annotators=(AnnotatorsTable(name="crowd", count=BATCH, noise=OneCoin(accuracy=0.9)),),
        stop=StopTable(labels=queries),
    )


def measured(items: int, queries: int) -> dict[str, float]:
    """Run the campaign here, and return seconds and megabytes."""
    imported = memory()
    began = time.perf_counter()
    scenario = campaign(items, queries)
    chance, world, people = prepare(scenario, Origin())
    made, ready = time.perf_counter(), memory()
    with TemporaryDirectory() as folder:
        summary = play(scenario, people, world, chance, Path(folder))
    ended, after = time.perf_counter(), memory()
    assert imported and ready and after, "this system does not tell its memory"
    return {
        "world": made - began, "campaign": ended - made, "labels": summary.labels, "accuracy": summary.accuracy or np.nan,
        "imports": imported["now"], "items": ready["now"], "making": ready["peak"], "peak": after["peak"],
    }  # fmt: skip


def apart(items: int, queries: int) -> dict[str, float]:
    """Run the campaign in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.million", "--here", "--items", str(items), "--queries", str(queries)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, check=True, text=True)
    reply: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return reply


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--here", action="store_true", help="in this process, for one number of queries; prints JSON")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measured(options.items, options.queries[0])))
        return
    print(f"{options.items:,} items; megabytes resident: with the world made, peak while it is made, peak of all")
    print(f"{'queries':>8}{'world s':>10}{'campaign s':>12}{'s a batch':>11}{'made':>8}{'making':>8}{'peak':>8}{'accuracy':>10}")
    peaks = []
    for queries in options.queries:
        found = apart(options.items, queries)
        each = found["campaign"] / max(1, queries // BATCH)
        peaks.append(found["peak"])
        megabytes = "".join(f"{found[part]:>8.0f}" for part in ("items", "making", "peak"))
        print(
            f"{queries:>8}{found['world']:>10.1f}{found['campaign']:>12.1f}{each:>11.3f}{megabytes}{found['accuracy']:>10.4f}",
            flush=True,
        )
    grown = peaks[-1] - peaks[0]
    print(f"peak {max(peaks):.0f} MB (at most {MEMORY:.0f}) {'ok' if max(peaks) <= MEMORY else 'missed'}")
    print(f"growth {grown:.0f} MB (at most {GROWTH:.0f}) {'ok' if grown <= GROWTH else 'missed'}")


if __name__ == "__main__":
    main()
