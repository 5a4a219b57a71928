"""The evaluator: the only one who sees the held-out truth."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, log_loss

from agents.estimator import Model, ModelShelf
from agents.evaluator import Evaluator, measure
from agents.messages import CampaignEnded, ItemResolved, LabelsJudged, LearningEnded, ModelEvaluated, ModelPublished
from bus.bus import MessageBus
from bus.clock import run
from tests.agents.restarts import after_a_restart
from tests.agents.samples import truth_of
from tests.bus.samples import Recorder, bus_and_record


@st.composite
def judgements(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Class probabilities, with ties and certain errors, and the truth."""
    classes, items = draw(st.integers(2, 5)), draw(st.integers(1, 20))
    row = st.lists(st.integers(0, 5), min_size=classes, max_size=classes).filter(any)
    weights = np.array(draw(st.lists(row, min_size=items, max_size=items)), dtype=np.float64)
    truth = np.array(draw(st.lists(st.integers(0, classes - 1), min_size=items, max_size=items)))
    return weights / weights.sum(axis=1, keepdims=True), truth


@given(judgements())
def test_accuracy_macro_f1_and_log_loss_are_scikit_learns(judgement):
    probabilities, truth = judgement
    accuracy, macro_f1, loss = measure(probabilities, truth)
    predicted = probabilities.argmax(axis=1)
    assert accuracy == pytest.approx(accuracy_score(truth, predicted))
    assert macro_f1 == pytest.approx(f1_score(truth, predicted, average="macro", zero_division=0))
    assert loss == pytest.approx(log_loss(truth, probabilities, labels=range(probabilities.shape[1])), abs=1e-12)


def test_a_certain_error_costs_much_but_not_everything():
    assert measure(np.array([[1.0, 0.0]]), np.array([1])) == (0.0, 0.0, pytest.approx(36.04, abs=0.01))
    assert measure(np.array([[1.0, 0.0]]), np.array([0])) == (1.0, 1.0, 0.0)


class Sure:
    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        return np.stack([1 - features[:, 0], features[:, 0]], axis=1)


async def test_each_version_is_measured_on_the_held_out_items():
    bus, record = bus_and_record()
    models = ModelShelf()
    models.put(3, Model(Sure(), (0, 1), 2))
    held_out = np.array([[0.1], [0.9], [0.8], [0.3]])
    evaluator = Evaluator("evaluator", bus, truth_of(0, 1), models, held_out, np.array([0, 1, 0, 0]))
    running = asyncio.create_task(evaluator.run())
    published = await bus.publish(ModelPublished(version=3, labels=12), "learner")
    await asyncio.sleep(1)
    (evaluated,) = record.of(ModelEvaluated)
    assert (evaluated.cause, evaluated.body.version, evaluated.body.labels) == (published.seq, 3, 12)
    assert evaluated.body.accuracy == 0.75
    assert evaluator.curve == [evaluated.body]
    await bus.publish(CampaignEnded(stopped_by="pool"), "coordinator")
    await asyncio.sleep(1)
    assert not running.done(), "with a learner, the last model is still to come"
    await bus.publish(LearningEnded(version=3), "learner")
    await running
    assert evaluator.judged == LabelsJudged(labels=0, right=0, by_class=((0, 0), (0, 0)))


async def test_without_held_out_items_no_version_is_measured():
    bus, record = bus_and_record()
    evaluator = Evaluator("evaluator", bus, truth_of(0, 1), ModelShelf(), None, np.array([], dtype=np.intp))
    running = asyncio.create_task(evaluator.run())
    await bus.publish(ModelPublished(version=1, labels=1), "learner")
    await bus.publish(LearningEnded(version=1), "learner")
    await running
    assert evaluator.curve == []
    assert not record.of(ModelEvaluated)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=20))
def test_resolved_labels_are_judged_by_their_true_class(pairs):
    async def live() -> LabelsJudged | None:
        bus, _ = bus_and_record()
        truth = truth_of(*(true for true, _ in pairs), classes="abc")
        evaluator = Evaluator("evaluator", bus, truth, None, None, np.array([], dtype=np.intp))
        running = asyncio.create_task(evaluator.run())
        for item, (_, resolved) in enumerate(pairs):
            await bus.publish(ItemResolved(item=item, label="abc"[resolved], votes=1, revision=0), "coordinator")
        await bus.publish(CampaignEnded(stopped_by="pool"), "coordinator")
        await running
        return evaluator.judged

    judged = run(live())
    by_class = tuple((sum(true == each for true, _ in pairs), pairs.count((each, each))) for each in range(3))
    assert judged == LabelsJudged(labels=len(pairs), right=sum(true == other for true, other in pairs), by_class=by_class)


async def test_a_revised_label_is_judged_as_it_stands():
    bus, _ = bus_and_record()
    evaluator = Evaluator("evaluator", bus, truth_of(1), None, None, np.array([], dtype=np.intp))
    running = asyncio.create_task(evaluator.run())
    for revision, label in enumerate(("no", "yes")):
        await bus.publish(ItemResolved(item=0, label=label, votes=1, revision=revision), "coordinator")
    await bus.publish(CampaignEnded(stopped_by="pool"), "coordinator")
    await running
    assert evaluator.judged == LabelsJudged(labels=1, right=1, by_class=((0, 0), (1, 1)))


# After a restart


def judge(bus: MessageBus) -> Evaluator:
    models = ModelShelf(kept=9)
    for version in range(1, 4):
        models.put(version, Model(Sure(), (0, 1), 2))
    return Evaluator("evaluator", bus, truth_of(0, 1, 0, 1), models, np.array([[0.1], [0.9], [0.8]]), np.array([0, 1, 0]))


async def a_history() -> tuple[Recorder, Evaluator]:
    """Return what happens where labels and models come by turns, and who judged them."""
    bus, record = bus_and_record()
    evaluator = judge(bus)
    running = asyncio.create_task(evaluator.run())
    for number, label in enumerate(["no", "yes", "yes", "no"]):
        await bus.publish(ItemResolved(item=number, label=label, votes=1, revision=0), "coordinator")
        if number:
            await bus.publish(ModelPublished(version=number, labels=number), "learner")
        await asyncio.sleep(1)
    await bus.publish(CampaignEnded(stopped_by="pool"), "coordinator")
    await bus.publish(LearningEnded(version=3), "learner")
    await running
    return record, evaluator


def test_an_evaluator_that_goes_down_at_any_event_judges_each_version_once_and_all_labels():
    history, unbroken = run(a_history())
    for cut in range(len(history) + 1):
        made: list[Evaluator] = []

        def make(bus: MessageBus, made: list[Evaluator] = made) -> Evaluator:
            made.append(judge(bus))
            return made[0]

        since = run(after_a_restart(make, history, cut))
        assert since == history[cut:], cut
        assert (made[0].curve, made[0].judged) == (unbroken.curve, unbroken.judged)


def test_a_version_that_came_while_the_evaluator_was_down_is_judged_late():
    history, _ = run(a_history())
    # All that was said before learning ended, with nobody there who judged it.
    unheard = [event for event in history[:-2] if not isinstance(event.body, ModelEvaluated)]
    past = [event._replace(seq=seq) for seq, event in enumerate(unheard, 1)]
    since = run(after_a_restart(judge, [*past, history[-2]._replace(seq=len(past) + 1)], len(past)))
    evaluated = since.of(ModelEvaluated)
    assert [event.body.version for event in evaluated] == [1, 2, 3]
    assert [event.cause for event in evaluated] == [event.seq for event in past if isinstance(event.body, ModelPublished)]
    assert [event.body.labels for event in since.of(LabelsJudged)] == [4]
