"""Work times fitted to a log: how fast each person is, and what else makes an answer take as long as it does."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.annotator.calibration.distance import kolmogorov_smirnov, of_each
from agents.annotator.calibration.drawn_times import draw_family, draw_mixed
from agents.annotator.calibration.families import FittedFamily, fit_families
from agents.annotator.calibration.mixed_times import MixedTimes, fit_mixed
from agents.annotator.calibration.pages import Timed, timed

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_LONG = 40
"""Times from which a person's own distribution is looked at."""
_ENOUGH = 50_000
"""Times to be drawn, at least, when simulated times are compared with real ones; fewer times are drawn several times over."""
_INSTANT = 1e-6
"""Seconds that no answer beats."""
_SHAPE = 1e-6
"""The least shape that a beta distribution over people may have."""
_PLAIN = ("gamma", "log-logistic", "pareto", "weibull")
"""Families that are kinds of latency by themselves."""
_TELLING = 100
"""Times below which they do not tell what family they are of."""
_DIGITS = 4
"""Significant digits of a dial in a table."""


class FittedTimes(NamedTuple):
    """What a log says of working times.

    Attributes:
        answers: times that are known of each person (pages, where times are of pages); shape (people,).
        median: seconds of each person's answers in the median, when at work; shape (people,).
        sigma: standard deviation of the log of each person's times, when at work; shape (people,).
        idle: share of each person's answers over which they wandered off; shape (people,).
        factor: by how much these take longer, in the median; shape (people,).
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
        within: how they, and the model, called `work-time`, fit times divided by what is usual for the person and the item; the
            best first.
        distance: Kolmogorov and Smirnov's distance between simulated and real times, on the same people and items.
        chance: the same between one simulation and another: what a perfect model would have.
        distance_of_person, chance_of_person: the same, of one person, in the mean over those with 40 times; NaN if there are none.
    """

    answers: Indices
    median: Floats
    sigma: Floats
    idle: Floats
    factor: Floats
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

    @property
    def plain(self) -> FittedFamily | None:
        """The plain family that explains times within people better than the model; None if none does, or times are few."""
        best = self.within[0]
        return best if best.name in _PLAIN and self.answers.sum() >= _TELLING else None

    def latency(self, person: int) -> dict[str, object]:
        """Return the latency of one person, as a scenario's table has it: a `work-time`, or the plain family that is better."""
        if self.plain is not None:
            return _table(self.plain, lambda scale: _short(scale * float(self.median[person])))
        own = {name: getattr(self, name)[person] for name in ("median", "sigma", "idle", "factor")}
        return {"kind": "work-time", **{name: _short(value) for name, value in own.items()}, **self._shared()}

    def somebody(self, to: str = "slowness", along: float = 1.0) -> dict[str, object]:
        """Return the latency of people drawn afresh: dials that differ are distributions over people.

        Args:
            to: the number of each person that their slowness is tied to.
            along: how closely: 1 if the number is their slowness and nothing else.
        """
        speed = {"kind": "tied", "to": to, "correlation": _short(along)}
        if self.plain is not None:
            return _table(self.plain, lambda scale: {**speed, "of": _lognormal(scale * self.typical, self.spread)})
        mixed = self.mixed
        absence = _lognormal(np.exp(mixed.factor), (1 - mixed.proportion) * self.spread)
        return {
            "kind": "work-time",
            "median": {**speed, "of": _lognormal(self.typical, self.spread)},
            "factor": {**speed, "correlation": _short(-along), "of": absence},
            "sigma": _lognormal(mixed.sigma_median, mixed.sigma_between),
            "idle": {"kind": "beta", "a": _short(max(mixed.idle_a, _SHAPE)), "b": _short(max(mixed.idle_b, _SHAPE))},
            **self._shared(),
        }

    def along(self, other: Floats) -> float:
        """Return how far slowness goes with something else about people: the correlation of it with the log of their medians.

        What is known of somebody by n times, where people differ by `spread` and their times by sigma, counts for
        spread ** 2 / (spread ** 2 + sigma ** 2 / n) of a person. Medians are shrunk, so it is rather too low than too high.

        Args:
            other: what is known of each person, such as the log odds of their accuracy; NaN where it is not; shape (people,).

        Returns:
            The correlation; 0 where nothing is known, or all are the same.
        """
        weight = self.answers / (self.answers + (self.sigma / max(self.spread, 1e-9)) ** 2) * np.isfinite(other)
        if not weight.any():
            return 0.0
        one, two = np.log(self.median), np.where(np.isfinite(other), other, 0.0)
        one, two = one - np.average(one, weights=weight), two - np.average(two, weights=weight)
        size = float(np.sqrt((weight @ (one * one)) * (weight @ (two * two))))
        return float(weight @ (one * two)) / size if size > 1e-9 * float(weight.sum()) else 0.0

    def changes(self) -> list[dict[str, object]]:
        """Return what work does to people's speed, as a scenario's tables have it; none where they do not get faster."""
        return [{"kind": "practice", "rate": _short(self.practice)}] if self.practice > 0 else []

    def _shared(self) -> dict[str, object]:
        apart = max(self.items**2 - self.slope**2, 0.0) ** 0.5
        dials = {"hardness": self.slope, "items": apart, "wander": self.wander}
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
    whole = bool((taken.seconds == np.rint(taken.seconds)).all() and taken.seconds.any())
    low, high = _intervals(taken, whole)
    # Half-way between the ends of the interval, but for a time of 0.
    log_time = np.log(np.maximum(taken.seconds / taken.size, high / 2))
    done = None if position is None else np.log1p(position[taken.row])
    mixed, practice = _with_practice(taken, log_time, done, people, items)
    usual = np.exp(mixed.person[taken.person] + mixed.item[taken.item] - (0.0 if done is None else practice * done))
    families, within = fit_families(low, high), fit_families(low / usual, high / usual)
    # The model knows the density of a log time; times the width of the interval, it is comparable with the others.
    width = np.log(np.log(high / np.maximum(low, high / 4)))
    aic = -2 * (mixed.likelihood + float(width.mean())) + 2 * mixed.extent / len(log_time)
    within = tuple(sorted((*within, FittedFamily("work-time", {}, aic)), key=lambda each: each.aic))
    slope = 0.0 if hardness is None else _slope(mixed, hardness, np.bincount(taken.item, minlength=items))
    fitted = FittedTimes(
        answers=mixed.times,
        median=np.exp(mixed.person),
        sigma=mixed.sigma,
        idle=mixed.idle,
        factor=np.exp(mixed.absence),
        wander=mixed.wander,
        typical=float(np.exp(mixed.centre)),
        spread=mixed.spread,
        items=mixed.items,
        slope=slope,
        item=mixed.item,
        practice=practice,
        mixed=mixed,
        page=float(taken.size.mean()),
        whole=whole,
        families=families,
        within=within,
        distance=0.0,
        chance=0.0,
        distance_of_person=0.0,
        chance_of_person=0.0,
    )
    return _compared(fitted, taken, done, rng)


