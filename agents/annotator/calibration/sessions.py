"""Sessions fitted to a log: how long people work at a stretch, how long they stay away, and at which hours they come."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import i0e, i1e, ndtr

from agents.annotator.calibration.distance import kolmogorov_smirnov
from agents.annotator.calibration.random_effects import Effects, effects
from agents.annotator.experience import REST
from bus.clock import SECOND

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

_REST = REST / SECOND
_DAY = 86400.0
_AT_RISK = 20
"""Sessions that must have reached an answer for the hazard of leaving after it to be told."""
_CAPPED = 0.5
"""Hazard from which a platform seems to end sessions, and not the people."""
_LEAST = 1e-3


class FittedSessions(NamedTuple):
    """What a log says of sessions; a session is work without a gap of more than 15 minutes.

    Attributes:
        sessions: how many each person had; shape (people,).
        answers: answers in a session of each person, in the median; shape (people,).
        answers_typical, answers_spread, answers_sigma: median over people, standard deviation of the log over people, and of that
            within a person.
        pause: seconds between two sessions of each person, in the median; shape (people,). NaN if nobody came back.
        pause_typical, pause_spread, pause_sigma: as for answers.
        length: seconds of a session, in the median.
        hazard: share of people who leave after the first, second, ... answer of a session, of those who gave it.
        cap: answers after which most sessions end: what the platform allows, presumably; None if there is no such number.
        gaps: seconds between one answer and the next of a person: median, 95th and 99th percentile.
        overlap: share of answers that were begun before the person's answer before was given.
        hours: share of answers begun in each hour of the day; shape (24,).
        peak, swing: hour of the day at which people begin sessions most, and how many times as often as twelve hours from it; 0
            and 1 where the log does not tell, for its clock is not one of days or it covers less than a day.
        arrival: seconds from the log's beginning to a person's first answer, in the mean.
        distance_of_answers, distance_of_pauses: Kolmogorov and Smirnov's distance of simulated ones from the real ones, of the same
            people; that of pauses NaN if there are none.
    """

    sessions: Indices
    answers: Floats
    answers_typical: float
    answers_spread: float
    answers_sigma: float
    pause: Floats
    pause_typical: float
    pause_spread: float
    pause_sigma: float
    length: float
    hazard: Floats
    cap: int | None
    gaps: tuple[float, float, float]
    overlap: float
    hours: Floats
    peak: float
    swing: float
    arrival: float
    distance_of_answers: float
    distance_of_pauses: float

    def availability(self, person: int) -> dict[str, object]:
        """Return when one person is there, as a scenario's table has it."""
        table: dict[str, object] = {
            "kind": "sessions",
            "answers": _short(self.answers[person]),
            "answers_sigma": _short(self.answers_sigma),
        }
        if self._returning:
            table |= {"pause": _short(self.pause[person]), "pause_sigma": _short(self.pause_sigma)}
        return table

    def somebody(self) -> dict[str, object]:
        """Return when people drawn afresh are there: dials that differ are distributions over people."""
        answers = {"kind": "lognormal", "median": _short(self.answers_typical), "sigma": _short(self.answers_spread)}
        table: dict[str, object] = {"kind": "sessions", "answers": answers, "answers_sigma": _short(self.answers_sigma)}
        if self._returning:
            pause = {"kind": "lognormal", "median": _short(self.pause_typical), "sigma": _short(self.pause_spread)}
            table |= {"pause": pause, "pause_sigma": _short(self.pause_sigma)}
        return table

    def coming(self) -> dict[str, object]:
        """Return when people come first, as a scenario's table has it."""
        return {"kind": "arrival", "mean": _short(self.arrival), "swing": _short(self.swing), "peak": _short(self.peak)}

    @property
    def _returning(self) -> bool:
        return bool(np.isfinite(self.pause_typical))


