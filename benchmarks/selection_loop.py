"""What choosing costs where nothing else does: a hundred queries of one item, by entropy, of a model that is a table.

    python -m benchmarks.selection_loop [--rounds 7] [--elders .venv-elders/bin/python]

The pool has 20,000 items of 10 classes, of which 20 have a label. The bare loop computes the entropies of the items that are left,
takes the greatest, and goes on. Parley runs a whole campaign: agents on the bus, an annotator who is always right, a training
after each label; with an event log, and without. Making its world is not timed. The elders' loops, where their environment is
there, query, and teach the label. All must ask for the same items in the same order. The median of the rounds counts, in processor
milliseconds a query.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from agents.annotator.noises.one_coin import OneCoin
from agents.estimators.foreign import AnyClassifier
from agents.selector.strategies.uncertainty import Entropy
from benchmarks.contenders.contender import ROOT, Contender
from benchmarks.digits_loop import items_asked
from benchmarks.elders import SIDES
from benchmarks.free import TABLE, Numbered
from scenarios.annotators import AnnotatorsTable
from scenarios.run import Origin, play, prepare
from scenarios.scenario import LearnerTable, Scenario, SelectorTable, StopTable

QUERIES, DEMAND = 100, 2.0
ELDERS = ("modAL", "libact", "scikit-activeml", "ALiPy", "small-text")

Asked = list[int]
"""Rows in the order in which they were asked for."""


def campaign(queries: int = QUERIES) -> Scenario:
    """Return Parley's version: one perfect annotator who takes no time."""
    return Scenario(
        name="selection-loop",
        data=Numbered(test_fraction=0.0, seed_labels=20),
        learner=LearnerTable(estimator=AnyClassifier(path="benchmarks.free.Free"), retrain_every=1),
        selector=SelectorTable(strategy=Entropy(), in_flight=1),
        annotators=(AnnotatorsTable(noise=OneCoin(accuracy=1.0)),),
        stop=StopTable(labels=queries),
    )


def bare(labelled: Asked, queries: int = QUERIES) -> tuple[float, Asked]:
    """Ask by entropy with NumPy alone; return the seconds, and what was asked for."""
    began = time.process_time()
    left, asked = np.delete(np.arange(len(TABLE)), labelled), []
    for _ in range(queries):
        probabilities = TABLE[left]
        place = int(np.argmax(-np.sum(probabilities * np.log(probabilities), axis=1)))
        asked.append(int(left[place]))
        left = np.delete(left, place)
    return time.process_time() - began, asked


def parley(scenario: Scenario, logs: Path | None) -> tuple[float, str | None]:
    """Run the campaign; return the seconds, and the log."""
    chance, world, people = prepare(scenario, Origin())
    began = time.process_time()
    summary = play(scenario, people, world, chance, logs)
    return time.process_time() - began, summary.log


def elder(contender: Contender, folder: Path, labelled: Asked) -> tuple[float, Asked]:
    """Let an elder ask; of small-text five queries, which take as long as thousands of others'."""
    labels = np.full(len(TABLE), -1)
    labels[labelled] = 0
    left = np.flatnonzero(labels < 0)
    file = folder / "loop.npz"
    if not file.exists():
        np.savez(file, probabilities=TABLE[left])
    queries = 5 if "smalltext" in contender.command[-1] else QUERIES
    reply = contender.ask({"do": "loop", "file": str(file), "count": queries})
    if "error" in reply:
        raise SystemExit(f"{contender.command[-1]}: {reply['error']}")
    return reply["cpu"] / queries * QUERIES, left[reply["rows"]].tolist()


def main() -> None:
    """Measure, and print milliseconds a query and ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--elders", type=Path, default=ROOT / ".venv-elders/bin/python", help="interpreter that has the elders")
    options = parser.parse_args()
    scenario = campaign()
    labelled = [int(item) for item in prepare(scenario, Origin())[1].seeds]
    seconds: dict[str, list[float]] = {}
    asked: dict[str, Asked] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(threadpool_limits(1))
        elders = {name: stack.enter_context(Contender(options.elders, SIDES[name])) for name in ELDERS}
        sides: dict[str, Callable[[], tuple[float, Asked]]] = {"bare loop": lambda: bare(labelled)}
        if options.elders.exists():
            sides |= {name: lambda contender=contender: elder(contender, folder, labelled) for name, contender in elders.items()}
        log = None
        for _ in range(options.rounds):
            for name, side in sides.items():
                if name == "small-text" and name in asked:
                    continue
                taken, asked[name] = side()
                seconds.setdefault(name, []).append(taken)
            seconds.setdefault("Parley, no log", []).append(parley(scenario, None)[0])
            taken, log = parley(scenario, folder)
            seconds.setdefault("Parley", []).append(taken)
        assert log is not None
        asked["Parley"] = items_asked(Path(log))
    bare_seconds = statistics.median(seconds["bare loop"])
    for name, taken in seconds.items():
        median = statistics.median(taken)
        ratio = median / bare_seconds
        demand = f"(at most {DEMAND:g}) {'ok' if ratio <= DEMAND else 'missed'}" if name.startswith("Parley") else ""
        same = "" if name not in asked else "same items" if asked[name] == asked["bare loop"][: len(asked[name])] else "OTHER ITEMS"
        print(f"{name:<16}{median / QUERIES * 1e3:>10.2f} ms a query{ratio:>10.2f}  {demand:<20} {same}".rstrip())


if __name__ == "__main__":
    main()
