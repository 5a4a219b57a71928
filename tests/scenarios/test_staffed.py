"""Whether there are the people whom a policy asks, and all that it goes by: said when a scenario is loaded."""

from typing import Any

import pytest

from agents.component import Trust
from scenarios.errors import BadInput
from scenarios.loading import make
from scenarios.scenario import Scenario

EXPERT = {"kind": "majority", "of": "expert"}


def scenario(policy: dict[str, Any], **more: Any) -> Scenario:
    tables = {
        "name": "staffed",
        "data": {"source": "synthetic", "items": 6},
        "annotators": [{"name": "crowd", "count": 3}, {"name": "night-shift", "count": 2}, {"name": "expert"}],
        "coordination": {"policy": policy},
        **more,
    }
    return make(tables, "staffed.toml", {}, Trust())


def complaint(policy: dict[str, Any], **more: Any) -> str:
    with pytest.raises(BadInput) as refused:
        scenario(policy, **more)
    return str(refused.value)


def chain(otherwise: dict[str, Any], **dials: Any) -> dict[str, Any]:
    return {"kind": "majority", "size": 2, "of": "crowd", "otherwise": otherwise, **dials}


def tiers(*each: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "escalation", "tiers": [*each]}


@pytest.mark.parametrize(
    "policy",
    [
        {"kind": "majority", "size": 6},
        {"kind": "majority", "size": 3, "of": "crowd"},
        {"kind": "majority", "size": 3, "of": ["expert", "crowd-1", "night-shift-2"]},
        {"kind": "majority", "size": 4, "of": ["crowd", "crowd-1", "expert"]},
        chain(EXPERT),
        chain({"kind": "majority", "size": 3, "of": "crowd", "otherwise": EXPERT}),
        tiers({"of": "crowd", "votes": 2}, {"of": ["crowd", "night-shift"], "votes": 3}, {"of": "expert"}),
        tiers({"of": "crowd", "votes": 2}, {"of": "expert-1"}),
    ],
)
def test_a_policy_whose_people_are_there_is_taken(policy):
    assert scenario(policy)


@pytest.mark.parametrize(
    ("policy", "complains"),
    [
        ({"kind": "majority", "size": 7}, "coordination.policy asks 7 different people about an item, but there are 6 annotators"),
        ({"kind": "majority", "of": "exprt"}, "asks 'exprt', but there is no such group or annotator; did you mean 'expert'?"),
        ({"kind": "majority", "of": "crowd-4"}, "asks 'crowd-4', but there is no such group or annotator"),
        ({"kind": "majority", "of": "crowd-01"}, "there is no such group"),
        (
            {"kind": "majority", "size": 2, "of": "expert"},
            "asks 2 different people of 'expert' about an item, but there is 1 annotator",
        ),
        ({"kind": "majority", "size": 3, "of": ["expert", "crowd-1"]}, "of 'expert', 'crowd-1' about an item, but there are 2"),
        (chain({**EXPERT, "size": 2}), "asks 2 different people of 'expert'"),
        (chain({"kind": "majority", "of": "nobody"}), "asks 'nobody'"),
        (
            tiers({"of": "crowd", "votes": 2}, {"of": "crowd", "votes": 2}, {"of": "expert"}),
            "asks 4 different people of 'crowd' about an item, but there are 3 annotators",
        ),
        (
            tiers({"of": "crowd", "votes": 3}, {"of": ["crowd", "expert"], "votes": 2}),
            "asks 5 different people of 'crowd', 'expert' about an item, but there are 4 annotators",
        ),
        (
            tiers({"of": "crowd-1", "doubt": "always"}, {"of": "crowd", "votes": 3}),
            "asks 4 different people of 'crowd' about an item, but there are 3",
        ),
        ({"kind": "negotiation", "size": 3, "of": "night-shift"}, "asks 3 different people of 'night-shift'"),
    ],
)
def test_people_who_are_not_there_or_too_few_are_named(policy, complains):
    assert complains in complaint(policy)


CONFIDENT = [{"name": "crowd", "count": 3, "says": {"kind": "confidence"}}, {"name": "expert"}]


@pytest.mark.parametrize(
    ("doubt", "complains", "mended"),
    [
        (
            "low-confidence",
            "doubt 'low-confidence' goes by how sure people say they are, but nobody says so",
            {"annotators": CONFIDENT},
        ),
        (
            "model",
            "doubt 'model' goes by the model, but there is no [learner]",
            {"learner": {}, "data": {"source": "synthetic", "items": 90}},
        ),
        ({"kind": "any-of", "of": ["tie", "model"]}, "there is no [learner]", {"learner": {}, "data": {"source": "iris"}}),
    ],
)
def test_doubt_that_goes_by_what_there_is_not_is_refused(doubt, complains, mended):
    policy = chain(EXPERT, doubt=doubt)
    assert complains in complaint(policy)
    assert scenario(policy, **mended)
    # In a tier as well.
    assert complains in complaint(tiers({"of": "crowd", "votes": 2, "doubt": doubt}, {"of": "expert"}))


def test_doubt_about_what_is_probable_needs_somebody_who_learns():
    assert "it learns nothing; set the doubt's `accuracy`" in complaint(chain(EXPERT, doubt="posterior"))
    assert scenario(chain(EXPERT, doubt={"kind": "posterior", "accuracy": "learnt"}))
    assert scenario({"kind": "weighted", "size": 2, "doubt": "posterior", "otherwise": EXPERT})


def test_only_one_policy_of_a_chain_learns():
    assert "'weighted' and 'truth-inference' each learn from all answers" in complaint(
        {"kind": "weighted", "size": 2, "doubt": "disagreement", "otherwise": {"kind": "truth-inference"}}
    )


def test_groups_that_err_together_are_groups():
    policy = {"kind": "weighted", "accuracy": {"kind": "learnt", "correlation": {"crwd": 0.4}}}
    assert "correlation names 'crwd', which is no group; did you mean 'crowd'?" in complaint(policy)
    known = {"kind": "known", "of": {"crowd": 0.8}, "others": 0.9, "correlation": {"crwd": 0.4}}
    assert "correlation names 'crwd', a group of which no accuracy is known; did you mean 'crowd'?" in complaint(
        {"kind": "weighted", "accuracy": known}
    )
    assert scenario({"kind": "weighted", "accuracy": {**known, "correlation": {"crowd": 0.4}}})


@pytest.mark.parametrize(
    ("dials", "complains"),
    [
        ({"protocol": {"kind": "argument", "topology": {"kind": "star", "hub": "exprt"}}}, "has a topology that names 'exprt'"),
        (
            {"protocol": {"kind": "gossip", "topology": {"kind": "given", "edges": [["crowd-1", "crowd-4"]]}}},
            "has a topology that names 'crowd-4', but there is no such group or annotator; did you mean 'crowd-",
        ),
        ({"settles": {"kind": "judge", "who": "boss"}}, "has a pool that names 'boss'"),
    ],
)
def test_who_is_named_in_how_a_committee_talks_and_settles_has_to_be_there(dials, complains):
    assert complains in complaint({"kind": "negotiation", **dials})
    assert complains in complaint(chain({"kind": "negotiation", **dials}))
