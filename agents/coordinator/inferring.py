"""Beliefs that come of truth inference: kept up to date answer by answer, or made anew now and then."""

from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field, field_validator

from agents.component import Choice, Component
from agents.coordinator.belief import Belief, Revision
from agents.inference.answers import Floats, table_of
from agents.inference.crowdlab import Crowdlab
from agents.inference.dawid_skene import DawidSkene
from agents.inference.inference import Inference, Inferred
from agents.inference.methods import AnyInference
from agents.inference.running import Running, Updating
from agents.messages import Item, Label

_GROWTH = 0.01
"""Share by which the answers grow between looks at items that waver."""


class Refit(Component):
    """Any method of truth inference, run over all answers whenever they have grown by so much, and once more in the end.

    Between two fits, an item is weighed by what the last fit found of its people.
    """

    kind: ClassVar[str] = "refit"

    method: AnyInference = DawidSkene(smoothing=1.0)
    """The method."""
    growth: Annotated[float, Field(gt=0, le=10)] = 0.1
    """Share by which the answers grow from fit to fit: so the cost of an answer stays the same."""

    @field_validator("method")
    @classmethod
    def _needs_only_answers(cls, method: Inference) -> Inference:
        if isinstance(method, Crowdlab):
            raise ValueError("crowdlab needs a model's probabilities of all items, which the Coordinator does not have")
        return method


AnyFollowing = Annotated[Component, Choice("way of following the answers", Updating, Refit)]


class _Settled:
    """Labels that items have, and which of them should be others by now.

    Args:
        classes: the classes.
        margin: by how much another class must be more probable than an item's label.
    """

    def __init__(self, classes: Sequence[Label], margin: float) -> None:
        self._index = {label: index for index, label in enumerate(classes)}
        self._classes, self._margin = tuple(classes), margin
        self.labels: dict[Item, Label] = {}
        self._wavering: dict[Item, None] = {}
        self._looked = 0

    def waver(self, items: Iterable[Item]) -> None:
        """Take note of items whose most probable class has changed."""
        self._wavering.update((item, None) for item in items if item in self.labels)

    def look_again(self) -> None:
        """Let the items that waver be looked at when it is next asked whether they are to be."""
        self._looked = 0

    def is_due(self, answers: int) -> bool:
        """Return whether the items that waver are to be looked at, there being so many answers."""
        if answers < (1 + _GROWTH) * self._looked:
            return False
        self._looked = answers
        return True

    def revise(self, belief: Belief, items: Iterable[Item]) -> list[Revision]:
        """Return the revisions among these items; those that are close to one are looked at again."""
        revisions = []
        for item in items:
            posterior = belief.posterior(item)
            best = int(posterior.argmax())
            lead = float(posterior[best] - posterior[self._index[self.labels[item]]])
            if lead > self._margin:
                revisions.append(Revision(item, self._classes[best]))
            if 0 < lead <= self._margin:
                self._wavering[item] = None
            else:
                self._wavering.pop(item, None)
        return revisions

    @property
    def wavering(self) -> list[Item]:
        """Items whose label is not the most probable, though not by enough."""
        return [*self._wavering]


