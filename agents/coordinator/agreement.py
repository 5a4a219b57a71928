"""How much annotators agree with each other."""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any


class Agreement:
    """Counts agreement as items are resolved: in O(classes) an item, and with memory that does not grow with items."""

    def __init__(self) -> None:
        self._items = 0
        self._unanimous = 0
        self._agreeing = 0.0
        self._values = 0
        self._totals: Counter[Hashable] = Counter()

    def add(self, labels: Iterable[Hashable]) -> None:
        """Count the answers to one item; a single answer says nothing about agreement."""
        self._count(labels, 1)

    def remove(self, labels: Iterable[Hashable]) -> None:
        """Count the answers to one item no longer, which were added before."""
        self._count(labels, -1)

    def _count(self, labels: Iterable[Hashable], sign: int) -> None:
        counts: dict[Hashable, int] = {}
        answers = 0
        for label in labels:
            counts[label] = counts.get(label, 0) + 1
            answers += 1
        if answers < 2:
            return
        pairs = 0
        for label, count in counts.items():
            self._totals[label] += sign * count
            pairs += count * (count - 1)
        self._items += sign
        self._values += sign * answers
        self._unanimous += sign * (len(counts) == 1)
        self._agreeing += sign * pairs / (answers - 1)

    @property
    def unanimous(self) -> float | None:
        """Share of the items on which all agreed; None if no item had two answers."""
        return self._unanimous / self._items if self._items else None

    @property
    def alpha(self) -> float | None:
        """Krippendorff's alpha for nominal data (Krippendorff, 1970): 1 is full agreement, 0 what chance would give.

        None if no item had two answers, or all answers are the same, where it is not defined.
        """
        values = self._values
        expected = values * (values - 1) - sum(count * (count - 1) for count in self._totals.values())
        if not expected:
            return None
        observed = values - self._agreeing
        return 1 - observed * (values - 1) / expected

    def dump(self) -> list[Any]:
        """Return the counts, as JSON can hold them."""
        return [self._items, self._unanimous, self._agreeing, self._values, [*self._totals.items()]]

    @classmethod
    def load(cls, counts: list[Any]) -> "Agreement":
        """Return what `dump` gave."""
        agreement = cls()
        agreement._items, agreement._unanimous, agreement._agreeing, agreement._values, totals = counts
        agreement._totals.update(dict(totals))
        return agreement
