"""How much is made of what somebody says: a log-odds weight a person, given, or learnt as answers come."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, Protocol

import numpy as np
from scipy.special import digamma

from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer
from agents.coordinator.kinship import Kinship
from agents.inference.answers import Floats
from agents.inference.inference import TIED
from agents.messages import Item, Label
from bus.chance import Luck

Updates = Literal["soft", "gold"]


class Said:
    """An answer, and what it taught about the one who gave it.

    Attributes:
        annotator: who gave it.
        place: index of its class.
        right: the probability that it was right, by which it was counted; None if it has not been counted.
        turn: the how-manieth answer of theirs was counted then.
    """

    __slots__ = ("annotator", "place", "right", "turn")

    def __init__(self, annotator: str, place: int) -> None:
        self.annotator = annotator
        self.place = place
        self.right: float | None = None
        self.turn = 0


class Skills(Protocol):
    """What is known of people: the log-odds weight of each one's vote, and what changes it."""

    def weight(self, annotator: str) -> float:
        """Return the weight of somebody's vote (nats)."""
        ...

    def count(self, said: Said, right: float) -> None:
        """Learn the probability that an answer was right."""
        ...

    def discount(self, said: Said) -> None:
        """Take an answer back that was counted; it keeps its turn."""
        ...

    def forget(self, annotator: str) -> None:
        """Know of somebody what was known at the start."""
        ...


class Given:
    """Accuracies that are given, and stay as they are.

    Args:
        accuracy: returns the probability that somebody is right.
        classes: number of classes.
    """

    def __init__(self, accuracy: Callable[[str], float], classes: int) -> None:
        self._accuracy = accuracy
        self._wrong_ways = max(classes - 1, 1)
        self._weights: dict[str, float] = {}

    def weight(self, annotator: str) -> float:
        """Return log(p / ((1 - p) / (K - 1))), the optimal weight (Nitzan and Paroush, 1982; K classes, errors evenly spread)."""
        weight = self._weights.get(annotator)
        if weight is None:
            accuracy = self._accuracy(annotator)
            weight = self._weights[annotator] = math.log(accuracy * self._wrong_ways / (1 - accuracy))
        return weight

    def count(self, said: Said, right: float) -> None:
        """Learn nothing."""

    def discount(self, said: Said) -> None:
        """Learn nothing."""

    def forget(self, annotator: str) -> None:
        """Learn nothing."""


class _Record:
    """How often somebody was right and wrong, faded; how many answers were counted; and the weight that follows, None if stale."""

    __slots__ = ("right", "turns", "weight", "wrong")

    def __init__(self) -> None:
        self.right = self.wrong = 0.0
        self.turns = 0
        self.weight: float | None = None


class Records:
    """Accuracies that are learnt: a Beta posterior a person.

    Args:
        right, wrong: parameters of the Beta prior, above 0.
        forgetting: what an answer that was counted is worth when the next one of the same person is; 1 forgets nothing.
        classes: number of classes.
    """

    def __init__(self, right: float, wrong: float, forgetting: float, classes: int) -> None:
        self._right, self._wrong, self._forgetting = right, wrong, forgetting
        self._spread = math.log(max(classes - 1, 1))
        self._records: dict[str, _Record] = {}

    def weight(self, annotator: str) -> float:
        """Return E[log(p / ((1 - p) / (K - 1)))] = digamma(a) - digamma(b) + log(K - 1) under Beta(a, b)."""
        record = self._record(annotator)
        if record.weight is None:
            known, unknown = self.beta(annotator)
            record.weight = float(digamma(known) - digamma(unknown)) + self._spread
        return record.weight

    def beta(self, annotator: str) -> tuple[float, float]:
        """Return the parameters of somebody's posterior."""
        record = self._record(annotator)
        # What was added and taken away again leaves a rounding error, which may be below 0.
        return self._right + max(record.right, 0.0), self._wrong + max(record.wrong, 0.0)

    def count(self, said: Said, right: float) -> None:
        """Learn the probability that an answer was right: at its own turn, if it had one."""
        record = self._record(said.annotator)
        if said.turn == 0:
            record.right *= self._forgetting
            record.wrong *= self._forgetting
            record.turns += 1
            said.turn = record.turns
        self._add(record, said, right, 1 - right)
        said.right = right

    def discount(self, said: Said) -> None:
        """Take an answer back that was counted; it keeps its turn."""
        if said.right is not None:
            self._add(self._record(said.annotator), said, -said.right, said.right - 1)
            said.right = None

    def forget(self, annotator: str) -> None:
        """Know of somebody what was known at the start."""
        self._records.pop(annotator, None)

    def _add(self, record: _Record, said: Said, right: float, wrong: float) -> None:
        faded = self._forgetting ** (record.turns - said.turn)
        record.right += faded * right
        record.wrong += faded * wrong
        record.weight = None

    def _record(self, annotator: str) -> _Record:
        record = self._records.get(annotator)
        if record is None:
            record = self._records[annotator] = _Record()
        return record


