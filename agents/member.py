"""A member of a committee: a learner that trains when the Learner calls on it."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from agents.agent import Agent
from agents.committee import MemberTrained, TrainingWanted
from agents.estimator import Estimator, Model, ModelShelf
from agents.items import Items
from agents.lesson import Known, Lesson
from agents.lessons.plain import Labels
from agents.messages import AnswersCounted, Label
from agents.training import Training
from agents.training_set import TrainingSet
from bus.bus import MessageBus
from bus.chance import Chance
from bus.message import Envelope


class Member(Agent):
    """Trains on the labels that it has heard of, or on a bag of them.

    A bag holds each label so many times as a Poisson variable of mean 1 says (Oza and Russell, 2001, for bootstrap samples): drawn
    once for member and item, so that bags grow with the labels, and a member that went down finds its own again. A call that comes
    while it trains is answered after that; of several, the last.

    Args:
        name, bus: as for every agent.
        items: the pool and its features.
        classes: the classes, in the order of their indices.
        estimator: what to train.
        train_time: simulated microseconds that a training takes.
        bag: whether it trains on a bag of the labels, or on all of them.
        knows: the classes that it learns; None for all.
        models: where to put its models.
        chance: the run's randomness.
        lesson: what labels and answers are to it.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        items: Items,
        classes: Sequence[Label],
        estimator: Estimator,
        train_time: int,
        bag: bool,
        knows: Collection[Label] | None,
        models: ModelShelf,
        chance: Chance,
        lesson: Lesson = Labels(),  # noqa: B008 (frozen)
    ) -> None:
        answers = (AnswersCounted,) if lesson.needs_answers else ()
        super().__init__(name, bus, *TrainingSet.heard, *answers, capacity=65536)
        self._items = items
        self._known = np.array([knows is None or label in knows for label in classes])
        self._training_set = TrainingSet(items, classes, lesson.needs_answers)
        self._training = Training(estimator, "anew", items.features, len(classes))
        self._lesson = lesson
        self._train_time = train_time
        self._models = models
        self._bags = chance.keyed(name, "bag") if bag else None
        self._luck = chance.keyed(name, "training")
        self._call: Envelope | None = None

    async def run(self) -> None:
        """Train whenever the Learner calls."""
        while True:
            if self._call is not None:
                await self._train(self._call)
            else:
                self._note(await self.inbox.get())

    def _note(self, envelope: Envelope) -> None:
        self._training_set.note(envelope.body)
        if isinstance(envelope.body, TrainingWanted):
            self._call = envelope

    def rebuild(self, history: list[Envelope]) -> None:
        """Learn from the log what labels there are, and whether a call has been answered."""
        for envelope in history:
            if envelope.recipient == self.name or not isinstance(envelope.body, TrainingWanted):
                self._note(envelope)
            if envelope.sender == self.name:
                self._call = None

    async def _train(self, call: Envelope) -> None:
        wanted = call.body
        assert isinstance(wanted, TrainingWanted)
        self._call = None
        known = self._training_set.known()
        if self._train_time:
            ready_at = self.loop.now + self._train_time
            while (envelope := await self.inbox.get_before(ready_at)) is not None:
                self._note(envelope)
        self._models.put(wanted.version, self._fit(known, wanted.version))
        await self.send(MemberTrained(version=wanted.version, labels=len(known.rows)), call.sender, call)

    def _fit(self, known: Known, version: int) -> Model:
        random_state = self._luck.luck(version).bits() >> 32
        examples = self._lesson.examples(known, self._training.guesses(random_state))
        model, converged = self._training.anew(examples.at(self._chosen(examples.rows, examples.labels)), random_state)
        if not converged:
            self.log.warning("the solver did not converge; standardised features help", version=version)
        return model

    def _chosen(self, rows: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return which examples it learns, each as often as its item stands in the bag."""
        mine = np.flatnonzero(self._known[targets])
        # Who knows none of the classes so far takes what there is: somebody who says nothing has no vote.
        mine = mine if len(mine) else np.arange(len(rows))
        if self._bags is None:
            return mine
        times = poisson(self._bags.uniforms(self._items.keys[rows[mine]]))
        bag = np.repeat(mine, times)
        return bag if len(bag) else mine


def poisson(uniforms: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return Poisson variables of mean 1 by inversion, each from a uniform one; the same on every machine."""
    bounds = np.cumsum(_POISSON)
    return np.searchsorted(bounds, uniforms, side="right")


_POISSON = [0.36787944117144233 / factorial for factorial in (1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880)]
"""The probabilities of 0, 1, ..., 9: 1 / (e k!). Ten or more are one in ten million."""
