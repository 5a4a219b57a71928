"""The mixed model of work times: people, items, and now and then somebody who wanders off."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

_LEAST = 1e-3
"""Least standard deviation, of a logarithm: below, times are as good as equal."""
_MOST = 2.0
"""Greatest one: above, the fastest and the slowest of twenty times differ by a factor of 2,000."""
_FACTOR, _WANDER, _FEW = 1.3, 1.2, 5.0
"""Log factor and deviation of idle times in real logs, and how many times these count for."""
_ROUNDS = 200
_SETTLED = 1e-5
"""Change of log likelihood a time at which the fit has settled."""
_ENOUGH = 20_000
"""People by whom the distributions over people are known well enough."""
_STRIDE = 0.5
"""Farthest step, of a logarithm, towards the maximum of a likelihood."""

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
        factor: log of the factor on the time of an idle answer, in the median.
        wander: standard deviation of an idle answer's log time.
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
    times: Indices
    wandered: Floats
    likelihood: float
    rounds: int

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
        middle, np.full(people, sigma), np.full(people, 0.1), np.zeros(items), float(middle[some].mean()),
        float(np.clip(middle[some].std(), 0.05, 1.5)), 0.2, sigma, 5.0, 1.0, 9.0, _FACTOR, _WANDER, count, np.zeros(0), -np.inf, 0,
    )  # fmt: skip


def _step(now: MixedTimes, person: Indices, item: Indices, log_time: Floats) -> MixedTimes:
    people, items = len(now.person), len(now.item)
    around = log_time - now.person[person] - now.item[item]
    wandered, likelihood = _responsibilities(now, person, around)
    body = (1 - wandered) / (now.sigma * now.sigma)[person]
    idle = wandered / now.wander**2
    # What a time says of the sum of its two effects, and with which precision.
    precision = body + idle
    pull = precision * around - idle * now.factor

    weight = _sums(person, precision, people)
    variance_p = 1 / (weight + 1 / now.spread**2)
    of_person = (_sums(person, pull, people) + weight * now.person + now.centre / now.spread**2) * variance_p
    pull -= precision * (of_person - now.person)[person]
    weight = _sums(item, precision, items)
    variance_i = 1 / (weight + 1 / now.items**2)
    of_item = (_sums(item, pull, items) + weight * now.item) * variance_i
    shift = (of_item - now.item)[item]
    around -= (of_person - now.person)[person] + shift

    uncertain = variance_p[person] + variance_i[item]
    squares = _sums(person, (1 - wandered) * (around * around + uncertain), people)
    strayed = _sums(person, wandered, people)
    count = np.bincount(person, minlength=people).astype(np.float64)
    known = count > 0
    unsure = _sums(person, wandered * (1 - wandered), people)
    spread = _Spread(now.sigma_freedom, now.sigma_centre, now.idle_a / (now.idle_a + now.idle_b), now.idle_a + now.idle_b)
    spread = _differences(spread, squares[known], (count - strayed)[known], strayed[known], unsure[known])
    freedom, scale = spread.freedom, spread.scale
    sigma = np.sqrt((squares + freedom * scale * scale) / (count - strayed + freedom))
    a, b = spread.mean * spread.strength, (1 - spread.mean) * spread.strength
    # A few times like those of other logs, so that it says something where hardly anybody wandered off.
    total = float(wandered.sum()) + _FEW
    factor = (float(wandered @ around) + _FEW * _FACTOR) / total
    squares_away = float(wandered @ ((around - factor) ** 2 + uncertain)) + _FEW * (_WANDER**2 + (_FACTOR - factor) ** 2)
    wander = np.sqrt(squares_away / total)
    centre = float(of_person[known].mean())
    return now._replace(
        person=of_person,
        sigma=np.clip(sigma, _LEAST, _MOST),
        idle=(strayed + a) / (count + a + b),
        item=of_item,
        centre=centre,
        spread=_bounded(np.sqrt(((of_person[known] - centre) ** 2 + variance_p[known]).mean())),
        items=_bounded(np.sqrt((of_item**2 + variance_i)[np.bincount(item, minlength=items) > 0].mean())),
        sigma_centre=scale,
        sigma_freedom=freedom,
        idle_a=a,
        idle_b=b,
        # What takes less time than work is no absence.
        factor=max(factor, 0.0),
        wander=_bounded(wander),
        wandered=wandered,
        likelihood=likelihood,
    )


def _bounded(deviation: float) -> float:
    return float(np.clip(deviation, _LEAST, _MOST))


def _sums(index: Indices, weight: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(index, weight, count), np.float64)


def _responsibilities(now: MixedTimes, person: Indices, around: Floats) -> tuple[Floats, float]:
    """Return each time's probability of being idle, and the log likelihood a time."""
    at_work = np.log1p(-now.idle) - np.log(now.sigma)
    away = np.log(now.idle) - np.log(now.wander)
    one = at_work[person] - 0.5 * (around / now.sigma[person]) ** 2
    other = away[person] - 0.5 * ((around - now.factor) / now.wander) ** 2
    both = np.logaddexp(one, other)
    return np.exp(other - both), float(both.mean()) - 0.5 * float(np.log(2 * np.pi))


