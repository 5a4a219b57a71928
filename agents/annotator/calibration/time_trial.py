"""Work times put to the test: those of a fitted crowd beside real ones that it was not fitted to."""

from typing import NamedTuple

import numpy as np

from agents.annotator.calibration.distance import kolmogorov_smirnov
from agents.annotator.calibration.drawn_times import draw_family, draw_mixed
from agents.annotator.calibration.mixed_times import MixedTimes
from agents.annotator.calibration.pages import Timed, timed
from agents.annotator.calibration.work_times import FittedTimes, fit_work_times
from agents.inference.answers import Floats, Indices

DRAWS = 10
"""How often times are drawn, each time of other people where they are drawn afresh."""

FEWEST = 20
"""Times below which halves of them say nothing."""


class Apart(NamedTuple):
    """How far simulated times are from real ones: Kolmogorov and Smirnov's distance.

    Attributes:
        distance: from the real ones.
        chance: of two simulations from each other.
    """

    distance: float
    chance: float


def on_other_items(
    person: Indices, item: Indices, seconds: Floats, people: int, items: int, stream: np.random.Generator
) -> Apart | None:
    """Return how far times fitted to a random half of the items are from those of the others; None if there are too few.

    Args:
        person, item, seconds: who answered, what, and how long it took, in the file's order; shape (answers,).
        people, items: how many there are.
        stream: the randomness.
    """
    taken = timed(person, item, seconds)
    mine = stream.random(items) < 0.5
    fit, test = _part(taken, mine[taken.item]), _part(taken, ~mine[taken.item])
    if min(len(fit.person), len(test.person)) < FEWEST:
        return None
    fitted = _fitted(fit, people, items, stream)
    return _apart(test, [_drawn(fitted, fitted.mixed, test, stream) for _ in range(DRAWS)])


def of_other_people(
    person: Indices, item: Indices, seconds: Floats, people: int, items: int, stream: np.random.Generator, halved: bool
) -> Apart | None:
    """Return how far the times of people who are drawn from the fitted population are from real ones.

    Args:
        person, item, seconds, people, items, stream: as for `on_other_items`.
        halved: whether the population is fitted to a random half of the people, and tested on the others.
    """
    taken = timed(person, item, seconds)
    mine = stream.random(people) < 0.5 if halved else np.ones(people, np.bool_)
    fit = _part(taken, mine[taken.person])
    test = _part(taken, ~mine[taken.person]) if halved else fit
    if min(len(fit.person), len(test.person)) < FEWEST:
        return None
    fitted = _fitted(fit, people, items, stream)
    return _apart(test, [_drawn(fitted, somebody(fitted.mixed, stream), test, stream) for _ in range(DRAWS)])


def somebody(mixed: MixedTimes, stream: np.random.Generator) -> MixedTimes:
    """Return the model with other people, drawn from its population."""
    people = len(mixed.person)
    variance = mixed.sigma_freedom * mixed.sigma_centre**2 / stream.chisquare(mixed.sigma_freedom, people)
    return mixed._replace(
        person=stream.normal(mixed.centre, mixed.spread, people),
        sigma=np.sqrt(variance),
        idle=stream.beta(mixed.idle_a, mixed.idle_b, people),
    )


def _part(taken: Timed, rows: np.ndarray) -> Timed:
    return Timed(*(each[rows] for each in taken))


def _fitted(taken: Timed, people: int, items: int, stream: np.random.Generator) -> FittedTimes:
    fitted = fit_work_times(taken.person, taken.item, taken.seconds / taken.size, people, items, stream)
    assert fitted is not None
    return fitted


def _drawn(fitted: FittedTimes, mixed: MixedTimes, test: Timed, stream: np.random.Generator) -> Floats:
    """Draw times of the test's people and items, written as its real ones are."""
    if fitted.plain is not None:
        times = draw_family(fitted.plain, np.exp(mixed.person)[test.person], stream)
    else:
        times = draw_mixed(mixed, test.person, test.item, stream)
    if not (test.seconds == np.rint(test.seconds)).all():
        return times
    return np.asarray(np.maximum(np.rint(times * test.size), min(1.0, float(test.seconds.min()))) / test.size)


def _apart(test: Timed, drawn: list[Floats]) -> Apart:
    """Return how far all that was drawn is from what is real, and one half of the draws from the other."""
    half = len(drawn) // 2
    chance = kolmogorov_smirnov(np.concatenate(drawn[:half]), np.concatenate(drawn[half:]))
    return Apart(kolmogorov_smirnov(test.seconds / test.size, np.concatenate(drawn)), chance)