class Stretches(NamedTuple):
    """The sessions of a log, by person and in order.

    Attributes:
        person: whose it is; shape (sessions,).
        start, end: when it began and ended, in seconds.
        answers: how many there were.
        last: whether it is the person's last.
    """

    person: Indices
    start: Floats
    end: Floats
    answers: Indices
    last: NDArray[np.bool_]


def fit_sessions(
    person: Indices, start: Floats, end: Floats, people: int, rng: np.random.Generator, midnight: float | None = None
) -> FittedSessions | None:
    """Fit the sessions of a log; None if it does not say when answers were begun.

    The number of answers in a session is the next whole number above a lognormal one; sessions that were under way when the log
    ended count as those that lasted longer. Pauses are lognormal. Both have a person's own median, shrunk.

    Args:
        person: who answered; shape (answers,).
        start, end: when they began and gave the answer, in seconds of one clock; NaN where it is not known, and where only the end
            is not, no time passed.
        people: how many there are.
        rng: the chance by which simulated sessions are compared with the real ones.
        midnight: a midnight of that clock; None if it is not one of days.
    """
    known = np.flatnonzero(np.isfinite(start))
    if len(known) == 0:
        return None
    order = known[np.lexsort((start[known], person[known]))]
    who, began = person[order], start[order]
    ended = np.where(np.isfinite(end[order]), end[order], began)
    gap = np.append(np.inf, began[1:] - ended[:-1])
    first = np.append(True, who[1:] != who[:-1])
    stretches = _stretches(who, began, ended, first | (gap > _REST))
    going_on = np.diff(ended, prepend=-np.inf)[~(first | (gap > _REST))]
    # Whose next answer was not due yet when the log ended may have been at it.
    due = float(np.quantile(going_on, 0.99)) if len(going_on) else 0.0
    number = _answers(stretches, stretches.last & (stretches.end > stretches.end.max() - due), people)
    again = np.flatnonzero(~stretches.last)
    pauses, whose = stretches.start[again + 1] - stretches.end[again], stretches.person[again]
    pause = effects(whose, np.log(pauses), people) if len(pauses) else None
    hazard = _hazard(stretches)
    capped = np.flatnonzero(hazard >= _CAPPED)
    comes = stretches.start[np.append(True, stretches.last[:-1])]
    dated = midnight is not None and float(ended.max() - began.min()) >= _DAY
    peak, swing = _day(stretches.start - (midnight or 0.0)) if dated else (0.0, 1.0)
    nothing = float("nan")
    return FittedSessions(
        sessions=np.bincount(stretches.person, minlength=people),
        answers=np.maximum(np.exp(number.each), 1.0),
        answers_typical=max(float(np.exp(number.mean)), 1.0),
        answers_spread=number.spread,
        answers_sigma=number.sigma,
        pause=np.full(people, nothing) if pause is None else np.exp(pause.each),
        pause_typical=nothing if pause is None else float(np.exp(pause.mean)),
        pause_spread=nothing if pause is None else pause.spread,
        pause_sigma=nothing if pause is None else pause.sigma,
        length=float(np.median(stretches.end - stretches.start)),
        hazard=hazard,
        cap=int(capped[0]) + 1 if len(capped) else None,
        gaps=_gaps(gap[~first]),
        overlap=float((gap[~first] < 0).mean()) if not first.all() else 0.0,
        hours=np.bincount(((began - (midnight or 0.0)) % _DAY // 3600).astype(np.intp), minlength=24) / len(began),
        peak=peak,
        swing=swing,
        arrival=max(float(comes.mean() - began.min()), _LEAST),
        distance_of_answers=kolmogorov_smirnov(stretches.answers.astype(np.float64), _drawn_answers(number, stretches.person, rng)),
        distance_of_pauses=nothing if pause is None else kolmogorov_smirnov(pauses, _drawn(pause, whose, rng)),
    )


def _stretches(who: Indices, began: Floats, ended: Floats, breaks: NDArray[np.bool_]) -> Stretches:
    starts = np.flatnonzero(breaks)
    person = who[starts]
    return Stretches(
        person,
        began[starts],
        np.maximum.reduceat(ended, starts),
        np.diff(np.append(starts, len(who))),
        np.append(person[1:] != person[:-1], True),
    )


def _answers(stretches: Stretches, cut: NDArray[np.bool_], people: int) -> Effects:
    """Return the effects of people on the log of the number of answers in a session, as one that is not rounded.

    Args:
        stretches: the sessions.
        cut: which were under way when the log ended; shape (sessions,).
        people: how many there are.
    """
    # If all sessions are under way, they are all that is known.
    cut = cut if not cut.all() else np.zeros(len(cut), np.bool_)
    whole, times = np.unique(stretches.answers[~cut], return_counts=True)
    part, times_cut = np.unique(stretches.answers[cut], return_counts=True)

    def loss(point: Floats) -> float:
        mean, sigma = point[0], np.exp(point[1])
        high = (np.log(whole) - mean) / sigma
        low = np.where(whole > 1, (np.log(np.maximum(whole - 1, 1)) - mean) / sigma, -np.inf)
        inside = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
        lasting = np.where(part > 1, ndtr(-(np.log(np.maximum(part - 1, 1)) - mean) / sigma), 1.0)
        return -float(times @ np.log(np.maximum(inside, 1e-300)) + times_cut @ np.log(np.maximum(lasting, 1e-300)))

    middle = np.log(stretches.answers - 0.5)
    start = np.array([middle.mean(), np.log(max(float(middle.std()), 0.1))])
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6, "maxiter": 1000})
    mean, total = float(found.x[0]), float(np.exp(np.clip(found.x[1], -5, 1.6)))
    among = effects(stretches.person, middle, people)
    whole_variance = among.spread**2 + among.sigma**2
    share = among.spread**2 / whole_variance if whole_variance > 0 else 0.0
    return Effects(mean, total * share**0.5, total * (1 - share) ** 0.5, mean + among.each - among.mean)


