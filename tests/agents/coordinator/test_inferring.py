"""What a policy learns of people and items by truth inference, while answers come."""

import numpy as np
import pytest
from pydantic import ValidationError

from agents.component import Unusable
from agents.coordinator.belief import Belief
from agents.coordinator.inferring import Following, Refit, Refitting
from agents.coordinator.policies.truth_inference import TruthInference
from agents.inference.dawid_skene import DawidSkene
from agents.inference.kos import Kos
from agents.inference.majority import MajorityVote
from agents.inference.running import Updating
from agents.messages import ItemResolved
from bus.chance import Chance
from tests.agents.coordinator.desk import Desk, always

CLASSES = ("no", "yes")
KINDS = {
    "incremental": lambda margin: Following(CLASSES, Updating(), margin),
    "online": lambda margin: Following(CLASSES, Updating(mode="online"), margin),
    "refit": lambda margin: Refitting(CLASSES, Refit(), margin),
    "refit one-coin": lambda margin: Refitting(CLASSES, Refit(method=MajorityVote()), margin),
}


def crowd(belief: Belief, items: int = 200, seed: int = 1, settled: bool = True) -> dict[int, str]:
    """Let four people answer, one of whom mostly lies, settle each item by then, and return the truth."""
    draw = Chance(seed).stream("crowd")
    accuracies = {"ann": 0.95, "bob": 0.9, "cy": 0.5, "liar": 0.1}
    truth = {}
    for item in range(items):
        truth[item] = CLASSES[int(draw.integers(2))]
        for name, accuracy in accuracies.items():
            right = draw.random() < accuracy
            belief.hear(item, name, truth[item] if right else CLASSES[truth[item] == "no"])
        if settled:
            belief.settle(item, CLASSES[int(belief.posterior(item).argmax())])
    return truth


def accuracy(belief: Belief, truth: dict[int, str]) -> float:
    return float(np.mean([CLASSES[int(belief.posterior(item).argmax())] == label for item, label in truth.items()]))


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_whom_to_believe(kind):
    belief = KINDS[kind](0.0)
    truth = crowd(belief)
    belief.finish()
    # A majority of the four, ties broken fairly, has an accuracy of 0.70.
    assert accuracy(belief, truth) > (0.9 if kind != "refit one-coin" else 0.6)


@pytest.mark.parametrize("kind", KINDS)
def test_settled_items_are_revised_when_another_class_is_more_probable_by_the_margin_and_only_then(kind):
    for margin in (0.0, 0.3):
        belief = KINDS[kind](margin)
        labels: dict[int, str] = {}
        draw = Chance(3).stream("crowd")
        revised = 0
        for item in range(120):
            for name in draw.permutation(["ann", "bob", "cy", "dot", "eve"])[:3].tolist():
                right = draw.random() < (0.95 if name in ("ann", "bob") else 0.3)
                belief.hear(item, name, CLASSES[(item % 2) == right])
            labels[item] = CLASSES[int(belief.posterior(item).argmax())]
            belief.settle(item, labels[item])
            for each, label in belief.revisions():
                lead = belief.posterior(each)[CLASSES.index(label)] - belief.posterior(each)[CLASSES.index(labels[each])]
                assert lead > margin and label != labels[each]
                labels[each] = label
                belief.settle(each, label)
                revised += 1
        belief.finish()
        for each, label in belief.revisions():
            labels[each] = label
        for item, label in labels.items():
            posterior = belief.posterior(item)
            assert posterior.max() - posterior[CLASSES.index(label)] <= margin + 1e-9, "a label stands that should not"
        assert revised or margin or kind != "incremental"


@pytest.mark.parametrize("kind", KINDS)
def test_answers_of_somebody_can_be_struck_out(kind):
    with_liar, without = KINDS[kind](0.0), KINDS[kind](0.0)
    crowd(with_liar, settled=False)
    with_liar.forget("liar")
    draw = Chance(1).stream("crowd")
    for item in range(200):
        truth = CLASSES[int(draw.integers(2))]
        for name, skill in {"ann": 0.95, "bob": 0.9, "cy": 0.5, "liar": 0.1}.items():
            right = draw.random() < skill
            if name != "liar":
                without.hear(item, name, truth if right else CLASSES[truth == "no"])
    with_liar.finish()
    without.finish()
    same = [with_liar.posterior(item).argmax() == without.posterior(item).argmax() for item in range(200)]
    assert np.mean(same) > 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_gold_is_certain_whatever_people_say(kind):
    belief = KINDS[kind](0.0)
    belief.know("g", "yes")
    for name in ("ann", "bob", "cy"):
        belief.hear("g", name, "no")
    belief.finish()
    assert belief.posterior("g").tolist() == [0.0, 1.0]


