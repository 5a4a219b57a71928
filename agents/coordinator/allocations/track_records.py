"""Track records: how often people were right, in all and by topic, as far as that is known by now."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from agents.coordinator.roll import Roll
from agents.messages import Item, Label


class Prior(NamedTuple):
    """What is expected beforehand.

    Attributes:
        mean: how often somebody of whom nothing is known is right.
        strength: answers that this is worth.
        shared: answers that what is known of somebody at all topics is worth at each.
    """

    mean: float
    strength: float
    shared: float


class Tally:
    """How often somebody was right and wrong, faded; how many answers were counted, and how many wait for being judged."""

    __slots__ = ("pending", "right", "turns", "wrong")

    def __init__(self) -> None:
        self.right = self.wrong = 0.0
        self.turns = self.pending = 0

    @property
    def judged(self) -> float:
        """What the answers that were judged are worth by now."""
        return self.right + self.wrong


class _Said:
    """An answer: what it says, whether it was right, None if it is not judged, and the turns of the tallies that counted it."""

    __slots__ = ("label", "right", "turns")

    def __init__(self, label: Label) -> None:
        self.label = label
        self.right: bool | None = None
        self.turns: tuple[int, ...] = ()


class TrackRecords:
    """Learns from the labels of items, or from gold questions alone, how good people are.

    Args:
        prior: what is expected beforehand.
        forgetting: what an answer is still worth each time that another of the same person is counted; 1 forgets nothing.
        gold_only: whether gold questions alone count.
        topics: what items are about; empty where that makes no difference.
    """

    def __init__(self, prior: Prior, forgetting: float, gold_only: bool, topics: Mapping[Item, str]) -> None:
        self._prior, self._forgetting, self._gold_only, self._topics = prior, forgetting, gold_only, topics
        self._known: dict[Item, Label] = {}
        self._said: dict[Item, dict[str, _Said]] = {}
        self._people: dict[str, Tally] = {}
        self._arms: dict[tuple[str, str], Tally] = {}
        # What follows from what was learnt, until more is; averages are over those who are expected, too.
        self._means: dict[str, dict[str, float]] = {}
        self._averages: dict[str, float] = {}
        self._averaged = (0, 0)

    def topic(self, item: Item) -> str:
        """Return what an item is about; the same for all where that makes no difference."""
        return self._topics.get(item, "")

    def tally(self, name: str, topic: str) -> Tally:
        """Return how somebody has done at a topic; where topics make no difference, at all."""
        if not self._topics:
            return self._people.setdefault(name, Tally())
        return self._arms.setdefault((name, topic), Tally())

    def beta(self, name: str, topic: str) -> tuple[float, float]:
        """Return the parameters of the posterior of how often somebody is right at a topic.

        Its prior is how often they are right at all topics, which is shrunk towards what is expected of everybody.
        """
        person = self._people.setdefault(name, Tally())
        mean, strength, shared = self._prior
        # What was added and taken away again leaves a rounding error, which may be below 0.
        right, wrong = mean * strength + max(person.right, 0.0), (1 - mean) * strength + max(person.wrong, 0.0)
        if not self._topics:
            return right, wrong
        arm, whole = self.tally(name, topic), right + wrong
        return shared * right / whole + max(arm.right, 0.0), shared * wrong / whole + max(arm.wrong, 0.0)

    def mean(self, name: str, topic: str) -> float:
        """Return the mean of that posterior."""
        # Where many are free, each of them is weighed up for each question.
        means = self._means.setdefault(name, {})
        if topic not in means:
            right, wrong = self.beta(name, topic)
            means[topic] = right / (right + wrong)
        return means[topic]

    def average(self, topic: str, roll: Roll) -> float:
        """Return the mean over all who are expected; 0 if nobody is."""
        key = (len(roll.present), len(roll.behind))
        if key != self._averaged:
            self._averaged = key
            self._averages.clear()
        if topic not in self._averages:
            means = [self.mean(name, topic) for name in roll.present if roll.is_expected(name)]
            self._averages[topic] = math.fsum(means) / max(len(means), 1)
        return self._averages[topic]

    # What is learnt

    def know(self, item: Item, label: Label) -> None:
        """Learn what an item truly is."""
        self._known[item] = label

    def hear(self, item: Item, name: str, label: Label) -> None:
        """Take in an answer; it is judged at once if the item is a gold question, and otherwise when the item has its label."""
        said = _Said(label)
        if item in self._known:
            self._judge(name, item, said, label == self._known[item])
        elif not self._gold_only:
            self._said.setdefault(item, {})[name] = said
            for tally in self._tallies(name, item):
                tally.pending += 1

    def settle(self, item: Item, label: Label) -> None:
        """Judge the answers to an item by its label; those that were judged by another, anew."""
        for name, said in self._said.get(item, {}).items():
            right = said.label == label
            if said.right is None:
                for tally in self._tallies(name, item):
                    tally.pending -= 1
                self._judge(name, item, said, right)
            elif said.right != right:
                self._correct(name, item, said, right)

    def forget(self, name: str) -> None:
        """Know of somebody what was known at the start."""
        self._learn_of(name)
        self._people.pop(name, None)
        for key in [key for key in self._arms if key[0] == name]:
            del self._arms[key]
        for answers in self._said.values():
            answers.pop(name, None)

    def _learn_of(self, name: str) -> None:
        self._means.pop(name, None)
        self._averages.clear()

    def _tallies(self, name: str, item: Item) -> tuple[Tally, ...]:
        person = self._people.setdefault(name, Tally())
        return (person, self.tally(name, self.topic(item))) if self._topics else (person,)

    def _judge(self, name: str, item: Item, said: _Said, right: bool) -> None:
        said.right, said.turns = right, self.count(item, name, right)

    def count(self, item: Item, name: str, right: bool) -> tuple[int, ...]:
        """Learn at once of an answer whether it was right, and return the turns of the tallies that counted it."""
        self._learn_of(name)
        tallies = self._tallies(name, item)
        for tally in tallies:
            tally.right = tally.right * self._forgetting + right
            tally.wrong = tally.wrong * self._forgetting + (not right)
            tally.turns += 1
        return tuple(tally.turns for tally in tallies)

    def _correct(self, name: str, item: Item, said: _Said, right: bool) -> None:
        """Count an answer otherwise that was counted, at what it is worth by now."""
        self._learn_of(name)
        for tally, turn in zip(self._tallies(name, item), said.turns, strict=True):
            worth = self._forgetting ** (tally.turns - turn)
            tally.right += worth if right else -worth
            tally.wrong -= worth if right else -worth
        said.right = right
