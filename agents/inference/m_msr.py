"""M-MSR: people's skills from how often each two of them agree, whatever a few of them are up to."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field
from scipy import sparse

from agents.inference.answers import AnswerTable, Floats
from agents.inference.ballot import Ballot
from agents.inference.colleagues import Colleagues
from agents.inference.inference import Inference, Inferred, clamp, vote_shares


class MMsr(Inference):
    """Robust completion of a matrix of rank one, then a weighted vote (Ma and Olshevsky, 2020).

    How far two people agree beyond chance is on average the product of their skills, each scaled from 0 for a guess to 1 for
    an oracle. So everybody's skill is the mean, over their colleagues, of that agreement by the colleague's skill; the greatest
    and the smallest values are left out (mean-subsequence-reduced), so that a few adversaries cannot move it far. Signs, for
    people who are worse than a guess, come from who agrees with whom. An answer weighs the log-odds of its giver's skill, and
    the posterior is that of one-coin people with these skills and evenly spread classes.

    Colleagues are people with an item in common. Skills start equal, so that nothing is left to chance; in each part of the
    crowd that items connect, most answers are given by people who are better than a guess. Gold labels count as a colleague who
    is right. The items of people without colleagues get the share of the votes.
    """

    kind: ClassVar[str] = "m-msr"

    iterations: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    """How often skills are estimated at most."""
    adversaries: Annotated[int, Field(ge=0)] | None = None
    """How many values are left out at either end; left out, the paper's: half the colleagues of whoever has fewest, less one."""
    tolerance: Annotated[float, Field(ge=0.0, le=1.0)] = 1e-10
    """It rests when the completed matrix changes less than this (Frobenius norm)."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return the posterior of the weighted vote; skills start equal, not from `start`."""
        classes = len(table.classes)
        posterior = vote_shares(table)
        if classes < 2:
            return Inferred(table, posterior)
        ballot = Ballot(table)
        colleagues = Colleagues(_with_gold(ballot), classes)
        first = np.full(colleagues.people, 0.5)
        cut = colleagues.least // 2 - 1 if self.adversaries is None else self.adversaries
        size, iterations, converged = _completed(colleagues, first, first, max(cut, 0), self.iterations, self.tolerance)
        weight = _log_odds(colleagues.signs(size) * size, classes, int(np.count_nonzero(table.answers_of_item)))
        social = colleagues.number[:-1] > 0
        scores = ballot.scores(np.where(social, weight[:-1], 0.0))
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        heard = ballot.scores(social.astype(np.float64)).sum(axis=1) > 0
        posterior[heard] = scores[heard] / scores[heard].sum(axis=1, keepdims=True)
        return Inferred(table, clamp(posterior, table), iterations, converged)


_MOST = 1e6
"""What a skill is at most on the way: in truth it is 1, but agreements that contradict each other may drive it up for ever."""


def _with_gold(ballot: Ballot) -> sparse.csr_array:
    """Return the ballot's matrix with one more person, who answered every known item as it is."""
    table = ballot.table
    row = table.known * len(table.classes) + table.gold[table.known]
    gold = sparse.csr_array((np.ones(len(row)), (row, np.zeros_like(row))), shape=(ballot.matrix.shape[0], 1))
    return sparse.csr_array(sparse.hstack([ballot.matrix, gold]))


def _completed(
    colleagues: Colleagues, left: Floats, right: Floats, cut: int, iterations: int, tolerance: float
) -> tuple[Floats, int, bool]:
    """Return everybody's skill without its sign, after how many iterations, and whether they came to rest.

    Args:
        colleagues: who agrees with whom how far.
        left, right: what the skills start from: the matrix is their outer product; shape (people,) each.
        cut: how many values are left out at either end.
        iterations, tolerance: as in `MMsr`.
    """
    for iteration in range(1, iterations + 1):
        last_left, last_right = left, right
        right = colleagues.quotients(left, right, cut)
        left = colleagues.quotients(right, left, cut)
        # Only their product is determined: one would grow and the other vanish, where nothing holds them.
        balance = np.sqrt(np.linalg.norm(left) / np.linalg.norm(right)) if left.any() and right.any() else 1.0
        left, right = np.clip(left / balance, -_MOST, _MOST), np.clip(right * balance, -_MOST, _MOST)
        by_left, by_right = left - last_left, right - last_right
        # The squared norm of left x right - last_left x last_right, without the matrices and without cancellation.
        change = (by_left @ by_left) * (right @ right) + (last_left @ last_left) * (by_right @ by_right)
        change += 2.0 * (by_left @ last_left) * (right @ by_right)
        if change <= tolerance**2:
            return np.sqrt(left * right), iteration, True
    return np.sqrt(left * right), iterations, False


def _log_odds(skill: Floats, classes: int, items: int) -> Floats:
    """Return the weight of answers by people of these skills, kept as far from certainty as that many items allow."""
    margin = min(1.0 / np.sqrt(max(items, 1)), 0.5)
    least = -1.0 / (classes - 1)
    skill = np.maximum(np.minimum(skill, 1.0 - margin), least + margin)
    right = (skill * (classes - 1) + 1.0) / classes
    return np.asarray(np.log(right * (classes - 1) / (1.0 - right)), np.float64)
