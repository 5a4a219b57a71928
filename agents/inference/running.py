"""Dawid and Skene's method while answers come: what one answer changes, and no more, between sweeps over everything."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from agents.component import Component
from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.ascent import Emission, class_prior, climb, expect
from agents.inference.dawid_skene import Confusions
from agents.inference.growing import Growing
from agents.inference.heard import Heard
from agents.inference.inference import TIED, Inferred, vote_shares
from agents.inference.one_coin import Coins
from agents.items import UNKNOWN
from agents.messages import Item, Label
from bus.chance import mix


class Updating(Component):
    """How estimates follow the answers as they come."""

    kind: ClassVar[str] = "updating"
    mode: Literal["incremental", "online"] = "incremental"
    """`incremental` keeps the counts of expectation-maximisation exact for every item heard of (Neal and Hinton, 1998), and sweeps
    now and then; `online` lets earlier answers fade (Cappe and Moulines, 2009; Liang and Klein, 2009) and sweeps when told to."""
    one_coin: bool = False
    """Whether everybody has a single error rate, in place of a confusion matrix."""
    smoothing: float = Field(1.0, ge=0, allow_inf_nan=False)
    """Pseudo-answers of each label in each row of everybody's confusion matrix, and as many pseudo-items of each class."""
    trust: float = Field(3.0, ge=0, allow_inf_nan=False)
    """Pseudo-answers more that are right, in each row: who is new is believed a little. At 0 nothing tells right from wrong before
    the first sweep, and an item that is heard of stands at its vote shares until the next."""
    floor: float = Field(1e-10, ge=0, le=0.01)
    """Answers that each label somebody gives counts for at least, by class; 0 for zeros."""
    kappa: float = Field(0.6, gt=0.5, le=1)
    """Online: of somebody's answer t (from 0), the weight among theirs is (t + 2) to the power of minus kappa."""
    sweep_every: float = Field(0.1, ge=0, allow_inf_nan=False)
    """Incremental: share by which the answers grow between sweeps, so that sweeping costs the same for each; 0 for never."""


