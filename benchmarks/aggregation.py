"""Truth inference: Parley's seconds and megabytes against crowd-kit's, on crowds made by chance.

    python benchmarks/aggregation.py [--quick] [--rounds 3] [--crowd-kit .venv-crowdkit/bin/python]

Each side is a process of its own, in its own environment, that stays alive, with one thread; they are sent the same answers and
take turns, and the median of the rounds counts. Both start from the same columns in memory, which is not timed: crowd-kit's from a
pandas data frame, Parley's from NumPy arrays; building Parley's answer table is timed. Both end with labels and posteriors.
Following a campaign's answers one at a time is measured in the same process, as its policy does it.
Memory is the peak of resident memory in a fresh process, beyond what is resident when the columns are loaded; the total, beyond
what imports take, stands beside it.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.contenders.contender import ROOT, Contender
from bus.chance import Chance

ITERATIONS = 10
MILLION = 1_000_000
FASTER, LEANER, LINEAR, UPDATE = 20.0, 10.0, 1.5, 0.05
"""What is asked: times as fast, times as lean, time an answer against fewer answers, seconds an update."""

SHARED = {
    "majority": "MajorityVote",
    "wawa": "Wawa",
    "zero-based-skill": "ZeroBasedSkill",
    "one-coin": "OneCoinDawidSkene",
    "glad": "GLAD",
    "mace": "MACE",
    "m-msr": "MMSR",
    "kos": "KOS",
}
"""Methods that both have, beside Dawid-Skene."""


class Pair(NamedTuple):
    """Both sides."""

    ours: Contender
    theirs: Contender


def write_crowd(path: Path, answers: int, votes: int, people: int, classes: int, text: bool = False) -> Path:
    """Write the answers of a crowd: votes an item, load by Zipf's law, accuracy Beta(6, 2), in random order."""
    stream = Chance(answers).stream("crowd")
    items = answers // votes
    truth = stream.integers(classes, size=items)
    load = 1.0 / np.arange(1, people + 1)
    item, person = np.repeat(np.arange(items), votes), stream.choice(people, size=items * votes, p=load / load.sum())
    right = stream.random(len(item)) < stream.beta(6, 2, size=people)[person]
    label = np.where(right, truth[item], stream.integers(classes, size=len(item)))
    order = stream.permutation(len(item))
    columns = {"task": item[order], "worker": person[order], "label": label[order]}
    if text:
        columns = {name: np.char.add(name, column.astype(str)) for name, column in columns.items()}
    np.savez(path, **columns)
    return path


def asked(contender: Contender, request: dict[str, Any]) -> dict[str, Any]:
    """Return the reply to a request; an error ends the benchmark."""
    reply = contender.ask(request)
    if "error" in reply:
        raise SystemExit(f"{request.get('method', request.get('do', 'versions'))}: {reply['error']}")
    return reply