class _Spread(NamedTuple):
    """How people differ in the spread of their residuals and in their shares of idle answers."""

    freedom: float
    scale: float
    mean: float
    strength: float


def _differences(now: _Spread, squares: Floats, work: Floats, strayed: Floats, unsure: Floats) -> _Spread:
    """Return the two distributions over people, one step of their marginal likelihood further up.

    Args:
        now: the distributions as they are taken to be.
        squares: sum of each person's squared residuals at work; shape (people,), as all the others.
        work: how many times at work there are of each, in expectation.
        strayed: how many idle ones.
        unsure: the variance of that number.
    """
    every = slice(None, None, 1 + len(squares) // _ENOUGH)
    squares, work, strayed, unsure = squares[every], work[every], strayed[every], unsure[every]

    def of_freedom(log_freedom: float) -> float:
        """Student's t of each person's residuals, but for what does not change."""
        half, sum_of_squares = np.exp(log_freedom) / 2, np.exp(log_freedom) * now.scale**2
        parts = gammaln(half + work / 2) - (half + work / 2) * np.log(sum_of_squares + squares)
        return float(parts.sum() + len(work) * (half * np.log(sum_of_squares) - gammaln(half)))

    def of_strength(log_strength: float) -> float:
        """Beta-binomial of each person's idle answers; their number is known by its mean and variance alone."""
        a, b = now.mean * np.exp(log_strength), (1 - now.mean) * np.exp(log_strength)
        parts = gammaln(a + strayed) + gammaln(b + work) - gammaln(a + b + strayed + work)
        parts += 0.5 * unsure * (_trigamma(a + strayed) + _trigamma(b + work))
        return float(parts.sum() + len(work) * (gammaln(a + b) - gammaln(a) - gammaln(b)))

    freedom = float(np.exp(_climbed(of_freedom, np.log(now.freedom), np.log(1.0), np.log(1e3))))
    strength = float(np.exp(_climbed(of_strength, np.log(now.strength), np.log(0.5), np.log(1e3))))
    precision = (work + freedom) / (squares + freedom * now.scale**2)
    share = (strayed + now.mean * strength) / (strayed + work + strength)
    return _Spread(freedom, _bounded(float(precision.mean()) ** -0.5), float(np.clip(share.mean(), 1e-6, 1 - 1e-6)), strength)


def _climbed(height: Callable[[float], float], x: float, low: float, high: float) -> float:
    """Return x after a step of Newton's method towards the maximum, with derivatives by differences."""
    step = 0.1
    before, here, after = height(x - step), height(x), height(x + step)
    slope, bend = (after - before) / (2 * step), (after - 2 * here + before) / step**2
    move = -slope / bend if bend < 0 else np.copysign(_STRIDE, slope)
    return float(np.clip(x + np.clip(move, -_STRIDE, _STRIDE), low, high))


def _trigamma(x: Floats) -> Floats:
    """Return the derivative of digamma, to one in a thousand: a recurrence, then an asymptotic series."""
    y = x + 2
    return np.asarray(1 / x**2 + 1 / (x + 1) ** 2 + 1 / y + 1 / (2 * y**2) + 1 / (6 * y**3))