def _intervals(taken: Timed, whole: bool) -> tuple[Floats, Floats]:
    """Return between what each answer's time lies: within half a second, or within a thousandth."""
    seconds = taken.seconds if whole else np.maximum(taken.seconds, _INSTANT)
    ends = (seconds - 0.5, seconds + 0.5) if whole else (seconds * 0.9995, seconds * 1.0005)
    return np.maximum(ends[0], 0.0) / taken.size, ends[1] / taken.size


def _with_practice(taken: Timed, log_time: Floats, done: Floats | None, people: int, items: int) -> tuple[MixedTimes, float]:
    """Fit the mixed model; where the order of answers is known, in turn with the speed-up by practice."""
    mixed, practice = fit_mixed(taken.person, taken.item, log_time, people, items), 0.0
    for _ in range(0 if done is None else 3):
        assert done is not None
        around = log_time - mixed.person[taken.person] - mixed.item[taken.item]
        weight = (1 - mixed.wandered) / mixed.sigma[taken.person] ** 2
        total = np.maximum(np.bincount(taken.person, weight, people), 1e-12)
        centred = done - (np.bincount(taken.person, weight * done, people) / total)[taken.person]
        known = float(weight @ (centred * centred))
        rate = -float((weight * centred) @ around) / known if known > 0 else 0.0
        # Two standard errors, or it is nothing.
        if rate * np.sqrt(known) < 2:
            return (mixed, 0.0) if practice == 0 else (fit_mixed(taken.person, taken.item, log_time, people, items), 0.0)
        practice = min(rate, 1.0)
        mixed = fit_mixed(taken.person, taken.item, log_time + practice * done, people, items)
    return mixed, practice