class Running:
    """What the answers amount to so far. Items and people become known as they are heard of.

    An answer costs by how many there are to the same item. It weighs by what is known of who gave it, and what is known of all
    who answered that item follows: the E-step of one item, and the M-step of its people. What this means for the other items
    that they answered waits for the next sweep.

    Args:
        classes: the classes.
        updating: how to follow.
    """

    def __init__(self, classes: Sequence[Label], updating: Updating | None = None) -> None:
        self.updating = updating or Updating()
        self.classes = tuple(classes)
        self._index = {label: number for number, label in enumerate(self.classes)}
        size = len(self.classes)
        self._heard = Heard(self.classes)
        self._posterior = Growing(0.0, np.float64, (size,))
        self._counts = Growing(0.0, np.float64, (size, size))
        self._answers = Growing(0, np.int64)
        # An answer counts e to the power of its weight and its person's fading: 1 each, unless earlier answers fade.
        self._weight, self._faded = Growing(0.0, np.float64), Growing(0.0, np.float64)
        self._class_counts = np.zeros(size)
        self._marks = np.array([mix(number + 1) for number in range(size)], np.uint64)
        self._shown = Growing(0, np.uint64)
        self._touched: dict[int, None] = {}
        self._swept = 0

    @classmethod
    def of(cls, table: AnswerTable, updating: Updating | None = None, start: Floats | None = None) -> Self:
        """Return what it would be with all these answers, at vote shares or given class probabilities, and before any sweep."""
        running = cls(table.classes, updating)
        running._heard.load(table)
        running._answers.load(table.answers_of_person)
        running._weight.load(np.zeros(len(table)))
        running._faded.load(np.zeros(len(table.people)))
        running._shown.load(np.zeros(len(table.items), np.uint64))
        running._take(table, vote_shares(table) if start is None else start)
        running._swept = len(table)
        return running

    def __len__(self) -> int:
        """How many answers were heard, void ones included."""
        return len(self._heard.item)

    @property
    def items(self) -> list[Item]:
        """The items heard of."""
        return [*self._heard.items]

    @property
    def people(self) -> list[str]:
        """Those heard of."""
        return [*self._heard.person_of]

    @property
    def prior(self) -> Floats:
        """Probability of each class; shape (classes,)."""
        counts = np.maximum(self._class_counts, 0.0) + self.updating.smoothing
        total = counts.sum()
        return np.asarray(counts / total) if total > 0 else np.full(len(counts), 1.0 / len(counts))

    def hear(self, item: Item, person: str, label: Label) -> None:
        """Take an answer in.

        Raises:
            ValueError: the label is none of the classes.
        """
        place = self._place(label)
        row, who = self._row(item), self._heard.person_row_of(person)
        for column in (self._counts, self._answers, self._faded):
            column.grow(who + 1)
        self._heard.add(row, who, place)
        self._weight.grow(len(self))
        if self.updating.mode == "online":
            self._fade(who)
        self._answers.block[who] += 1
        self._revise(row, new=True)
        growth = self.updating.sweep_every
        if self.updating.mode == "incremental" and growth and len(self) >= (1 + growth) * self._swept + 1:
            self.sweep()

    def know(self, item: Item, label: Label) -> None:
        """Take in an item's true class.

        Raises:
            ValueError: the label is none of the classes.
        """
        place, row = self._place(label), self._row(item)
        self._heard.know(row, place)
        self._revise(row)

    def forget(self, person: str) -> None:
        """Make all answers of a person void: they may answer afresh. Nothing is to forget of somebody never heard of."""
        who = self._heard.person_of.get(person)
        if who is None:
            return
        rows = self._heard.forget(who)
        self._counts.block[who] = 0.0
        self._answers.block[who] = 0
        self._faded.block[who] = 0.0
        for row in rows:
            self._revise(row)

    def posterior(self, item: Item) -> Floats:
        """Return the probability of each class of an item; the prior of one without answers; shape (classes,)."""
        row = self._heard.item_of.get(item)
        if row is None or not self._posterior.block[row].any():
            return self.prior
        return np.array(self._posterior.block[row])

    def skill(self, person: str) -> float:
        """Return the probability that a person's answer is right: the posterior mean under Jeffreys' prior."""
        who = self._heard.person_of.get(person)
        if who is None:
            return 0.5
        return float((np.trace(self._counts.block[who]) + 0.5) / (self._answers.block[who] + 1.0))

    def changed(self) -> list[Item]:
        """Return the items whose most probable class, or classes, became others since the last call, in the order of hearing."""
        rows = np.array(sorted(self._touched), np.intp)
        self._touched = {}
        now = self._signatures(rows)
        rows = rows[now != self._shown.block[rows]]
        self._shown.block[rows] = self._signatures(rows)
        return [self._heard.items[row] for row in rows.tolist()]

    def sweep(self) -> None:
        """Go over everything once: an M-step and an E-step of all items."""
        self.settle(most=1)

    def settle(self, tolerance: float = 1e-5, most: int = 100, afresh: bool = False) -> Inferred:
        """Sweep until a sweep gains less than the tolerance in log-likelihood per answer (nats), and return what was found.

        Args:
            tolerance: of the gain.
            most: sweeps at most.
            afresh: whether to begin again from vote shares, as a batch does, in place of from where it stands: expectation-
                maximisation finds the nearest maximum, and what came first may have led to another.
        """
        table = self._heard.table()
        start = vote_shares(table) if afresh else self._whole()
        emission = self._emission(table)
        end = climb(table, start, emission, self.updating.smoothing, tolerance, most)
        self._take(table, end.posterior)
        self._swept = len(self)
        steps = len(end.log_likelihood)
        return Inferred(table, end.posterior, steps, end.converged, end.log_likelihood, emission.confusion(end.fit), end.prior)

    def inferred(self) -> Inferred:
        """Return what the answers amount to as it stands; the log-likelihood is of the parameters that follow from it."""
        table, emission = self._heard.table(), self._emission(self._heard.table())
        posterior = self._whole()
        prior, penalty = class_prior(table, posterior, self.updating.smoothing)
        fit = emission.fit(np.asarray(table.by_pair.T @ posterior))
        _, value = expect(table, fit.spoken, prior)
        return Inferred(table, posterior, 1, False, (value + penalty + fit.penalty,), emission.confusion(fit), prior)

    def _emission(self, table: AnswerTable) -> Emission:
        dials = self.updating
        return (Coins if dials.one_coin else Confusions)(table, dials.smoothing, dials.trust, dials.floor)

    def _place(self, label: Label) -> int:
        place = self._index.get(label)
        if place is None:
            raise ValueError(f"{label!r} is none of the classes")
        return place

    def _row(self, item: Item) -> int:
        row = self._heard.row_of(item)
        self._posterior.grow(row + 1)
        self._shown.grow(row + 1)
        return row

    def _whole(self) -> Floats:
        """Return all posteriors, the prior for items without answers; shape (items, classes)."""
        posterior = np.array(self._posterior.rows)
        posterior[~posterior.any(axis=1)] = self.prior
        return posterior

    def _take(self, table: AnswerTable, posterior: Floats) -> None:
        """Hold these posteriors, and the counts that follow from them."""
        told = (table.answers_of_item > 0) | (table.gold != UNKNOWN)
        self._posterior.load(np.where(told[:, None], posterior, 0.0))
        self._class_counts = told.astype(np.float64) @ posterior
        persons, labels = table.pairs
        self._counts.load(np.zeros((len(table.people), len(self.classes), len(self.classes))))
        self._counts.block[persons, :, labels] = table.by_pair.T @ posterior
        self._weight.rows[:] = 0.0
        self._faded.rows[:] = 0.0
        differ = self._signatures(slice(None)) != self._shown.rows
        self._touched = dict.fromkeys(np.flatnonzero(differ).tolist())

    def _signatures(self, rows: Indices | slice) -> Indices:
        """Return a number for which classes are the most probable; 0 where nothing is known; shape (rows,)."""
        posterior = self._posterior.rows[rows]
        # Where nothing is known every entry is 0, below the least that a maximum can be.
        top = posterior >= posterior.max(axis=1, keepdims=True, initial=2 * TIED) - TIED
        return np.asarray(np.where(top, self._marks, np.uint64(0)).sum(axis=1, dtype=np.uint64))

    def _weigh(self, row: int, people: Indices, labels: Indices) -> Floats:
        """Return an item's posterior by its answers: the E-step; 0 everywhere without any; shape (classes,)."""
        gold = int(self._heard.gold.block[row])
        if gold != UNKNOWN or not len(people):
            return np.asarray(np.arange(len(self.classes)) == gold, np.float64)
        if not self.updating.trust:
            return np.asarray(np.bincount(labels, minlength=len(self.classes)) / len(labels))
        logs = np.log(np.maximum(self.prior, np.finfo(np.float64).tiny)) + np.log(self._spoken(people, labels)).sum(axis=0)
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum())

    def _spoken(self, people: Indices, labels: Indices) -> Floats:
        """Return the probability of what each says, by true class; shape (answers, classes)."""
        dials, size = self.updating, len(self.classes)
        smoothing, trust, least = dials.smoothing, dials.trust, np.finfo(np.float64).tiny
        diagonal = np.arange(size) == labels[:, None]
        counts = self._counts.block[people]
        if dials.one_coin:
            right = np.einsum("pcc->p", counts) + smoothing + trust
            skill = (right / (self._answers.block[people] + size * smoothing + trust))[:, None]
            return np.asarray(np.maximum(np.where(diagonal, skill, (1.0 - skill) / max(size - 1, 1)), least))
        heard = counts[np.arange(len(people)), :, labels] + smoothing + trust * diagonal
        return np.asarray(np.maximum(heard, least) / (np.einsum("pcl->pc", counts) + size * smoothing + trust))

    def _revise(self, row: int, new: bool = False) -> None:
        """Weigh an item's answers, the latest a new one or not, and let what is known of its people follow."""
        answers = self._heard.about(row)
        people, labels = self._heard.person.block[answers], self._heard.label.block[answers]
        before = self._posterior.block[row].copy()
        weights = np.exp(self._weight.block[answers] + self._faded.block[people])[:, None]
        if new:
            self._counts.block[people[0], :, labels[0]] += weights[0] * before
        after = self._weigh(row, people, labels)
        change = after - before
        np.add.at(self._counts.block, (people[:, None], np.arange(len(after)), labels[:, None]), weights * change)
        self._class_counts += after - before
        self._posterior.block[row] = after
        self._touched[row] = None

    def _fade(self, who: int) -> None:
        """Let a person's earlier answers fade, and the newest weigh what is left: a step of stepwise EM."""
        said, newest = int(self._answers.block[who]), len(self) - 1
        # No step is shorter than the plain mean's: the first answer counts whole.
        step = max((said + 2.0) ** -self.updating.kappa, 1.0 / (said + 1))
        if said:
            left = (1.0 - step) * (said + 1) / said
            self._counts.block[who] *= left
            self._faded.block[who] += np.log(left)
        self._weight.block[newest] = np.log(step * (said + 1)) - self._faded.block[who]
