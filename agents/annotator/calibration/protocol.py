"""Ways to try a fitted crowd: on what it was fitted to, on other items, with other people, and with little or nothing known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.annotator.calibration.crowd import FittedCrowd, fit_crowd
from agents.annotator.calibration.fidelity import Fidelity, Simulated, compare, figures_of, known_part, most_votes
from agents.annotator.calibration.population import afresh
from agents.annotator.calibration.simulation import simulate
from agents.inference.answers import AnswerTable, Floats, Indices
from agents.items import UNKNOWN
from bus.chance import Chance

SPLITS = 4
"""Random halves; each is fitted to, and tested on the other."""


@dataclass(frozen=True, eq=False)
class Halves:
    """How well one half of the items predicts the other: by a crowd that is fitted to it, and as it is.

    Attributes:
        fitted, real: mean absolute error of the curve, in percentage points, of the crowd and of the other half itself; shape
            (tests,).
        fitted_kappa, real_kappa: absolute error of Fleiss' kappa; shape (tests,).
        tests: each test of the crowd in full.
    """

    fitted: Floats
    real: Floats
    fitted_kappa: Floats
    real_kappa: Floats
    tests: tuple[Fidelity, ...] = ()

    @property
    def difference(self) -> float:
        """By how much the crowd's error exceeds that of the other half, in the mean (percentage points)."""
        return float(np.mean(self.fitted - self.real))

    @property
    def error(self) -> float:
        """Standard error of that difference over tests. They share items: it is rather too small."""
        return float(np.std(self.fitted - self.real, ddof=1) / np.sqrt(len(self.real))) if len(self.real) > 1 else float("inf")

    @property
    def no_worse(self) -> bool:
        """Whether the crowd is no worse than the other half by more than two standard errors."""
        return self.difference <= 2.0 * self.error


def in_sample(table: AnswerTable, truth: Indices, seed: int = 0, simulations: int | None = None) -> Fidelity:
    """Return how well the crowd that is fitted to a log stands for it.

    Args:
        table: the answers.
        truth: index of the true class of each item, UNKNOWN where it is not known; shape (items,). Other items do not count.
        seed: of all that is drawn.
        simulations: how many; None for enough.
    """
    part, true = known_part(table, truth)
    crowd = fit_crowd(part, true, seed)
    return compare(part, true, lambda stream: (simulate(crowd, part, true, stream), true), seed, simulations)


def halves(table: AnswerTable, truth: Indices, seed: int = 0, splits: int = SPLITS, simulations: int = 20) -> Halves:
    """Return how well halves of the items predict the others; each random half in both directions.

    Args:
        table, truth, seed: as for `in_sample`.
        splits: how many random halves.
        simulations: of each test.
    """
    whole, true = known_part(table, truth)
    stream, most = Chance(seed).stream("halves"), most_votes(whole)
    found, tests = list[tuple[float, float, float, float]](), list[Fidelity]()
    for split in range(splits):
        order = stream.permutation(len(whole.items))
        parts = [known_part(whole, true, rows) for rows in (order[: len(order) // 2], order[len(order) // 2 :])]
        real = [figures_of(*part, most, stream, 10)[0] for part in parts]
        for mine in (0, 1):
            (fit, known), (test, expected) = parts[mine], parts[1 - mine]
            crowd = fit_crowd(fit, known, seed + split)
            fidelity = compare(test, expected, _same_items(crowd, test, expected), seed + split, simulations, most)
            tests.append(fidelity)
            far = 100.0 * np.abs(real[mine].curve - fidelity.real.curve).mean()
            found.append((fidelity.curve_mae, float(far), abs(fidelity.kappa_error), abs(real[mine].kappa - real[1 - mine].kappa)))
    fitted, other, fitted_kappa, other_kappa = np.array(found).T
    return Halves(fitted, other, fitted_kappa, other_kappa, tuple(tests))


def new_people(table: AnswerTable, truth: Indices, seed: int = 0, simulations: int | None = None) -> Fidelity:
    """Return how well people who are drawn afresh from the fitted population stand for those it was fitted to.

    Each simulation has other people, in the places of the real ones: load and skill stay together.

    Args:
        table, truth, seed, simulations: as for `in_sample`.
    """
    part, true = known_part(table, truth)
    crowd = fit_crowd(part, true, seed)
    load = part.answers_of_person
    return compare(
        part, true, lambda stream: (simulate(crowd, part, true, stream, afresh(crowd, load, stream)), true), seed, simulations
    )


def other_people(table: AnswerTable, truth: Indices, seed: int = 0, splits: int = SPLITS, simulations: int = 10) -> list[Fidelity]:
    """Return how well the population that is fitted to a half of the people stands for the other half, on its answers.

    Args:
        table, truth, seed: as for `in_sample`.
        splits: how many random halves; each in both directions.
        simulations: of each test.
    """
    whole, true = known_part(table, truth)
    stream, found = Chance(seed).stream("people"), list[Fidelity]()
    for split in range(splits):
        mine = stream.random(len(whole.people)) < 0.5
        for side in (mine, ~mine):
            fit, known = _of_people(whole, true, side)
            test, expected = _of_people(whole, true, ~side)
            if len(fit) and len(test):
                crowd = fit_crowd(fit, known, seed + split)
                found.append(compare(test, expected, _new_people(crowd, test, expected), seed + split, simulations))
    return found


def with_gold(table: AnswerTable, truth: Indices, gold: int, seed: int = 0, simulations: int | None = None) -> Fidelity:
    """Return how well a crowd stands for the log when it is fitted with so much of the truth only: some items at random, or none.

    What is true of the simulated items is drawn from what is thought of them: a level that is wrong shows.

    Args:
        table, truth, seed, simulations: as for `in_sample`.
        gold: how many items are known; 0 for none.
    """
    part, true = known_part(table, truth)
    chosen = Chance(seed).stream("gold").permutation(len(true))[:gold]
    known = np.full(len(true), UNKNOWN)
    known[chosen] = true[chosen]
    crowd = fit_crowd(part, known, seed)

    def once(stream: np.random.Generator) -> tuple[Indices, Indices]:
        thought = crowd.truths.drawn(stream)
        return simulate(crowd, part, thought, stream), thought

    return compare(part, true, once, seed, simulations)


def _same_items(crowd: FittedCrowd, test: AnswerTable, true: Indices) -> Simulated:
    return lambda stream: (simulate(crowd, test, true, stream), true)


def _new_people(crowd: FittedCrowd, test: AnswerTable, true: Indices) -> Simulated:
    load = test.answers_of_person
    return lambda stream: (simulate(crowd, test, true, stream, afresh(crowd, load, stream)), true)


def _of_people(table: AnswerTable, truth: Indices, side: NDArray[np.bool_]) -> tuple[AnswerTable, Indices]:
    """Return the answers of some people only, and the truth of the items they answered."""
    kept = np.flatnonzero(side[table.person])
    some = AnswerTable(table.items, table.people, table.classes, table.item[kept], table.person[kept], table.label[kept])
    return known_part(some, truth)
