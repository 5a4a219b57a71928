"""Query strategies: Parley against bare NumPy, modAL, ALiPy, scikit-activeml, libact and small-text, in processor seconds.

    python -m benchmarks.elders [--quick] [--rounds 3] [--only WORD] [--elders .venv-elders/bin/python]

Each side is a process of its own, that stays alive, with one thread; the elders' environment holds the newest versions in which
they work together. All are sent the same problem and take turns, and the median of the rounds counts. What can be ready before a
query is not timed: the model, which is a table of probabilities where a query goes by them, and whatever a side keeps between
queries. Where an elder gives one item a query, that is what it is timed for. "same" says that it chose the items that Parley chose;
where many items are equally good, or chance has a part, each chooses its own. Expected errors take the time of the trainings, which
are scikit-learn's: a little over a millisecond each in the elders' version, and half as much again in the newer one.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.contenders.contender import ROOT, Contender
from bus.chance import Chance

Columns = dict[str, NDArray[Any]]
SIDES = {
    "Parley": "selection_side",
    "NumPy": "bare_side",
    "modAL": "modal_side",
    "ALiPy": "alipy_side",
    "scikit-activeml": "activeml_side",
    "libact": "libact_side",
    "small-text": "smalltext_side",
}
OF_OURS = ("Parley", "NumPy")
"""Sides that run in Parley's own environment."""


class Task(NamedTuple):
    """A query that several sides answer.

    Attributes:
        query: its name.
        problem: writes the problem: with how many items, and which chance.
        items, count: items of the pool, and items asked for.
        rivals: whom Parley is measured against.
        demands: how many times as fast as a rival Parley must be.
    """

    query: str
    problem: Callable[[int, np.random.Generator], Columns]
    items: int
    count: int
    rivals: tuple[str, ...]
    demands: Mapping[str, float] = MappingProxyType({})


def probabilities(items: int, stream: np.random.Generator, classes: int = 10) -> Columns:
    """A model's probabilities, some items clear and others not."""
    return {"probabilities": stream.dirichlet(np.full(classes, 0.5), size=items)}


def members(items: int, stream: np.random.Generator, classes: int = 10, size: int = 5) -> Columns:
    """Probabilities of a committee's members, who agree more or less."""
    common = stream.dirichlet(np.full(classes, 0.5), size=items)
    own = stream.dirichlet(np.ones(classes), size=(size, items))
    return {"members": 0.5 * common + 0.5 * own}


def places(items: int, stream: np.random.Generator, features: int = 64) -> Columns:
    """Items that lie somewhere, of which 20 have a label."""
    labels = np.full(items, -1)
    labels[stream.permutation(items)[:20]] = np.arange(20) % 2
    return {"features": stream.standard_normal((items, features)), "labels": labels}


def places_known(items: int, stream: np.random.Generator) -> Columns:
    """Items that lie somewhere, of which 20 have a label, and a model's probabilities."""
    return places(items, stream) | probabilities(items, stream)


def near(items: int, stream: np.random.Generator) -> Columns:
    """Items in two dimensions, of which 20 have a label, and a radius within which there are some others."""
    return places(items, stream, features=2) | {"radius": np.array(0.2)}


def small(items: int, stream: np.random.Generator) -> Columns:
    """Items in two clouds, of which 20 have a label: enough to train on."""
    labels = np.full(items, -1)
    truth = stream.integers(2, size=items)
    labels[:20] = np.arange(20) % 2
    truth[:20] = labels[:20]
    return {"features": stream.standard_normal((items, 5)) + truth[:, None], "labels": labels}


BARE = 1 / 1.3
"""At most 1.3 times as long as bare NumPy."""

EVERYBODY = ("modAL", "ALiPy", "scikit-activeml", "libact")