def requests_for(file: Path, kind: str, name: str, iterations: int | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the request for our method, and for theirs; with a number of iterations, both go on for as many."""
    ours: dict[str, Any] = {} if iterations is None else {"most": iterations, "tolerance": 0.0}
    theirs: dict[str, Any] = {} if iterations is None else {"n_iter": iterations, "tol": -1.0}
    common = {"do": "infer", "file": str(file)}
    return common | {"method": kind, "dials": ours}, common | {"method": name, "dials": theirs}


def in_turn(pair: Pair, requests: tuple[dict[str, Any], dict[str, Any]], rounds: int) -> tuple[float, float]:
    """Return the median seconds of our side and of theirs, asked in alternation."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for contender, request, taken in zip(pair, requests, seconds, strict=True):
            taken.append(asked(contender, request)["seconds"])
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def line(what: str, ours: str, theirs: str, outcome: str, demand: str = "", met: bool | None = None) -> None:
    """Print a line of the table."""
    verdict = "" if met is None else "ok" if met else "missed"
    print(f"{what:38}{ours:>11}{theirs:>11}{outcome:>9}{demand:>9}  {verdict}".rstrip(), flush=True)


def ratio_line(what: str, ours: float, theirs: float, unit: str, demand: float) -> None:
    """Print how many times less ours is."""
    digits = 0 if unit == "MB" else 3
    ratio = theirs / ours
    line(what, f"{ours:.{digits}f} {unit}", f"{theirs:.{digits}f} {unit}", f"{ratio:.1f}", f">= {demand:g}", ratio >= demand)


def the_million(pair: Pair, folder: Path, rounds: int, answers: int) -> None:
    """Dawid-Skene on a million answers: seconds, and megabytes in a fresh process each."""
    for text in (False, True):
        file = write_crowd(folder / f"million-{text}.npz", answers, 5, 2000, 4, text)
        requests = requests_for(file, "dawid-skene", "DawidSkene", ITERATIONS)
        what = f"Dawid-Skene, {answers:,}, {'text' if text else 'numbers'}"
        for contender in pair:
            contender.stop()
        first = [asked(contender, request) for contender, request in zip(pair, requests, strict=True)]
        ratio_line(what, *in_turn(pair, requests, 1 if text else rounds), "s", FASTER)
        if "beyond columns" not in first[0]:
            print("memory: not measured on this system")
            continue
        ratio_line("  memory beyond imports and columns", *(reply["beyond columns"] for reply in first), "MB", LEANER)
        parts = [reply["beyond imports"] for reply in first]
        line("  memory beyond imports", *(f"{part:.0f} MB" for part in parts), f"{parts[1] / parts[0]:.1f}")


def growth(ours: Contender, folder: Path, rounds: int, answers: int) -> None:
    """Dawid-Skene on an eighth, a quarter, a half and all of the answers."""
    sizes = [answers // 8, answers // 4, answers // 2, answers]
    files = [write_crowd(folder / f"growth-{size}.npz", size, 5, 2000, 4) for size in sizes]
    seconds: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size, file in zip(sizes, files, strict=True):
            seconds[size].append(asked(ours, requests_for(file, "dawid-skene", "", ITERATIONS)[0])["seconds"])
    medians = [statistics.median(seconds[size]) for size in sizes]
    for size, median in zip(sizes, medians, strict=True):
        grown = median / size / (medians[0] / sizes[0])
        demand = f"<= {LINEAR}" if size == answers else ""
        line(f"growth: {size:,} answers", f"{median:.3f} s", "", f"{grown:.2f}", demand, grown <= LINEAR if demand else None)


def others(pair: Pair, folder: Path, rounds: int, answers: int) -> None:
    """Every other method that both have, each with its own dials as they are."""
    file = write_crowd(folder / "others.npz", answers, 10, 50, 2)
    for kind, name in SHARED.items():
        ratio_line(f"{kind}, {answers:,}", *in_turn(pair, requests_for(file, kind, name), rounds), "s", 1.0)


def update(ours: Contender, folder: Path, answers: int) -> None:
    """One more answer, after all the others."""
    reply = asked(ours, {"do": "update", "file": str(folder / f"growth-{answers}.npz"), "updates": 1000})
    for what in ("median", "slowest"):
        seconds = reply[what]
        line(f"one more answer, {what} of 1,000", f"{seconds * 1e3:.2f} ms", "", "", f"<= {UPDATE * 1e3:g} ms", seconds <= UPDATE)
    line("  a sweep over all of them", f"{reply['sweep'] * 1e3:.0f} ms", "", "")


def campaign(ours: Contender, folder: Path, answers: int) -> None:
    """What following costs an answer, sweeps and revisions included, when a hundredth, a tenth, and all of them were heard."""
    sizes = [answers // 100, answers // 10, answers]
    reply = asked(ours, {"do": "follow", "file": str(folder / f"growth-{answers}.npz"), "answers": sizes, "open": 200})
    each = [reply[f"after {size}"] / size for size in sizes]
    for size, seconds in zip(sizes, each, strict=True):
        grown, last = seconds / each[1], size == answers
        met = grown <= LINEAR if last else None
        line(
            f"an answer of a campaign's {size:,}",
            f"{seconds * 1e6:.0f} us",
            "",
            f"{grown:.2f}",
            f"<= {LINEAR}" if last else "",
            met,
        )
    line("  labels revised", f"{reply['revised']:,.0f}", "", "")


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the answers, and one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--crowd-kit", type=Path, default=ROOT / ".venv-crowdkit/bin/python", help="interpreter that has crowd-kit")
    options = parser.parse_args()
    if not options.crowd_kit.exists():
        print(
            f"{options.crowd_kit} is missing: `make .venv-crowdkit/installed` makes it, with crowd-kit and the versions it needs",
            file=sys.stderr,
        )
        raise SystemExit(2)
    rounds, answers = (1, MILLION // 10) if options.quick else (options.rounds, MILLION)
    with (
        tempfile.TemporaryDirectory() as name,
        Contender(Path(sys.executable), "parley_side") as ours,
        Contender(options.crowd_kit, "crowdkit_side") as theirs,
    ):
        pair, folder = Pair(ours, theirs), Path(name)
        for contender in pair:
            print(", ".join(f"{name} {number}" for name, number in asked(contender, {}).items()))
        line("", "Parley", "crowd-kit", "ratio", "asked")
        the_million(pair, folder, rounds, answers)
        growth(ours, folder, 2 * rounds + 1, answers)
        update(ours, folder, answers)
        campaign(ours, folder, answers)
        others(pair, folder, rounds, 10_000)


if __name__ == "__main__":
    main()
