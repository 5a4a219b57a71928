"""Votes, counted."""

from collections import Counter
from collections.abc import Sequence

from agents.coordinator.crowd import Answer, Crowd
from agents.messages import Item, Label


def plurality(answers: Sequence[Answer], item: Item, crowd: Crowd) -> Label:
    """Return the most frequent label; of several, each with the same chance, whatever order the answers came in."""
    counts: dict[Label, int] = {}
    for answer in answers:
        counts[answer.label] = counts.get(answer.label, 0) + 1
    most = max(counts.values())
    leading = [label for label, count in counts.items() if count == most]
    return sorted(leading, key=str)[crowd.luck(item).below(len(leading))] if len(leading) > 1 else leading[0]


def leading(answers: Sequence[Answer]) -> list[Label]:
    """Return the most frequent label, or labels, in the order in which they were first given; none if nobody has answered."""
    counts = Counter(answer.label for answer in answers)
    most = max(counts.values(), default=0)
    return [label for label, count in counts.items() if count == most]


def lead(answers: Sequence[Answer]) -> int:
    """Return by how many votes the most frequent label is ahead of the next; 0 if nobody has answered."""
    first, second, *_ = [*sorted(Counter(answer.label for answer in answers).values(), reverse=True), 0, 0]
    return first - second


def agreement(answers: Sequence[Answer]) -> float:
    """Return the share of the answers that give the most frequent label; 0 if there are none."""
    return max(Counter(answer.label for answer in answers).values(), default=0) / max(len(answers), 1)
