"""The mixed model of work times: people, items, and now and then somebody who wanders off."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

_LEAST = 1e-3
"""Least standard deviation, of a logarithm: below, times are as good as equal."""
_ROUNDS = 200
_SETTLED = 1e-6
"""Gain of log likelihood an answer at which the fit has settled."""

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
    wandered: Floats
    likelihood: float
    rounds: int


def fit_mixed(person: Indices, item: Indices, log_time: Floats, people: int, items: int) -> MixedTimes:
    """Fit by expectation and conditional maximisation, all variances by empirical Bayes.

    The residual of an answer is normal, N(0, sigma_w), or, with probability idle_w, N(factor, wander). People's and items' effects are
    normal, and shrunk towards the mean by their own uncertainty (best linear unbiased predictors; Robinson, 1991). People's
    variances are shrunk as in Smyth (2004), their shares of idle answers by a beta distribution matched by moments (Kleinman, 1973).
    That effects are treated as uncertain by their own variance alone makes this variational.

    Args:
        person, item: who answered, and what; shape (times,).
        log_time: natural logarithms of the times; shape (times,).
        people, items: how many there are; those without a time get what the others show.
    """
    start = _start(person, log_time, people, items)
    fitted, before = start, -np.inf
    for rounds in range(1, _ROUNDS + 1):
        fitted = _step(fitted, person, item, log_time)._replace(rounds=rounds)
        if fitted.likelihood - before < _SETTLED and rounds > 5:
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
    sigma = max(float(np.median(np.abs(around))) / 0.6745, 0.05)
    return MixedTimes(
        middle, np.full(people, sigma), np.full(people, 0.1), np.zeros(items), float(middle[some].mean()),
        max(float(middle[some].std()), 0.05), 0.2, sigma, 5.0, 1.0, 9.0, 3 * sigma, 2 * sigma, np.zeros(0), -np.inf, 0,
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

    weight = np.bincount(person, precision, people)
    variance_p = 1 / (weight + 1 / now.spread**2)
    of_person = (
        np.bincount(person, pull, people) + weight * now.person + now.centre / now.spread**2
    ) * variance_p
    pull -= precision * (of_person - now.person)[person]
    weight = np.bincount(item, precision, items)
    variance_i = 1 / (weight + 1 / now.items**2)
    of_item = (np.bincount(item, pull, items) + weight * now.item) * variance_i
    shift = (of_item - now.item)[item]
    around -= (of_person - now.person)[person] + shift

    uncertain = variance_p[person] + variance_i[item]
    squares = np.bincount(person, (1 - wandered) * (around * around + uncertain), people)
    strayed = np.bincount(person, wandered, people)
    count = np.bincount(person, minlength=people).astype(np.float64)
    freedom, scale = _inverse_chi_square(squares, count - strayed)
    sigma = np.sqrt((squares + freedom * scale * scale) / (count - strayed + freedom))
    a, b = _beta(strayed, count)
    total = max(float(wandered.sum()), 1e-12)
    factor = float(wandered @ around) / total
    wander = np.sqrt(float(wandered @ ((around - factor) ** 2 + uncertain)) / total)
    known = count > 0
    centre = float(of_person[known].mean())
    return now._replace(
        person=of_person,
        sigma=np.maximum(sigma, _LEAST),
        idle=(strayed + a) / (count + a + b),
        item=of_item,
        centre=centre,
        spread=max(float(np.sqrt(((of_person[known] - centre) ** 2 + variance_p[known]).mean())), _LEAST),
        items=max(float(np.sqrt((of_item**2 + variance_i)[np.bincount(item, minlength=items) > 0].mean())), _LEAST),
        sigma_centre=scale,
        sigma_freedom=freedom,
        idle_a=a,
        idle_b=b,
        factor=factor,
        wander=max(float(wander), _LEAST),
        wandered=wandered,
        likelihood=likelihood,
    )


def _responsibilities(now: MixedTimes, person: Indices, around: Floats) -> tuple[Floats, float]:
    """Return each time's probability of being idle, and the log likelihood a time."""
    at_work = np.log1p(-now.idle) - np.log(now.sigma)
    away = np.log(now.idle) - np.log(now.wander)
    one = at_work[person] - 0.5 * (around / now.sigma[person]) ** 2
    other = away[person] - 0.5 * ((around - now.factor) / now.wander) ** 2
    both = np.logaddexp(one, other)
    return np.exp(other - both), float(both.mean()) - 0.5 * float(np.log(2 * np.pi))


def _inverse_chi_square(squares: Floats, count: Floats) -> tuple[float, float]:
    """Return degrees of freedom and scale of the distribution of people's variances (Smyth, 2004, section 6.2).

    Args:
        squares: sum of each one's squared residuals.
        count: how many there are of each, effectively.
    """
    some = (count > 1.5) & (squares > 0)
    if not some.any():
        return 4.0, max(float(np.sqrt(squares.sum() / max(float(count.sum()), 1.0))), _LEAST)
    half = count[some] / 2
    log_variance = np.log(squares[some] / count[some]) - digamma(half) + np.log(half)
    noise = polygamma(1, half)
    # Where somebody's variance is known by few times, it says little of how people differ.
    weight = 1 / (noise + 0.5) ** 2
    weight /= weight.sum()
    mean = float(weight @ log_variance)
    between = float(weight @ ((log_variance - mean) ** 2 - noise))
    freedom = float(np.clip(2 * _trigamma_inverse(max(between, 1e-3)), 1.0, 1e3))
    log_scale = mean + float(digamma(freedom / 2)) - np.log(freedom / 2)
    return freedom, max(float(np.exp(log_scale / 2)), _LEAST)


def _trigamma_inverse(value: float) -> float:
    """Return x of which trigamma(x) is the value, by Newton's method on its reciprocal (Smyth, 2004, appendix)."""
    x = 0.5 + 1 / value
    for _ in range(20):
        trigamma = float(polygamma(1, x))
        x += trigamma * (1 - trigamma / value) / float(polygamma(2, x))
    return x


def _beta(strayed: Floats, count: Floats) -> tuple[float, float]:
    """Return the beta distribution of people's shares, by moments weighted by how well each is known (Kleinman, 1973)."""
    some = count > 0
    of, out_of = strayed[some], count[some]
    # A first mean by people, each as much as a share between people of variance .01 would allow.
    weight = out_of / (out_of + 10)
    weight /= weight.sum()
    share = of / out_of
    mean = float(np.clip(weight @ share, 1e-4, 1 - 1e-4))
    spread = float(weight @ (share - mean) ** 2)
    # E[(share - mean)^2] = mean (1 - mean) (rho (1 - 1 / n) + 1 / n).
    alone = float(weight @ (1 / out_of))
    rho = (spread / (mean * (1 - mean)) - alone) / max(1 - alone, 1e-9)
    total = 1 / float(np.clip(rho, 1e-3, 0.5)) - 1
    return mean * total, (1 - mean) * total
