"""Small random answer tables, and Dawid and Skene's method in dictionaries and loops: slow, and obvious."""

import math
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from agents.inference.answers import UNKNOWN, AnswerTable, Floats
from agents.inference.ascent import IMPOSSIBLE


@st.composite
def tables(draw: Any, most_items: int = 6, most_people: int = 4, most_classes: int = 4) -> AnswerTable:
    """Draw a table: items and people without answers, repeated answers, known items, one class or one person may be in it."""
    items, people = draw(st.integers(1, most_items)), draw(st.integers(1, most_people))
    classes = draw(st.integers(1, most_classes))
    rows = st.tuples(st.integers(0, items - 1), st.integers(0, people - 1), st.integers(0, classes - 1))
    answers = np.array(draw(st.lists(rows, max_size=25)), np.intp).reshape(-1, 3)
    gold = np.array(draw(st.lists(st.sampled_from([UNKNOWN, UNKNOWN, *range(classes)]), min_size=items, max_size=items)), np.intp)
    names = [f"p{number}" for number in range(people)]
    return AnswerTable(range(items), names, "abcd"[:classes], answers[:, 0], answers[:, 1], answers[:, 2], gold)


def relabelled(table: AnswerTable, order: list[int]) -> AnswerTable:
    """Return the table with class c in place order[c]."""
    place = np.array(order)
    classes = [table.classes[order.index(number)] for number in range(len(order))]
    gold = np.where(table.gold == UNKNOWN, UNKNOWN, place[table.gold])
    return AnswerTable(table.items, table.people, classes, table.item, table.person, place[table.label], gold)


def shuffled(table: AnswerTable, seed: int) -> AnswerTable:
    """Return the table with its rows in another order."""
    order = np.random.default_rng(seed).permutation(len(table))
    return AnswerTable(
        table.items, table.people, table.classes, table.item[order], table.person[order], table.label[order], table.gold
    )


def plain_em(
    table: AnswerTable, start: Floats, steps: int, one_coin: bool, smoothing: float = 0.0, trust: float = 0.0, floor: float = 0.0
) -> tuple[Floats, Floats, list[float]]:
    """Return posteriors, confusion matrices, and the log-likelihood of each step (the answers' alone, without pseudo-counts)."""
    posterior = start.tolist()
    course = []
    for _ in range(steps):
        prior = plain_prior(table, posterior, smoothing)
        confusion = [plain_confusion(table, posterior, who, one_coin, smoothing, trust, floor) for who in range(len(table.people))]
        posterior, value = plain_posterior(table, prior, confusion)
        course.append(value)
    return np.array(posterior), np.array(confusion), course


def plain_prior(table: AnswerTable, posterior: list[list[float]], smoothing: float) -> list[float]:
    classes = range(len(table.classes))
    told = {*table.item.tolist(), *table.known.tolist()}
    counts = [smoothing + sum(posterior[item][c] for item in sorted(told)) for c in classes]
    return [count / sum(counts) if sum(counts) else 1 / len(counts) for count in counts]


def plain_confusion(
    table: AnswerTable, posterior: list[list[float]], person: int, one_coin: bool, smoothing: float, trust: float, floor: float
) -> list[list[float]]:
    size = len(table.classes)
    counts = [[0.0] * size for _ in range(size)]
    for item, who, label in zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True):
        for c in range(size):
            counts[c][label] += posterior[item][c] if who == person else 0.0
    given = {label for who, label in zip(table.person.tolist(), table.label.tolist(), strict=True) if who == person}
    for c, label in product(range(size), range(size)):
        counts[c][label] = max(counts[c][label], floor if label in given else 0.0) + smoothing + trust * (c == label)
    if one_coin:
        # Pseudo-counts stand in one row only: there is one coin.
        extra = (size - 1) * (smoothing * size + trust)
        right = sum(counts[c][c] for c in range(size)) - (size - 1) * (smoothing + trust)
        total = sum(map(sum, counts)) - extra
        skill = right / total if total else 1 / size
        return [[skill if c == label else (1 - skill) / (size - 1) for label in range(size)] for c in range(size)]
    return [[count / sum(row) if sum(row) else 1 / size for count in row] for row in counts]


def plain_posterior(table: AnswerTable, prior: list[float], confusion: list[list[list[float]]]) -> tuple[list[list[float]], float]:
    size, value, posterior = len(table.classes), 0.0, []
    answers = [*zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True)]
    for item, gold in enumerate(table.gold.tolist()):
        logs = [log(prior[c]) + sum(log(confusion[p][c][label]) for i, p, label in answers if i == item) for c in range(size)]
        weights = [math.exp(each - max(logs)) for each in logs]
        if gold == UNKNOWN:
            value += max(logs) + math.log(sum(weights))
            posterior.append([weight / sum(weights) for weight in weights])
        else:
            value += logs[gold]
            posterior.append([float(c == gold) for c in range(size)])
    return posterior, value


def log(probability: float) -> float:
    return math.log(probability) if probability > 0 else IMPOSSIBLE
