"""Verdicts: what a method makes of the answers, and how good that is, as far as can be told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from agents.component import Unusable
from agents.inference.agreement import Agreement
from agents.inference.answers import Indices
from agents.inference.auto import Auto
from agents.inference.dawid_skene import DawidSkene
from agents.inference.hierarchical import HierarchicalDawidSkene
from agents.inference.inference import Inference, Inferred
from agents.inference.mace import Mace
from agents.inference.one_coin import OneCoinDawidSkene
from agents.inference.scoring import Scores, scores
from agents.items import UNKNOWN
from bus.chance import Keyed
from scenarios.aggregation import memory
from scenarios.aggregation.method import described
from scenarios.aggregation.problem import Problem

WITH_CONFUSIONS = (Auto, DawidSkene, HierarchicalDawidSkene, Mace, OneCoinDawidSkene)
"""Methods that have a confusion matrix a person: much memory, where there are many classes."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a method makes of a problem.

    Attributes:
        method: the method.
        inferred: what it found; None if it cannot be used on such answers.
        best: class of each item; shape (items,). None likewise.
        seconds: how long it took, in real time.
        score: how good the labels are, by the truth; None without truth.
        reason: why the method cannot be used; None if it can.
        company: share of the items, on average, to which another method gives the same label; None without others.
    """

    method: Inference
    inferred: Inferred | None
    best: Indices | None
    seconds: float = 0.0
    score: Scores | None = None
    reason: str | None = None
    company: float | None = None

    @cached_property
    def name(self) -> str:
        """The method, by its kind."""
        return str(described(self.method)["kind"])


def judge(problem: Problem, method: Inference, seed: int, clock: Callable[[], float]) -> Verdict:
    """Use a method, and judge what it finds by the truth where there is any.

    Args:
        problem: the answers.
        method: the method.
        seed: of ties.
        clock: tells seconds of real time.
    """
    lack = memory.lack_of(problem.table, isinstance(method, WITH_CONFUSIONS))
    if lack is not None:
        return Verdict(method, None, None, reason=lack)
    begun = clock()
    try:
        inferred = method.infer(problem.table)
    except Unusable as error:
        return Verdict(method, None, None, reason=str(error))
    best = inferred.best(Keyed(seed, "labels"))
    seconds = clock() - begun
    judged = np.flatnonzero(problem.truth != UNKNOWN)
    found = scores(inferred.posterior[judged], best[judged], problem.truth[judged]) if len(judged) else None
    return Verdict(method, inferred, best, seconds, found)


def ranked(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return verdicts, the best first: by accuracy where truth is known, and otherwise by agreement with the other methods.

    Those that are as good stay in their order, and methods that cannot be used come last.
    """
    used = [each for each in verdicts if each.best is not None]
    if len(used) > 1:
        used = [replace(each, company=_company(each, used)) for each in used]
    used.sort(key=lambda each: -(each.score.accuracy if each.score is not None else each.company or 0.0))
    return [*used, *(each for each in verdicts if each.best is None)]


def _company(verdict: Verdict, verdicts: Sequence[Verdict]) -> float:
    others = [each.best for each in verdicts if each is not verdict]
    return float(np.mean([np.mean(verdict.best == other) for other in others]))


def record(problem: Problem, verdict: Verdict, agreement: Agreement) -> dict[str, Any]:
    """Return a verdict as JSON holds it: what is not known is null."""
    table, inferred, found = problem.table, verdict.inferred, verdict.score
    trail = inferred.log_likelihood if inferred is not None else ()
    return {
        "method": verdict.name,
        "dials": {name: dial for name, dial in described(verdict.method).items() if name != "kind"},
        "accuracy": None if found is None else found.accuracy,
        "macro_f1": None if found is None else found.macro_f1,
        "calibration": None if found is None else found.reliability.error,
        "brier": None if found is None else found.brier,
        "log_loss": None if found is None else found.log_loss,
        "seconds": verdict.seconds if inferred is not None else None,
        "iterations": inferred.iterations if inferred is not None else None,
        "converged": inferred.converged if inferred is not None else None,
        "log_likelihood": float(trail[-1]) if trail else None,
        "items": len(table.items),
        "workers": len(table.people),
        "answers": len(table),
        "classes": [*table.classes],
        "gold": len(table.known),
        "judged": int((problem.truth != UNKNOWN).sum()),
        "declined": problem.declined,
        "same_as_others": verdict.company,
        **agreement._asdict(),
        "reason": verdict.reason,
    }
