"""The evaluator: the only one who sees the held-out truth."""

from collections import Counter, deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.agent import Agent
from agents.estimator import ModelShelf
from agents.inference.scoring import log_loss, macro_f1
from agents.items import UNKNOWN, Features, Truth
from agents.judgement import Flips
from agents.messages import CampaignEnded, ItemGivenUp, ItemResolved, LabelsJudged, LearningEnded, ModelEvaluated, ModelPublished
from agents.negotiation import MindChanged, MindsJudged
from bus.bus import MessageBus
from bus.message import Envelope


class Evaluator(Agent):
    """Measures each version on held-out items, and at the end how many of the resolved labels are right.

    Args:
        name, bus: as for every agent.
        truth: what is true of each item of the pool.
        models: where published models are; None if nobody learns.
        features: of the held-out items; None if there are none.
        labels: class indices of the held-out items; shape (held-out items,).
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        truth: Truth,
        models: ModelShelf | None,
        features: Features | None,
        labels: NDArray[np.intp],
    ) -> None:
        self._ending = CampaignEnded if models is None else LearningEnded
        self._wanted = (ModelPublished, ItemResolved, ItemGivenUp, MindChanged, self._ending)
        super().__init__(name, bus, *self._wanted, capacity=65536)
        self._past: deque[Envelope] = deque()
        self._truth = truth
        self._models = models
        self._features = features
        self._held_out = labels
        self._index = {label: index for index, label in enumerate(truth.classes)}
        self._resolved: dict[int | str, tuple[int, int]] = {}
        self.curve: list[ModelEvaluated] = []
        """What each version scored, in order."""
        self.judged: LabelsJudged | None = None
        """How many resolved labels are right: after the end."""
        self.flips: Flips | None = None
        """How people changed their minds; None if nobody did, and before the end."""
        self._changes: list[MindChanged] = []

    async def run(self) -> None:
        """Judge, until the campaign has ended."""
        while self.judged is None:
            envelope = self._past.popleft() if self._past else await self.inbox.get()
            body = envelope.body
            if isinstance(body, ItemResolved):
                self._note(body)
            elif isinstance(body, ItemGivenUp):
                self._resolved.pop(body.item, None)
            elif isinstance(body, MindChanged):
                self._changes.append(body)
            elif isinstance(body, ModelPublished) and len(self._held_out):
                await self._evaluate(envelope, body)
            elif isinstance(body, self._ending):
                await self._judge(envelope)

    def _note(self, resolved: ItemResolved) -> None:
        truth = self._truth.of(resolved.item)
        if truth != UNKNOWN:
            self._resolved[resolved.item] = (truth, self._index[resolved.label])

    def rebuild(self, history: list[Envelope]) -> None:
        """Learn from the log what there was to judge, and what has been judged."""
        for envelope in history:
            if isinstance(envelope.body, ModelEvaluated):
                self.curve.append(envelope.body)
            elif isinstance(envelope.body, LabelsJudged):
                self.judged = envelope.body
            elif isinstance(envelope.body, MindsJudged):
                self.flips = Flips(**envelope.body.model_dump())
            elif isinstance(envelope.body, self._wanted):
                self._past.append(envelope)

    async def _evaluate(self, published: Envelope, body: ModelPublished) -> None:
        if self.curve and self.curve[-1].version >= body.version:
            # Judged before a restart.
            return
        assert self._models is not None
        probabilities = self._models.get(body.version).probabilities(self._features)
        accuracy, macro_f1, log_loss = measure(probabilities, self._held_out)
        evaluated = ModelEvaluated(
            version=body.version, labels=body.labels, accuracy=accuracy, macro_f1=macro_f1, log_loss=log_loss
        )
        self.curve.append(evaluated)
        await self.send(evaluated, cause=published)

    async def _judge(self, ended: Envelope) -> None:
        classes = len(self._truth.classes)
        judged: Sequence[tuple[int, int]] = list(self._resolved.values())
        totals, rights = [0] * classes, [0] * classes
        for true, resolved in judged:
            totals[true] += 1
            rights[true] += true == resolved
        by_class = tuple(zip(totals, rights, strict=True))
        if self._changes and self.flips is None:
            self.flips = self._judge_changes()
            await self.send(MindsJudged(**self.flips._asdict()), cause=ended)
        self.judged = LabelsJudged(labels=len(judged), right=sum(rights), by_class=by_class)
        await self.send(self.judged, cause=ended)

    def _judge_changes(self) -> Flips:
        counts = Counter(
            (self._index[change.before] == truth, self._index[change.after] == truth)
            for change in self._changes
            if (truth := self._truth.of(change.item)) != UNKNOWN
        )
        return Flips(counts[True, False], counts[False, True], counts[False, False])


def measure(probabilities: NDArray[np.float64], truth: NDArray[np.intp]) -> tuple[float, float, float]:
    """Return accuracy, macro F1 and log loss (nats) of class probabilities.

    As scikit-learn defines them: the F1 of a class without any prediction or item is 0, classes that occur in neither are left out
    of the mean, and probabilities are kept from 0 by the machine epsilon. Written out because scikit-learn's input checks
    would cost more than the training of a small model.

    Args:
        probabilities: shape (items, classes).
        truth: class indices; shape (items,).
    """
    predicted = probabilities.argmax(axis=1)
    accuracy = float(np.mean(predicted == truth))
    return accuracy, macro_f1(predicted, truth, probabilities.shape[1]), log_loss(probabilities, truth)