TASKS = (
    Task("entropy", probabilities, 1_000_000, 100, ("NumPy", *EVERYBODY), {"NumPy": BARE, "modAL": 5.0}),
    Task("entropy", probabilities, 20_000, 100, ("NumPy", "small-text")),
    Task("margin", probabilities, 1_000_000, 100, ("NumPy", *EVERYBODY), {"modAL": 1.0}),
    Task("least-confident", probabilities, 1_000_000, 100, (*EVERYBODY, "small-text"), {"modAL": 1.0}),
    Task("vote-entropy", members, 200_000, 100, ("NumPy", *EVERYBODY), {"NumPy": BARE, "scikit-activeml": 1.0}),
    Task("consensus-entropy", members, 200_000, 100, ("modAL",), {"modAL": 1.0}),
    Task("max-kl", members, 200_000, 100, ("modAL",), {"modAL": 1.0}),
    Task("mean-kl", members, 200_000, 100, ("ALiPy", "scikit-activeml"), {"scikit-activeml": 1.0}),
    Task("variation-ratios", members, 200_000, 100, ("scikit-activeml",), {"scikit-activeml": 1.0}),
    Task("k-center", places, 50_000, 100, ("NumPy", "ALiPy", "scikit-activeml", "small-text"), {"NumPy": BARE, "ALiPy": 1.0}),
    Task("ranked-batch", places_known, 50_000, 100, ("modAL",), {"modAL": 1.0}),
    Task("information-density", places_known, 5_000, 100, ("modAL",), {"modAL": 1.0}),
    Task("graph-density", places, 1_000, 100, ("ALiPy",), {"ALiPy": 1.0}),
    Task("typiclust", places, 5_000, 20, ("scikit-activeml",), {"scikit-activeml": 1.0}),
    Task("prob-cover", near, 5_000, 20, ("scikit-activeml",), {"scikit-activeml": 1.0}),
    Task("badge", places_known, 5_000, 20, ("scikit-activeml",), {"scikit-activeml": 1.0}),
    Task("expected-error", small, 200, 1, ("modAL", "libact", "scikit-activeml")),
    Task("expected-log-loss", small, 200, 1, EVERYBODY),
    Task("quire", small, 300, 1, ("ALiPy", "libact", "scikit-activeml"), {"scikit-activeml": 1.0}),
)


def in_turn(task: Task, sides: dict[str, Contender], file: Path, rounds: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Let the sides of a task take turns; return their median seconds, and the rows that each chose, or what went wrong."""
    request = {"do": task.query, "file": str(file), "count": task.count}
    seconds: dict[str, list[float]] = {name: [] for name in ("Parley", *task.rivals)}
    outcomes: dict[str, Any] = {}
    for _ in range(rounds):
        for name, taken in seconds.items():
            if isinstance(outcomes.get(name), str):
                continue
            reply = sides[name].ask(request, limit=120.0)
            outcomes[name] = reply.get("error") or reply["rows"]
            taken.append(reply.get("cpu", np.nan))
    return {name: statistics.median(taken) for name, taken in seconds.items()}, outcomes


def measure(task: Task, sides: dict[str, Contender], folder: Path, rounds: int, shrunk: int) -> None:
    """Measure a task, and print what came of it."""
    items = max(task.items // shrunk, task.count + 20)
    # A side knows by its name what it has loaded, so that every problem has one of its own.
    file = folder / f"{task.query}-{items}.npz"
    np.savez(file, **task.problem(items, Chance(items).stream(task.query)))
    seconds, outcomes = in_turn(task, sides, file, rounds)
    file.unlink()
    print(f"\n{task.query}, {items:,} items, best {task.count}")
    for name, outcome in outcomes.items():
        if isinstance(outcome, str):
            print(f"  {name:<18}{outcome[:80]}")
            continue
        ratio, demand = seconds[name] / seconds["Parley"], task.demands.get(name)
        asked = "" if demand is None else f">= {demand:.2g}"
        verdict = "" if demand is None else "ok" if ratio >= demand else "missed"
        versus = "" if name == "Parley" else f"{ratio:>10.2f}{asked:>10}  {verdict:<7} {_alike(outcomes['Parley'], outcome)}"
        print(f"  {name:<18}{seconds[name]:>10.4f} s{versus}".rstrip(), flush=True)


def _alike(ours: list[int] | str, theirs: list[int]) -> str:
    """Return whether the same items were chosen; of who gives one, whether it is the first."""
    if isinstance(ours, str):
        return ""
    if len(theirs) == 1:
        return "same" if theirs == ours[:1] else "another"
    common = len({*ours} & {*theirs})
    return "same" if common == len(ours) else f"{common} of {len(ours)} the same"


def main() -> None:
    """Measure, and print the ratios: their seconds over ours."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the items, and one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="queries whose name has this word")
    parser.add_argument("--elders", type=Path, default=ROOT / ".venv-elders/bin/python", help="interpreter that has the elders")
    options = parser.parse_args()
    if not options.elders.exists():
        print(f"{options.elders} is missing: `make .venv-elders/installed` makes it", file=sys.stderr)
        raise SystemExit(2)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sides = {
            name: stack.enter_context(Contender(Path(sys.executable) if name in OF_OURS else options.elders, module))
            for name, module in SIDES.items()
        }
        for contender in sides.values():
            print(", ".join(f"{name} {number}" for name, number in contender.ask({}).items()))
        for task in TASKS:
            if options.only in task.query:
                measure(task, sides, folder, 1 if options.quick else options.rounds, 10 if options.quick else 1)


if __name__ == "__main__":
    main()
