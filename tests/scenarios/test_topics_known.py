"""What items are about, for all to know: from the data, or from clusters of their features."""

from pathlib import Path
from typing import Any

import pytest

from scenarios.errors import BadInput
from scenarios.run import Origin, prepare, run
from scenarios.scenario import Scenario
from tests.scenarios.behaviours import data, write_items


def scenario(allocation: Any, source: dict[str, Any] | None = None, **coordination: Any) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "about",
            "data": source or data(Path("items.csv")),
            "annotators": [{"name": "crowd", "count": 4, "noise": {"kind": "one-coin", "accuracy": 0.8}}],
            "coordination": {"policy": {"kind": "majority", "size": 2}, "allocation": allocation, **coordination},
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_items(tmp_path / "items.csv", [*range(24)])
    return tmp_path


def test_the_coordinator_is_told_what_the_data_say(folder: Path) -> None:
    _, world, _ = prepare(scenario("topics"), Origin(folder))
    assert world.topics is not None
    assert {world.topics[f"i{item}"] for item in range(0, 24, 3)} == {"law"}
    assert {world.topics[item] for item in world.topics} == {"law", "art"}
    assert run(scenario("topics"), logs=None, origin=Origin(folder)).labels == 24


def test_regions_take_the_place_of_topics_whatever_the_order_of_the_items(folder: Path, tmp_path: Path) -> None:
    allocation = {"kind": "topics", "regions": 3}
    _, world, _ = prepare(scenario(allocation), Origin(folder))
    assert world.topics is not None and set(world.topics.values()) == {"region 0", "region 1", "region 2"}
    write_items(tmp_path / "items.csv", [*reversed(range(24))])
    _, again, _ = prepare(scenario(allocation), Origin(tmp_path))
    assert again.topics == world.topics
    assert world.items.features is None, "nobody else is shown features"


def test_where_nobody_says_what_items_are_about_that_is_refused(folder: Path) -> None:
    plain = {"source": "csv", "path": "items.csv", "id": "id", "truth": "label", "features": ["x", "y"]}
    with pytest.raises(BadInput, match=r"coordination\.allocation goes by topics, but data source 'csv' has none.*data\.topic"):
        prepare(scenario("topics", plain), Origin(folder))
    with pytest.raises(BadInput, match="set its regions"):
        prepare(scenario({"kind": "thompson", "topics": True}, {"source": "synthetic", "items": 9}), Origin())
    with pytest.raises(BadInput, match="goes by 99 regions, but there are 24 items"):
        prepare(scenario({"kind": "proactive", "regions": 99}), Origin(folder))
    assert run(scenario("proactive", plain), logs=None, origin=Origin(folder)).labels == 24


def test_where_there_are_no_features_there_are_no_regions(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("id,label\na,x\nb,y\nc,x\n", encoding="utf-8")
    bare = {"source": "csv", "path": "bare.csv", "id": "id", "truth": "label"}
    with pytest.raises(BadInput):
        prepare(scenario({"kind": "topics", "regions": 2}, bare), Origin(tmp_path))


@pytest.mark.parametrize(
    ("quota", "answers"),
    [(6, [6, 6, 6, 6]), ({"crowd": 6}, [6, 6, 6, 6]), ({"crowd-2": 1, "crowd": 7}, [7, 1, 7, 7]), ({"crowd-4": 2}, None)],
)
def test_a_quota_is_everybodys_a_groups_or_somebodys(folder: Path, quota: Any, answers: list[int] | None) -> None:
    summary = run(scenario("round-robin", quota=quota), logs=None, origin=Origin(folder))
    given = [work.answers for work in summary.annotators]
    assert all(one <= most for one, most in zip(given, answers or [48, 48, 48, 2], strict=True))
    assert summary.labels + summary.given_up == 24


def test_a_quota_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match=r"coordination\.quota: there is no agent 'crowds'"):
        scenario("round-robin", quota={"crowds": 6})
    with pytest.raises(ValueError, match=r"coordination\.quota: there is no agent 'crowd-9'"):
        scenario("round-robin", quota={"crowd-9": 6})
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        scenario("round-robin", quota=0)
