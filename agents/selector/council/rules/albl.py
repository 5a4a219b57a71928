"""Active learning by learning: a bandit finds out which member to listen to."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from agents.selector.council.rule import Memory, Ordered, Rule, Sitting
from agents.selector.view import PoolView


class Albl(Rule):
    """Active learning by learning (Hsu and Lin, 2015): the bandit EXP4.P (Beygelzimer et al., 2011) with the members as experts.

    For each place a member is drawn, by what members were worth so far, and the best of its nominations that is still there is
    taken; one that chooses by chance advises each item of the pool alike. An item's reward comes with the first model that is
    published after its label: that model's accuracy on all labelled items that were asked for in this way, each weighted by one
    over the probability with which it was (importance-weighted accuracy). It is divided by the sum of the weights, so that it lies
    between 0 and 1 with few items too. Labels are what the Coordinator settled on: agents know no others. A member that chooses by
    chance makes the estimate one of the whole pool.

    Members share one model, so that an item's reward says little of who named it: over a few hundred labels they hardly part, and
    the gain is that nobody is listened to alone (see Tran et al., 2018, on rewards).

    In the original an item may be drawn again once it is labelled; here only items that were never asked for are.
    """

    kind: ClassVar[str] = "albl"
    needs_model: ClassVar[bool] = True

    delta: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """Probability with which the bound on regret may fail: the smaller, the more members are tried that were tried little."""
    horizon: Annotated[int, Field(ge=1)] | None = None
    """Items for which the learning rate is made; left out, as many as will be asked for."""

    def memory(self, members: int, horizon: int) -> "Exp4P":
        """Return the bandit."""
        return Exp4P(members, self.horizon or max(1, horizon), self.delta)

    def order(self, sitting: Sitting) -> Ordered:
        """Return items as they are drawn, with the probability of each as its score, those before it being gone."""
        assert isinstance(sitting.memory, Exp4P)
        return [(draw.row, draw.probability) for draw in drawn(sitting, sitting.memory.weights)]


class Draw(NamedTuple):
    """An item that was drawn.

    Attributes:
        row: the item.
        probability: with which it was drawn.
        left: how many items it might have been.
        advice: with what probability each member would have drawn it.
    """

    row: int
    probability: float
    left: int
    advice: tuple[float, ...]


def drawn(sitting: Sitting, weights: Sequence[float]) -> Iterator[Draw]:
    """Draw all nominated items, one after the other and none twice.

    Args:
        sitting: the nominations.
        weights: the probability of each member.
    """
    luck = sitting.luck.luck(sitting.round)
    yield from _taken(sitting, weights, lambda tops, chances: tops[_chosen(chances, luck.uniform())], len(sitting.rows))


def followed(sitting: Sitting, weights: Sequence[float], rows: Sequence[int]) -> Iterator[Draw]:
    """Return how these items were drawn, one after the other; arguments as above."""
    later = iter(rows)
    yield from _taken(sitting, weights, lambda tops, chances: next(later), len(rows))


_Tops = list[int | None]


def _taken(
    sitting: Sitting, weights: Sequence[float], choose: Callable[[_Tops, list[float]], int | None], count: int
) -> Iterator[Draw]:
    """Take so many items one after the other, each chosen from the best that members have left, by the chances of these."""
    ballots = [iter(ballot.rows) for ballot in sitting.ballots]
    tops = [next(ballot, None) for ballot in ballots]
    gone: set[int] = set()
    for place in range(count):
        # Who has nothing left to name is not drawn.
        chances = [0.0 if top is None else weight for weight, top in zip(weights, tops, strict=True)]
        row, left = choose(tops, chances), sitting.left - place
        assert row is not None
        advice = tuple(1 / left if ballot.even else float(top == row) for ballot, top in zip(sitting.ballots, tops, strict=True))
        probability = math.fsum(chance * each for chance, each in zip(chances, advice, strict=True)) / math.fsum(chances)
        yield Draw(row, probability, left, advice)
        gone.add(row)
        for member, ballot in enumerate(ballots):
            while tops[member] in gone:
                tops[member] = next(ballot, None)


def _chosen(chances: Sequence[float], uniform: float) -> int:
    """Return the index on which a number between 0 and 1 falls, by chances that need not add up to 1."""
    point = uniform * math.fsum(chances)
    for index, chance in enumerate(chances):
        point -= chance
        if point < 0:
            return index
    # Rounding.
    return max(index for index, chance in enumerate(chances) if chance)


class _Query(NamedTuple):
    draw: Draw
    weights: tuple[float, ...]


class Exp4P(Memory):
    """The bandit: what members were worth so far, and the items that were drawn by it.

    Args:
        members: how many there are.
        horizon: items that it will draw.
        delta: see the rule.
    """

    def __init__(self, members: int, horizon: int, delta: float) -> None:
        trials = members * horizon
        self._least = min(math.sqrt(math.log(members) / trials), 1 / members)
        self._width = math.sqrt(math.log(members / delta) / trials)
        self._logs = [0.0] * members
        self._queries: dict[int, _Query] = {}
        self._labels: dict[int, int] = {}
        self._unrewarded: list[int] = []

    @property
    def weights(self) -> tuple[float, ...]:
        """The probability with which each member is listened to."""
        best = max(self._logs)
        shares = [math.exp(each - best) for each in self._logs]
        total, mixed = math.fsum(shares), 1 - len(shares) * self._least
        return tuple(mixed * share / total + self._least for share in shares)

    def settle(self, sitting: Sitting, rows: Sequence[int]) -> None:
        """Remember how these items were drawn."""
        weights = self.weights
        # Not drawn again: who reads in the log what was drawn may have heard of labels sooner than who drew it.
        for draw in followed(sitting, weights, rows):
            self._queries[draw.row] = _Query(draw, weights)

    def hear(self, row: int, label: int, view: PoolView) -> None:
        """Remember a label."""
        if row in self._queries:
            if row not in self._labels:
                self._unrewarded.append(row)
            self._labels[row] = label

    def drop(self, row: int) -> None:
        """Forget an item."""
        self._queries.pop(row, None)
        if self._labels.pop(row, None) is not None and row in self._unrewarded:
            self._unrewarded.remove(row)

    def advance(self, view: PoolView) -> None:
        """Reward what has been labelled since the last model."""
        if self._unrewarded:
            reward = self.accuracy(view)
            for row in self._unrewarded:
                self._reward(self._queries[row], reward)
            self._unrewarded = []

    def accuracy(self, view: PoolView) -> float:
        """Return a model's importance-weighted accuracy on the labelled items."""
        rows = [*self._labels]
        hits = view.probabilities[rows].argmax(axis=1) == np.fromiter(self._labels.values(), np.intp, len(rows))
        draws = [self._queries[row].draw for row in rows]
        weights = np.array([1.0 / (draw.left * draw.probability) for draw in draws])
        return float(weights[hits].sum() / weights.sum())

    def _reward(self, query: _Query, reward: float) -> None:
        """Let members gain by what they advised, and by how little they are listened to."""
        for member, (advice, weight) in enumerate(zip(query.draw.advice, query.weights, strict=True)):
            estimate = reward * advice / query.draw.probability
            self._logs[member] += self._least / 2 * (estimate + self._width / weight)