def _hazard(stretches: Stretches) -> Floats:
    """Return the hazard of leaving, for as long as enough sessions have come so far."""
    ends = np.bincount(stretches.answers)[1:]
    reached = len(stretches.answers) - np.append(0, np.cumsum(ends)[:-1])
    enough = reached >= _AT_RISK
    return np.asarray(ends[enough] / reached[enough], np.float64)


def _gaps(gap: Floats) -> tuple[float, float, float]:
    if len(gap) == 0:
        return (float("nan"),) * 3
    middle, high, highest = np.quantile(np.maximum(gap, 0.0), [0.5, 0.95, 0.99])
    return float(middle), float(high), float(highest)


def _day(start: Floats) -> tuple[float, float]:
    """Return peak and swing of a day whose activity is the exponential of a cosine (von Mises; Fisher, 1993, section 4.5.5)."""
    turn = np.exp(2j * np.pi * start / _DAY).mean()
    length = float(min(abs(turn), 0.99))
    kappa = float(length * (2 - length**2) / (1 - length**2))
    for _ in range(20):
        ratio = float(i1e(kappa) / i0e(kappa)) if kappa > 0 else 0.0
        slope = 1 - ratio**2 - (ratio / kappa if kappa > 1e-9 else 0.5)
        kappa = max(kappa - (ratio - length) / slope, 0.0)
    return float(np.angle(turn) / (2 * np.pi) * 24 % 24), float(min(np.exp(2 * kappa), 1000.0))


def _drawn(effect: Effects, person: Indices, rng: np.random.Generator) -> Floats:
    return np.asarray(np.exp(effect.each[person] + effect.sigma * rng.standard_normal(len(person))))


def _drawn_answers(effect: Effects, person: Indices, rng: np.random.Generator) -> Floats:
    return np.maximum(np.ceil(_drawn(effect, person, rng)), 1.0)


def _short(value: float) -> float:
    """Return a number to as many digits as a table shows."""
    return float(f"{float(value):.4g}")
