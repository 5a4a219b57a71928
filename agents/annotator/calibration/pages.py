"""Pages: answers whose time was taken together, and written beside each of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_EXCESS = 0.25
"""Share of repetitions, beyond what chance explains, from which times are those of pages."""
_FEWEST = 20
"""Pairs of consecutive answers below which nothing is concluded."""

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]


class Timed(NamedTuple):
    """Times as they were taken: one of each page, or of each answer where every answer has its own; by person.

    Attributes:
        person: who took it; shape (times,).
        item: the item of the answer, or of the page's first.
        seconds: what it took.
        size: answers on the page; 1 where every answer has its own time.
        row: row of the answer, or of the page's first, in the file's order.
    """

    person: Indices
    item: Indices
    seconds: Floats
    size: Indices
    row: Indices


def timed(person: Indices, item: Indices, seconds: Floats) -> Timed:
    """Return the times that were taken, given what is written beside each answer, in the file's order.

    Some platforms show several items on a page, and write the page's time beside each of its answers. Then consecutive answers of a
    person have the same time far more often than the same times in another order would: if at least a quarter of those that differ
    by chance are equal, each run of equal times is a page. A run some whole times as long as most are is so many pages, since two
    pages in a row may take the same time.

    Args:
        person, item: who answered, and what; shape (answers,).
        seconds: what is written beside each answer; NaN where nothing is.
    """
    known = np.flatnonzero(np.isfinite(seconds))
    row = known[np.argsort(person[known], kind="stable")]
    who, took = person[row], seconds[row]
    if len(row) == 0 or _excess(who, took) < _EXCESS:
        return Timed(who, item[row], took, np.ones(len(row), np.intp), row)
    begins = np.ones(len(row), np.bool_)
    begins[1:] = (who[1:] != who[:-1]) | (took[1:] != took[:-1])
    run = np.cumsum(begins) - 1
    length = np.bincount(run)
    usual = int(np.argmax(np.bincount(length)))
    place = np.arange(len(row)) - np.flatnonzero(begins)[run]
    begins |= (length[run] % usual == 0) & (place % usual == 0)
    first = np.flatnonzero(begins)
    size = np.diff(np.append(first, len(row)))
    return Timed(who[first], item[row[first]], took[first], size, row[first])


def _excess(who: Indices, took: Floats) -> float:
    """Return the share of repetitions among consecutive times that are not equal by chance; times by person.

    If a person's n times were in any order, each of the n - 1 pairs of neighbours would be equal with probability
    sum c (c - 1) / (n (n - 1)), for values that occur c times each.
    """
    same = who[1:] == who[:-1]
    pairs = int(same.sum())
    if pairs < _FEWEST:
        return 0.0
    repeated = int((same & (took[1:] == took[:-1])).sum())
    by_value = np.lexsort((took, who))
    first = np.ones(len(who), np.bool_)
    first[1:] = (np.diff(who[by_value]) != 0) | (np.diff(took[by_value]) != 0)
    starts = np.flatnonzero(first)
    occur = np.diff(np.append(starts, len(who)))
    answers = np.bincount(who)[who[by_value[starts]]]
    by_chance = float((occur * (occur - 1.0) / answers).sum())
    return (repeated - by_chance) / (pairs - by_chance) if pairs - by_chance > 1e-9 * pairs else 0.0
