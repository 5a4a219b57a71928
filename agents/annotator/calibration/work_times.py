"""Work times fitted to a log: how fast each person is, and what else makes an answer take as long as it does."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.annotator.calibration.distance import kolmogorov_smirnov
from agents.annotator.calibration.families import FittedFamily, fit_families
from agents.annotator.calibration.mixed_times import MixedTimes, fit_mixed
from agents.annotator.calibration.pages import Timed, timed

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_LONG = 40
"""Times from which a person's own distribution is looked at."""
_TIMES = 200_000
"""Times of which the model's are drawn to be compared with the real ones; more are compared once."""
_DIGITS = 4
"""Significant digits of a dial in a table."""


class FittedTimes(NamedTuple):
    """What a log says of working times.

    Attributes:
        answers: times that are known of each person (pages, where times are of pages); shape (people,).
        median: seconds of each person's answers in the median, when at work; shape (people,).
        sigma: standard deviation of the log of each person's times, when at work; shape (people,).
        idle: share of each person's answers over which they wandered off; shape (people,).
        factor: by how much these take longer, in the median.
        wander: standard deviation of the log of an idle time.
        typical: geometric mean of the people's medians, in seconds.
        spread: standard deviation of the log of `median` over people.
        items: standard deviation of the log of the time over items.
        slope: how much of that goes with the items' hardness: log time a standard deviation of it; 0 where it is not known.
        item: log effect of each item, shrunk; shape (items,).
        practice: by how much log time falls for each unit of the log of the number of answers; 0 where their order is not known.
        mixed: the model in full.
        page: answers on a page, in the mean; 1 where every answer has its own time.
        whole: whether times are whole seconds.
        families: how families fit all times, the best first.
        within: how they fit times divided by the person's median; the best first.
        distance: Kolmogorov and Smirnov's distance between simulated and real times, on the same people and items.
        chance: the same between one simulation and another: what a perfect model would have.
        distance_of_person, chance_of_person: the same, of one person, in the mean over those with 40 times; NaN if there are none.
    """

    answers: Indices
    median: Floats
    sigma: Floats
    idle: Floats
    factor: float
    wander: float
    typical: float
    spread: float
    items: float
    slope: float
    item: Floats
    practice: float
    mixed: MixedTimes
    page: float
    whole: bool
    families: tuple[FittedFamily, ...]
    within: tuple[FittedFamily, ...]
    distance: float
    chance: float
    distance_of_person: float
    chance_of_person: float

    def latency(self, person: int) -> dict[str, object]:
        """Return the latency of one person, as a scenario's table has it."""
        table: dict[str, object] = {"kind": "work-time", "median": _short(self.median[person]), "sigma": _short(self.sigma[person])}
        return {**table, "idle": _short(self.idle[person]), **self._shared()}

    def somebody(self) -> dict[str, object]:
        """Return the latency of people drawn afresh: dials that differ are distributions over people."""
        mixed = self.mixed
        return {
            "kind": "work-time",
            "median": {"kind": "lognormal", "median": _short(self.typical), "sigma": _short(self.spread)},
            "sigma": {"kind": "lognormal", "median": _short(mixed.sigma_centre), "sigma": _short(mixed.sigma_between)},
            "idle": {"kind": "beta", "a": _short(mixed.idle_a), "b": _short(mixed.idle_b)},
            **self._shared(),
        }

    def changes(self) -> list[dict[str, object]]:
        """Return what work does to people's speed, as a scenario's tables have it; none where they do not get faster."""
        return [{"kind": "practice", "rate": _short(self.practice)}] if self.practice > 0 else []

    def _shared(self) -> dict[str, object]:
        apart = max(self.items**2 - self.slope**2, 0.0) ** 0.5
        dials = {"hardness": self.slope, "items": apart, "factor": self.factor, "wander": self.wander}
        return {name: _short(value) for name, value in dials.items()}


def fit_work_times(
    person: Indices,
    item: Indices,
    seconds: Floats,
    people: int,
    items: int,
    rng: np.random.Generator,
    hardness: Floats | None = None,
    position: Indices | None = None,
) -> FittedTimes | None:
    """Fit the times of a log; None if it has none.

    Times are those of pages where they were taken of pages (see `pages`); then an answer takes its share of the page's.

    Args:
        person, item, seconds: who answered, what, and how long it took, in the file's order; seconds are NaN where they are not
            known; shape (answers,).
        people, items: how many there are.
        rng: the chance by which simulated times are compared with the real ones.
        hardness: the hardness of each item, in standard deviations, as the answers tell; shape (items,). None if it is not known.
        position: how many answers the person had given before each; shape (answers,). None if it is not known.
    """
    taken = timed(person, item, seconds)
    if len(taken.person) == 0:
        return None
    raise NotImplementedError


def _short(value: float) -> float:
    """Return a number to as many digits as a table shows."""
    return float(f"{float(value):.{_DIGITS}g}")
