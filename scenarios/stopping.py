"""What stopping cost: the best moment of a campaign, and the moments at which rules would have ended it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from agents.coordinator.ledger import MILLIONTHS
from agents.state import State
from bus.clock import SECOND

CLOSE = 0.01
"""Accuracy below the best that is as good as the best: what is spent from there on is overshoot."""


class Best(NamedTuple):
    """The best moment of a campaign: of all versions of the model, the first of the highest accuracy on held-out items.

    Attributes:
        accuracy: its accuracy.
        labels: what it was trained on, as on the curve.
        close: what the first version was trained on whose accuracy was no more than 0.01 below the best.
    """

    accuracy: float
    labels: int
    close: int


class Advised(NamedTuple):
    """A stop rule that fired, and what stopping then cost; None where no version is evaluated.

    Attributes:
        rule: the rule.
        version: the model by which it fired.
        labels: what that was trained on, as on the curve.
        cost: the money that was spent by then.
        seconds: the simulated time by then.
        accuracy: what the model scored.
        loss: the best accuracy of the campaign, less this one.
        overshoot: labels beyond those with which accuracy first came within 0.01 of the best; below 0, it had not come there yet.
        overshoot_cost: the money spent in between; below 0 likewise.
    """

    rule: str
    version: int
    labels: int
    cost: float
    seconds: float
    accuracy: float | None
    loss: float | None
    overshoot: int | None
    overshoot_cost: float | None


def best_of(curve: Sequence[tuple[int, float]]) -> Best | None:
    """Return the best moment of a curve; None if it has no points.

    Args:
        curve: labels and accuracy, in order of time.
    """
    if not curve:
        return None
    best = max(accuracy for _, accuracy in curve)
    labels = next(labels for labels, accuracy in curve if accuracy == best)
    return Best(best, labels, next(labels for labels, accuracy in curve if _is_close(accuracy, best)))


def advised_of(state: State) -> tuple[Advised, ...]:
    """Return the rules that fired, in order of time, and what stopping then cost, as far as the curve goes by now."""
    scored = {each.version: each.accuracy for each in state.curve}
    best = max(scored.values(), default=0.0)
    close = next((each for each in state.curve if _is_close(each.accuracy, best)), None)
    found = []
    for rule, version, labels, _, time, cost in state.advice:
        accuracy = scored.get(version)
        what_it_cost: tuple[Any, ...] = (None, None, None, None)
        if accuracy is not None and close is not None:
            what_it_cost = accuracy, best - accuracy, labels - close.labels, (cost - close.cost) / MILLIONTHS
        found.append(Advised(rule, version, labels, cost / MILLIONTHS, time / SECOND, *what_it_cost))
    return tuple(found)


def _is_close(accuracy: float, best: float) -> bool:
    # Accuracies are shares of some items: what differs by rounding alone is the same.
    return accuracy >= best - CLOSE - 1e-12
