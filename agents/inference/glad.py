"""GLAD: people differ in ability, and items in difficulty."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import Field
from scipy.special import expit, logsumexp

from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.inference import Inference, Inferred, clamp

HALVINGS = 20
"""How often a step is tried at most; one that still loses is left out."""

STRIDE = 1.0
"""The longest step of an ability or an ease: where all answers are certain, Newton's has no bound."""

ROUNDING = 1e-12
"""What may be lost by rounding, of what there is."""


@dataclass(frozen=True, eq=False)
class Abilities(Inferred):
    """What GLAD finds.

    Attributes:
        ability: of each person, the log odds of a right answer to an item of difficulty 1 (of two classes); 0 is guessing,
            below it somebody who is rather wrong than right; shape (people,).
        difficulty: of each item, above 0: what ability is divided by; shape (items,).
    """

    ability: Floats | None = None
    difficulty: Floats | None = None


class Glad(Inference):
    """Abilities of people and difficulties of items, with the true classes: GLAD (Whitehill et al., 2009)."""

    kind: ClassVar[str] = "glad"
    ability: float = Field(1.0, allow_inf_nan=False)
    """Mean of the normal distribution of abilities."""
    ability_spread: float = Field(1.0, gt=0, allow_inf_nan=False)
    """Its standard deviation."""
    ease: float = Field(1.0, ge=-10, le=10)
    """Mean of the normal distribution of the items' ease: the logarithm of one over the difficulty."""
    ease_spread: float = Field(1.0, gt=0, allow_inf_nan=False)
    """Its standard deviation."""
    sweeps: int = Field(1, ge=1)
    """Steps for abilities and for difficulties in each M-step."""
    tolerance: float = Field(1e-5, ge=0, allow_inf_nan=False)
    """Gain in log posterior per answer (nats) below which it has converged."""
    most: int = Field(200, ge=1)
    """Iterations at most."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Abilities:
        """Return posteriors, abilities and difficulties. An iteration is an M-step and an E-step.

        All classes are as common beforehand, and all wrong labels as probable. The M-step goes up but not to the top
        (generalised expectation-maximisation): Newton steps for abilities, and Fisher scoring for difficulties. The log
        posterior, which never falls, stands in log_likelihood, but for a constant.
        """
        odds = _Odds(table, self)
        posterior = odds.expect()[0] if start is None else clamp(start.astype(np.float64), table)
        history = list[float]()
        enough = self.tolerance * max(len(table), 1)
        converged = False
        while not converged and len(history) < self.most:
            right = posterior[table.item, table.label]
            for _ in range(self.sweeps):
                odds.train(right)
                odds.grade(right)
            posterior, value = odds.expect()
            history.append(value)
            converged = len(history) > 1 and history[-1] - history[-2] < enough
        difficulty = np.exp(-odds.ease)
        return Abilities(table, posterior, len(history), converged, tuple(history), None, None, odds.ability, difficulty)


class _Odds:
    """The log odds that each answer is right: the person's ability times the exponential of the item's ease.

    Of an answer that is right with probability r and has log odds z, r z - log(1 + exp z) is the expected log-likelihood.
    Given the ease of all items it is a sum over people of functions of one ability each, and the other way round: each takes a
    step of its own length.
    """

    def __init__(self, table: AnswerTable, dials: Glad) -> None:
        self.table, self.dials = table, dials
        self.cell = table.item * len(table.classes) + table.label
        self.ability = np.full(len(table.people), dials.ability)
        self.ease = np.full(len(table.items), dials.ease)
        self._set(self.ability[table.person] * np.exp(self.ease)[table.item])

    def _set(self, odds: Floats) -> None:
        self.odds, self.softplus = odds, softplus(odds)

    def train(self, right: Floats) -> None:
        """Take a step towards the best abilities, given how probable it is that each answer is right; shape (answers,)."""
        person, slope = self.table.person, np.exp(self.ease)[self.table.item]
        prior = _Normal(self.dials.ability, self.dials.ability_spread)
        self.ability = self._climb(self.ability, prior, person, right, slope, lambda ability: ability[person] * slope)

    def grade(self, right: Floats) -> None:
        """Take a step towards the best ease of items."""
        item, ability = self.table.item, self.ability[self.table.person]
        prior = _Normal(self.dials.ease, self.dials.ease_spread)
        self.ease = self._climb(self.ease, prior, item, right, self.odds, lambda ease: np.exp(ease)[item] * ability)

    def _climb(
        self,
        values: Floats,
        prior: "_Normal",
        index: Indices,
        right: Floats,
        slope: Floats,
        odds_of: Callable[[Floats], Floats],
    ) -> Floats:
        """Return the values a step further up, each halved until it loses nothing, and set the log odds to match.

        Args:
            values: abilities of people, or ease of items.
            prior: their distribution.
            index: whose answer each is; shape (answers,).
            right: how probable it is that it is right; shape (answers,).
            slope: derivative of its log odds by the value; shape (answers,).
            odds_of: its log odds, given values.
        """
        share = expit(self.odds)
        gradient = np.bincount(index, (right - share) * slope, len(values)) - (values - prior.mean) / prior.spread**2
        curvature = np.bincount(index, share * (1.0 - share) * slope**2, len(values)) + 1.0 / prior.spread**2
        step = np.clip(gradient / curvature, -STRIDE, STRIDE)
        before = np.bincount(index, right * self.odds - self.softplus, len(values)) + prior.log(values)
        for attempt in range(HALVINGS):
            self._set(odds_of(values + step))
            after = np.bincount(index, right * self.odds - self.softplus, len(values)) + prior.log(values + step)
            loses = after < before - ROUNDING * (1.0 + np.abs(before))
            if not loses.any():
                return np.asarray(values + step, np.float64)
            step[loses] *= 0.5 if attempt < HALVINGS - 2 else 0.0
        return np.asarray(values + step, np.float64)

    def expect(self) -> tuple[Floats, float]:
        """Return the E-step: posteriors, known items certain, shape (items, classes); and the log posterior (nats)."""
        table = self.table
        shape = len(table.items), len(table.classes)
        others = np.log(max(shape[1] - 1, 1))
        joint = np.bincount(self.cell, self.odds + others, shape[0] * shape[1]).reshape(shape) - np.log(shape[1])
        totals = logsumexp(joint, axis=1, keepdims=True)
        posterior = clamp(np.exp(joint - totals), table)
        totals[table.known, 0] = joint[table.known, table.gold[table.known]]
        value = totals.sum() - self.softplus.sum() - others * len(table)
        abilities = _Normal(self.dials.ability, self.dials.ability_spread).log(self.ability)
        eases = _Normal(self.dials.ease, self.dials.ease_spread).log(self.ease)
        return posterior, float(value + abilities.sum() + eases.sum())


@dataclass(frozen=True)
class _Normal:
    mean: float
    spread: float

    def log(self, values: Floats) -> Floats:
        """Return log densities, but for a constant."""
        return np.asarray(-0.5 * ((values - self.mean) / self.spread) ** 2)


def softplus(odds: Floats) -> Floats:
    """Return log(1 + exp z), which neither overflows nor loses digits."""
    return np.asarray(np.log1p(np.exp(-np.abs(odds))) + np.maximum(odds, 0.0))
