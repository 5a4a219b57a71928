"""Message passing of Karger, Oh and Shah: items and people tell each other what they have heard from everybody else."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field
from scipy import sparse

from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.inference import Inference, Inferred, clamp, vote_shares
from bus.chance import MASK, Chance


class Kos(Inference):
    """Belief propagation between items and people in its simplest form (Karger, Oh and Shah, 2011, 2014).

    An item's message to a person is the sum of what the others said of it, +1 or -1 each, by how reliable they are; a person's
    message to an item, how well they agree with the messages of their other items. The posterior is the share of the
    reliabilities that speaks for a class, an unreliable person's answer speaking against what it says.

    It was made for crowds in which all answer equally often. There `load` makes no difference; elsewhere, with the sum of the
    original (0), those who answered most drown the others, whatever they said, and the average (1) is as good as the original
    is on its own ground. Of more than two classes, each is asked for against the rest, from the same start, and the posteriors
    are scaled to sum to 1: an extension that is not theirs. Messages of people who share no item keep apart, and each such
    circle's are scaled to a mean square of 1 and taken with the sign by which most of its answers are reliable. Several answers
    of a person to an item are one message, of the sum. An item of known class says so as loudly as the loudest message, and
    people who answered such items begin by how well they did there.
    Where all messages are 0, as among people who answered once, the posterior is the share of the votes.
    """

    kind: ClassVar[str] = "kos"

    iterations: Annotated[int, Field(ge=1, le=100_000)] = 100
    """How often messages go back and forth at most."""
    load: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    """How a person's message grows with their answers: 0 adds up as the original does, 1 takes the average; between, a power."""
    tolerance: Annotated[float, Field(ge=0.0, le=1.0)] = 1e-6
    """It rests when messages change less than this, as a root mean square."""
    seed: Annotated[int, Field(ge=0, le=MASK)] = 0
    """Seed of the first messages, which are normal, with mean and variance 1."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return shares of the reliabilities; messages start at random, not from `start`."""
        classes = len(table.classes)
        posterior = vote_shares(table)
        if classes < 2 or not len(table):
            return Inferred(table, posterior)
        links = Links(table, self.load)
        first = Chance(self.seed).stream("kos").normal(1.0, 1.0, len(links.item))
        # Of two classes, one against the other says it all.
        asked = [1] if classes == 2 else range(classes)
        runs = [self._run(links, index, first) for index in asked]
        verdicts = np.column_stack([links.verdict(index, messages) for index, (messages, _, _) in zip(asked, runs, strict=True)])
        if classes == 2:
            verdicts = np.hstack([-verdicts, verdicts])
        total = (1.0 + verdicts).sum(axis=1, keepdims=True)
        np.divide(1.0 + verdicts, total, out=posterior, where=total > 0)
        return Inferred(table, clamp(posterior, table), max(run[1] for run in runs), all(run[2] for run in runs))

    def _run(self, links: "Links", index: int, messages: Floats) -> tuple[Floats, int, bool]:
        """Return people's last messages about one class against the rest, how often they went, and whether they came to rest."""
        signs, certain = links.signs(index), links.certain(index)
        messages = links.taught(messages, signs, certain)
        for iteration in range(1, self.iterations + 1):
            last, messages = messages, links.scaled(links.passed(messages, signs, certain))
            if np.sqrt(np.mean((messages - last) ** 2)) <= self.tolerance:
                return links.turned(messages), iteration, True
        return links.turned(messages), self.iterations, False


class Links:
    """Who answered which item: the links along which messages go, one for a person and an item.

    Args:
        table: the answers, at least one.
        load: as in `Kos`.
    """

    def __init__(self, table: AnswerTable, load: float) -> None:
        self.table = table
        fresh = np.ones(len(table), np.bool_)
        fresh[1:] = (np.diff(table.item) != 0) | (np.diff(table.person) != 0)
        self._first = np.flatnonzero(fresh)
        self.item, self.person = table.item[self._first], table.person[self._first]
        self.answers = np.diff(self._first, append=len(table)).astype(np.float64)
        """How many answers each link carries; shape (links,)."""
        self._damping = np.maximum(table.answers_of_person[self.person] - self.answers, 1.0) ** -load
        self._known = table.gold[self.item] >= 0
        self._circle, self._links_of_circle = self._circles()

    def _circles(self) -> tuple[Indices, Indices]:
        """Return which part of the crowd, connected by items, each link is in, and how many links each part has."""
        items, nodes = len(self.table.items), len(self.table.items) + len(self.table.people)
        graph = sparse.coo_array((np.ones(len(self.item)), (self.item, items + self.person)), shape=(nodes, nodes))
        circle = sparse.csgraph.connected_components(graph, directed=False)[1][self.item].astype(np.intp)
        return circle, np.maximum(np.bincount(circle), 1)

    def signs(self, index: int) -> Floats:
        """Return how many answers of each link say that class, less how many do not; shape (links,)."""
        return np.asarray(np.add.reduceat(np.where(self.table.label == index, 1.0, -1.0), self._first), np.float64)

    def certain(self, index: int) -> Floats:
        """Return 1 and -1 at links of known items that are of that class and are not, 0 at others; shape (links,)."""
        return np.where(self._known, np.where(self.table.gold[self.item] == index, 1.0, -1.0), 0.0)

    def taught(self, messages: Floats, signs: Floats, certain: Floats) -> Floats:
        """Return first messages, for people who answered known items by how well they did on the others; shape (links,)."""
        right = np.bincount(self.person, signs * certain)[self.person] - signs * certain
        known = np.bincount(self.person, np.abs(signs * certain))[self.person] - np.abs(signs * certain)
        return np.asarray(np.divide(right, known, out=messages.copy(), where=known > 0), np.float64)

    def passed(self, messages: Floats, signs: Floats, certain: Floats) -> Floats:
        """Return people's next messages: after those to the items, the items' to the people; shape (links,) each."""
        said = signs * messages
        heard = np.bincount(self.item, said)[self.item] - said
        if self._known.any():
            heard = np.where(self._known, certain * (np.abs(heard).max() or 1.0), heard)
        said = signs * heard
        return np.asarray((np.bincount(self.person, said)[self.person] - said) * self._damping, np.float64)

    def scaled(self, messages: Floats) -> Floats:
        """Return messages with a mean square of 1 in each circle, where they are not all 0; shape (links,)."""
        size = np.sqrt(np.bincount(self._circle, messages**2) / self._links_of_circle)
        return np.asarray(messages / np.where(size > 0, size, 1.0)[self._circle], np.float64)

    def turned(self, messages: Floats) -> Floats:
        """Return messages with the sign by which most answers of a circle are reliable, unless gold says; shape (links,)."""
        trust = np.bincount(self._circle, messages * self.answers)
        anchored = np.bincount(self._circle, self._known) > 0
        return np.asarray(np.where((trust < 0) & ~anchored, -1.0, 1.0)[self._circle] * messages, np.float64)

    def verdict(self, index: int, messages: Floats) -> Floats:
        """Return for each item between -1 and 1 how much more speaks for the class than against it; NaN where nothing does."""
        said = self.signs(index) * messages
        items = len(self.table.items)
        weight = np.bincount(self.item, np.abs(said), items)
        verdict = np.full(items, np.nan)
        np.divide(np.bincount(self.item, said, items), weight, out=verdict, where=weight > 0)
        return np.asarray(np.clip(verdict, -1.0, 1.0), np.float64)
