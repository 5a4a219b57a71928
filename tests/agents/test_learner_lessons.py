"""Learners that go by answers, or go on from the version before: and know again what they knew."""

import asyncio
import logging
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import structlog
from numpy.testing import assert_allclose, assert_array_equal
from structlog.testing import LogCapture
from threadpoolctl import threadpool_limits

from agents.agent import Agent
from agents.committee import TrainingWanted
from agents.estimator import Estimator, ModelShelf
from agents.estimators.choice import AnyEstimator
from agents.learner import Learner
from agents.lesson import Lesson
from agents.lessons.corrected import Corrected
from agents.lessons.plain import Labels, Votes
from agents.lessons.soft import Soft
from agents.member import Member
from agents.messages import (
    AnswersCounted,
    CampaignEnded,
    Item,
    ItemGivenUp,
    ItemResolved,
    Label,
    LabelsKnown,
    ModelPublished,
    TrainingStarted,
)
from agents.training import Way
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, run
from bus.message import Envelope, Message
from tests.agents.restarts import after_a_restart
from tests.agents.samples import at_work, make, numbered
from tests.bus.samples import Recorder, bus_and_record

CLASSES = ("a", "b", "c")
POOL = numbered(60, np.random.RandomState(4).rand(60, 5))
LESSONS: list[Lesson] = [Labels(), Votes(), Votes(weigh="answer"), Soft(), Corrected(rounds=1, folds=2)]


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    with threadpool_limits(1):
        yield


@contextmanager
def noted() -> Iterator[list[MutableMapping[str, Any]]]:
    """Collect the agents' notes to the operator."""
    before, notes = structlog.get_config(), LogCapture()
    structlog.configure(processors=[notes], wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    yield notes.entries
    structlog.configure(**before)


class Weights:
    """A classifier that remembers what each class weighs at each item."""

    def fit(self, features: Any, labels: Any, sample_weight: Any = None) -> None:
        weights = np.ones(len(labels)) if sample_weight is None else sample_weight
        self.count = int(labels.max()) + 1
        self.known: dict[float, Any] = {}
        for key, label, weight in zip(features[:, 0].tolist(), labels.tolist(), weights.tolist(), strict=True):
            self.known.setdefault(key, np.zeros(self.count))[label] += weight

    def predict_proba(self, features: Any) -> Any:
        return np.array([self.known.get(key, np.zeros(self.count)) for key in features[:, 0].tolist()])


class Weighing(Estimator):
    def build(self, random_state: int) -> Any:
        return Weights()


class Classroom:
    """Makes learners that share a shelf, as those do who go down and come back."""

    def __init__(self, lesson: Lesson, estimator: Estimator, way: Way, train_time: float = 0) -> None:
        self.models = ModelShelf(kept=100)
        self._chance = Chance(7)
        self._dials = estimator, 3, round(train_time * SECOND)
        self._lesson, self._way = lesson, way

    def learner(self, bus: MessageBus) -> Agent:
        return Learner("learner", bus, POOL, CLASSES, *self._dials, self.models, self._chance, None, self._lesson, self._way)

    async def taught(self, *steps: Sequence[Message]) -> Recorder:
        """Return what happens where messages come a second apart, and then the campaign ends."""
        bus, record = bus_and_record()
        running = asyncio.create_task(self.learner(bus).run())
        for step in [*steps, [CampaignEnded(stopped_by="pool")]]:
            for body in step:
                await bus.publish(body, "coordinator")
            await asyncio.sleep(1)
        await running
        return record

    def said(self, version: int) -> Any:
        return self.models.get(version).probabilities(POOL.features)


def counted(item: Item, label: Label, revision: int = 0, **answers: Label) -> list[Message]:
    """Return what is said where an item gets a label."""
    return [
        AnswersCounted(item=item, annotators=tuple(answers), labels=tuple(answers.values())),
        ItemResolved(item=item, label=label, votes=len(answers), revision=revision),
    ]


SEEDS = LabelsKnown(items=(0, 1, 2), labels=CLASSES)


async def test_votes_and_seed_labels_are_what_is_learned() -> None:
    room = Classroom(Soft(), Weighing(), "anew")
    await room.taught([SEEDS], counted(5, "a", ann="a", ben="a", cid="b"), counted(6, "c", ann="c"), counted(7, "b", ben="b"))
    assert_allclose(room.said(2)[[0, 5, 6, 7]], [[1, 0, 0], [2 / 3, 1 / 3, 0], [0, 0, 1], [0, 1, 0]])


async def test_other_answers_are_news_though_the_label_is_the_same() -> None:
    room = Classroom(Votes(weigh="answer"), Weighing(), "anew")
    first = [message for item in (5, 6, 7) for message in counted(item, "a", ann="a")]
    again = [message for item in (5, 6, 7) for message in counted(item, "a", revision=1, ann="a", ben="b")]
    record = await room.taught([SEEDS], first, again)
    assert [event.body.labels for event in record.of(TrainingStarted)] == [3, 6, 6]
    assert_allclose(room.said(3)[5], [1, 1, 0])


async def test_who_goes_by_labels_does_not_look_at_answers() -> None:
    room = Classroom(Labels(), Weighing(), "anew")
    again = [message for item in (5, 6, 7) for message in counted(item, "a", revision=1, ann="a", ben="b")]
    record = await room.taught([SEEDS], counted(5, "a", ann="a"), counted(6, "a"), counted(7, "a"), again)
    assert len(record.of(TrainingStarted)) == 2


async def test_an_item_that_is_given_up_is_no_lesson_any_more() -> None:
    room = Classroom(Votes(), Weighing(), "anew")
    steps = [counted(item, "b", ann="b", ben="b") for item in (5, 6, 7)]
    await room.taught([SEEDS], *steps, [ItemGivenUp(item=6, reason="void")], *[counted(item, "b", ann="b") for item in (8, 9)])
    assert room.said(3)[6].sum() == 0
    assert_allclose(room.said(3)[[5, 7, 8, 9]].sum(axis=1), 1)


async def test_a_label_that_rests_on_no_answers_counts_as_it_is() -> None:
    room = Classroom(Soft(), Weighing(), "anew")
    await room.taught([SEEDS], counted(5, "b"), counted(6, "b", ann="a"), counted(7, "c", ann="c"))
    assert_allclose(room.said(2)[[5, 6, 7]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]])


