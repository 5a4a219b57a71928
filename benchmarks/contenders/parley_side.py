"""Parley as a contender: `python -m benchmarks.contenders.parley_side`."""

import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import numpy as np

from agents.coordinator.inferring import Following
from agents.inference.answers import table_of
from agents.inference.methods import AnyInference
from agents.inference.running import Running, Updating
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


def follow(columns: Columns, request: Request) -> Outcome:
    """Let a campaign's belief hear the answers one at a time, and return how long it took to hear each of some numbers of them.

    Items are open so many at a time. After each answer the belief is asked what is to be revised; an item is settled by the
    last of its answers.
    """
    tasks = columns["task"]
    order = np.argsort(tasks // request["open"], kind="stable")
    rows = zip(tasks[order].tolist(), columns["worker"][order].tolist(), columns["label"][order].tolist(), strict=True)
    left = np.bincount(tasks).tolist()
    belief = Following(range(int(columns["label"].max()) + 1), Updating(), margin=0.0)
    ends, revised = dict.fromkeys(request["answers"], 0.0), 0
    began = time.perf_counter()
    for answer, (item, person, label) in enumerate(rows, 1):
        belief.hear(item, f"p{person}", label)
        left[item] -= 1
        if not left[item]:
            belief.settle(item, int(belief.posterior(item).argmax()))
        for revision in belief.revisions():
            belief.settle(*revision)
            revised += 1
        if answer in ends:
            ends[answer] = time.perf_counter() - began
    measured = {f"after {answers}": seconds for answers, seconds in ends.items()}
    return Outcome((), (), (), None, None, measured | {"revised": revised})


if __name__ == "__main__":
    serve(
        load,
        {"infer": infer, "update": update, "follow": follow},
        {name: version(name) for name in ("parley-sim", "scipy", "numpy")},
    )
