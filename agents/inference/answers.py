"""The answer table: who said what about which item, as arrays."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from agents.items import UNKNOWN
from agents.messages import Item, Label
from bus.chance import number_of

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
        order = np.lexsort((label, person, item))
        self.items, self.people, self.classes = items, people, tuple(classes)
        self.item, self.person, self.label = item[order], person[order], label[order]
        self.gold = np.full(len(items), UNKNOWN, np.intp) if gold is None else gold
        self.probabilities = probabilities

    def __len__(self) -> int:
        return len(self.item)

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """The items' ids as numbers, by which their luck is drawn; shape (items,)."""
        return np.fromiter(map(number_of, self.items), np.uint64, len(self.items))

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
        return np.divmod(np.unique(self.person * len(self.classes) + self.label), len(self.classes))

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


def _numbered(names: Iterable[Any], more: Iterable[Any] = ()) -> tuple[dict[Any, int], Indices]:
    """Return the different names, sorted, with their numbers, and the number of each of `names`."""
    first: dict[Any, int] = {}
    codes = np.fromiter((first.setdefault(name, len(first)) for name in names), np.intp)
    for name in more:
        first.setdefault(name, len(first))
    ordered = sorted(first)
    rank = {name: number for number, name in enumerate(ordered)}
    return rank, np.fromiter((rank[name] for name in first), np.intp, len(first))[codes]
