"""What CONTRIBUTING promises of a protocol and a policy of one's own: 25 lines, no bus, no registration."""

import ast
from pathlib import Path

import pytest

from agents.coordinator.crowd import Answer
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.rehearsal import Rehearsal
from scenarios.run import run
from scenarios.scenario import Scenario
from tests.agents.coordinator import hold_outs
from tests.agents.samples import make

HERE = hold_outs.__name__
SAYS = {"ann": "cat", "ben": "dog", "cid": "cat"}
TALK = {"kind": "negotiation", "size": 3, "rounds": 2, "protocol": f"{HERE}.HoldOuts"}
THINK = {"kind": f"{HERE}.SecondThoughts", "size": 3}


@pytest.mark.parametrize("name", ["HoldOuts", "SecondThoughts"])
def test_a_protocol_of_ones_own_takes_at_most_25_lines(name):
    source = Path(str(hold_outs.__file__)).read_text()
    (found,) = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == name]
    assert found.end_lineno is not None and found.end_lineno - found.lineno + 1 <= 25


def test_a_protocol_of_ones_own_is_tried_without_a_bus():
    crowd = Rehearsal(SAYS, reacts=lambda name, own, heard: heard[0][1])
    assert crowd.resolve(make(AnyPolicy, TALK)).label == "cat"
    assert [[*views] for views in crowd.rounds] == [["ben"]]
    assert sorted(voice[0] for voice in crowd.rounds[0]["ben"]) == ["ann", "cid"]
    assert crowd.outcomes == ["consensus"]


def test_a_policy_of_ones_own_is_tried_without_a_bus():
    def doubts(name: str, own: Answer, heard: object) -> str:
        return "dog" if name != "ben" else own.label

    crowd = Rehearsal(SAYS, reacts=doubts)
    resolution = crowd.resolve(make(AnyPolicy, THINK))
    assert (resolution.label, {answer.label for answer in resolution.answers}) == ("dog", {"dog"})


@pytest.mark.parametrize("policy", [TALK, THINK])
def test_either_runs_by_its_dotted_path(policy):
    scenario = Scenario.model_validate(
        {
            "name": "own",
            "data": {"source": "synthetic", "items": 40, "classes": 3},
            "annotators": [{"name": "crowd", "count": 4, "noise": {"kind": "one-coin", "accuracy": 0.6}, "social": "argument"}],
            "coordination": {"policy": policy},
        }
    )
    summary = run(scenario, logs=None)
    assert summary.labels == 40
    assert summary.positions
