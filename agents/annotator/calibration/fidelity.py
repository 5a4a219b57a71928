"""How well a fitted crowd stands for the real one: what both make of the same tasks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.annotator.calibration.curve import votes_curve
from agents.inference.agreement import fleiss_kappa, unanimous
from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.dawid_skene import DawidSkene
from agents.items import UNKNOWN
from bus.chance import Chance

Simulated = Callable[[np.random.Generator], tuple[Indices, Indices]]
"""One simulation: what each answer says, and what is then true of each item."""

FEWEST, MOST, ANSWERS = 10, 100, 1_000_000
"""Simulations at least and at most, and between them as many as come to so many answers."""

ORDERS = 20
"""Random orders of the votes, of real answers."""

TELLING = 5
"""Answers to items of known class from which on a person's accuracy counts."""


@dataclass(frozen=True, eq=False)
class Figures:
    """What a crowd's answers amount to. Shares are from 0 to 1; those that are not defined are NaN.

    Attributes:
        curve: how often the majority of 1, 2, ... votes is right, ties fair; shape (most votes,).
        kappa: Fleiss' kappa.
        unanimous: share of items on which all agree.
        majority: how often the majority of all votes is right, ties fair.
        dawid_skene: how often Dawid and Skene's method is right.
        accuracies: of people with five answers to items of known class or more, in order.
    """

    curve: Floats
    kappa: float
    unanimous: float
    majority: float
    dawid_skene: float
    accuracies: Floats

    @property
    def gain(self) -> float:
        """What Dawid and Skene's method gains over the majority."""
        return self.dawid_skene - self.majority

    @property
    def spread(self) -> float:
        """Standard deviation of people's accuracies."""
        return float(self.accuracies.std()) if len(self.accuracies) else float("nan")


@dataclass(frozen=True, eq=False)
class Fidelity:
    """Real figures beside simulated ones.

    Attributes:
        real, simulated: the figures; the simulated ones are means over all simulations.
        real_band, simulated_band: between what the curves lie with a probability of 95 %, for the choice of items, and for one
            simulation of as many; shape (2, most votes) each.
        simulations: how many there were.
    """

    real: Figures
    simulated: Figures
    real_band: Floats
    simulated_band: Floats
    simulations: int

    @property
    def votes(self) -> Indices:
        """Numbers of votes of the curves; shape (most votes,)."""
        return np.arange(1, len(self.real.curve) + 1)

    @property
    def errors(self) -> Floats:
        """Simulated less real curve, in percentage points; shape (most votes,)."""
        return 100.0 * (self.simulated.curve - self.real.curve)

    @property
    def curve_mae(self) -> float:
        """Mean absolute error of the curve, in percentage points."""
        return float(np.abs(self.errors).mean())

    @property
    def curve_worst(self) -> float:
        """Largest absolute error of the curve, in percentage points."""
        return float(np.abs(self.errors).max())

    @property
    def kappa_error(self) -> float:
        """Simulated less real kappa."""
        return self.simulated.kappa - self.real.kappa

    @property
    def gain_error(self) -> float:
        """Simulated less real gain of Dawid and Skene's method over the majority, in percentage points."""
        return 100.0 * (self.simulated.gain - self.real.gain)

    @property
    def within(self) -> bool:
        """Whether the real curve lies in the band of simulated ones, at nineteen of twenty numbers of votes."""
        low, high = self.simulated_band
        return bool(np.mean((self.real.curve >= low - 1e-9) & (self.real.curve <= high + 1e-9)) >= 0.95)


def known_part(table: AnswerTable, truth: Indices, keep: Indices | None = None) -> tuple[AnswerTable, Indices]:
    """Return the table and the truth of some items only, in the same order, with the same people and classes.

    Args:
        table: the answers.
        truth: index of the true class of each item, UNKNOWN where it is not known; shape (items,).
        keep: rows of items; None for those of known class that have answers.
    """
    rows = np.flatnonzero((truth != UNKNOWN) & (table.answers_of_item > 0)) if keep is None else np.sort(keep)
    place = np.full(len(table.items), -1)
    place[rows] = np.arange(len(rows))
    kept = np.flatnonzero(place[table.item] >= 0)
    items = [table.items[row] for row in rows.tolist()]
    part = AnswerTable(items, table.people, table.classes, place[table.item[kept]], table.person[kept], table.label[kept])
    return part, truth[rows]


