"""Scores: how good each annotator truly is, how good they look by what can be known, how fast, how busy, and what they cost."""

from typing import NamedTuple

import numpy as np

from agents.coordinator.ledger import MILLIONTHS
from agents.inference.answers import Floats
from bus.clock import SECOND
from scenarios.report.campaign.books import NOBODY, Numbers
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.proportion import wilson

ACCEPTED = ("counted", "void", "gold")


class Scores(NamedTuple):
    """What is known of each person; shape (people,) each, NaN where nothing is.

    Attributes:
        names: their names.
        answers: answers that were accepted.
        known, right: those of them to items whose truth is known, and how many of these are right.
        accuracy, low, high: the share that is right, and its 95 % interval (Wilson).
        estimate, estimate_low, estimate_high: the accuracy that they seem to have, and between what it lies.
        estimated_by: by what: truth inference, or gold questions; empty if nobody can tell.
        seconds: the median time of an answer.
        use: the share of their time there that they were at work on what was accepted.
        late: answers that came too late.
        cost: what they were paid.
        favourite, share: the label that they gave most often, and how often.
    """

    names: list[str]
    answers: Numbers
    known: Numbers
    right: Numbers
    accuracy: Floats
    low: Floats
    high: Floats
    estimate: Floats
    estimate_low: Floats
    estimate_high: Floats
    estimated_by: str
    seconds: Floats
    use: Floats
    late: Numbers
    cost: Floats
    favourite: Numbers
    share: Floats


def scores_of(evidence: Evidence) -> Scores:
    """Return the scores of everybody, in the order of the scenario, and of their first answers."""
    names, people = evidence.books.people.names, evidence.state.people
    size = len(names)
    item, person, label = (evidence.answers(name, *ACCEPTED) for name in ("item", "person", "label"))
    answers = np.bincount(person, minlength=size)
    truth = evidence.truth[item]
    told = truth != NOBODY
    known = np.bincount(person[told], minlength=size)
    right = np.bincount(person[told & (truth == label)], minlength=size)
    low, high = wilson(right.astype(float), known.astype(float))
    some = known > 0
    accuracy = np.divide(right, known, out=np.full(size, np.nan), where=some)
    estimate, estimated_low, estimated_high, by = _estimated(evidence)
    silent = answers == 0
    for each in (estimate, estimated_low, estimated_high):
        each[silent] = np.nan
    favourite, most = _favourites(person, label, size, len(evidence.classes))
    return Scores(
        names=names,
        answers=answers,
        known=known,
        right=right,
        accuracy=accuracy,
        low=np.where(some, low, np.nan),
        high=np.where(some, high, np.nan),
        estimate=estimate,
        estimate_low=estimated_low,
        estimate_high=estimated_high,
        estimated_by=by,
        seconds=_speeds(evidence, size),
        use=_uses(evidence),
        late=np.array([people[name].late if name in people else 0 for name in names], dtype=np.int64),
        cost=np.array([evidence.books.earned[number] / MILLIONTHS for number in range(size)]),
        favourite=favourite,
        share=np.divide(most, answers, out=np.full(size, np.nan), where=answers > 0),
    )


def _estimated(evidence: Evidence) -> tuple[Floats, Floats, Floats, str]:
    """Return how good everybody seems to be, without the truth, and by what."""
    inferred, size = evidence.inferred, len(evidence.books.people.names)
    if inferred is not None:
        low, high = inferred.skill_interval()
        return inferred.skill(), low, high, "truth inference"
    nothing = np.full((3, size), np.nan)
    screened = evidence.summary.screened
    for each in screened:
        nothing[:, evidence.books.people.of(each.name)] = each.skill, each.low, each.high
    return nothing[0], nothing[1], nothing[2], "gold questions" if screened else ""


def _favourites(person: Numbers, label: Numbers, size: int, classes: int) -> tuple[Numbers, Numbers]:
    """Return the label that everybody gave most often, and how often."""
    favourite, most = np.full(size, NOBODY, dtype=np.int64), np.zeros(size, dtype=np.int64)
    cells, count = np.unique(person * max(classes, 1) + label, return_counts=True)
    for place in np.argsort(count, kind="stable").tolist():
        who = int(cells[place]) // max(classes, 1)
        favourite[who], most[who] = int(cells[place]) % max(classes, 1), count[place]
    return favourite, most


def _speeds(evidence: Evidence, size: int) -> Floats:
    person, duration = (evidence.answers(name, *ACCEPTED) for name in ("person", "duration"))
    some = duration >= 0
    person, duration = person[some], duration[some]
    order = np.lexsort((duration, person))
    person, duration = person[order], duration[order]
    found = np.full(size, np.nan)
    starts = np.searchsorted(person, np.arange(size + 1))
    for who in np.unique(person).tolist():
        found[who] = np.median(duration[starts[who] : starts[who + 1]]) / SECOND
    return found


def _uses(evidence: Evidence) -> Floats:
    """Return the share of their time there that everybody worked; NaN where times only count, or nobody knows when they worked."""
    found = np.full(len(evidence.books.people.names), np.nan)
    if evidence.counted:
        return found
    for number, name in enumerate(evidence.books.people.names):
        person = evidence.state.people.get(name)
        if person is None:
            continue
        there = evidence.end if person.stays.number < 0 else person.stays.until_now(evidence.end)
        if there > 0:
            found[number] = person.worked / there
    return found
