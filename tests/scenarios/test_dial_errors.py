"""What people are told whose dials of who is asked, and of who talks to whom, cannot be as they are."""

from typing import Any

import pytest

from agents.component import Trust
from scenarios.errors import BadInput
from scenarios.loading import make


def coordination(**tables: Any) -> dict[str, Any]:
    return {"name": "n", "data": {"source": "synthetic"}, "annotators": [{"name": "w", "count": 3}], "coordination": tables}


def hearing(**given: Any) -> dict[str, Any]:
    topology = {"kind": "given", **given}
    return coordination(policy={"kind": "negotiation", "protocol": {"kind": "opinions", "topology": topology}})


def noisy(**noise: Any) -> dict[str, Any]:
    return {**coordination(), "annotators": [{"name": "w", "count": 3, "noise": noise}]}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (coordination(quota=0), "coordination.quota: should be greater than or equal to 1 (found 0)"),
        (coordination(quota={"w": -1}), "coordination.quota.w: should be greater than or equal to 1 (found -1)"),
        (coordination(quota={"v": 1}), "coordination.quota: there is no agent 'v'; there are w, w-1, w-2, w-3"),
        (
            coordination(allocation={"kind": "contract-net", "candidates": 0}),
            "coordination.allocation.candidates: should be greater than or equal to 1 (found 0)",
        ),
        (noisy(kind="item-effect", spread="wide"), "annotators.w.noise.spread: should be a valid number"),
        (hearing(trust={"w-1": {"w-1": 2.0, "w-2": 1.0}}), "a topology in which 'w-1' hears 'w-1', but nobody hears themselves"),
        (hearing(edges=[["w-2", "w-2"]]), "a topology in which 'w-2' hears 'w-2'"),
        (hearing(edges=[["w-2", "w-4"]]), "a topology that names 'w-4', but there is no such group or annotator"),
    ],
)
def test_it_is_said_what_is_wrong_and_where(tables: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        make(tables, "scenario", {}, Trust())
    assert said in str(caught.value)
    assert "constrained" not in str(caught.value)
    assert "dict[" not in str(caught.value)


def test_a_group_may_hear_itself_which_is_each_the_others():
    assert make(hearing(edges=[["w", "w"]]), "scenario", {}, Trust())
    assert make(hearing(trust={"w": {"w": 1.0}}), "scenario", {}, Trust())
