"""Many people at once, and many answers: megabytes of a campaign of 10,000, and seconds of a million answers.

    python -m benchmarks.people [--people 10000] [--answers 1000000]

The campaign: everybody of a fitted crowd in Parquet (item effect, work times, practice), two answers to each of as many items as
there are people, all open at once, an event log written. Its memory is the peak of a process of its own. Answers are drawn one at a
time, as in a campaign: each a pure function of seed, person, item and attempt; beside it stands the bare formula in NumPy, which
draws all of them at once from one stream, in whatever order, and cannot be asked again.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from agents.annotator.answering import Answering
from agents.annotator.case import Case
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.item_effect import ItemEffect
from agents.annotator.noises.one_coin import OneCoin
from bus.chance import Chance
from scenarios.crowds.writing import write_crowd
from scenarios.loading import load
from scenarios.run import Origin, run

MEGABYTES, SECONDS = 1000.0, 30.0
"""What is asked: of the campaign at most, and of a million answers."""

MATRIX = ((0.8, 0.1, 0.1), (0.2, 0.7, 0.1), (0.1, 0.3, 0.6))
NOISES: dict[str, Noise] = {
    "one-coin": OneCoin(accuracy=0.8),
    "confusion": Confusion(matrix=MATRIX),
    "item-effect": ItemEffect(of=Confusion(matrix=MATRIX)),
}
SCENARIO = """
name = "many"
[data]
source = "synthetic"
items = {people}
classes = 3
[selector]
in_flight = {people}
[[annotators]]
people = "people.parquet"
[coordination]
policy = {{ kind = "majority", size = 2 }}
"""


def write_people(people: int, path: Path) -> None:
    """Write a crowd as `parley calibrate` does."""
    stream = Chance(7).stream("people")
    right, median = stream.beta(8, 3, people).tolist(), stream.lognormal(3.0, 0.6, people).tolist()

    def row(number: int) -> dict[str, object]:
        sure = round(right[number], 5)
        rest = round((1 - sure) / 2, 6)
        matrix = [[sure if truth == label else rest for label in range(3)] for truth in range(3)]
        noise = {"kind": "item-effect", "of": {"kind": "confusion", "matrix": matrix}, "spread": 1.2, "skew": 1.0}
        latency = {"kind": "work-time", "median": round(median[number], 2)}
        return {"worker": f"w{number}", "answers": 10, "noise": noise, "latency": latency, "changes": [{"kind": "practice"}]}

    write_crowd(map(row, range(people)), [0, 1, 2], ["noise", "latency", "changes"], path)


def campaign(folder: Path) -> None:
    """Run the campaign in this process, and print what it took."""
    begun = time.perf_counter()
    loaded = load(folder / "many.toml")
    read = time.perf_counter()
    summary = run(loaded.scenario, folder / "logs", origin=Origin(loaded.folder))
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"{len(summary.annotators):,} annotators, {summary.answers:,} answers, {summary.events:,} events")
    print(f"read in {read - begun:.1f} s, run in {done - read:.1f} s")
    verdict = "ok" if peak <= MEGABYTES else "missed"
    print(f"memory {peak:,.0f} MB (asked: {MEGABYTES:g} MB at most) {verdict}", flush=True)


def one_at_a_time(noise: Noise, answers: int) -> float:
    """Return the seconds in which so many answers are drawn, by 100 people, as a campaign draws them."""
    chance = Chance(3)
    nature = Nature(chance)
    people = [Answering(f"crowd-{number}", noise, FixedTime(), (), (), None, chance) for number in range(100)]
    begun = time.perf_counter()
    for item in range(answers // 100):
        case = Case(item, 0, item % 3, 3, nature)
        for person in people:
            person.answer(case, None)
    return time.perf_counter() - begun


def at_once(answers: int) -> float:
    """Return the seconds of a bare formula: right or wrong by a uniform draw, and another for which wrong one."""
    stream = np.random.default_rng(3)
    truth = np.arange(answers) % 3
    begun = time.perf_counter()
    right = stream.random(answers) < 0.8
    said = np.where(right, truth, (truth + 1 + stream.integers(2, size=answers)) % 3)
    taken = time.perf_counter() - begun
    assert 0.79 < (said == truth).mean() < 0.81
    return taken


def main() -> None:
    """Measure, and print seconds and megabytes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--campaign", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.campaign is not None:
        campaign(options.campaign)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_people(options.people, folder / "people.parquet")
        (folder / "many.toml").write_text(SCENARIO.format(people=options.people))
        command = [sys.executable, "-m", "benchmarks.people", "--campaign", name]
        subprocess.run(command, check=True, cwd=Path(__file__).parents[1])
    bare = at_once(options.answers)
    asked = SECONDS * options.answers / 1_000_000
    for name, noise in NOISES.items():
        taken = one_at_a_time(noise, options.answers)
        verdict = "ok" if taken <= asked else "missed"
        print(
            f"{options.answers:,} answers by {name:12}{taken:6.1f} s, {taken / bare:5.0f} times a bare formula's {bare:.3f} s "
            f"(asked: {asked:g} s) {verdict}",
            flush=True,
        )


if __name__ == "__main__":
    main()
