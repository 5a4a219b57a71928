"""What the elders choose, recorded as data: `python -m benchmarks.contenders.record_choices [FOLDER] [--elders PYTHON]`.

It writes `problems.npz`, small problems made by chance; `choices.json`, what each elder chooses in each, by query and with its
version; and `defects.json`, what they do where they are wrong. `tests/agents/selector/test_elders.py` reads them.

A choice is recorded where it is determined: the elder chooses the same if the items come in another order. Where each pick bears on
the next, rows stand in the order of the picks; otherwise they are ascending.
"""

import argparse
import json
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.contenders.contender import ROOT, Contender
from benchmarks.elders import OF_OURS, SIDES, Columns, members, places, probabilities
from bus.chance import Chance

FOLDER = ROOT / "tests/agents/selector/elders"
REPEATS, ORDERS = 3, 3
"""Problems of a kind, and orders of the items that are tried."""

PICKED = ("k-center", "ranked-batch", "typiclust", "prob-cover", "badge")
"""Queries in which each pick bears on the next."""

Stream = np.random.Generator


def unlabelled(items: int, stream: Stream) -> Any:
    """Return labels of which four in five are missing."""
    return np.where(stream.random(items) < 0.2, stream.integers(3, size=items), -1)


def told(stream: Stream) -> Columns:
    """A model's probabilities."""
    return probabilities(40, stream, classes=4) | {"labels": unlabelled(40, stream)}


def voted(stream: Stream) -> Columns:
    """A committee of thirty, so that few items have equal votes."""
    return members(16, stream, classes=3, size=30) | {"labels": unlabelled(16, stream)}


def spread(stream: Stream) -> Columns:
    """Items that lie somewhere, some with a label."""
    return places(60, stream, features=3)


def spread_and_told(stream: Stream) -> Columns:
    """The same, with a model's probabilities."""
    return spread(stream) | probabilities(60, stream, classes=3)


def all_new(stream: Stream) -> Columns:
    """The same, and none has a label."""
    return spread_and_told(stream) | {"labels": np.full(60, -1)}


def clouds(stream: Stream) -> Columns:
    """Clouds far apart, of different sizes; the item nearest to the middle of each is apart from the others of it."""
    sizes = np.array([8, 10, 12, 15, 19])
    centres = 40.0 * np.array([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1]])
    features = np.repeat(centres, sizes, axis=0) + stream.standard_normal((sizes.sum(), 2))
    labels = np.full(len(features), -1)
    labels[:2] = 0, 1
    return {"features": features, "labels": labels}


def near(stream: Stream) -> Columns:
    """Items in a plane, and a radius within which there are some others."""
    return {"features": stream.standard_normal((300, 2)), "labels": np.full(300, -1), "radius": np.array(1.0)}


def trainable(stream: Stream) -> Columns:
    """Two clouds that overlap, of which six items have a label."""
    truth = np.arange(16) % 2
    return {"features": stream.standard_normal((16, 3)) + truth[:, None], "labels": np.where(np.arange(16) < 6, truth, -1)}


Problem = Callable[[Stream], Columns]
QUERIES: dict[str, tuple[Problem, int, tuple[str, ...]]] = {
    "entropy": (told, 5, ("modAL", "ALiPy", "scikit-activeml", "small-text", "libact")),
    "margin": (told, 5, ("modAL", "ALiPy", "scikit-activeml", "small-text", "libact")),
    "least-confident": (told, 5, ("modAL", "ALiPy", "scikit-activeml", "small-text", "libact")),
    "vote-entropy": (voted, 1, ("modAL", "ALiPy", "scikit-activeml", "libact")),
    "variation-ratios": (voted, 1, ("scikit-activeml",)),
    "consensus-entropy": (voted, 5, ("modAL",)),
    "max-kl": (voted, 5, ("modAL",)),
    "mean-kl": (voted, 5, ("ALiPy", "scikit-activeml")),
    "k-center": (spread, 6, ("ALiPy", "scikit-activeml")),
    "ranked-batch": (spread_and_told, 6, ("modAL",)),
    "information-density": (all_new, 5, ("modAL",)),
    "typiclust": (clouds, 3, ("scikit-activeml",)),
    "prob-cover": (near, 1, ("scikit-activeml",)),
    "badge": (spread_and_told, 1, ("scikit-activeml",)),
    "expected-error": (trainable, 1, ("libact", "scikit-activeml")),
    "expected-log-loss": (trainable, 1, ("libact", "scikit-activeml")),
    "quire": (trainable, 1, ("scikit-activeml",)),
}
"""Which problem each query is asked about, how many items are to be chosen, and who is asked."""


