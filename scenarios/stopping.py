"""What stopping cost: the best moment of a campaign, and the moments at which rules would have ended it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from agents.advice import numbered
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
        macro_f1: macro F1 at that moment.
        best_macro_f1: the highest macro F1 of all versions. Where classes are rare it tells more than accuracy, which is high for a
            model too that never says them.
        best_macro_f1_labels: what the first version was trained on that had it.
    """

    accuracy: float
    labels: int
    close: int
    macro_f1: float | None = None
    best_macro_f1: float | None = None
    best_macro_f1_labels: int | None = None


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
        macro_f1: the macro F1 that the model scored.
        macro_f1_loss: the highest macro F1 of the campaign, less this one.
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
    macro_f1: float | None = None
    macro_f1_loss: float | None = None


def best_of(curve: Sequence[tuple[int, float, float]]) -> Best | None:
    """Return the best moment of a curve; None if it has no points.

    Args:
        curve: labels, accuracy and macro F1, in order of time.
    """
    if not curve:
        return None
    # Of those that are as good, max returns the first.
    labels, best, macro_f1 = max(curve, key=lambda point: point[1])
    by_macro_f1, _, best_macro_f1 = max(curve, key=lambda point: point[2])
    close = next(labels for labels, accuracy, _ in curve if _is_close(accuracy, best))
    return Best(best, labels, close, macro_f1, best_macro_f1, by_macro_f1)


def advised_of(state: State) -> tuple[Advised, ...]:
    """Return the rules that fired, in order of time, and what stopping then cost, as far as the curve goes by now."""
    scored = {each.version: each for each in state.curve}
    best = max((each.accuracy for each in state.curve), default=0.0)
    best_macro_f1 = max((each.macro_f1 for each in state.curve), default=0.0)
    close = next((each for each in state.curve if _is_close(each.accuracy, best)), None)
    found = []
    for rule, version, labels, _, time, cost in state.advice:
        then = scored.get(version)
        what_it_cost: tuple[Any, ...] = (None,) * 6
        if then is not None and close is not None:
            overshoot = labels - close.labels, (cost - close.cost) / MILLIONTHS
            what_it_cost = then.accuracy, best - then.accuracy, *overshoot, then.macro_f1, best_macro_f1 - then.macro_f1
        found.append(Advised(rule, version, labels, cost / MILLIONTHS, time / SECOND, *what_it_cost))
    return tuple(found)


def not_reached_of(rules: Sequence[str], state: State) -> tuple[str, ...]:
    """Return the stop rules that have not fired by now, in the order of the scenario.

    Args:
        rules: their kinds, as the header of a log says them: a class of one's own by its dotted path.
        state: the state.
    """
    fired = {each.rule for each in state.advice}
    names = numbered([kind.rpartition(".")[2] for kind in rules])
    # A class of one's own may have another name, which nothing but its advice tells.
    strangers = bool(fired.difference(names))
    known = [name for name, kind in zip(names, rules, strict=True) if not (strangers and "." in kind)]
    return tuple(name for name in known if name not in fired)


def _is_close(accuracy: float, best: float) -> bool:
    # Accuracies are shares of some items: what differs by rounding alone is the same.
    return accuracy >= best - CLOSE - 1e-12
