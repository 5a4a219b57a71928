"""The answer table: who said what about which item, as arrays."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Sized
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from agents.items import UNKNOWN
from agents.messages import Item, Label

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]

BLOCK = 2**14
"""Items at a time, and four times as many answers: so many that what is made of them stays in the processor's cache."""


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
        item: Codes,
        person: Codes,
        label: Codes,
        gold: Indices | None = None,
        probabilities: Floats | None = None,
    ) -> None:
        self.items, self.people, self.classes = items, people, tuple(classes)
        # Where nothing is known, one number stands for all items.
        self.gold = np.broadcast_to(np.intp(UNKNOWN), len(items)) if gold is None else gold
        self.probabilities = probabilities
        across = max(len(classes), 1)
        each = max(len(people), 1) * across
        row = _in_order(item, person, label, len(items), max(len(people), 1), across)
        self.starts = _bounds(row, len(items), each)
        """Where each item's answers begin, and the last one's end; shape (items + 1,)."""
        occur, self.pair = _numbers(row, each)
        """Which of the pairs each answer is; shape (answers,)."""
        self.pairs: tuple[Indices, Indices] = np.divmod(occur, across)
        """The pairs of person and label that occur, in order: persons, and labels; shape (pairs,) each."""

    def __len__(self) -> int:
        return len(self.pair)

    @cached_property
    def item(self) -> Indices:
        """The item of each answer; shape (answers,)."""
        return np.repeat(np.arange(len(self.items)), self.answers_of_item)

    @cached_property
    def person(self) -> Indices:
        """Who gave each answer; shape (answers,)."""
        return self.pairs[0][self.pair]

    @cached_property
    def label(self) -> Indices:
        """What each answer says; shape (answers,)."""
        return self.pairs[1][self.pair]

    @cached_property
    def known(self) -> NDArray[np.intp]:
        """Rows of the items whose true class is known."""
        return np.flatnonzero(self.gold != UNKNOWN)

    @cached_property
    def answers_of_item(self) -> Indices:
        """How many answers each item has; shape (items,)."""
        return np.diff(self.starts).astype(np.intp)

    @cached_property
    def telling(self) -> NDArray[np.bool_]:
        """Of which items anything is known: those with answers or a known class; shape (items,)."""
        return np.asarray((np.diff(self.starts) > 0) | (self.gold != UNKNOWN), np.bool_)

    @cached_property
    def answers_of_pair(self) -> Indices:
        """How often each pair of person and label occurs; shape (pairs,)."""
        return np.bincount(self.pair, minlength=len(self.pairs[0]))

    @cached_property
    def answers_of_person(self) -> Indices:
        """How many answers each person gave; shape (people,)."""
        return np.bincount(self.pairs[0], self.answers_of_pair, len(self.people)).astype(np.intp)

    @cached_property
    def votes(self) -> Floats:
        """Votes by item and class; shape (items, classes)."""
        return self.tally()

    def tally(self, weight: Floats | float = 1.0) -> Floats:
        """Count votes by item and class, each as much as its person weighs, of shape (people,); shape (items, classes)."""
        persons, labels = self.pairs
        worth = np.zeros((len(persons), len(self.classes)))
        worth[np.arange(len(persons)), labels] = np.broadcast_to(weight, len(self.people))[persons]
        return self.to_items(worth)

    def to_items(self, of_pair: Floats) -> Floats:
        """Return the sums over each item's answers of what stands for their pairs: (pairs, columns) to (items, columns)."""
        sums = np.empty((len(self.items), of_pair.shape[1]))
        for rows, block in self.blocks:
            sums[rows] = block @ of_pair
        return sums

    def to_pairs(self, of_item: Floats) -> Floats:
        """Return the sums over each pair's answers of what stands for their items: (items, columns) to (pairs, columns)."""
        sums = np.zeros((len(self.pairs[0]), of_item.shape[1]))
        for rows, block in self.blocks:
            sums += block.T @ of_item[rows]
        return sums

    @cached_property
    def blocks(self) -> list[tuple[slice, sparse.csr_array]]:
        """The rows of by_pair by so many items at a time, which all share one short array of ones."""
        ends = [*range(0, len(self.items), BLOCK), len(self.items)]
        cuts = [(slice(first, last), self.starts[first : last + 1]) for first, last in pairwise(ends)]
        ones = np.ones(max((int(starts[-1] - starts[0]) for _, starts in cuts), default=0))
        found = []
        for rows, starts in cuts:
            pair = self.pair[starts[0] : starts[-1]]
            shape = len(starts) - 1, len(self.pairs[0])
            block = sparse.csr_array((ones[: len(pair)], pair, starts - starts[0]), shape=shape)
            # SciPy copies what is a small part of a larger array.
            block.indices = pair
            found.append((rows, block))
        return found

    @cached_property
    def by_pair(self) -> sparse.csr_array:
        """How often each pair of person and label stands at each item; shape (items, pairs)."""
        return sparse.csr_array((np.ones(len(self)), self.pair, self.starts), shape=(len(self.items), len(self.pairs[0])))


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
    item_names, item = _numbered(tasks, gold)
    people, person = _numbered(workers)
    given, label = _numbered(labels, [*gold.values()] if classes is None else ())
    names = given if classes is None else [*classes]
    index = {name: number for number, name in enumerate(names)}
    foreign = [name for name in (*given, *gold.values()) if name not in index]
    if foreign:
        raise ValueError(f"{foreign[0]!r} is none of the classes")
    if names != given:
        label = np.array([index[name] for name in given], np.int32)[label]
    known = None
    if gold:
        known = np.array([index[gold[name]] if name in gold else UNKNOWN for name in item_names], np.intp)
    spread = None
    if probabilities is not None:
        even = [1 / len(names)] * len(names)
        spread = np.array([probabilities.get(name, even) for name in item_names], np.float64).reshape(len(item_names), len(names))
    return AnswerTable(item_names, people, names, item, person, label, known, spread)


