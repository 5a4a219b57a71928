"""Calibration: a crowd fitted to the log of a real one, and what could not be learnt from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from agents.annotator.calibration.crowd import FittedCrowd, Persons, fit_crowd
from agents.annotator.calibration.sessions import FittedSessions, fit_sessions
from agents.annotator.calibration.simulation import simulate
from agents.annotator.calibration.work_times import FittedTimes, fit_work_times
from agents.inference.agreement import agreement_of
from agents.inference.answers import AnswerTable, Floats, Indices
from agents.items import UNKNOWN
from bus.chance import Chance
from scenarios.crowds.log import Log
from scenarios.history.phrases import counted

_FEW = 5
"""Answers below which a person is mostly what the crowd is."""
_ERROR_WITHOUT_TRUTH = 8
"""Percentage points by which accuracies are off without true labels, as measured on sets in which truth is known."""

Step = Callable[[str], None]


class Company(NamedTuple):
    """How much people err together.

    Attributes:
        kappa: Fleiss' kappa; None where it is not defined.
        phi: correlation of two people's being right on an item of known truth, beyond what its class makes of it; None where
            nobody answered what others did, or nothing is known.
    """

    kappa: float | None
    phi: float | None


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A crowd that was fitted to a log.

    Attributes:
        log: the log.
        crowd: who answers what.
        people: its people as they go into a file: drawn from what is known about each, so that they differ as much as real ones.
        times: how long they take; None where the log does not say.
        sessions: when they are there; None where the log does not say.
        real: how much people err together.
        simulated: the same, if the people of the crowd answer.
        alone: the same, if items made no difference: people with the same confusion matrices who err each by themselves.
        lacking: what could not be learnt, and why.
    """

    log: Log
    crowd: FittedCrowd
    people: Persons
    times: FittedTimes | None
    sessions: FittedSessions | None
    real: Company
    simulated: Company
    alone: Company
    lacking: tuple[str, ...]

    @cached_property
    def accuracy(self) -> Floats:
        """How often each person is right, over all classes as frequent as they are; shape (people,)."""
        prior = self.crowd.prior / self.crowd.prior.sum()
        return np.asarray(np.einsum("pkk,k->p", self.people.confusion, prior))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield what a people file says of each person."""
        times, sessions = self.times, self.sessions
        changes = times.changes() if times is not None else []
        coming = None if sessions is None else sessions.coming()
        for person, (worker, answers) in enumerate(zip(self.crowd.people, self.crowd.load.tolist(), strict=True)):
            row: dict[str, Any] = {"worker": worker, "answers": answers, "noise": noise_table(self.crowd, self.people, person)}
            if times is not None:
                row["latency"] = times.latency(person)
            if changes:
                row["changes"] = changes
            if sessions is not None:
                row["availability"] = [coming, sessions.availability(person)]
            yield row

    @property
    def keys(self) -> list[str]:
        """The keys that rows have, beside worker and answers."""
        times = self.times
        there = {
            "latency": times is not None,
            "changes": times is not None and bool(times.changes()),
            "availability": self.sessions,
        }
        return ["noise", *(key for key, known in there.items() if known)]


def calibrate(log: Log, seed: int, step: Step) -> Calibrated:
    """Fit a crowd to a log.

    Args:
        log: the log.
        seed: of what is drawn on the way.
        step: called with what is done next.
    """
    chance = Chance(seed)
    table = log.table
    known = log.truth if log.known else None
    step("who answers what")
    crowd = fit_crowd(table, known, seed)
    people = crowd.drawn(chance.stream("calibrate", "people"))
    step("how much people err together")
    truth = classes_of(crowd)
    stream = chance.stream("calibrate", "simulation")
    thought = crowd.truths.drawn(stream)
    answers = simulate(crowd, table, thought, stream, people)
    alone = people._replace(base=people.confusion, spread=np.zeros_like(people.spread))
    others = simulate(crowd, table, thought, stream, alone)
    step("how long they take")
    times = fit_work_times(
        log.person, log.item, log.seconds, len(table.people), len(table.items), chance.stream("calibrate", "times"),
        hardness_of(table, truth), log.position,
    )  # fmt: skip
    step("when they are there")
    end = log.start + np.where(np.isfinite(log.seconds), log.seconds, 0.0)
    sessions = fit_sessions(log.person, log.start, end, len(table.people), chance.stream("calibrate", "sessions"), log.midnight)
    real, simulated, apart = (company(each, log.truth) for each in (table, saying(table, answers), saying(table, others)))
    unknown = (*lacking(log, crowd), *_without_times(times), *_without_sessions(sessions))
    return Calibrated(log, crowd, people, times, sessions, real, simulated, apart, unknown)


def classes_of(crowd: FittedCrowd) -> Indices:
    """Return the true class of each item, or else the likeliest one; UNKNOWN where nothing is known; shape (items,)."""
    posterior = crowd.truths.posterior
    return np.where(posterior.sum(axis=1) > 0, posterior.argmax(axis=1), UNKNOWN)


def saying(table: AnswerTable, label: Indices) -> AnswerTable:
    """Return the table of the same questions with other answers, which stand in the table's order."""
    return AnswerTable(table.items, table.people, table.classes, table.item, table.person, label)


