"""What is known of people while answers come: how often each gives which label, in plain numbers, a few at a time."""

from collections.abc import Sequence
from math import log
from sys import float_info

import numpy as np

from agents.inference.answers import AnswerTable, Floats

LEAST = float_info.min
"""Stands for zero where a logarithm is taken."""


class ErrorRates:
    """How often each person gave each label where each class is true, as expected, and how often they are right.

    An answer concerns a few numbers, which Python adds up sooner than an array is made of them.

    Args:
        classes: how many classes there are.
        one_coin: whether everybody has a single error rate, in place of a confusion matrix.
        smoothing: pseudo-answers of each label in each row.
        trust: pseudo-answers more that are right, in each row.
    """

    def __init__(self, classes: int, one_coin: bool, smoothing: float, trust: float) -> None:
        self.classes, self.one_coin = classes, one_coin
        self.smoothing, self.trust = smoothing, trust
        self.added = classes * smoothing + trust
        self.answers: list[int] = []
        self._totals: list[list[float]] = []
        self._right: list[float] = []
        # By person times classes plus label: what somebody never said takes no room.
        self._counts: dict[int, list[float]] = {}

    def load(self, table: AnswerTable, posterior: Floats) -> None:
        """Hold what these class probabilities of all items say of people, and nothing else."""
        persons, labels = table.pairs
        counts, people = table.to_pairs(posterior), len(table.people)
        totals = np.zeros((people, self.classes))
        np.add.at(totals, persons, counts)
        self.answers = table.answers_of_person.tolist()
        self._totals = totals.tolist()
        self._right = np.bincount(persons, counts[np.arange(len(counts)), labels], people).astype(np.float64).tolist()
        self._counts = dict(zip((persons * self.classes + labels).tolist(), counts.tolist(), strict=True))

    def have(self, people: int) -> None:
        """Know so many people at least."""
        while len(self.answers) < people:
            self.answers.append(0)
            self._right.append(0.0)
            self._totals.append([0.0] * self.classes)

    def count(self, person: int, label: int, weight: float, change: Sequence[float]) -> None:
        """Let an answer count so much more, by true class."""
        place = person * self.classes + label
        before = self._counts.get(place)
        more = change if weight == 1.0 else [weight * each for each in change]
        self._counts[place] = [*more] if before is None else [old + new for old, new in zip(before, more, strict=True)]
        self._totals[person] = [old + new for old, new in zip(self._totals[person], more, strict=True)]
        self._right[person] += more[label]

    def weigh(self, logs: Sequence[float], person: int, label: int) -> list[float]:
        """Return logarithms by class with that of the probability of an answer added."""
        smoothing = self.smoothing
        if self.one_coin:
            skill = (self._right[person] + smoothing + self.trust) / (self.answers[person] + self.added)
            wrong = log(max((1.0 - skill) / max(self.classes - 1, 1), LEAST))
            weighed = [so_far + wrong for so_far in logs]
            weighed[label] = logs[label] + log(max(skill, LEAST))
            return weighed
        counts, added = self._counts[person * self.classes + label], self.added
        heard = [count + smoothing for count in counts]
        heard[label] += self.trust
        spoken = zip(logs, heard, self._totals[person], strict=True)
        return [so_far + log((count if count > LEAST else LEAST) / (total + added)) for so_far, count, total in spoken]

    def skill(self, person: int) -> float:
        """Return the probability that a person's answer is right: the posterior mean under Jeffreys' prior."""
        return (self._right[person] + 0.5) / (self.answers[person] + 1.0)

    def fade(self, person: int, left: float) -> None:
        """Let all that somebody said count so many times as much."""
        self._totals[person] = [left * total for total in self._totals[person]]
        self._right[person] *= left
        for place in range(person * self.classes, (person + 1) * self.classes):
            if place in self._counts:
                self._counts[place] = [left * count for count in self._counts[place]]

    def forget(self, person: int) -> None:
        """Let nothing be left of what somebody said."""
        self.answers[person] = 0
        self._right[person] = 0.0
        self._totals[person] = [0.0] * self.classes
        for place in range(person * self.classes, (person + 1) * self.classes):
            self._counts.pop(place, None)
