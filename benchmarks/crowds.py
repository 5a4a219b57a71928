"""Truth inference on real crowds: how often Parley's labels are right, and crowd-kit's, and how long each takes.

    python benchmarks/crowds.py FOLDER [--methods dawid-skene glad] [--limit 120] [--crowd-kit .venv-crowdkit/bin/python]

Each folder in FOLDER is a set: answers.csv (task, worker, label) and truth.csv (task, truth; not every task need be there). Both
sides are processes that take turns, with one thread, and every method has its own dials as they are. Methods that crowd-kit lacks
stand beside its Dawid-Skene. `difference` is in points, with the paired standard error over the items. What exceeds the limit is
stopped. `posterior` is the largest difference between two posteriors: of Dawid and Skene's methods after ten iterations from the
vote shares, of the others where they end.
"""

import argparse
import csv
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.aggregation import SHARED, Pair, requests_for
from benchmarks.contenders.contender import ROOT, Contender
from benchmarks.contenders.parley_side import METHODS

ITERATIONS = {"dawid-skene": 10, "one-coin": 10, "majority": None, "wawa": None, "zero-based-skill": None}
"""Methods whose posteriors can be laid side by side, and the iterations after which; None: where each ends by itself."""

PEERS = {"dawid-skene": "DawidSkene"} | SHARED


class Score(NamedTuple):
    """How both sides did.

    Attributes:
        ours, theirs: percentage of right labels; None where there are none.
        error: standard error of the difference (points).
    """

    ours: float | None
    theirs: float | None
    error: float | None


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_answers(folder: Path, file: Path) -> None:
    """Write the answers of a set as columns of text."""
    rows = rows_of(folder / "answers.csv")
    np.savez(file, **{name: np.array([row[name] for row in rows]) for name in ("task", "worker", "label")})


def right(path: Path, truth: dict[str, str]) -> np.ndarray:
    """Return which items of known truth are labelled right, in the order of the truth; an item without a label is not."""
    with np.load(path, allow_pickle=False) as found:
        labels = dict(zip(found["items"].tolist(), found["labels"].tolist(), strict=True))
    return np.array([labels.get(item) == label for item, label in truth.items()], np.float64)


def score(paths: list[Path | None], truth: dict[str, str]) -> Score:
    """Return how often both sides are right, where they are there."""
    ours, theirs = (None if path is None else 100 * right(path, truth) for path in paths)
    shares = [None if side is None else float(side.mean()) for side in (ours, theirs)]
    error = None if ours is None or theirs is None else float((ours - theirs).std(ddof=1) / len(ours) ** 0.5)
    return Score(shares[0], shares[1], error)


def apart(paths: tuple[Path, Path]) -> float:
    """Return the largest difference between two posteriors."""
    with np.load(paths[0], allow_pickle=False) as ours, np.load(paths[1], allow_pickle=False) as theirs:
        if ours["classes"].tolist() != theirs["classes"].tolist() or ours["items"].tolist() != theirs["items"].tolist():
            return float("nan")
        return float(np.abs(ours["posterior"] - theirs["posterior"]).max())


class Comparison(NamedTuple):
    """Both sides on one set.

    Attributes:
        pair: the contenders.
        file: the answers.
        truth: the true labels, by item.
        outcomes: where outcomes are written, of both sides.
        limit: seconds a method may take.
    """

    pair: Pair
    file: Path
    truth: dict[str, str]
    outcomes: tuple[Path, Path]
    limit: float

    def run(self, kind: str, name: str, iterations: int | None = None) -> list[dict[str, Any]]:
        """Return the replies of both sides to the request for a method."""
        requests = requests_for(self.file, kind, name, iterations)
        return [
            contender.ask(request | {"out": str(out)}, self.limit)
            for contender, request, out in zip(self.pair, requests, self.outcomes, strict=True)
        ]

    def posteriors(self, kind: str, replies: list[dict[str, Any]]) -> str:
        """Return how far posteriors are apart after as many iterations, or at the end, as text; nothing where it cannot be said."""
        if kind not in ITERATIONS:
            return ""
        if ITERATIONS[kind] is not None:
            replies = self.run(kind, PEERS[kind], ITERATIONS[kind])
        return "" if any("error" in reply for reply in replies) else f"{apart(self.outcomes):.0e}"

    def compare(self, kind: str) -> tuple[Score, list[dict[str, Any]]]:
        """Return the scores of a method, and the replies."""
        replies = self.run(kind, PEERS.get(kind, "DawidSkene"))
        there = [None if "error" in reply else out for reply, out in zip(replies, self.outcomes, strict=True)]
        return score(there, self.truth), replies


