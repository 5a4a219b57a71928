"""The space: which candidates there are, and which are not possible."""

from pathlib import Path
from typing import Any

import pytest

from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.planning.space import Space, parse_vary, space_of
from scenarios.planning.targets import Targets
from tests.scenarios.campaigns import LABELLING, LEARNING, write

TIERS = LABELLING.replace(
    "[coordination]",
    '[[annotators]]\nname = "expert"\ncount = 2\nnoise = { kind = "one-coin", accuracy = 0.95 }\nprice = 0.5\n[coordination]',
).replace("size = 3", 'size = 3, of = "crowd"')


def space(folder: Path, text: str, *varied: str, **fixed: Any) -> Space:
    path = write(folder, text)
    settings = {key.replace("__", "."): value for key, value in fixed.items()}
    return space_of(load(path, settings), str(path), settings, dict(map(parse_vary, varied)), Targets(0.9, 3600.0, 10.0))


def test_without_a_learner_people_and_policies_are_tried(tmp_path: Path) -> None:
    found = space(tmp_path, LABELLING)
    assert found.columns == ["annotators", "policy"]
    assert {each.words["annotators"] for each in found.candidates} == {"2", "5", "10", "20"}
    policies = {each.words["policy"] for each in found.candidates}
    assert policies == {
        "majority 1", "majority 3", "majority 5", "lead 2, at most 3", "lead 2, at most 7", "lead 3, at most 5", "lead 3, at most 9"
    }  # fmt: skip
    assert found.labels == (60,)


def test_what_needs_more_people_than_there_are_is_left_out_and_counted(tmp_path: Path) -> None:
    found = space(tmp_path, LABELLING, "annotators.crowd.count=[2, 4]")
    assert {each.words["policy"] for each in found.candidates if each.people == 2} == {"majority 1"}
    assert found.impossible > 0


def test_the_scenario_as_it_is_written_takes_part(tmp_path: Path) -> None:
    own = [each for each in space(tmp_path, LABELLING).candidates if not each.settings]
    assert [each.words for each in own] == [{"annotators": "5", "policy": "majority 3"}]


def test_with_a_learner_strategies_and_labels_are_tried(tmp_path: Path) -> None:
    found = space(tmp_path, LEARNING)
    assert {each.words["strategy"] for each in found.candidates} == {"random", "margin", "entropy"}
    assert found.labels == (5, 10, 15, 20, 25, 30, 35, 40, 45, 50)
    assert space(tmp_path, LEARNING, stop__labels=20).labels == (20,)
    assert space(tmp_path, LEARNING, "stop.labels=[30, 10]").labels == (10, 30)


def test_campaigns_go_on_until_it_is_known_by_how_much_they_miss(tmp_path: Path) -> None:
    stop = space(tmp_path, LEARNING).candidates[0].scenario.stop
    assert (stop.labels, stop.budget, stop.time) == (50, 15.0, 5400.0)


def test_more_people_have_more_items_open(tmp_path: Path) -> None:
    found = space(tmp_path, LEARNING.replace("[selector]", "[selector]\nin_flight = 6"))
    flights = {each.people: each.scenario.selector.in_flight for each in found.candidates}
    assert flights == {2: 3, 4: 6, 8: 12, 16: 24}


def test_where_there_are_two_tiers_escalation_is_tried(tmp_path: Path) -> None:
    policies = {each.words["policy"] for each in space(tmp_path, TIERS).candidates}
    assert {"escalation, 2 crowd then 1 expert", "escalation, 3 crowd then 1 expert", "majority 1 of expert"} <= policies


def test_what_is_set_stays(tmp_path: Path) -> None:
    found = space(tmp_path, LABELLING, coordination__policy="majority", annotators__crowd__count=3)
    assert [each.words for each in found.candidates] == [{"annotators": "3", "policy": "majority 1"}]


def test_what_is_varied_takes_the_place_of_what_would_be_tried(tmp_path: Path) -> None:
    found = space(tmp_path, LABELLING, "coordination.policy.size=[1, 3]", "annotators.crowd.noise.accuracy=[0.7, 0.9]")
    assert {each.words["policy"] for each in found.candidates} == {"majority 1", "majority 3"}
    assert {each.words["noise.accuracy"] for each in found.candidates} == {"0.7", "0.9"}


@pytest.mark.parametrize(
    ("varied", "says"),
    [
        ("name=['a']", "--vary name: what a scenario is called makes no difference"),
        ("coordination.policy.size", "--vary 'coordination.policy.size': write path=value"),
        ("coordination.policy.size=3", "write a list of values"),
        ("coordination.policy.size=[]", "write a list of values"),
        ("coordination.policy.size=[3, 3]", "the same value stands there twice"),
        ("seed=[1, 2]", "--seeds says how many"),
        ("stop.budget=[1, 2]", "money and time are targets here"),
        ("coordination.polcy=['majority']", "coordination.polcy"),
        ("annotators.crowed.count=[3]", "there is no table 'crowed'"),
        ("coordination.policy.size=[3, 99]", "coordination.policy asks 99 different people"),
        ("annotators.crowd.count=[0]", "greater than or equal to 1"),
        ("stop.labels=[1000]", "whole numbers from 1 to 60"),
    ],
)
def test_what_is_possible_nowhere_is_refused_before_any_run(tmp_path: Path, varied: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        space(tmp_path, LABELLING, varied)
    assert says in str(caught.value)