def test_between_two_fits_an_item_is_weighed_by_what_the_last_fit_found_of_its_people():
    belief = Refitting(CLASSES, Refit(growth=10.0), 0.0)
    truth = crowd(belief, 100, settled=False)
    belief.finish()
    belief.hear("new", "ann", "yes")
    belief.hear("new", "liar", "yes")
    belief.hear("new", "cy", "no")
    assert belief.posterior("new")[1] == pytest.approx(0.5, abs=0.45)
    belief.hear("newer", "ann", "yes")
    belief.hear("newer", "liar", "no")
    assert belief.posterior("newer")[1] > 0.97
    assert accuracy(belief, truth) > 0.9


def test_a_method_that_cannot_do_with_the_classes_says_so_before_anything_is_asked():
    class Fussy(MajorityVote):
        def infer(self, table, start=None):
            raise Unusable("fussy wants three classes")

    with pytest.raises(Unusable, match="three classes"):
        TruthInference(following=Refit(method=Fussy())).belief(CLASSES)


@pytest.mark.parametrize(
    ("dials", "complaint"),
    [
        ({"following": {"kind": "refit", "method": "crowdlab"}}, "needs a model's probabilities"),
        ({"following": "updatin"}, "did you mean 'updating'"),
        ({"following": {"kind": "agents.inference.kos.Kos"}}, "following is updating or refit, not Kos"),
        ({"size": 3, "most": 2, "confidence": 0.9}, "most is 2, but size is 3"),
        ({"size": 3, "most": 5}, "nobody further is asked"),
        ({"margin": 1.0}, "less than 1"),
        ({"confidence": 1.0}, "less than 1"),
    ],
)
def test_what_makes_no_sense_is_refused(dials, complaint):
    with pytest.raises(ValidationError, match=complaint):
        TruthInference.model_validate(dials)


def test_each_method_of_truth_inference_can_be_followed():
    for method in (DawidSkene(smoothing=1), Kos(), MajorityVote()):
        belief = TruthInference(following=Refit(method=method)).belief(CLASSES)
        truth = crowd(belief, 60)
        assert accuracy(belief, truth) > 0.5


async def test_people_are_asked_on_while_there_is_doubt():
    replies = {"ann": always("yes"), "bob": always("no"), "cy": always("yes"), "dot": always("yes")}
    desk = Desk(replies, policy=TruthInference(size=2, confidence=0.9, most=4))
    await desk.run(1)
    assert len(desk.assigned) > 2
    sure = Desk({name: always("yes") for name in "abcd"}, policy=TruthInference(size=2, confidence=0.6, most=4))
    await sure.run(1)
    assert len(sure.assigned) == 2


async def test_a_label_is_revised_when_its_people_turn_out_to_be_unreliable():
    """Two who are always wrong outvote one who is right on the first item; later, each of them is outvoted by two others."""

    def says(item: int, truth: str, name: str) -> str:
        return truth if name in "abcd" else CLASSES[truth == "no"]

    replies = {name: (lambda item, _attempt, name=name: (1.0, says(item, CLASSES[item // 2 % 2], name))) for name in "abcdef"}
    able = {item: ("abe", "cdf")[item % 2] if item else "aef" for item in range(40)}
    desk = Desk(replies, policy=TruthInference(size=3), able=able)
    await desk.run(*range(40))
    first = [event.body for event in desk.record.of(ItemResolved) if event.body.item == 0]
    assert [(body.label, body.revision) for body in first] == [("yes", 0), ("no", 1)]
    assert desk.coordinator.register.revised >= 1
    assert desk.labels[0] == "no"


def test_nothing_is_revised_where_revising_is_off():
    belief = TruthInference(revises=False).belief(CLASSES)
    crowd(belief)
    belief.finish()
    assert [*belief.revisions()] == []


def test_a_policy_breaks_ties_fairly():
    labels = []
    for item in range(400):
        policy = TruthInference(size=2, following=Refit(method=MajorityVote()))
        belief = policy.belief(CLASSES)

        class Two:
            def __init__(self, belief: Belief) -> None:
                self.belief = belief

            async def ask(self, item, votes, enough=None, at_once=None):
                raise AssertionError

            def luck(self, item):
                return Chance(7).keyed("coordinator").luck(item)

        belief.hear(item, "ann", "yes")
        belief.hear(item, "bob", "no")
        labels.append(policy.conclude(item, [], Two(belief)))
    assert 160 < labels.count("yes") < 240
