"""The answer table: who said what about which item, as arrays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from agents.items import UNKNOWN
from agents.messages import Item, Label

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]


class AnswerTable:
    """A row an answer, by item, then person, then label: the order in which they came makes no difference to what they amount to.

    Somebody may have answered an item several times, and each answer counts. Items, people and classes may lack answers.

    Args:
        items: ids of the items.
        people: names of those who answered.
        classes: the classes.
        item, person, label: indices into these; shape (answers,).
        gold: true class of each item, or UNKNOWN where it is not known; shape (items,). None if none is known.
        probabilities: what a model says of each item; shape (items, classes). None without a model.
    """

    def __init__(
        self,
        items: Sequence[Item],
        people: Sequence[str],
        classes: Sequence[Label],
        item: Indices,
        person: Indices,
        label: Indices,
        gold: Indices | None = None,
        probabilities: Floats | None = None,
    ) -> None:
        self.items, self.people, self.classes = items, people, tuple(classes)
        self.item, self.person, self.label = _in_order(item, person, label, max(len(people), 1), max(len(classes), 1))
        self.gold = np.full(len(items), UNKNOWN, np.intp) if gold is None else gold
        self.probabilities = probabilities

    def __len__(self) -> int:
        return len(self.item)

    @cached_property
    def known(self) -> NDArray[np.intp]:
        """Rows of the items whose true class is known."""
        return np.flatnonzero(self.gold != UNKNOWN)

    @cached_property
    def answers_of_item(self) -> Indices:
        """How many answers each item has; shape (items,)."""
        return np.bincount(self.item, minlength=len(self.items))

    @cached_property
    def answers_of_person(self) -> Indices:
        """How many answers each person gave; shape (people,)."""
        return np.bincount(self.person, minlength=len(self.people))

    @cached_property
    def votes(self) -> Floats:
        """Votes by item and class; shape (items, classes)."""
        shape = len(self.items), len(self.classes)
        return np.bincount(self.item * shape[1] + self.label, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

    @cached_property
    def pairs(self) -> tuple[Indices, Indices]:
        """The pairs of person and label that occur, in order: persons, and labels; shape (pairs,) each."""
        pair = self.person * len(self.classes) + self.label
        occur = np.flatnonzero(np.bincount(pair)) if len(pair) else pair
        return np.divmod(occur, max(len(self.classes), 1))

    @cached_property
    def by_pair(self) -> sparse.csr_array:
        """How often each pair of person and label stands at each item; shape (items, pairs)."""
        persons, labels = self.pairs
        number = np.full(len(self.people) * len(self.classes), -1, np.intp)
        number[persons * len(self.classes) + labels] = np.arange(len(persons))
        column = number[self.person * len(self.classes) + self.label].astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(self.answers_of_item)]).astype(np.int32)
        return sparse.csr_array((np.ones(len(self)), column, starts), shape=(len(self.items), len(persons)))


def table_of(
    tasks: Iterable[Item],
    workers: Iterable[str],
    labels: Iterable[Label],
    classes: Sequence[Label] | None = None,
    gold: Mapping[Item, Label] | None = None,
    probabilities: Mapping[Item, Sequence[float]] | None = None,
) -> AnswerTable:
    """Return the table of answers that stand beside each other: of answer i, the item, who gave it, and what it says.

    Args:
        tasks, workers, labels: a value an answer.
        classes: the classes, in order; None for those that occur in labels or gold, sorted.
        gold: true labels, as far as they are known. An item that occurs here only is an item without answers.
        probabilities: what a model says: the probability of each class, by item. An item that it lacks counts as evenly spread.

    Raises:
        ValueError: a label or a true label is none of the classes.
    """
    gold = gold or {}
    item_of, item = _numbered(tasks, gold)
    person_of, person = _numbered(workers)
    label_of, label = _numbered(labels, gold.values() if classes is None else ())
    names = [*label_of] if classes is None else [*classes]
    index = {name: number for number, name in enumerate(names)}
    foreign = [name for name in (*label_of, *gold.values()) if name not in index]
    if foreign:
        raise ValueError(f"{foreign[0]!r} is none of the classes")
    label = np.array([index[name] for name in label_of], np.intp)[label] if label_of else label
    known = np.array([index[gold[name]] if name in gold else UNKNOWN for name in item_of], np.intp)
    spread = None
    if probabilities is not None:
        even = [1 / len(names)] * len(names)
        spread = np.array([probabilities.get(name, even) for name in item_of], np.float64).reshape(len(item_of), len(names))
    return AnswerTable([*item_of], [*person_of], names, item, person, label, known, spread)


def _in_order(item: Indices, person: Indices, label: Indices, people: int, classes: int) -> tuple[Indices, Indices, Indices]:
    """Return the rows by item, then person, then label.

    A row is one number, and numbers are sorted several times as fast as rows. They fit as long as votes by item and class would.
    """
    row = item.astype(np.int64)
    row *= people
    row += person
    row *= classes
    row += label
    row.sort()
    item = row // (people * classes)
    row -= item * (people * classes)
    person = row // classes
    row -= person * classes
    return item, person, row


def _numbered(names: Iterable[Any], more: Iterable[Any] = ()) -> tuple[dict[Any, int], Indices]:
    """Return the different names, sorted, with their numbers, and the number of each of `names`."""
    if hasattr(names, "__array__"):
        array = np.asarray(names)
        if array.dtype.kind in "iu" and len(array):
            different, codes = _unique(array)
            return _ranked(different.tolist(), codes, more)
        names = array.tolist()
    first = defaultdict[Any, int]()
    # A new name's number is how many there are before it: one look-up an answer, and no step of the interpreter.
    first.default_factory = first.__len__
    codes = np.fromiter(map(first.__getitem__, names), np.intp)
    return _ranked([*first], codes, more)


def _ranked(names: list[Any], codes: Indices, more: Iterable[Any]) -> tuple[dict[Any, int], Indices]:
    """Return names and more names, sorted, with their numbers, and the new number of each code."""
    ordered = sorted(dict.fromkeys([*names, *more]))
    rank = {name: number for number, name in enumerate(ordered)}
    if ordered == names:
        return rank, codes
    return rank, np.fromiter((rank[name] for name in names), np.intp, len(names))[codes]


def _unique(numbers: NDArray[Any]) -> tuple[NDArray[Any], Indices]:
    """Return the different numbers in order, and which of them stands in each row; where they lie close, without sorting."""
    low, high = int(numbers.min()), int(numbers.max())
    if high - low >= 4 * len(numbers) or high >= 2**63:
        different, codes = np.unique(numbers, return_inverse=True)
        return different, codes.astype(np.intp)
    place = numbers.astype(np.intp) - low
    there = np.bincount(place) > 0
    return np.flatnonzero(there) + low, (np.cumsum(there) - 1)[place]