def shuffled(problem: Columns, order: Any) -> Columns:
    """Return a problem with its items in another order."""
    size = len(problem["labels"])
    return {
        name: column[:, order] if name == "members" else column[order] if column.ndim and len(column) == size else column
        for name, column in problem.items()
    }


class Recorder:
    """Asks the elders.

    Args:
        sides: the elders.
        folder: where problems are written for them.
    """

    def __init__(self, sides: dict[str, Contender], folder: Path) -> None:
        self.sides, self._folder, self._files = sides, folder, 0

    def ask(self, elder: str, query: str, problem: Columns, count: int) -> list[int]:
        """Return the rows that an elder chooses."""
        self._files += 1
        file = self._folder / f"{self._files}.npz"
        np.savez(file, **problem)
        reply = self.sides[elder].ask({"do": query, "file": str(file), "count": count}, limit=60.0)
        if "error" in reply:
            raise SystemExit(f"{elder}, {query}: {reply['error']}")
        rows: list[int] = reply["rows"]
        return rows if query in PICKED else sorted(rows)

    def determined(self, elder: str, query: str, problem: Columns, count: int, stream: Stream) -> list[int] | None:
        """Return what is chosen in any order of the items; None if that differs."""
        first = self.ask(elder, query, problem, count)
        for _ in range(ORDERS - 1):
            order = stream.permutation(len(problem["labels"]))
            again = order[self.ask(elder, query, shuffled(problem, order), count)].tolist()
            if (again if query in PICKED else sorted(again)) != first:
                return None
        return first


def choices(recorder: Recorder, versions: dict[str, str]) -> tuple[dict[str, Columns], list[dict[str, Any]]]:
    """Return the problems by name, and what was chosen in each."""
    problems: dict[str, Columns] = {}
    found = []
    for (query, (make, count, elders)), number in product(QUERIES.items(), range(REPEATS)):
        name = f"{make.__name__}-{number}"
        if name not in problems:
            problems[name] = make(Chance(number).stream(make.__name__))
        stream = Chance(number).stream("orders", query)
        for elder in elders:
            rows = recorder.determined(elder, query, problems[name], count, stream)
            if rows is not None:
                found.append({"elder": elder, "version": versions[elder], "query": query, "problem": name, "rows": rows})
    return problems, found


def main() -> None:
    """Ask, and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--elders", type=Path, default=ROOT / ".venv-elders/bin/python", help="interpreter that has the elders")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory()))
        sides = {
            name: stack.enter_context(Contender(options.elders, module)) for name, module in SIDES.items() if name not in OF_OURS
        }
        versions = {name: next(iter(side.ask({}).values())) for name, side in sides.items()}
        problems, found = choices(Recorder(sides, scratch), versions)
    columns = {f"{name}/{column}": values for name, problem in problems.items() for column, values in problem.items()}
    np.savez_compressed(options.folder / "problems.npz", **columns)
    lines = ",\n".join(json.dumps(choice) for choice in found)
    (options.folder / "choices.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    done = subprocess.run(
        [options.elders, "-m", "benchmarks.contenders.defects"], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
    )
    (options.folder / "defects.json").write_text(done.stdout, encoding="utf-8")
    print(f"{len(found)} choices in {len(problems)} problems")


if __name__ == "__main__":
    main()
