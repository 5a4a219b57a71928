"""Dawid and Skene's method while answers come: what one answer changes, and no more, between sweeps over everything."""

from array import array
from collections.abc import Sequence
from math import exp, fsum, log
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.component import Component
from agents.inference.answers import AnswerTable, Floats
from agents.inference.ascent import Emission, class_prior, climb, expect
from agents.inference.dawid_skene import Confusions
from agents.inference.error_rates import LEAST, ErrorRates
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
        self._rates = ErrorRates(size, self.updating.one_coin, self.updating.smoothing, self.updating.trust)
        self._posterior = Growing(0.0, np.float64, (size,))
        # Online, an answer counts e to the power of its weight and its person's fading.
        self._weight, self._faded = array("d"), array("d")
        self._class_counts = [0.0] * size
        self._marks = [mix(number + 1) for number in range(size)]
        self._shown = Growing(0, np.uint64)
        self._touched: dict[int, None] = {}
        self._swept = 0

    @classmethod
    def of(cls, table: AnswerTable, updating: Updating | None = None, start: Floats | None = None) -> Self:
        """Return what it would be with all these answers, at vote shares or given class probabilities, and before any sweep."""
        running = cls(table.classes, updating)
        running._heard.load(table)
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
        return np.array(self._prior())

    def hear(self, item: Item, person: str, label: Label) -> None:
        """Take an answer in.

        Raises:
            ValueError: the label is none of the classes.
        """
        place = self._place(label)
        row, who = self._row(item), self._heard.person_row_of(person)
        self._rates.have(who + 1)
        self._heard.add(row, who, place)
        if self.updating.mode == "online":
            self._fade(who)
        self._rates.answers[who] += 1
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
        self._rates.forget(who)
        if self.updating.mode == "online":
            self._faded[who] = 0.0
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
        return self._rates.skill(who)

    def changed(self) -> list[Item]:
        """Return the items whose most probable class, or classes, became others since the last call, in the order of hearing."""
        changed, shown = list[Item](), self._shown.block
        for row in sorted(self._touched):
            now = self._signature(row)
            if now != int(shown[row]):
                shown[row] = now
                changed.append(self._heard.items[row])
        self._touched = {}
        return changed

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
        fit = emission.fit(table.to_pairs(posterior))
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
        told = table.telling
        self._posterior.load(np.where(told[:, None], posterior, 0.0))
        self._class_counts = (told.astype(np.float64) @ posterior).tolist()
        self._rates.load(table, posterior)
        if self.updating.mode == "online":
            self._weight, self._faded = array("d", bytes(8 * len(self))), array("d", bytes(8 * len(table.people)))
        differ = self._signatures() != self._shown.rows
        self._touched = dict.fromkeys(np.flatnonzero(differ).tolist())

    def _signatures(self) -> NDArray[np.uint64]:
        """Return a number for which classes are the most probable, of each item; 0 where nothing is known; shape (items,)."""
        posterior, marks = self._posterior.rows, np.array(self._marks, np.uint64)
        # Where nothing is known every entry is 0, below the least that a maximum can be.
        top = posterior >= posterior.max(axis=1, keepdims=True, initial=2 * TIED) - TIED
        return np.asarray(np.where(top, marks, np.uint64(0)).sum(axis=1, dtype=np.uint64))

    def _signature(self, row: int) -> int:
        """Return that number of one item."""
        posterior = self._posterior.block[row].tolist()
        least = max(2 * TIED, *posterior) - TIED
        return sum(mark for mark, share in zip(self._marks, posterior, strict=True) if share >= least) % 2**64

    def _prior(self) -> list[float]:
        counts = [max(count, 0.0) + self.updating.smoothing for count in self._class_counts]
        total = fsum(counts)
        return [count / total for count in counts] if total > 0 else [1.0 / len(counts)] * len(counts)

    def _weigh(self, row: int, people: Sequence[int], labels: Sequence[int]) -> list[float]:
        """Return an item's posterior by its answers, a number a class: the E-step; 0 everywhere without any."""
        gold, classes = self._heard.gold[row], range(len(self.classes))
        if gold != UNKNOWN or not people:
            return [float(number == gold) for number in classes]
        if not self.updating.trust:
            return [labels.count(number) / len(labels) for number in classes]
        logs = [log(max(share, LEAST)) for share in self._prior()]
        for person, label in zip(people, labels, strict=True):
            logs = self._rates.weigh(logs, person, label)
        top = max(logs)
        weights = [exp(each - top) for each in logs]
        total = fsum(weights)
        return [weight / total for weight in weights]

    def _revise(self, row: int, new: bool = False) -> None:
        """Weigh an item's answers, the latest a new one or not, and let what is known of its people follow."""
        answers, heard, rates = self._heard.about(row), self._heard, self._rates
        people, labels = [heard.person[answer] for answer in answers], [heard.label[answer] for answer in answers]
        before = self._posterior.block[row].tolist()
        weights = [1.0] * len(answers)
        if self.updating.mode == "online":
            weights = [exp(self._weight[answer] + self._faded[who]) for answer, who in zip(answers, people, strict=True)]
        if new:
            rates.count(people[0], labels[0], weights[0], before)
        after = self._weigh(row, people, labels)
        change = [now - then for now, then in zip(after, before, strict=True)]
        for person, label, weight in zip(people, labels, weights, strict=True):
            rates.count(person, label, weight, change)
        self._class_counts = [count + more for count, more in zip(self._class_counts, change, strict=True)]
        self._posterior.block[row] = after
        self._touched[row] = None

    def _fade(self, who: int) -> None:
        """Let a person's earlier answers fade, and the newest weigh what is left: a step of stepwise EM."""
        self._faded.extend([0.0] * (who + 1 - len(self._faded)))
        said = self._rates.answers[who]
        # No step is shorter than the plain mean's: the first answer counts whole.
        step = max((said + 2.0) ** -self.updating.kappa, 1.0 / (said + 1))
        if said:
            left = (1.0 - step) * (said + 1) / said
            self._rates.fade(who, left)
            self._faded[who] += log(left)
        self._weight.append(log(step * (said + 1)) - self._faded[who])
