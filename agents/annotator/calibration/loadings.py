"""How far each person goes along with the items, learnt from the company of their errors."""

import numpy as np
from scipy.special import logsumexp

from agents.annotator.calibration.concord import Pairs, states
from agents.annotator.calibration.hardness import WIDEST, Effect, base_of
from agents.inference.answers import Floats

STEPS = 8
"""Iterations in which loadings are learnt."""

ROOM = 0.01, 4.0
"""Between what the variance of people's spreads lies around what their skill makes of them."""

STRIDE = 1.0
"""The furthest that a spread moves in an iteration."""


def loadings(pairs: Pairs, confusion: Floats, prior: Floats, effect: Effect) -> tuple[Floats, float]:
    """Return everybody's spread by true class, by expectation-maximisation over the items' hidden ease (Bock and Aitkin, 1981).

    Spreads are normally distributed around the prior, and how widely is learnt as well (an empirical Bayes estimate): people who
    said little keep the spread that goes with their skill. Margins stay as they are.

    Args:
        pairs: who answered with whom.
        confusion: marginal matrices of the people of the sample; shape (people, classes, classes).
        prior: their spreads before; shape (people, classes).
        effect: skew and distractors.

    Returns:
        Spreads, shape (people, classes), and the log-likelihood they lead to (nats).
    """
    found, base = prior.copy(), base_of(confusion, prior, effect)
    room = np.ones(prior.shape[1])
    for _ in range(STEPS):
        slope, bend = np.zeros_like(found), np.full_like(found, 1e-9)
        for truth in np.flatnonzero(pairs.total > 1e-6).tolist():
            slope[:, truth], bend[:, truth] = _slopes(pairs, base[:, truth], truth, found[:, truth], effect)
        away = found - prior
        room = (room + _room(away + np.clip(slope / bend, -2.0, 2.0), bend, room)) / 2
        found = found + np.clip((slope - away / room) / (bend + 1.0 / room), -STRIDE, STRIDE)
        found = np.clip(found, -WIDEST, WIDEST)
        base = base_of(confusion, found, effect, base)
    return found, pairs.expected(base, found, effect).log_likelihood


def _room(away: Floats, bend: Floats, room: Floats) -> Floats:
    """Return the variance of spreads around the prior that is left when that of estimating them is taken out; shape (classes,).

    Args:
        away: estimates without a prior, as differences from it; shape (people, classes).
        bend: how much is known about each; shape (people, classes).
        room: the variance as it was thought to be.
    """
    weight = (room / (room + 1.0 / bend)) ** 2
    return np.asarray(np.clip((weight * (away**2 - 1.0 / bend)).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9), *ROOM))


def _slopes(pairs: Pairs, base: Floats, truth: int, spread: Floats, effect: Effect) -> tuple[Floats, Floats]:
    """Return first and second derivative (the latter negative) of the expected log-likelihood in everybody's spread.

    They are taken along the line on which the margin stays as it is: when the spread grows, the base follows.
    """
    all_states, mine = list(states(base, truth, spread, effect)), pairs.of_class[truth]
    joint = np.stack([mine.spoken(each.answer) + np.log(each.share) for each in all_states], axis=1)
    joint = np.exp(joint - logsumexp(joint, axis=1)[:, None]) * mine.posterior[:, None]
    heard = [np.asarray(said.T @ joint) for said in mine.said]
    number = np.sum(heard, axis=0)
    means = np.stack([each.answer @ each.contrast for each in all_states], axis=1)
    bends = np.stack([each.answer @ each.contrast**2 for each in all_states], axis=1) - means**2
    ease, share = np.array([each.ease for each in all_states]), np.array([each.share for each in all_states])
    centre = bends @ (share * ease) / np.maximum(bends @ share, 1e-12)
    off = ease - centre[:, None]
    said = np.sum([told * np.array([each.contrast[label] for each in all_states]) for label, told in enumerate(heard)], axis=0)
    return (off * (said - number * means)).sum(axis=1), (off**2 * number * bends).sum(axis=1) + 1e-9