def show(name: str, kind: str, found: Score, replies: list[dict[str, Any]], posterior: str) -> None:
    """Print a line of the table, and errors below it."""
    shares = "".join(f"{'-' if share is None else f'{share:.2f}':>10}" for share in found[:2])
    difference = "" if found.error is None else f"{(found.ours or 0) - (found.theirs or 0):+.2f} ± {found.error:.2f}"
    seconds = "".join(f"{reply['seconds']:>9.3f}" if "seconds" in reply else f"{'-':>9}" for reply in replies)
    beside = "" if kind in PEERS else "  beside DawidSkene"
    print(f"{name:14}{kind:18}{shares}{difference:>16}{seconds}{posterior:>10}{beside}".rstrip(), flush=True)
    for side, reply in zip(("Parley", "crowd-kit"), replies, strict=True):
        if "error" in reply:
            print(f"{'':14}  {side}: {reply['error'][:100]}", flush=True)


def means(scores: dict[str, list[Score]]) -> None:
    """Print for each method the mean over the sets on which both sides have labels."""
    for kind, found in scores.items():
        both = [each for each in found if each.error is not None]
        if both:
            ours, theirs = (statistics.fmean(each[side] or 0.0 for each in both) for side in (0, 1))
            print(f"{f'mean of {len(both)}':14}{kind:18}{ours:>10.2f}{theirs:>10.2f}{f'{ours - theirs:+.2f}':>9}")


def main() -> None:
    """Compare on every set, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder of sets, each with answers.csv and truth.csv")
    parser.add_argument("--methods", nargs="+", choices=[*METHODS], default=[*METHODS])
    parser.add_argument("--limit", type=float, default=120.0, help="seconds that a method may take")
    parser.add_argument("--crowd-kit", type=Path, default=ROOT / ".venv-crowdkit/bin/python", help="interpreter that has crowd-kit")
    options = parser.parse_args()
    sets = sorted(path.parent for path in options.folder.glob("*/answers.csv") if (path.parent / "truth.csv").exists())
    made = "`make .venv-crowdkit/installed` makes it, with crowd-kit and what it needs"
    here = options.crowd_kit.exists()
    for there, what in ((sets, f"no sets in {options.folder}"), (here, f"no {options.crowd_kit}: {made}")):
        if not there:
            print(what, file=sys.stderr)
            raise SystemExit(2)
    print(f"{'':32}{'Parley':>10}{'crowd-kit':>10}{'difference':>16}{'Parley':>9}{'crowd-kit':>10}{'posterior':>10}")
    scores: dict[str, list[Score]] = {kind: [] for kind in options.methods}
    with (
        tempfile.TemporaryDirectory() as name,
        Contender(Path(sys.executable), "parley_side") as ours,
        Contender(options.crowd_kit, "crowdkit_side") as theirs,
    ):
        outcomes = Path(name) / "ours.npz", Path(name) / "theirs.npz"
        for folder in sets:
            file = Path(name) / f"{folder.name}.npz"
            write_answers(folder, file)
            truth = {row["task"]: row["truth"] for row in rows_of(folder / "truth.csv")}
            comparison = Comparison(Pair(ours, theirs), file, truth, outcomes, options.limit)
            for kind in options.methods:
                found, replies = comparison.compare(kind)
                scores[kind].append(found)
                show(folder.name, kind, found, replies, comparison.posteriors(kind, replies))
    means(scores)


if __name__ == "__main__":
    main()
