"""How good models and labels turned out to be."""

from typing import NamedTuple


class Evaluation(NamedTuple):
    """What a model version scored on held-out items, and the labels it was trained on.

    When that was, in microseconds, and the money that was spent by then, in millionths.
    """

    version: int
    labels: int
    accuracy: float
    macro_f1: float
    log_loss: float
    time: int
    cost: int


def reprice(curve: list[Evaluation], time: int, cost: int) -> None:
    """Let the last evaluations of a curve, as far as they are of this instant, have cost what was spent when it was over."""
    at = len(curve)
    while at and curve[at - 1].time == time:
        at -= 1
        curve[at] = curve[at]._replace(cost=cost)


class Flips(NamedTuple):
    """How often members of sessions changed their minds: for the worse, for the better, from one wrong label to another."""

    right_to_wrong: int
    wrong_to_right: int
    wrong_to_wrong: int


class Judgement(NamedTuple):
    """How many resolved labels are right, in all and of each class (how many there are, how many are right)."""

    labels: int
    right: int
    by_class: tuple[tuple[int, int], ...]