class Following(Belief):
    """Dawid and Skene's method, kept up to date with each answer: what it costs goes by what has changed.

    Args:
        classes: the classes, in order.
        updating: how estimates follow.
        margin: by how much another class must be more probable for a label to be revised.
    """

    def __init__(self, classes: Sequence[Label], updating: Updating, margin: float) -> None:
        super().__init__(classes)
        self._running = Running(classes, updating)
        self._settled = _Settled(classes, margin)

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in an accepted answer."""
        self._running.hear(item, annotator, label)

    def know(self, item: Item, label: Label) -> None:
        """Learn what an item truly is."""
        self._running.know(item, label)

    def settle(self, item: Item, label: Label) -> None:
        """Learn which label an item has."""
        self._settled.labels[item] = label

    def forget(self, annotator: str) -> None:
        """Strike out all that somebody said."""
        self._running.forget(annotator)

    def posterior(self, item: Item) -> Floats:
        """Return the probability of each class for an item; shape (classes,)."""
        return self._running.posterior(item)

    def finish(self) -> None:
        """Sweep over everything until it comes to rest."""
        if len(self._running):
            self._running.settle()
        self._settled.waver(self._running.changed())
        self._settled.look_again()

    def revisions(self) -> list[Revision]:
        """Return the settled items whose label should be another one now."""
        settled = self._settled
        items = [item for item in self._running.changed() if item in settled.labels]
        if settled.is_due(len(self._running)):
            items = [*dict.fromkeys([*items, *settled.wavering])]
        return settled.revise(self, items)


class Refitting(Belief):
    """Any method of truth inference, fitted to all answers now and then.

    Args:
        classes: the classes, in order.
        refit: the method, and how often.
        margin: by how much another class must be more probable for a label to be revised.

    Raises:
        Unusable: the method cannot do with these classes.
    """

    def __init__(self, classes: Sequence[Label], refit: Refit, margin: float) -> None:
        super().__init__(classes)
        self._refit = refit
        self._settled = _Settled(classes, margin)
        self._answers: dict[Item, list[tuple[str, Label]]] = {}
        self._known: dict[Item, Label] = {}
        self._count = self._fitted = 0
        self._spoken: dict[str, Floats] = {}
        self._prior = np.full(len(classes), 1 / len(classes))
        # What it cannot do with these classes is said now, and not when the first answers are there.
        self._infer([])

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in an accepted answer, and fit anew when there are enough new ones."""
        self._answers.setdefault(item, []).append((annotator, label))
        self._count += 1
        if self._count >= (1 + self._refit.growth) * self._fitted:
            self._fit()

    def know(self, item: Item, label: Label) -> None:
        """Learn what an item truly is."""
        self._known[item] = label

    def settle(self, item: Item, label: Label) -> None:
        """Learn which label an item has."""
        self._settled.labels[item] = label

    def forget(self, annotator: str) -> None:
        """Strike out all that somebody said, and fit anew."""
        for answers in self._answers.values():
            answers[:] = [answer for answer in answers if answer[0] != annotator]
        self._fit()

    def posterior(self, item: Item) -> Floats:
        """Return the probability of each class by the item's answers, and what the last fit found of people and classes."""
        if item in self._known:
            return np.asarray(np.arange(len(self.classes)) == self.index[self._known[item]], np.float64)
        logs = np.log(self._prior)
        for annotator, label in self._answers.get(item, ()):
            logs = logs + np.log(self._confusion_of(annotator)[:, self.index[label]])
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum())

    def finish(self) -> None:
        """Fit once more."""
        self._fit()

    def revisions(self) -> list[Revision]:
        """Return the settled items whose label should be another one since the last fit."""
        return self._settled.revise(self, self._settled.wavering)

    def _fit(self) -> None:
        rows = [(item, *answer) for item, answers in self._answers.items() for answer in answers]
        self._count = self._fitted = len(rows)
        if not rows:
            return
        inferred = self._infer(rows)
        table = inferred.table
        self._spoken = dict(zip(table.people, _confusions(inferred), strict=True))
        self._prior = _shrunk(inferred.posterior.mean(axis=0), len(table.items))
        for item, best in zip(table.items, inferred.posterior.argmax(axis=1).tolist(), strict=True):
            if self._settled.labels.get(item, table.classes[best]) != table.classes[best]:
                self._settled.waver([item])

    def _infer(self, rows: Sequence[tuple[Item, str, Label]]) -> Inferred:
        items, people, labels = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
        table = table_of(items, people, labels, self.classes, self._known)
        return self._refit.method.infer(table)

    def _confusion_of(self, annotator: str) -> Floats:
        known = self._spoken.get(annotator)
        return _one_coin(_STRANGER, len(self.classes)) if known is None else known


_STRANGER = 0.7
"""Probability that somebody's answer is right of whom nothing is known."""


def _confusions(inferred: Inferred) -> Floats:
    """Return the probability of what each person says, by true class, one-coin where the method knows no more; none is 0."""
    if inferred.confusion is None:
        return np.array([_one_coin(skill, len(inferred.table.classes)) for skill in inferred.skill().tolist()])
    return np.maximum(inferred.confusion, 1e-6)


def _one_coin(skill: float, classes: int) -> Floats:
    """Return a confusion matrix whose errors are evenly spread; shape (classes, classes)."""
    if classes == 1:
        return np.ones((1, 1))
    return np.where(np.eye(classes, dtype=np.bool_), skill, (1 - skill) / (classes - 1))


def _shrunk(shares: Floats, items: int) -> Floats:
    """Return class shares with an item of each class added: none is 0."""
    return np.asarray((shares * items + 1) / (items + len(shares)))
