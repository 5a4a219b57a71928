"""A fitted crowd's answers beside the real ones, drawn often enough to say how far apart they are by chance."""

from dataclasses import dataclass

import numpy as np

from agents.annotator.calibration.drawn_times import draw_family, draw_mixed
from agents.annotator.calibration.fidelity import Fidelity, compare, known_part, most_votes
from agents.annotator.calibration.pages import timed
from agents.annotator.calibration.simulation import simulate
from agents.inference.answers import AnswerTable, Floats, Indices
from bus.chance import Chance
from scenarios.crowds.calibration import Calibrated, saying

MOST = 21
"""Columns at most into which shares of right answers are sorted."""
_FEWEST = 3
"""Answers that an item has at least, of which shares are looked at."""
_TIMES = 50_000
"""Times that are drawn, about, at least."""


@dataclass(frozen=True, eq=False)
class Sampled:
    """What pictures of a calibration show.

    Attributes:
        fidelity: how good majorities are; None where nothing says what is true.
        alike: share of items by the share of right answers (or, if nothing says what is right, of those that say what most say),
            and between what it lies in nineteen of twenty simulations: a row of real shares, one of means and two of bounds; shape
            (4, columns).
        real_times, simulated_times: seconds of answers; empty where they are not known.
    """

    fidelity: Fidelity | None
    alike: Floats
    real_times: Floats
    simulated_times: Floats


def sample(found: Calibrated, seed: int) -> Sampled:
    """Draw what the people of a calibration answer to the tasks of the log.

    Args:
        found: the calibration.
        seed: of what is drawn.
    """
    chance, crowd, log = Chance(seed), found.crowd, found.log
    table, truth = known_part(log.table, log.truth) if log.known else (log.table, None)
    simulations = int(np.clip(1_000_000 // max(len(table), 1), 8, 60))
    fidelity = None
    if truth is not None and len(table):
        fidelity = compare(table, truth, lambda stream: (simulate(crowd, table, truth, stream), truth), seed, simulations)
    stream = chance.stream("calibrate", "page")
    columns = min(max(most_votes(table), 2) + 1, MOST)
    drawn = []
    for _ in range(simulations):
        answers = simulate(crowd, table, crowd.truths.drawn(stream) if truth is None else truth, stream)
        drawn.append(shares_of(saying(table, answers), truth, columns))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    alike = np.stack([shares_of(table, truth, columns), np.mean(drawn, axis=0), low, high])
    real, simulated = _times(found, chance.stream("calibrate", "page times"))
    return Sampled(fidelity, alike, real, simulated)


def shares_of(table: AnswerTable, truth: Indices | None, columns: int) -> Floats:
    """Return the share of items by the share of their answers that is right, or that says what most say; shape (columns,).

    Args:
        table: the answers.
        truth: true class of each item; None if that is not known, and the most frequent answer counts.
        columns: into how many shares are sorted.
    """
    votes, number = table.votes, table.answers_of_item
    told = votes.max(axis=1) if truth is None else votes[np.arange(len(votes)), truth]
    some = number >= min(_FEWEST, int(number.max(initial=0)))
    column = np.rint(told[some] / np.maximum(number[some], 1) * (columns - 1)).astype(np.intp)
    return np.asarray(np.bincount(column, minlength=columns) / max(1, len(column)))


def _times(found: Calibrated, stream: np.random.Generator) -> tuple[Floats, Floats]:
    times, log = found.times, found.log
    if times is None:
        return np.empty(0), np.empty(0)
    taken = timed(log.person, log.item, log.seconds)
    drawn = []
    for _ in range(-(-_TIMES // len(taken.person))):
        if times.plain is not None:
            each = draw_family(times.plain, times.median[taken.person], stream)
        else:
            each = draw_mixed(times.mixed, taken.person, taken.item, stream)
        if log.position is not None:
            each = each * np.exp(-times.practice * np.log1p(log.position[taken.row]))
        if times.whole:
            each = np.maximum(np.rint(each * taken.size), min(1.0, float(taken.seconds.min()))) / taken.size
        drawn.append(each)
    return taken.seconds / taken.size, np.concatenate(drawn)
