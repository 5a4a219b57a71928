"""Calibration: seconds and megabytes by which a crowd is fitted to answers, and how both grow with their number.

    python -m benchmarks.calibration [--answers 1000000] [--rounds 1]

The crowd is made by chance (see aggregation.py): 2,000 people whose load follows Zipf's law, four classes, five votes an item; half
of the items have a known truth, and every answer a time. A quarter, a half and all of the answers are fitted, each in a process of
its own, with one thread, from arrays in memory; the median of the rounds counts. The exponent of growth is the slope of the log of
the seconds over the log of the number of answers: 1 is as many seconds an answer, however many there are. Drawing all answers anew
is measured beside a bare formula in NumPy: a uniform draw and the comparison with each person's accuracy.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.aggregation import write_crowd

PEOPLE, CLASSES, VOTES = 2000, 4, 5
SECONDS, EXPONENT, DRAWN = 60.0, 1.2, 10.0
"""What is asked: seconds for a million answers, the exponent of growth at most, and seconds in which these are drawn."""


def fit(path: Path) -> dict[str, float]:
    """Fit a crowd in this process, and return seconds and megabytes."""
    from agents.annotator.calibration.crowd import fit_crowd
    from agents.annotator.calibration.simulation import simulate
    from agents.annotator.calibration.work_times import fit_work_times
    from agents.inference.answers import AnswerTable
    from agents.items import UNKNOWN
    from bus.chance import Chance

    with np.load(path, allow_pickle=False) as columns:
        task, worker, label = (columns[name].astype(np.int32) for name in ("task", "worker", "label"))
    items, stream = len(task) // VOTES, Chance(5).stream("times")
    # The most frequent label stands for the truth of every second item.
    votes = np.zeros((items, CLASSES), np.int32)
    np.add.at(votes, (task, label), 1)
    truth = np.where(np.arange(items) % 2, UNKNOWN, votes.argmax(axis=1))
    seconds = np.exp(stream.normal(3.0, 0.5, PEOPLE)[worker] + stream.normal(0.0, 0.5, len(task)))
    before = peak()
    begun = time.perf_counter()
    table = AnswerTable([*range(items)], [f"w{each}" for each in range(PEOPLE)], range(CLASSES), task, worker, label)
    crowd = fit_crowd(table, truth)
    answers = time.perf_counter()
    fit_work_times(worker.astype(np.intp), task.astype(np.intp), seconds, PEOPLE, items, stream)
    times, after = time.perf_counter(), peak()
    people = crowd.drawn(stream)
    accuracy = people.confusion[:, 0, 0]
    drawing = time.perf_counter()
    simulate(crowd, table, votes.argmax(axis=1), stream, people)
    drawn = time.perf_counter()
    right = int((stream.random(len(task)) < accuracy[worker]).sum())
    bare = time.perf_counter()
    assert 0 < right < len(task)
    return {
        "answers": answers - begun,
        "times": times - answers,
        "megabytes": after - before,
        "drawn": drawn - drawing,
        "bare": bare - drawn,
    }


def peak() -> float:
    """Return the peak of this process's resident memory, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def measured(path: Path, rounds: int) -> dict[str, float]:
    """Return the medians of what processes of their own report."""
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "benchmarks.calibration", "--fit", str(path)]
    root = Path(__file__).parents[1]
    found = [
        json.loads(subprocess.run(command, check=True, capture_output=True, cwd=root, env={**os.environ, **alone}).stdout)
        for _ in range(rounds)
    ]
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def verdict(met: bool) -> str:
    """Return whether what is asked is met."""
    return "ok" if met else "missed"


def main() -> None:
    """Measure, and print seconds, megabytes and the exponent."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--fit", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fit is not None:
        print(json.dumps(fit(options.fit)))
        return
    sizes = [options.answers // 4, options.answers // 2, options.answers]
    totals = []
    print(f"{'answers':>12}{'who says what':>16}{'work times':>14}{'together':>12}{'memory':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            found = measured(write_crowd(Path(folder) / f"{size}.npz", size, VOTES, PEOPLE, CLASSES), options.rounds)
            totals.append(found["answers"] + found["times"])
            print(
                f"{size:12,}{found['answers']:14.1f} s{found['times']:12.1f} s{totals[-1]:10.1f} s{found['megabytes']:9.0f} MB",
                flush=True,
            )
    exponent = float(np.polyfit(np.log(sizes), np.log(totals), 1)[0])
    asked = SECONDS * options.answers / 1_000_000
    print(f"{sizes[-1]:,} answers in {totals[-1]:.1f} s (asked: {asked:g} s) {verdict(totals[-1] <= asked)}")
    print(f"exponent of growth {exponent:.2f} (asked: {EXPONENT} at most) {verdict(exponent <= EXPONENT)}")
    ratio = found["drawn"] / found["bare"]
    print(
        f"drawn anew in {found['drawn']:.2f} s, {ratio:.0f} times a bare formula's {found['bare']:.3f} s "
        f"(asked: {DRAWN:g} s) {verdict(found['drawn'] <= DRAWN)}"
    )


if __name__ == "__main__":
    main()