def _slope(mixed: MixedTimes, hardness: Floats, times: Indices) -> float:
    """Return how items' effects go with their hardness; no less than 0.

    Effects are shrunk, each by how little is known of it; so they are compared with hardness that is shrunk likewise.
    """
    shrunk = times / (times + (mixed.sigma_centre / mixed.items) ** 2)
    centred = hardness - (shrunk @ hardness) / max(float(shrunk.sum()), 1e-12)
    known = float(shrunk @ (centred * centred))
    return float(np.clip(centred @ mixed.item / known, 0.0, mixed.items)) if known > 0 else 0.0


def _compared(fitted: FittedTimes, taken: Timed, done: Floats | None, rng: np.random.Generator) -> FittedTimes:
    """Say how far simulated times are from the real ones: of everybody together, and within each person."""
    real = taken.seconds / taken.size
    rounds = max(2, min(10, _ENOUGH // len(real)))
    drawn = [_drawn(fitted, taken, done, rng) for _ in range(rounds)]
    pairs = list(pairwise([*drawn, drawn[0]])) if rounds > 2 else [(drawn[0], drawn[1])]

    def of_person(one: Floats, other: Floats) -> float:
        each = of_each(taken.person, one, other, _LONG)
        return float(each.mean()) if len(each) else float("nan")

    return fitted._replace(
        distance=float(np.mean([kolmogorov_smirnov(real, each) for each in drawn])),
        chance=float(np.mean([kolmogorov_smirnov(one, other) for one, other in pairs])),
        distance_of_person=float(np.mean([of_person(real, each) for each in drawn])),
        chance_of_person=float(np.mean([of_person(one, other) for one, other in pairs])),
    )


def _drawn(fitted: FittedTimes, taken: Timed, done: Floats | None, rng: np.random.Generator) -> Floats:
    """Draw times on the same people and items, written as the real ones are."""
    if fitted.plain is not None:
        times = draw_family(fitted.plain, fitted.median[taken.person], rng)
    else:
        times = draw_mixed(fitted.mixed, taken.person, taken.item, rng)
    if done is not None:
        times *= np.exp(-fitted.practice * done)
    if not fitted.whole:
        return times
    # Who writes whole seconds, and never 0, rounds what is shorter up.
    return np.asarray(np.maximum(np.rint(times * taken.size), min(1.0, float(taken.seconds.min()))) / taken.size)


def _table(family: FittedFamily, scaled: Callable[[float], object]) -> dict[str, object]:
    """Return the latency of a plain family, of a scale that depends on the person."""
    size, shape = family.parameters
    return {"kind": family.name, size: scaled(family.parameters[size]), shape: _short(np.clip(family.parameters[shape], 0.5, 100))}


def _lognormal(median: float, sigma: float) -> dict[str, object]:
    """Return a distribution over people."""
    return {"kind": "lognormal", "median": _short(median), "sigma": _short(sigma)}


def _short(value: float) -> float:
    """Return a number to as many digits as a table shows."""
    return float(f"{float(value):.{_DIGITS}g}")