async def test_members_of_a_committee_learn_the_same_lesson_each_with_a_bag_of_items() -> None:
    bus, _ = bus_and_record()
    bus.subscribe("learner")
    shelves = {name: ModelShelf() for name in ("all", "bag")}
    members = [
        Member(name, bus, POOL, CLASSES, Weighing(), 0, name == "bag", None, shelves[name], Chance(7), Votes()) for name in shelves
    ]
    async with at_work(*members):
        for body in (SEEDS, *(message for item in range(5, 25) for message in counted(item, "a", ann="a", ben="b", cid="b"))):
            await bus.publish(body, "coordinator")
        for name in shelves:
            await bus.publish(TrainingWanted(version=1), "learner", name)
        await asyncio.sleep(1)
    whole, bag = (shelves[name].get(1).probabilities(POOL.features) for name in shelves)
    assert_allclose(whole[5:25], [[1 / 3, 2 / 3, 0]] * 20)
    times = bag[5:25].sum(axis=1).round(6)
    assert {0, 1, 2} <= set(times.tolist()) <= set(range(10))
    assert_allclose(bag[5:25], times[:, np.newaxis] * whole[5:25], atol=1e-9)


# After a restart


def history_of(lesson: Lesson, table: Any, way: Way, train_time: float = 0) -> tuple[Recorder, Classroom]:
    """Return a campaign in which a class appears late, a label is revised, and one is withdrawn; and what was learned."""
    room = Classroom(lesson, make(AnyEstimator, table), way, train_time)
    steps = [counted(item, "ab"[item % 2], ann="ab"[item % 2], ben="a") for item in range(10, 22)]
    late = [counted(item, "c", ann="c", ben="ac"[item % 2]) for item in range(22, 26)]
    odd = [counted(11, "a", revision=1, ann="a", ben="a", cid="a"), [ItemGivenUp(item=12, reason="void")]]
    more = [counted(item, "abc"[item % 3], ann="abc"[item % 3]) for item in range(30, 39)]
    seeds = LabelsKnown(items=(0, 1), labels=("a", "b"))
    return run(room.taught([seeds], *steps, *late, *odd, *more)), room


