"""Whether people can answer about the data: told when the scenario is read, and not when they are asked."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.component import Trust, Unusable
from scenarios.errors import BadInput
from scenarios.run import Origin, prepare, run, verify
from scenarios.scenario import Scenario
from scenarios.suited import needs_of
from tests.scenarios.behaviours import data, write_items

CSV: dict[str, Any] = {"source": "csv", "path": "items.csv", "id": "id", "truth": "label", "features": ["x", "y"]}


def scenario(noise: Any, source: dict[str, Any] | None = None, **crowd: Any) -> Scenario:
    tables = {"name": "suited", "data": source or {"source": "synthetic", "items": 30}, "annotators": [{"noise": noise, **crowd}]}
    return Scenario.model_validate(tables)


def refusal(tmp_path: Path, *options: Any, **crowd: Any) -> str:
    write_items(tmp_path / "items.csv", [*range(24)])
    with pytest.raises(BadInput) as refused:
        prepare(scenario(*options, **crowd), Origin(tmp_path))
    return str(refused.value)


@pytest.mark.parametrize(
    ("noise", "source", "what"),
    [
        ({"kind": "constant", "label": 5}, None, "annotators, crowd-1: noise: label is 5, but the classes are 0 to 1"),
        ({"kind": "mixture", "of": [{"kind": "guess", "weights": [1, 2, 3]}]}, None, "weights has 3 numbers, but the data have 2"),
        ({"kind": "topics"}, None, "goes by topics, but data source 'synthetic' has none"),
        ({"kind": "topics"}, CSV, "goes by topics, but data source 'csv' has none; name their column in data.topic"),
        (
            {"kind": "first-option", "of": {"kind": "topics", "accuracies": {"arts": 0.5}}},
            data(Path("items.csv")),
            "annotators, crowd-1: noise: the data have no topic 'arts'; did you mean 'art'? there are art, law",
        ),
    ],
)
def test_noise_that_does_not_suit_the_data_is_refused(tmp_path, noise, source, what):
    assert what in refusal(tmp_path, noise, source)


@pytest.mark.parametrize("noise", ["boundary", "regions", {"kind": "mixture", "of": ["guess", "boundary"], "by": "item"}])
def test_noise_that_goes_by_features_is_refused_where_there_are_none(tmp_path, noise):
    (tmp_path / "answers.csv").write_text("task,worker,label\na,w,0\nb,w,1\n")
    (tmp_path / "truth.csv").write_text("task,truth\na,0\nb,1\n")
    source = {"source": "answers", "path": "answers.csv", "truth_file": "truth.csv"}
    assert "crowd-1: their noise goes by features, but data source 'answers' has none" in refusal(tmp_path, noise, source)


def test_the_features_of_a_family_s_leader_are_needed_too():
    ring = {"kind": "copycats", "name": "ring", "leader": "boundary"}
    made = scenario("one-coin", family=ring)
    _, world, people = prepare(made, Origin())
    assert needs_of(people) == {"features": "crowd-1"}
    assert world.terrain is not None


def test_members_of_a_family_are_of_one_kind_and_follow_one_leader():
    groups = [
        {"name": "a", "family": {"kind": "copycats", "name": "ring", "leader": "guess"}},
        {"name": "b", "family": {"kind": "copycats", "name": "ring", "leader": "one-coin"}},
        {"name": "c", "family": {"kind": "common-draw", "name": "ring"}},
    ]
    for group, what in ((groups[1], "copy one leader"), (groups[2], "err in one way")):
        tables = {"name": "kin", "data": {"source": "synthetic", "items": 30}, "annotators": [groups[0], group]}
        with pytest.raises(BadInput, match=rf"annotators, {group['name']}-1: family 'ring' \(beside a-1\): .*{what}"):
            prepare(Scenario.model_validate(tables), Origin())


def test_a_family_s_leader_is_for_the_classes_of_the_data():
    ring = {"kind": "copycats", "name": "ring", "leader": {"kind": "constant", "label": 7}}
    with pytest.raises(BadInput, match=r"crowd-1: family 'ring': label is 7, but the classes are 0 to 1"):
        prepare(scenario("one-coin", family=ring), Origin())


def test_features_are_made_for_annotators_and_nobody_else_sees_them():
    _, world, _ = prepare(scenario("boundary"), Origin())
    assert world.items.features is None
    assert world.held_out is None
    assert world.terrain is not None
    assert -1 <= world.terrain.doubt(0).margin <= 1
    _, plain, _ = prepare(scenario("one-coin"), Origin())
    assert plain.terrain is None
    assert plain.digest != world.digest, "features that somebody goes by are part of the data"


def test_topics_are_part_of_the_data(tmp_path):
    write_items(tmp_path / "items.csv", [*range(24)])
    sources = ({**CSV, "topic": "about"}, CSV)
    with_topics, without = (prepare(scenario("one-coin", source), Origin(tmp_path))[1].digest for source in sources)
    assert with_topics != without


def test_a_campaign_whose_people_go_by_topics_and_features_is_verified(tmp_path):
    write_items(tmp_path / "items.csv", [*range(24)])
    noise = {"kind": "topics", "accuracies": {"art": 0.1}, "of": {"kind": "boundary", "of": {"kind": "regions", "regions": 2}}}
    summary = run(scenario(noise, data(Path("items.csv")), count=3), logs=tmp_path, origin=Origin(tmp_path))
    assert verify(Path(str(summary.log)), Trust(), tmp_path).footer is not None


def test_a_npz_file_tells_topics_too(tmp_path):
    about = np.array(["law", "art"] * 10)
    np.savez(tmp_path / "items.npz", features=np.ones((20, 2)), truth=np.arange(20) % 2, about=about)
    source = {"source": "npz", "path": "items.npz", "topic": "about"}
    _, world, _ = prepare(scenario({"kind": "topics", "accuracies": {"art": 0.9}}, source), Origin(tmp_path))
    assert world.terrain is not None
    assert [world.terrain.topic(item) for item in range(3)] == ["law", "art", "law"]


@pytest.mark.parametrize(
    ("about", "what"),
    [(np.arange(20.0), "should be one row of whole numbers or text"), (np.array([""] + ["a"] * 19), "row 0: 'about' is empty")],
)
def test_topics_that_are_none_are_refused(tmp_path, about, what):
    np.savez(tmp_path / "items.npz", features=np.ones((20, 2)), truth=np.arange(20) % 2, about=about)
    with pytest.raises(BadInput, match=what):
        prepare(scenario("topics", {"source": "npz", "path": "items.npz", "topic": "about"}), Origin(tmp_path))


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ({**CSV, "topic": "abuot"}, "there is no column 'abuot'; did you mean 'about'"),
        ({**CSV, "topic": "x"}, "column 'x' is used twice"),
    ],
)
def test_a_column_of_topics_is_one_that_there_is_and_used_for_nothing_else(tmp_path, source, what):
    write_items(tmp_path / "items.csv", [*range(24)])
    with pytest.raises((ValueError, BadInput), match=what):
        prepare(scenario("topics", source), Origin(tmp_path))


def test_what_chance_decides_for_a_person_is_decided_when_people_are_made():
    noise = {"kind": "mixture", "of": [{"kind": "hammer-spammer", "hammers": 0.5}, {"kind": "constant", "label": 1}]}
    _, _, people = prepare(scenario(noise, count=200), Origin())
    assert {person.noise.kind for person in people} == {"one-coin", "guess", "constant"}
    again = prepare(scenario(noise, count=100), Origin())[2]
    assert [person.noise for person in again] == [person.noise for person in people[:100]]


def test_a_prior_of_other_classes_is_told_before_anybody_is_asked_wherever_in_the_chain_it_is() -> None:
    settles = {"kind": "log-opinion", "prior": {"yes": 1, "no": 2}}
    tables = {
        "name": "suited",
        "data": {"source": "synthetic", "items": 30},
        "annotators": [{"count": 3}],
        "coordination": {"policy": {"kind": "majority", "size": 2, "otherwise": {"kind": "negotiation", "settles": settles}}},
    }
    with pytest.raises(Unusable, match="prior is of the classes no, yes, but the data have 0, 1"):
        prepare(Scenario.model_validate(tables), Origin())
