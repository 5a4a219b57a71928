"""What is true of the items of a log: known, or inferred from the answers, with as much doubt as consensus deserves."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.auto import Auto
from agents.items import UNKNOWN

PLENTY = 200
"""Items of known class, per class, from which on people are judged by these alone: what is inferred may be wrong alike for all."""

DOUBT, WORTH = 0.04, 25.0
"""By how much the crowd's consensus is right less often than it makes believe, as long as nothing is known; and how many items of
known class that belief is worth. On text, consensus is wrong on 4 to 8 % of the items beyond what models of independent people
expect, and 3.3 % of the labels of well-known test sets are wrong (Northcutt, Athalye and Mueller, 2021)."""

COLDEST = 0.01
"""The least power to which odds are raised."""


class Truths(NamedTuple):
    """What is known, or thought, of the items' classes.

    Attributes:
        posterior: probability of each class; 1 at the known ones; shape (items, classes).
        known: whether each is known; shape (items,).
        used: whether people are judged by each item; shape (items,).
        prior: share of each class; shape (classes,).
        doubt: by how much the consensus on items that are not known is thought to be right less often than it makes believe.
        temper: the power to which its odds are raised for that; 1 for none.
    """

    posterior: Floats
    known: NDArray[np.bool_]
    used: NDArray[np.bool_]
    prior: Floats
    doubt: float = 0.0
    temper: float = 1.0

    @property
    def weights(self) -> Floats:
        """The posterior of the items by which people are judged, and zeros for others; shape (items, classes)."""
        return np.where(self.used[:, None], self.posterior, 0.0)

    def drawn(self, stream: np.random.Generator) -> Indices:
        """Return a class for each item, drawn from what is thought of it; shape (items,)."""
        reached = self.posterior.cumsum(axis=1)
        place = (reached <= stream.random((len(reached), 1)) * reached[:, -1:]).sum(axis=1)
        return np.asarray(np.minimum(place, self.posterior.shape[1] - 1), np.intp)


def first_truths(table: AnswerTable, truth: Indices | None) -> Truths:
    """Return what is known of the items; and, if little is, what truth inference makes of the others.

    Args:
        table: the answers.
        truth: index of the true class of each item, UNKNOWN where it is not known; shape (items,). None where nothing is known.
    """
    gold = np.full(len(table.items), UNKNOWN) if truth is None else np.asarray(truth, np.intp)
    known, heard = gold != UNKNOWN, table.answers_of_item > 0
    classes = max(len(table.classes), 1)
    if known[heard].all() or np.count_nonzero(known & heard) >= PLENTY * classes:
        posterior = np.full((len(gold), classes), 1.0 / classes)
        used = known & heard
    else:
        informed = AnswerTable(table.items, table.people, table.classes, table.item, table.person, table.label, gold)
        posterior, used = Auto().infer(informed).posterior.copy(), heard
    _clamp(posterior, gold)
    return Truths(posterior, known, used, _prior(posterior, used))


def doubted(truths: Truths, evidence: Floats, gold: Indices | None) -> Truths:
    """Return what is thought of the items that are not known, with doubt.

    What people have in common misleads them in common, and the answers themselves do not show it. Where some items are known, the
    consensus on them does. By how much it claims too much there, and by a belief beforehand, the odds of all others are lowered:
    raised to one power (temperature scaling: Guo et al., 2017), so that contested items are the more doubtful ones.

    Args:
        truths: what was thought.
        evidence: log probability of each item's answers by its true class; shape (items, classes).
        gold: index of the true class of each item, UNKNOWN where it is not known; shape (items,).
    """
    known, open_ = np.flatnonzero(truths.known & truths.used), np.flatnonzero(~truths.known)
    if not len(open_):
        return truths
    joint = evidence + np.log(np.maximum(truths.prior, 1e-9))
    if len(known) >= PLENTY * joint.shape[1]:
        doubt = 0.0
    else:
        right = 0.0 if gold is None else float((joint[known].argmax(axis=1) == gold[known]).sum())
        claimed = float(_tempered(joint[known], 1.0).max(axis=1).sum()) if len(known) else 0.0
        doubt = max((DOUBT * WORTH + claimed - right) / (WORTH + len(known)), 0.0)
    wanted = max(float(_tempered(joint[open_], 1.0).max(axis=1).mean()) - doubt, 1.0 / joint.shape[1])
    temper = _temper(joint[open_], wanted) if doubt else 1.0
    posterior = truths.posterior.copy()
    posterior[open_] = _tempered(joint[open_], temper)
    return truths._replace(posterior=posterior, prior=_prior(posterior, truths.used), doubt=doubt, temper=temper)


def _temper(joint: Floats, wanted: float) -> float:
    """Return the power at which the mean probability of the best class is as wanted, by bisection."""
    low, high = np.log(COLDEST), 0.0
    for _ in range(20):
        middle = (low + high) / 2
        if float(_tempered(joint, float(np.exp(middle))).max(axis=1).mean()) > wanted:
            high = middle
        else:
            low = middle
    return float(np.exp((low + high) / 2))


def _tempered(joint: Floats, power: float) -> Floats:
    """Return the probabilities whose odds are these to a power; shape (items, classes)."""
    logs = power * joint
    return np.asarray(np.exp(logs - logsumexp(logs, axis=1, keepdims=True)))


def _clamp(posterior: Floats, gold: Indices) -> None:
    known = np.flatnonzero(gold != UNKNOWN)
    posterior[known] = 0.0
    posterior[known, gold[known]] = 1.0


def _prior(posterior: Floats, used: NDArray[np.bool_]) -> Floats:
    total = posterior[used].sum(axis=0) + 1e-9
    return np.asarray(total / total.sum())