def most_votes(table: AnswerTable) -> int:
    """Return up to how many votes a curve goes: as many answers as half of the items have."""
    number = table.answers_of_item
    return int(np.median(number[number > 0])) if len(table) else 0


def figures_of(
    table: AnswerTable, truth: Indices, most: int, stream: np.random.Generator, orders: int = 1
) -> tuple[Figures, Floats]:
    """Return the figures of answers, and the standard errors of their curve.

    Args:
        table: the answers.
        truth: index of the true class of each item, UNKNOWN where it is not known; shape (items,).
        most: the largest number of votes.
        stream: for the order of votes, and ties.
        orders: over how many orders the curve is averaged.
    """
    credit = np.mean([votes_curve(table, table.label, truth, most, stream) for _ in range(orders)], axis=0)
    rows = np.flatnonzero((truth != UNKNOWN) & (table.answers_of_item > 0))
    votes = table.votes[rows]
    top = votes == votes.max(axis=1, keepdims=True)
    majority = top[np.arange(len(rows)), truth[rows]] / top.sum(axis=1)
    posterior = DawidSkene().infer(table).posterior[rows]
    best = posterior >= posterior.max(axis=1, keepdims=True) - 1e-9
    skilled = best[np.arange(len(rows)), truth[rows]] / best.sum(axis=1)
    kappa, alike = fleiss_kappa(table), unanimous(table)
    figures = Figures(
        credit.mean(axis=0),
        float("nan") if kappa is None else kappa,
        float("nan") if alike is None else alike,
        float(majority.mean()),
        float(skilled.mean()),
        accuracies(table, truth),
    )
    return figures, credit.std(axis=0) / np.sqrt(max(len(rows), 1))


def accuracies(table: AnswerTable, truth: Indices) -> Floats:
    """Return how often each person is right who gave enough answers to items of known class, in order."""
    known = truth[table.item] != UNKNOWN
    number = np.bincount(table.person[known], minlength=len(table.people))
    right = np.bincount(table.person[known], table.label[known] == truth[table.item[known]], len(table.people))
    told = number >= TELLING
    return np.sort(right[told] / number[told])


def compare(
    table: AnswerTable, truth: Indices, simulated: Simulated, seed: int = 0, simulations: int | None = None, most: int | None = None
) -> Fidelity:
    """Return real figures beside those of simulations of the same tasks by the same people.

    Args:
        table: the real answers.
        truth: index of the true class of each item, UNKNOWN where it is not known; shape (items,).
        simulated: makes one simulation.
        seed: of all that is drawn.
        simulations: how many; None for as many as make their own error small beside that of the real answers.
        most: the largest number of votes; None for what half of the items have.
    """
    most = most_votes(table) if most is None else most
    number = int(np.clip(ANSWERS // max(len(table), 1), FEWEST, MOST)) if simulations is None else simulations
    chance = Chance(seed)
    real, error = figures_of(table, truth, most, chance.stream("orders"), ORDERS)
    each, stream = list[Figures](), chance.stream("simulations")
    for _ in range(number):
        label, true = simulated(stream)
        answers = AnswerTable(table.items, table.people, table.classes, table.item, table.person, label)
        each.append(figures_of(answers, true, most, stream)[0])
    curves = np.stack([figures.curve for figures in each])
    mean = Figures(
        curves.mean(axis=0),
        float(np.mean([figures.kappa for figures in each])),
        float(np.mean([figures.unanimous for figures in each])),
        float(np.mean([figures.majority for figures in each])),
        float(np.mean([figures.dawid_skene for figures in each])),
        np.mean([figures.accuracies for figures in each], axis=0)
        if len({len(f.accuracies) for f in each}) == 1
        else each[0].accuracies,
    )
    return Fidelity(real, mean, real.curve + 1.96 * np.stack([-error, error]), np.quantile(curves, [0.025, 0.975], axis=0), number)