def slices(size: int, at_once: int) -> Iterator[slice]:
    """Yield what covers so many rows in order, so many at a time."""
    return (slice(first, min(first + at_once, size)) for first in range(0, size, at_once))


def _in_order(item: Codes, person: Codes, label: Codes, items: int, people: int, classes: int) -> Codes:
    """Return the rows by item, then person, then label, each as one number; shape (answers,).

    Numbers are sorted several times as fast as rows, and short ones faster. Long ones fit as long as votes by item and class would.
    """
    row: Codes = item.astype(np.uint32 if (items + 1) * people * classes < 2**32 else np.int64)
    for more, factor in ((person, people), (label, classes)):
        np.multiply(row, factor, out=row, casting="unsafe")
        np.add(row, more, out=row, casting="unsafe")
    row.sort()
    return row


def _bounds(row: Codes, items: int, each: int) -> NDArray[np.int32]:
    """Return where each item's rows begin, and the last one's end, there being `each` numbers to an item; shape (items + 1,)."""
    starts = np.empty(items + 1, np.int32)
    for some in slices(items + 1, BLOCK):
        starts[some] = np.searchsorted(row, np.arange(some.start * each, some.stop * each, each).astype(row.dtype))
    return starts


def _numbers(row: Codes, each: int) -> tuple[Indices, NDArray[np.int32]]:
    """Return which remainders by `each` occur, in order, and which of them each row is; in place where that takes no room."""
    there = np.zeros(each, np.bool_)
    # An index is copied when it is not of the machine's own size: some at a time.
    for some in slices(len(row), 4 * BLOCK):
        row[some] %= row.dtype.type(each)
        there[row[some]] = True
    occur = np.flatnonzero(there)
    number = np.zeros(each, np.int32)
    number[occur] = np.arange(len(occur), dtype=np.int32)
    pair = row.view(np.int32) if row.dtype.itemsize == number.itemsize else np.empty(len(row), np.int32)
    for some in slices(len(row), 4 * BLOCK):
        pair[some] = number[row[some]]
    return occur, pair


def _numbered(names: Iterable[Any], more: Collection[Any] = ()) -> tuple[list[Any], Codes]:
    """Return the different names, and more names, in order, and which of them each of `names` is."""
    rows, count = names, len(names) if isinstance(names, Sized) else -1
    if hasattr(names, "__array__"):
        array = np.asarray(names)
        if array.dtype.kind in "iu" and len(array):
            different, codes = _unique(array)
            return _ranked(different.tolist(), codes, more) if more else (different.tolist(), codes)
        rows = array if array.dtype.kind == "O" else array.tolist()
    first = defaultdict[Any, int]()
    # A new name's number is how many there are before it: one look-up an answer, and no step of the interpreter.
    first.default_factory = first.__len__
    codes = np.fromiter(map(first.__getitem__, rows), np.int32, count)
    found = [*first]
    first.clear()
    return _ranked(found, codes, more)


def _ranked(names: list[Any], codes: Codes, more: Collection[Any]) -> tuple[list[Any], Codes]:
    """Return names and more names, in order, and the codes by their new numbers."""
    if more:
        names = [*dict.fromkeys([*names, *more])]
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int32)
    rank[order] = np.arange(len(names))
    return [names[place] for place in order], rank[codes]


def _unique(numbers: NDArray[Any]) -> tuple[NDArray[Any], Codes]:
    """Return the different numbers in order, and which of them stands in each row; where they lie close, without sorting."""
    low, high = int(numbers.min()), int(numbers.max())
    if high - low >= min(4 * len(numbers), 2**31) or high >= 2**63:
        values, inverse = np.unique(numbers, return_inverse=True)
        return values, inverse.astype(np.int32)
    there = np.zeros(high - low + 1, np.bool_)
    for some in slices(len(numbers), 4 * BLOCK):
        there[_beyond(low, numbers[some])] = True
    different = np.flatnonzero(there)
    short: Any = np.min_scalar_type(high - low)
    rank = np.zeros(len(there), short)
    rank[different] = np.arange(len(different))
    codes: Codes = np.empty(len(numbers), short)
    for some in slices(len(numbers), 4 * BLOCK):
        codes[some] = rank[_beyond(low, numbers[some])]
    return different + low, codes


def _beyond(low: int, numbers: NDArray[Any]) -> Indices:
    """Return by how much numbers are above the lowest."""
    return np.asarray((numbers.astype(np.int64) if numbers.dtype.itemsize < 8 else numbers) - low).astype(np.intp, copy=False)
