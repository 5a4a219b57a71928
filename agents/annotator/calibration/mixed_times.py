"""The mixed model of work times: people, items, and now and then somebody who wanders off."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

from agents.annotator.calibration.spread import LEAST, MOST, Spread, climbed

_FACTOR, _WANDER, _PROPORTION, _FEW = 1.3, 1.2, 0.25, 5.0
"""Log factor, deviation and proportion of idle times in real logs, and how many times these count for."""
_LEAST_FACTOR = 0.0
"""Least log factor of idle times: what takes less time than work is no absence."""
_ROUNDS = 100
_SETTLED = 1e-5
"""Change of log likelihood a time at which the fit has settled."""

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]


class MixedTimes(NamedTuple):
    """log time = person + item + residual; the residual's spread and the share of idle answers are the person's own.

    Attributes:
        person: log median of each; shape (people,).
        sigma: standard deviation of each one's residuals; shape (people,).
        idle: share of each one's answers over which they wandered off; shape (people,).
        item: effect of each item; shape (items,).
        centre, spread: mean and standard deviation of `person` over people.
        items: standard deviation of `item`.
        sigma_centre, sigma_freedom: scale and degrees of freedom of the scaled inverse chi-square distribution of sigma ** 2.
        idle_a, idle_b: the beta distribution of `idle`.
        factor: log of the factor on the time of an idle answer, in the median, of a person of middling speed.
        wander: standard deviation of an idle answer's log time.
        proportion: how far idle times go with the person's speed: 1 if who is twice as slow stays away twice as long, 0 if all stay
            away as long.
        times: times that are known of each person; shape (people,).
        wandered: probability of each time that it is idle; shape (times,).
        likelihood: log likelihood a time, of log times, effects taken as known.
        rounds: rounds until it settled.
    """

    person: Floats
    sigma: Floats
    idle: Floats
    item: Floats
    centre: float
    spread: float
    items: float
    sigma_centre: float
    sigma_freedom: float
    idle_a: float
    idle_b: float
    factor: float
    wander: float
    proportion: float
    times: Indices
    wandered: Floats
    likelihood: float
    rounds: int

    @property
    def absence(self) -> Floats:
        """Log of the factor on the time of an idle answer of each person; shape (people,)."""
        return np.asarray(np.maximum(self.factor + (self.proportion - 1) * (self.person - self.centre), _LEAST_FACTOR))

    @property
    def sigma_median(self) -> float:
        """The median of `sigma` over people, were it lognormal."""
        half = self.sigma_freedom / 2
        return float(self.sigma_centre * np.exp((np.log(half) - digamma(half)) / 2))

    @property
    def sigma_between(self) -> float:
        """The standard deviation of the log of `sigma` over people."""
        return float(np.sqrt(polygamma(1, self.sigma_freedom / 2)) / 2)

    @property
    def extent(self) -> float:
        """How many parameters the model amounts to: of those that are shrunk, the part that the times decide (beside medians)."""
        count = np.maximum(self.times, 0)
        sigmas, shares = count / (count + self.sigma_freedom), count / (count + self.idle_a + self.idle_b)
        return float(sigmas.sum() + shares.sum()) + 6


def fit_mixed(person: Indices, item: Indices, log_time: Floats, people: int, items: int) -> MixedTimes:
    """Fit by expectation and conditional maximisation, all variances by empirical Bayes.

    The residual of an answer is normal, N(0, sigma_w), or, with probability idle_w, N(factor, wander). People's and items' effects
    are normal, and shrunk towards their mean by how little is known of them (best linear unbiased predictors; Robinson, 1991). So
    are people's variances (a scaled inverse chi-square distribution; Smyth, 2004) and shares of idle answers (a beta distribution;
    Kleinman, 1973). That each effect's uncertainty is taken by itself makes this variational.

    Args:
        person, item: who answered, and what; shape (times,).
        log_time: natural logarithms of the times; shape (times,).
        people, items: how many there are; those without a time get what the others show.
    """
    start = _start(person, log_time, people, items)
    fitted, before = start, -np.inf
    for rounds in range(1, _ROUNDS + 1):
        fitted = _step(fitted, person, item, log_time)._replace(rounds=rounds)
        if abs(fitted.likelihood - before) < _SETTLED and rounds > 5:
            break
        before = fitted.likelihood
    return fitted


def _start(person: Indices, log_time: Floats, people: int, items: int) -> MixedTimes:
    """Begin at people's medians, which those who wander off hardly move."""
    order = np.lexsort((log_time, person))
    count = np.bincount(person, minlength=people)
    first = np.cumsum(count) - count
    some = count > 0
    middle = np.full(people, np.median(log_time))
    middle[some] = log_time[order][(first + count // 2)[some]]
    around = log_time - middle[person]
    sigma = float(np.clip(np.median(np.abs(around)) / 0.6745, 0.05, 1.0))
    return MixedTimes(
        person=middle,
        sigma=np.full(people, sigma),
        idle=np.full(people, 0.1),
        item=np.zeros(items),
        centre=float(middle[some].mean()),
        spread=float(np.clip(middle[some].std(), 0.05, 1.5)),
        items=0.2,
        sigma_centre=sigma,
        sigma_freedom=5.0,
        idle_a=1.0,
        idle_b=9.0,
        factor=_FACTOR,
        wander=_WANDER,
        proportion=_PROPORTION,
        times=count,
        wandered=np.zeros(0),
        likelihood=-np.inf,
        rounds=0,
    )


class _Placed(NamedTuple):
    """Effects, and what they leave of each log time; the variances say how little is known of the effects."""

    person: Floats
    person_variance: Floats
    item: Floats
    item_variance: Floats
    around: Floats


def _place(now: MixedTimes, person: Indices, item: Indices, around: Floats, wandered: Floats) -> _Placed:
    """Find people's effects, then items', given which times are idle ones."""
    people, items = len(now.person), len(now.item)
    body, idle = (1 - wandered) / (now.sigma * now.sigma)[person], wandered / now.wander**2
    away = around - now.absence[person]
    # By how much an idle time goes with the person's effect.
    share = np.where(now.absence > 0, now.proportion, 1.0)[person]
    weight = _sums(person, body + share * share * idle, people)
    person_variance = 1 / (weight + 1 / now.spread**2)
    pull = _sums(person, body * around + share * idle * away, people)
    of_person = (pull + weight * now.person + now.centre / now.spread**2) * person_variance
    moved = (of_person - now.person)[person]
    around, away = around - moved, away - share * moved
    weight = _sums(item, body + idle, items)
    item_variance = 1 / (weight + 1 / now.items**2)
    of_item = (_sums(item, body * around + idle * away, items) + weight * now.item) * item_variance
    return _Placed(of_person, person_variance, of_item, item_variance, around - (of_item - now.item)[item])


def _step(now: MixedTimes, person: Indices, item: Indices, log_time: Floats) -> MixedTimes:
    people, items = len(now.person), len(now.item)
    around = log_time - now.person[person] - now.item[item]
    wandered, likelihood = _responsibilities(now, person, around)
    of_person, person_variance, of_item, item_variance, around = _place(now, person, item, around, wandered)
    uncertain = person_variance[person] + item_variance[item]
    squares = _sums(person, (1 - wandered) * (around * around + uncertain), people)
    strayed = _sums(person, wandered, people)
    count = np.bincount(person, minlength=people).astype(np.float64)
    known = count > 0
    unsure = _sums(person, wandered * (1 - wandered), people)
    spread = Spread(now.sigma_freedom, now.sigma_centre, now.idle_a / (now.idle_a + now.idle_b), now.idle_a + now.idle_b)
    spread = climbed(spread, squares[known], (count - strayed)[known], strayed[known], unsure[known])
    freedom, scale = spread.freedom, spread.scale
    sigma = np.sqrt((squares + freedom * scale * scale) / (count - strayed + freedom))
    a, b = spread.mean * spread.strength, (1 - spread.mean) * spread.strength
    aside = of_person[person] - now.centre
    factor, wander, proportion = _absence(now, wandered, around, aside, uncertain)
    centre = float(of_person[known].mean())
    return now._replace(
        person=of_person,
        sigma=np.clip(sigma, LEAST, MOST),
        idle=(strayed + a) / (count + a + b),
        item=of_item,
        centre=centre,
        spread=_bounded(np.sqrt(((of_person[known] - centre) ** 2 + person_variance[known]).mean())),
        items=_bounded(np.sqrt((of_item**2 + item_variance)[np.bincount(item, minlength=items) > 0].mean())),
        sigma_centre=scale,
        sigma_freedom=freedom,
        idle_a=a,
        idle_b=b,
        factor=factor,
        wander=wander,
        proportion=proportion,
        wandered=wandered,
        likelihood=likelihood,
    )


def _absence(now: MixedTimes, wandered: Floats, around: Floats, aside: Floats, uncertain: Floats) -> tuple[float, float, float]:
    """Return the log factor of idle times, their deviation, and how far they go with people's speed.

    A few times like those of other logs are added, so that it says something where hardly anybody wandered off.

    Args:
        now: the model.
        wandered: probability of each time that it is idle; shape (times,), as all the others.
        around: log times without the effects of people and items.
        aside: how much slower than others their people are.
        uncertain: variance of the effects.
    """
    total = float(wandered.sum()) + _FEW
    known = float(wandered @ (aside * aside)) + _FEW * now.spread**2
    slope = (float((wandered * aside) @ (around - now.factor)) + _FEW * now.spread**2 * (_PROPORTION - 1)) / known
    slope = float(np.clip(slope, -1.0, 0.0))
    left = around - slope * aside
    # What takes less time than work is no absence.
    factor = max((float(wandered @ left) + _FEW * _FACTOR) / total, 0.0)
    squares = float(wandered @ ((left - factor) ** 2 + uncertain)) + _FEW * (_WANDER**2 + (_FACTOR - factor) ** 2)
    return factor, _bounded(np.sqrt(squares / total)), 1.0 + slope


def _bounded(deviation: float) -> float:
    return float(np.clip(deviation, LEAST, MOST))


def _sums(index: Indices, weight: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(index, weight, count), np.float64)


def _responsibilities(now: MixedTimes, person: Indices, around: Floats) -> tuple[Floats, float]:
    """Return each time's probability of being idle, and the log likelihood a time."""
    at_work = np.log1p(-now.idle) - np.log(now.sigma)
    away = np.log(now.idle) - np.log(now.wander)
    one = at_work[person] - 0.5 * (around / now.sigma[person]) ** 2
    other = away[person] - 0.5 * ((around - now.absence[person]) / now.wander) ** 2
    both = np.logaddexp(one, other)
    return np.exp(other - both), float(both.mean()) - 0.5 * float(np.log(2 * np.pi))
