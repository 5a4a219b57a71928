"""A crowd without a bus: it does what its script says, records what it was asked, and has the luck of a campaign."""

import asyncio

import pytest

from agents.annotator.socials.argument import Argument as Persuadable
from agents.annotator.socials.conformity import Conformity
from agents.coordinator.crowd import NobodyLeft
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.rehearsal import Rehearsal
from agents.messages import AnswerSubmitted, ItemResolved
from bus.message import Envelope
from scenarios.campaign import Campaign
from scenarios.run import Origin, prepare, run
from scenarios.scenario import Scenario
from tests.agents.samples import make

SAYS = {"ann": "cat", "ben": None, "cid": (0.2, 0.8), "dot": lambda item: "cat" if item else "dog"}


def test_people_answer_in_the_order_of_the_script_and_who_has_nothing_to_say_is_passed_over():
    crowd = Rehearsal(SAYS, classes=("cat", "dog"))
    answers = asyncio.run(crowd.ask(0, 2))
    assert [(each.annotator, each.label, each.chances) for each in answers] == [
        ("ann", "cat", None),
        ("cid", "dog", (0.2, 0.8)),
    ]
    assert [each.label for each in asyncio.run(crowd.ask(0, 1))] == ["dog"]
    with pytest.raises(NobodyLeft):
        asyncio.run(crowd.ask(0, 1))
    assert [each.label for each in asyncio.run(crowd.ask(1, 3))] == ["cat", "dog", "cat"]
    assert crowd.asked == [2, 1, 1, 3]
    assert [each.annotator for each in crowd.answers(0)] == ["ann", "cid", "dot"]


def test_only_those_of_a_group_are_asked_and_no_more_than_suffice():
    crowd = Rehearsal({"llm-1": "a", "crowd-1": "a", "crowd-2": "b", "crowd-3": "b"})
    answers = asyncio.run(crowd.ask(0, 3, enough=lambda heard: len(heard) == 2, of=("crowd",)))
    assert [each.annotator for each in answers] == ["crowd-1", "crowd-2"]


def test_people_react_as_a_function_or_as_their_conduct_has_it_and_speak_no_more_than_before():
    script = {"ann": "cat", "cid": (0.2, 0.8)}
    views = {"ann": (("cid", "dog", None, (0.2, 0.8), 1.0),), "cid": (("ann", "cat", None, None, 1.0),)}

    def replies(reacts):
        crowd = Rehearsal(script, reacts, classes=("cat", "dog"))
        asyncio.run(crowd.ask(0, 2))
        return [(each.annotator, each.label, each.chances) for each in asyncio.run(crowd.reconsider(0, views))]

    assert replies(None) == [("ann", "cat", None), ("cid", "dog", (0.2, 0.8))]
    assert replies(lambda name, own, heard: heard[0][1]) == [("ann", "dog", None), ("cid", "cat", None)]
    assert replies(lambda name, own, heard: None if name == "ann" else (1.0, 0.0)) == [("cid", "cat", (1.0, 0.0))]
    open_ = replies(Conformity(openness=1))
    assert open_ == [("ann", "dog", None), ("cid", "cat", pytest.approx((1.0, 0.0)))]
    assert replies({"cid": Conformity(openness=1)})[0] == ("ann", "cat", None)


def test_what_was_shown_asked_and_said_of_a_session_is_recorded():
    crowd = Rehearsal({"ann": "cat", "cid": "dog"})
    crowd.resolve(Negotiation(size=2, within=60, fee=0.5, rounds=1))
    assert crowd.rounds == [{"ann": ((None, "dog", None, None, 1.0),), "cid": ((None, "cat", None, None, 1.0),)}]
    assert (crowd.terms, crowd.outcomes) == ([(False, 60.0, 0.5, "delphi")], ["stable"])
    with pytest.raises(NobodyLeft):
        Rehearsal({}).resolve(Majority(size=1))


@pytest.mark.parametrize("protocol", ["argument", "debate", {"kind": "argument", "topology": "ring"}])
@pytest.mark.parametrize("social", [Persuadable(wrong_to_right=0.5, right_to_wrong=0.3), Conformity(openness=0.6)])
def test_a_rehearsal_with_the_seed_of_a_campaign_comes_to_its_labels(social, protocol):
    policy = {"kind": "negotiation", "size": 5, "rounds": 3, "protocol": protocol}
    people = {"name": "crowd", "count": 5, "noise": {"kind": "one-coin", "accuracy": 0.5}, "social": social}
    scenario = Scenario.model_validate(
        {
            "name": "rehearsed",
            "seed": 5,
            "data": {"source": "synthetic", "items": 40, "classes": 3},
            "annotators": [people],
            "coordination": {"policy": policy},
        }
    )
    log: list[Envelope] = []

    def watch(campaign: Campaign) -> None:
        record = campaign._bus._record
        campaign._bus._record = lambda event: (log.append(event), record(event))[1]

    run(scenario, logs=None, on_start=watch)
    _, world, _ = prepare(scenario, Origin())
    labels = {event.body.item: event.body.label for event in log if isinstance(event.body, ItemResolved)}
    said = [event for event in log if isinstance(event.body, AnswerSubmitted)]
    rehearsed = {}
    for item in labels:
        script = {event.sender: event.body.label for event in said if event.body.item == item}
        true = world.truth.classes[world.truth.of(item)]
        crowd = Rehearsal(script, social, classes=world.truth.classes, true=true, seed=5)
        rehearsed[item] = crowd.resolve(make(AnyPolicy, policy), item).label
    assert rehearsed == labels
