"""The side of the contender: a process that answers requests, and measures what each costs.

It runs in either environment, so it needs the standard library and NumPy only.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

Columns = dict[str, Any]
MEGABYTE = 1024


class Outcome(NamedTuple):
    """What a method made of the answers.

    Attributes:
        items: names of the items; shape (items,).
        labels: label of each; shape (items,).
        classes: names of the classes; shape (classes,). Empty where there is no posterior.
        posterior: probability, or share, of each class; shape (items, classes). None where the method gives none.
        iterations: how many it took, if it says so.
        measured: what it measured itself.
    """

    items: Any
    labels: Any
    classes: Any
    posterior: Any
    iterations: int | None
    measured: Mapping[str, Any] = MappingProxyType({})


Request = dict[str, Any]
Work = Callable[[Columns, Request], Outcome]


def memory() -> dict[str, float] | None:
    """Return resident memory and its peak since `forget_peak` (megabytes); None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = (line.split() for line in status.read_text(encoding="utf-8").splitlines())
    found = {words[0]: int(words[1]) / MEGABYTE for words in lines if words[0] in ("VmRSS:", "VmHWM:")}
    return {"now": found["VmRSS:"], "peak": found["VmHWM:"]}


def forget_peak() -> None:
    """Let the peak of resident memory start from what is resident now, where the system can."""
    file = Path("/proc/self/clear_refs")
    if file.exists():
        file.write_text("5", encoding="ascii")


def serve(load: Callable[[Path], Columns], works: dict[str, Work], about: dict[str, str]) -> None:
    """Answer requests, a line of JSON each, until there are no more.

    A request names a file of answers, which stays loaded until another is named, and what to do, with whatever that needs; the
    reply tells seconds and megabytes, or an error. With `out`, the outcome is written there. What libraries print goes to stderr.

    Args:
        load: reads a file of answers; not measured.
        works: what can be asked for, by name.
        about: versions, the answer to a request for nothing.
    """
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    imported = memory()
    loaded: tuple[str, Columns] = ("", {})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "do" in request and loaded[0] != request["file"]:
                loaded = ("", {})
                loaded = (request["file"], load(Path(request["file"])))
            reply = _done(works[request["do"]], loaded[1], request, imported) if "do" in request else about
        except Exception as error:  # whatever a library raises is an outcome of the comparison
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=replies, flush=True)


def _done(work: Work, columns: Columns, request: Request, imported: dict[str, float] | None) -> dict[str, Any]:
    gc.collect()
    forget_peak()
    before = memory()
    began = time.perf_counter()
    outcome = work(columns, request)
    seconds = time.perf_counter() - began
    reply: dict[str, Any] = {"seconds": seconds, "iterations": outcome.iterations} | dict(outcome.measured)
    after = memory()
    if imported and before and after:
        reply |= {"beyond columns": after["peak"] - before["now"], "beyond imports": after["peak"] - imported["now"]}
    if "out" in request:
        write(outcome, Path(request["out"]))
    return reply


def write(outcome: Outcome, path: Path) -> None:
    """Write an outcome with its items and classes in order, so that two can be laid side by side."""
    items, labels = np.asarray(outcome.items).astype(str), np.asarray(outcome.labels).astype(str)
    order = np.argsort(items)
    parts = {"items": items[order], "labels": labels[order]}
    if outcome.posterior is not None:
        classes = np.asarray(outcome.classes).astype(str)
        across = np.argsort(classes)
        parts |= {"classes": classes[across], "posterior": np.asarray(outcome.posterior, np.float64)[order][:, across]}
    np.savez(path, **parts)


def columns_of(path: Path) -> Columns:
    """Return the columns task, worker and label of a file: whole numbers as they are, text as Python's strings."""
    names = ("task", "worker", "label")
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] if file[name].dtype.kind in "iu" else file[name].astype(object) for name in names}