class Reliability(Belief):
    """Weighs each vote by how good its annotator is: a one-coin posterior an item, all classes being as likely beforehand.

    Args:
        classes: the classes, in order.
        skills: what is known of people.
        updates: what it learns from: "soft", from each label that was settled, by the probability that it is right; "gold", from
            gold items alone. Gold items teach either way, as their answers come.
        kinship: groups that err together; None where everybody errs alone.
    """

    def __init__(self, classes: Sequence[Label], skills: Skills, updates: Updates = "soft", kinship: Kinship | None = None) -> None:
        super().__init__(classes)
        self.skills = skills
        self._kinship = kinship
        self._soft = updates == "soft"
        self._said: dict[Item, list[Said]] = {}
        self._gold: dict[Item, int] = {}

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in an accepted answer."""
        said = Said(annotator, self.index[label])
        self._said.setdefault(item, []).append(said)
        gold = self._gold.get(item)
        if gold is not None:
            self.skills.count(said, float(said.place == gold))

    def know(self, item: Item, label: Label) -> None:
        """Learn what an item truly is, and of its annotators who was right."""
        self._gold[item] = self.index[label]
        self._learn_from(item)

    def settle(self, item: Item, label: Label) -> None:
        """Learn of those who voted on an item, by the probability that each was right; what it taught before is replaced."""
        if self._soft:
            self._learn_from(item)

    def _learn_from(self, item: Item) -> None:
        voters = self._said.get(item, ())
        for said in voters:
            self.skills.discount(said)
        chances = self._chances(item, ((said.annotator, said.place) for said in voters))
        for said in voters:
            self.skills.count(said, chances[said.place])

    def forget(self, annotator: str) -> None:
        """Strike out somebody's votes, and what was learnt of them."""
        for item, voters in self._said.items():
            self._said[item] = [said for said in voters if said.annotator != annotator]
        self.skills.forget(annotator)

    def posterior(self, item: Item) -> Floats:
        """Return the probability of each class for an item, by what was heard so far; shape (classes,)."""
        voters = self._said.get(item, ())
        return np.array(self._chances(item, ((said.annotator, said.place) for said in voters)))

    def confidence(self, item: Item, answers: Sequence[Answer]) -> float:
        """Return the probability of the most probable class, by these answers to the item."""
        return max(self._chances(item, self._places(answers)))

    def best(self, item: Item, answers: Sequence[Answer], luck: Callable[[Item], Luck]) -> Label:
        """Return the most probable class by these answers to the item.

        Of several, each has the same chance; but one that nobody gave has none where another was given.
        """
        leading = self._leading(item, answers)
        return self.classes[leading[luck(item).below(len(leading))] if len(leading) > 1 else leading[0]]

    def is_tied(self, item: Item, answers: Sequence[Answer]) -> bool:
        """Return whether several classes are the most probable by these answers to the item."""
        return len(self._leading(item, answers)) > 1

    def _leading(self, item: Item, answers: Sequence[Answer]) -> list[int]:
        chances = self._chances(item, self._places(answers))
        most = max(chances) - TIED
        leading = [place for place, chance in enumerate(chances) if chance >= most]
        if len(leading) > 1:
            given = {self.index[answer.label] for answer in answers}
            leading = [place for place in leading if place in given] or leading
        return leading

    def _places(self, answers: Iterable[Answer]) -> Iterable[tuple[str, int]]:
        return ((answer.annotator, self.index[answer.label]) for answer in answers)

    # Plain lists: an item has a handful of classes and answers, for which an array costs more than all the rest.
    def _chances(self, item: Item, voters: Iterable[tuple[str, int]]) -> list[float]:
        gold = self._gold.get(item)
        if gold is not None:
            return [float(place == gold) for place in range(len(self.classes))]
        if self._kinship is not None:
            scores = self._kinship.scores(voters, self.skills.weight)
        else:
            scores = [0.0] * len(self.classes)
            for annotator, place in voters:
                scores[place] += self.skills.weight(annotator)
        most = max(scores)
        weights = [math.exp(score - most) for score in scores]
        total = sum(weights)
        return [weight / total for weight in weights]
