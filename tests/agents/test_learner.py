"""The learner: trains on the labels there are, and publishes versions."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.agent import Agent
from agents.estimator import Estimator, ModelShelf
from agents.estimators.trees import RandomForest
from agents.learner import Learner
from agents.messages import (
    CampaignEnded,
    Item,
    ItemResolved,
    Label,
    LabelsKnown,
    LearningEnded,
    ModelPublished,
    TrainingStarted,
)
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, run
from bus.message import Envelope, Message
from tests.agents.restarts import after_a_restart
from tests.agents.samples import numbered
from tests.bus.samples import Recorder, bus_and_record

CLASSES = ("a", "b", "c")
POOL = numbered(50, np.arange(50, dtype=np.float64)[:, np.newaxis])


class Memory:
    """A classifier that remembers each of its examples, and knows nothing of the rest."""

    def fit(self, features: NDArray[np.float64], labels: NDArray[np.intp]) -> None:
        self.classes = np.unique(labels)
        self.known = dict(zip(features[:, 0].tolist(), labels.tolist(), strict=True))

    def predict_proba(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        rows = [[float(self.known.get(key) == each) for each in self.classes] for key in features[:, 0].tolist()]
        return np.array(rows)


class Remembering(Estimator):
    def build(self, random_state: int) -> Any:
        return Memory()


class School:
    """A learner on a real bus, and everybody else played by the test."""

    def __init__(self, retrain_every: int, train_time: float, estimator: Estimator, seed: int) -> None:
        self.bus, self.record = bus_and_record()
        self.models = ModelShelf()
        duration = round(train_time * SECOND)
        self.learner = Learner("learner", self.bus, POOL, CLASSES, estimator, retrain_every, duration, self.models, Chance(seed))

    async def resolve(self, *items: Item, label: Label = "a") -> None:
        for item in items:
            await self.bus.publish(ItemResolved(item=item, label=label, votes=1, revision=0), "coordinator")
        await asyncio.sleep(1)

    async def seed(self, labels: dict[Item, Label]) -> None:
        await self.bus.publish(LabelsKnown(items=tuple(labels), labels=tuple(labels.values())), "campaign")
        await asyncio.sleep(1)

    def remembered(self, version: int) -> dict[Item, Label]:
        """Return what a model was trained on: what it is sure of."""
        sure = self.models.get(version).probabilities(POOL.features)
        return {item: CLASSES[row.argmax()] for item, row in enumerate(sure) if row.any()}


@asynccontextmanager
async def school(
    retrain_every: int = 2,
    train_time: float = 0,
    estimator: Estimator = Remembering(),  # noqa: B008 (frozen)
    seed: int = 7,
) -> AsyncIterator[School]:
    """Open a school; at the end, end the campaign and wait for the learner."""
    made = School(retrain_every, train_time, estimator, seed)
    running = asyncio.create_task(made.learner.run())
    yield made
    await made.bus.publish(CampaignEnded(stopped_by="pool"), "coordinator")
    await running


def trainings(record: Recorder) -> list[tuple[int, int, float, float]]:
    """Return version, labels, beginning and end in seconds of each training."""
    pairs = zip(record.of(TrainingStarted), record.of(ModelPublished), strict=True)
    for began, ended in pairs:
        assert (began.body.version, began.body.labels) == (ended.body.version, ended.body.labels)
        assert ended.cause == began.seq
    pairs = zip(record.of(TrainingStarted), record.of(ModelPublished), strict=True)
    return [(began.body.version, began.body.labels, began.time / SECOND, ended.time / SECOND) for began, ended in pairs]


async def test_the_first_version_is_trained_on_the_seed_labels_at_once():
    async with school(retrain_every=10) as here:
        await here.seed({0: "a", 1: "b", 7: "c"})
        assert trainings(here.record) == [(1, 3, 0, 0)]
        assert here.remembered(1) == {0: "a", 1: "b", 7: "c"}


async def test_without_seed_labels_the_first_version_is_trained_on_the_first_label():
    async with school(retrain_every=10) as here:
        await here.resolve(4)
        assert trainings(here.record) == [(1, 1, 0, 0)]


async def test_a_version_is_trained_whenever_there_are_so_many_new_labels():
    async with school(retrain_every=3) as here:
        await here.seed({0: "a", 1: "b"})
        for item in range(10, 17):
            await here.resolve(item)
        assert [(version, labels) for version, labels, _, _ in trainings(here.record)] == [(1, 2), (2, 5), (3, 8)]
        assert here.remembered(2) == {0: "a", 1: "b", 10: "a", 11: "a", 12: "a"}


async def test_a_training_takes_its_time_and_labels_that_come_meanwhile_wait():
    async with school(retrain_every=2, train_time=10) as here:
        await here.seed({0: "a", 1: "b"})
        await here.resolve(2, 3)
        await asyncio.sleep(30)
        first, second = trainings(here.record)
        assert first == (1, 2, 0, 10)
        assert second == (2, 4, 10, 20), "there were enough labels, so the next begins at once"
        assert here.remembered(1) == {0: "a", 1: "b"}
        assert len(here.remembered(2)) == 4


async def test_there_is_one_training_at_a_time():
    async with school(retrain_every=1, train_time=7.3) as here:
        await here.seed({0: "a", 1: "b"})
        for item in range(2, 30):
            await here.resolve(item)
    spans = trainings(here.record)
    assert all(ended <= began for (*_, ended), (_, _, began, _) in pairwise(spans))
    assert [version for version, *_ in spans] == [*range(1, len(spans) + 1)]
    # Labels come a second apart: a training sees the seven that came during the one before.
    assert [labels for _, labels, *_ in spans[:4]] == [2, 9, 16, 23]


async def test_the_last_version_is_trained_on_all_labels():
    async with school(retrain_every=10) as here:
        await here.seed({0: "a", 1: "b"})
        await here.resolve(2, 3, 4)
    assert [(version, labels) for version, labels, _, _ in trainings(here.record)] == [(1, 2), (2, 5)]
    (ended,) = here.record.of(LearningEnded)
    assert ended.body.version == 2
    assert here.record[-1] is ended


async def test_labels_that_come_during_the_last_training_are_still_learned():
    async with school(retrain_every=2, train_time=10) as here:
        await here.seed({0: "a", 1: "b"})
        await asyncio.sleep(20)
        await here.resolve(2, 3)
        await here.resolve(4)
    assert [labels for _, labels, *_ in trainings(here.record)] == [2, 4, 5]
    assert len(here.record.of(LearningEnded)) == 1


async def test_a_training_follows_from_the_last_that_was_heard_before_it():
    async with school(retrain_every=2, train_time=10) as here:
        await here.seed({0: "a", 1: "b"})
        await here.resolve(2, 3)
        await asyncio.sleep(30)
        await here.resolve(4)
    known, labels, ended = (here.record.of(kind) for kind in (LabelsKnown, ItemResolved, CampaignEnded))
    causes = [event.cause for event in (*here.record.of(TrainingStarted), *here.record.of(LearningEnded))]
    assert causes == [known[0].seq, labels[1].seq, ended[0].seq, ended[0].seq]


async def test_nothing_is_trained_again_when_there_is_nothing_new():
    async with school(retrain_every=2) as here:
        await here.seed({0: "a", 1: "b"})
        await here.resolve(2, 3)
    assert len(trainings(here.record)) == 2


async def test_without_any_label_learning_ends_without_a_version():
    async with school() as here:
        await asyncio.sleep(5)
    assert [type(event.body) for event in here.record] == [CampaignEnded, LearningEnded]
    assert here.record[-1].body.version == 0


async def test_a_label_that_is_revised_counts_as_it_stands():
    async with school(retrain_every=2) as here:
        await here.resolve(5, label="a")
        await here.resolve(5, label="c")
        await here.resolve(6, label="b")
    assert here.remembered(2) == {5: "c", 6: "b"}


@pytest.mark.parametrize("same", [True, False])
async def test_a_model_is_a_function_of_the_labels_and_the_seed(same):
    seen = []
    for seed in (7, 7 if same else 8):
        async with school(estimator=RandomForest(trees=3), seed=seed) as here:
            await here.seed({item: "abc"[item % 3] for item in range(30)})
            seen.append(here.models.get(1).probabilities(POOL.features))
    assert (seen[0] == seen[1]).all() == same


# After a restart


async def a_history(train_time: float, seeds: bool = True) -> Recorder:
    """Return what happens where eleven labels come one after the other, two of them at one instant."""
    async with school(retrain_every=3, train_time=train_time) as here:
        if seeds:
            await here.seed({0: "a", 1: "b"})
        for items in ([10], [11, 12], [13], [14], [15], [16], [17], [18], [19], [20]):
            await here.resolve(*items)
    return here.record


class Classroom:
    """Makes learners, and keeps what they learn."""

    def __init__(self, train_time: float) -> None:
        self.models = ModelShelf(kept=100)
        self._duration = round(train_time * SECOND)

    def learner(self, bus: MessageBus) -> Agent:
        return Learner("learner", bus, POOL, CLASSES, Remembering(), 3, self._duration, self.models, Chance(7))

    def remembered(self, version: int) -> set[Item]:
        return {item for item, row in enumerate(self.models.get(version).probabilities(POOL.features)) if row.any()}


def labelled(events: Sequence[Envelope]) -> set[Item]:
    """Return the items whose labels are known."""
    seeds = {item for event in events if isinstance(event.body, LabelsKnown) for item in event.body.items}
    return seeds | {event.body.item for event in events if isinstance(event.body, ItemResolved)}


def in_training(events: Sequence[Envelope]) -> bool:
    trainings = [event for event in events if isinstance(event.body, TrainingStarted | ModelPublished)]
    return bool(trainings) and isinstance(trainings[-1].body, TrainingStarted)


@pytest.mark.parametrize("seeds", [True, False])
@pytest.mark.parametrize("train_time", [0, 0.5, 3.5])
def test_a_learner_that_goes_down_between_trainings_goes_on_as_if_it_had_not(train_time, seeds):
    history = run(a_history(train_time, seeds))
    cuts = [cut for cut in range(len(history) + 1) if not in_training(history[:cut])]
    assert len(cuts) > 5
    for cut in cuts:
        since = run(after_a_restart(Classroom(train_time).learner, history, cut))
        assert since == history[cut:], cut


@pytest.mark.parametrize("train_time", [0, 0.5, 3.5])
def test_a_training_that_was_broken_off_is_done_again_on_all_labels_and_none_is_forgotten(train_time):
    history = run(a_history(train_time))
    cuts = [cut for cut in range(len(history) + 1) if in_training(history[:cut])]
    assert len(cuts) >= 4
    for cut in cuts:
        here = Classroom(train_time)
        since = run(after_a_restart(here.learner, history, cut))
        broken_off = next(event.body.version for event in reversed(history[:cut]) if isinstance(event.body, TrainingStarted))
        began = since.of(TrainingStarted)
        assert [event.body.version for event in began] == [*range(broken_off + 1, broken_off + 1 + len(began))]
        assert [event.body for event in since.of(ModelPublished)] == [
            ModelPublished(version=event.body.version, labels=event.body.labels) for event in began
        ]
        # What comes at the same instant is learned too.
        assert began[0].time == history[cut - 1].time
        assert began[0].body.labels >= len(labelled(history[:cut]))
        (ended,) = since.of(LearningEnded)
        assert here.remembered(ended.body.version) == labelled(history)


async def read_up(*bodies: Message) -> Recorder:
    """Return what a learner does who reads that up, and hears that the campaign has ended."""
    history = [Envelope(seq, 0, "somebody", "*", None, body) for seq, body in enumerate(bodies, 1)]
    ended = Envelope(len(history) + 1, 0, "coordinator", "*", None, CampaignEnded(stopped_by="pool"))
    return await after_a_restart(Classroom(0).learner, [*history, ended], len(history))


def resolved(item: Item) -> ItemResolved:
    return ItemResolved(item=item, label="a", votes=1, revision=0)


async def test_a_label_that_a_training_had_not_heard_of_is_learned_though_it_stands_before_it_in_the_log():
    began, published = TrainingStarted(version=1, labels=1), ModelPublished(version=1, labels=1)
    since = await read_up(resolved(1), resolved(2), began, published)
    assert [event.body for event in since.of(TrainingStarted)] == [TrainingStarted(version=2, labels=2)]


async def test_nothing_is_trained_again_after_a_restart_when_there_is_nothing_new():
    began, published = TrainingStarted(version=1, labels=2), ModelPublished(version=1, labels=2)
    since = await read_up(resolved(1), resolved(2), began, published)
    assert [event.body for event in since[1:]] == [LearningEnded(version=1)]


async def test_who_went_down_after_learning_had_ended_has_nothing_more_to_say():
    began, published = TrainingStarted(version=1, labels=1), ModelPublished(version=1, labels=1)
    since = await read_up(resolved(1), CampaignEnded(stopped_by="pool"), began, published, LearningEnded(version=1))
    assert [event.kind for event in since] == ["campaign-ended"]