def between_trainings(history: Sequence[Envelope], cut: int) -> bool:
    last = [event.body for event in history[:cut] if isinstance(event.body, TrainingStarted | ModelPublished)]
    return not last or isinstance(last[-1], ModelPublished)


CASES: list[tuple[Lesson, Any, Way]] = [
    *((lesson, "naive-bayes", "anew") for lesson in LESSONS),
    (Labels(), "naive-bayes", "incremental"),
    (Votes(), "naive-bayes", "incremental"),
    (Soft(), "sgd", "incremental"),
    (Soft(), {"kind": "logistic-regression", "max_iter": 5}, "warm-start"),
    (Labels(), {"kind": "sgd", "epochs": 3}, "warm-start"),
]


@pytest.mark.parametrize(("lesson", "table", "way"), CASES, ids=lambda each: str(each)[:40])
def test_who_goes_down_between_trainings_knows_again_what_it_knew(lesson: Lesson, table: Any, way: Way) -> None:
    history, room = history_of(lesson, table, way)
    versions = [event.body.version for event in history.of(ModelPublished)]
    assert len(versions) > 5
    cuts = [cut for cut in range(1, len(history) + 1) if between_trainings(history, cut)]
    for cut in cuts[:: len(cuts) // 8]:
        here = Classroom(lesson, make(AnyEstimator, table), way)
        for version in versions:
            if any(isinstance(event.body, ModelPublished) and event.body.version == version for event in history[:cut]):
                here.models.put(version, room.models.get(version))
                # As many draws as the one before it had made: a stream goes on where it was.
                here._chance.stream("learner").bit_generator.random_raw()
        since = run(after_a_restart(here.learner, history, cut))
        assert since == history[cut:]
        for version in versions:
            assert_array_equal(here.said(version), room.said(version))


def test_a_training_that_was_broken_off_is_done_again_from_the_last_version_there_is() -> None:
    history, room = history_of(Labels(), "naive-bayes", "incremental", train_time=0.5)
    began = [place for place, event in enumerate(history) if isinstance(event.body, TrainingStarted)]
    here = Classroom(Labels(), make(AnyEstimator, "naive-bayes"), "incremental", 0.5)
    for version in (1, 2):
        here.models.put(version, room.models.get(version))
    with noted() as notes:
        run(after_a_restart(here.learner, history, began[2] + 1))
    assert here.models.get(4).examples is not None
    assert not [note for note in notes if note["log_level"] == "warning"]
    assert not any(note["event"] == "trained anew" and note["version"] == 4 for note in notes)


def test_where_the_last_version_is_lost_the_log_says_that_it_is_trained_anew() -> None:
    history, _ = history_of(Labels(), "naive-bayes", "incremental")
    cut = next(place for place, event in enumerate(history) if event.body == history.of(ModelPublished)[2].body) + 1
    with noted() as notes:
        run(after_a_restart(Classroom(Labels(), make(AnyEstimator, "naive-bayes"), "incremental").learner, history, cut))
    said = [(note["event"], note["version"]) for note in notes]
    assert ("the last version is not on the shelf any more", 3) in said
    assert ("trained anew", 4) in said


def test_the_log_says_why_a_version_was_trained_anew() -> None:
    with noted() as notes:
        history_of(Labels(), "naive-bayes", "incremental")
    because = [note["because"] for note in notes if note["event"] == "trained anew"]
    late, revised = "the version before it knew other classes", "what it had learned was revised"
    assert because == ["there is no version before it", late, revised]
