"""Parley as a contender: `python -m benchmarks.contenders.parley_side`."""

import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import get_args

from agents.inference.answers import table_of
from agents.inference.methods import AnyInference
from agents.inference.running import Running
from benchmarks.contenders.service import Columns, Outcome, Request, columns_of, serve
from bus.chance import Chance, Keyed

METHODS = get_args(AnyInference)[1].members


def load(path: Path) -> Columns:
    """Return the answers as columns."""
    return columns_of(path)


def infer(columns: Columns, request: Request) -> Outcome:
    """Make the answer table, and infer labels and posterior by a method with its dials."""
    table = table_of(columns["task"], columns["worker"], columns["label"])
    found = METHODS[request["method"]](**request["dials"]).infer(table)
    return Outcome(table.items, found.labels(Keyed(0, "ties")), table.classes, found.posterior, found.iterations)


def update(columns: Columns, request: Request) -> Outcome:
    """Hear more answers after all the others, one at a time, and return how long each took until its item's posterior stood."""
    table = table_of(columns["task"], columns["worker"], columns["label"])
    running = Running.of(table)
    stream = Chance(0).stream("updates")
    count = request["updates"]
    sizes = len(table.items), len(table.people), len(table.classes)
    rows = zip(*(stream.integers(size, size=count).tolist() for size in sizes), strict=True)
    seconds = []
    for item, person, label in rows:
        began = time.perf_counter()
        running.hear(table.items[item], table.people[person], table.classes[label])
        running.posterior(table.items[item])
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    running.sweep()
    sweep = time.perf_counter() - began
    measured = {"median": statistics.median(seconds), "slowest": max(seconds), "sweep": sweep}
    return Outcome((), (), (), None, None, measured)


if __name__ == "__main__":
    serve(load, {"infer": infer, "update": update}, {name: version(name) for name in ("parley-sim", "scipy", "numpy")})