def company(table: AnswerTable, truth: Indices) -> Company:
    """Return how much the people of a table err together.

    Args:
        table: the answers.
        truth: true class of each item, or UNKNOWN; shape (items,).
    """
    rows = np.flatnonzero(truth[table.item] != UNKNOWN)
    item, classes = table.item[rows], len(table.classes)
    true = truth[item]
    right = table.label[rows] == true
    # How often a person is right on a class, a little like everybody.
    pair, pairs = table.person[rows] * classes + true, len(table.people) * classes
    mean = np.bincount(true, right, classes) / np.maximum(np.bincount(true, minlength=classes), 1)
    share = (np.bincount(pair, right, pairs) + np.tile(mean, len(table.people))) / (np.bincount(pair, minlength=pairs) + 1)
    expected = np.clip(share[pair], 1e-6, 1 - 1e-6)
    together = _pairs(right - expected, item, len(table.items))
    most = _pairs(np.sqrt(expected * (1 - expected)), item, len(table.items))
    return Company(agreement_of(table).kappa, float(together / most) if most > 1e-9 else None)


def _pairs(value: Floats, item: Indices, items: int) -> float:
    """Return the sum over pairs of answers to an item of the products of what stands with them."""
    total, squares = np.bincount(item, value, items), np.bincount(item, value**2, items)
    return float((total**2 - squares).sum())


def hardness_of(table: AnswerTable, truth: Indices) -> Floats:
    """Return how hard each item seems: the share of answers that are not its class, in standard deviations; shape (items,).

    Shares are shrunk towards that of all items by the worth of two answers.
    """
    wrong = table.label != truth[table.item]
    mean = float(wrong.mean())
    share = (np.bincount(table.item, wrong, len(table.items)) + 2 * mean) / (table.answers_of_item + 2)
    spread = float(share.std())
    return np.asarray((share - share.mean()) / spread if spread > 0 else np.zeros_like(share))


def noise_table(crowd: FittedCrowd, people: Persons, person: int) -> dict[str, Any]:
    """Return a person's noise as a scenario's table has it."""
    spreads = people.spread[person]
    if not spreads.any():
        return {"kind": "confusion", "matrix": _rounded(people.confusion[person])}
    each = {"spreads": [_short(spread) for spread in spreads.tolist()]} if np.ptp(spreads) > 0 else {"spread": _short(spreads[0])}
    effect = crowd.effect
    distractor = {"distractor": _short(effect.distractor)} if len(crowd.classes) > 2 else {}
    within = {"kind": "confusion", "matrix": _rounded(people.base[person])}
    return {"kind": "item-effect", "of": within, **each, "skew": _short(effect.skew), **distractor}


def _rounded(matrix: Floats) -> list[list[float]]:
    """Return a matrix with few digits, each of whose rows still sums to 1: the largest entry takes what is left."""
    rows = [[_short(each) for each in row] for row in matrix.tolist()]
    for row, largest in zip(rows, matrix.argmax(axis=1).tolist(), strict=True):
        row[largest] = 0.0
        row[largest] = round(1.0 - sum(row), 12)
    return rows


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def lacking(log: Log, crowd: FittedCrowd) -> list[str]:
    """Say what could not be learnt from answers and truth, and why."""
    found = []
    classes = crowd.classes
    if not log.known:
        found.append(
            "how often people are right: nothing says what is true, so the consensus counts as true; where truth is known, "
            f"accuracies found so are off by {_ERROR_WITHOUT_TRUTH} points or so; fifty true labels help more than any method"
        )
    elif log.known < len(log.table.items):
        rest = len(log.table.items) - log.known
        found.append(f"the class of {counted(rest, 'item')}: it is inferred from the answers")
    if (log.table.answers_of_item < 2).all():
        found.append("how items differ: nobody answered what another had answered")
    few = int((crowd.load < _FEW).sum())
    if few:
        found.append(f"much about {_people(few)} with fewer than {_FEW} answers: they are what others like them are")
    said = np.bincount(log.table.label, minlength=len(classes))
    for place in np.flatnonzero(said == 0).tolist():
        found.append(f"who takes what for {classes[place]!r}: nobody ever answered so")
    return found


def _without_times(times: FittedTimes | None) -> list[str]:
    if times is None:
        return ["how long answers take: the file does not say, and these people answer at once"]
    few = int((times.answers == 0).sum())
    return [f"how fast {_people(few)} without times are: they are as fast as others"] if few else []


def _without_sessions(sessions: FittedSessions | None) -> list[str]:
    if sessions is None:
        return ["when people are there: the file does not say when answers were begun, and these people always are"]
    return []
