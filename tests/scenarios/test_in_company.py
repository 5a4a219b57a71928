"""People who hear what others hold, in whole campaigns: whatever goes wrong on the way, they hold what they would have held."""

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest

from agents.annotator.socials.choice import SOCIALS as KINDS
from agents.component import Trust
from agents.coordinator.crowd import Crowd
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item
from scenarios.run import verify
from scenarios.scenario import Scenario
from tests.agents.samples import share_band
from tests.scenarios.audit import audit
from tests.scenarios.behaviours import SOCIALS
from tests.scenarios.campaigns import events, run_logged
from tests.scenarios.test_faults import happened

Told = dict[tuple[Any, str, int], dict[str, Any]]


def tables(social: dict[str, Any], protocol: Any = "argument", **others: Any) -> dict[str, Any]:
    """Return a campaign of three rounds, whatever is said in them."""
    person = {"noise": {"kind": "one-coin", "accuracy": 0.6}, "latency": {"kind": "exponential", "mean": 20}, "price": 0.1}
    group = {**person, "social": social, "says": ["confidence", "soft"]}
    policy = {"kind": "negotiation", "size": 3, "rounds": 3, "quorum": 0, "stable": 0, "protocol": protocol}
    return {
        "name": "company",
        "seed": 3,
        "data": {"source": "synthetic", "items": 8, "classes": 3},
        "annotators": [{"name": "w", "count": 3, **group}],
        "coordination": {"policy": policy},
        **others,
    }


def told(log: Path) -> Told:
    """Return what was said of each item, by whom, and in which round: the first time that it was said."""
    said: Told = {}
    for event in events(log):
        if event["kind"] in ("answer-submitted", "position-stated"):
            body = event["body"]
            words = {key: body.get(key) for key in ("label", "confidence", "chances", "ranking")}
            said.setdefault((body["item"], event["from"], body.get("turn", 0)), words)
    return said


def logged(folder: Path, name: str, **table: Any) -> Path:
    return run_logged(Scenario.model_validate(tables(**table)), folder / name)[1]


def ids(social: dict[str, Any]) -> str:
    return str(social["kind"])


def test_every_conduct_is_tried():
    assert {social["kind"] for social in SOCIALS} == KINDS.members.keys()


@pytest.mark.parametrize("social", SOCIALS, ids=ids)
def test_who_goes_down_and_comes_back_says_what_they_would_have_said(tmp_path, social):
    whole = told(logged(tmp_path, "whole", social=social))
    assert len(whole) == 8 * 3 * 4
    crashes = [
        {"agent": "w-1", "at": 60, "down": 30},
        {"agent": "w-1", "at": 300, "down": 5},
        {"agent": "w-2", "at": 200, "down": 60},
        {"agent": "coordinator", "at": 400, "down": 20},
    ]
    log = logged(tmp_path, "struck", social=social, faults={"retry": "60s", "tries": 9, "crashes": crashes})
    struck = told(log)
    assert sum(event["kind"] == "agent-crashed" for event in events(log)) == 4
    assert struck == whole


@pytest.mark.parametrize("social", SOCIALS, ids=ids)
def test_a_talk_in_which_messages_are_lost_is_told_alike_again(tmp_path, social):
    faults = {
        "drop": 0.1,
        "duplicate": 0.1,
        "delay": 0.1,
        "reorder": 0.1,
        "retry": "60s",
        "tries": 9,
        "crashes": [{"agent": "w-2", "at": 150, "down": 60}],
    }
    log = logged(tmp_path, "struck", social=social, faults=faults)
    assert verify(log, Trust()).footer is not None
    # Nobody hears anything but what was said, so that what was lost on the way changes nothing.
    assert told(log) == told(logged(tmp_path, "whole", social=social))


@pytest.mark.parametrize("social", SOCIALS, ids=ids)
def test_a_campaign_of_talks_that_is_struck_adds_up(social):
    faults = {"drop": 0.15, "duplicate": 0.1, "reorder": 0.1, "retry": "40s", "tries": 6, "crashes": [{"agent": "w-3", "at": 90}]}
    campaign, history, _ = happened(tables(social, faults=faults))
    audit(campaign, history)


# Anchoring


class Shown(Policy):
    """Shows the answer of one group to another before these answer."""

    kind: ClassVar[str] = "shown"

    named: bool = False

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        (first,) = await crowd.ask(item, 1, of=("first",))
        answers = await crowd.ask(item, 1, of=("second",), shown=first.voice(self.named))
        return Resolution(answers[0].label, answers)

    def most_people(self) -> int:
        return 2


def anchored(folder: Path, anchoring: float, items: int, says: tuple[str, ...] = (), **others: Any) -> Path:
    people = [
        {"name": "first", "noise": {"kind": "one-coin", "accuracy": 0}, "latency": {"kind": "fixed", "time": 1}},
        {
            "name": "second",
            "noise": {"kind": "one-coin", "accuracy": 1},
            "latency": {"kind": "fixed", "time": 1},
            "social": {"kind": "conformity", "anchoring": anchoring},
            "says": [*says],
        },
    ]
    scenario = {
        "name": "anchored",
        "seed": 5,
        "data": {"source": "synthetic", "items": items},
        "annotators": people,
        "coordination": {"policy": {"kind": f"{Shown.__module__}.{Shown.__qualname__}"}},
        **others,
    }
    return run_logged(Scenario.model_validate(scenario), folder)[1]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_who_is_shown_a_label_before_they_answer_takes_it_over_by_their_anchoring(tmp_path, share):
    items = 600
    log = anchored(tmp_path, share, items)
    said = {(event["body"]["item"], event["from"]): event["body"]["label"] for event in events(log) if "label" in event["body"]}
    taken = sum(said[item, "second-1"] == said[item, "first-1"] for item in range(items)) / items
    assert taken == pytest.approx(share, abs=share_band(share, items))
    views = [event["body"]["view"] for event in events(log) if event["kind"] == "task-assigned" and event["to"] == "second-1"]
    assert len(views) == items
    # In no round, without reasons, of nobody in particular.
    assert all(json.dumps(view[:3]) == "[0, false, null]" and view[3][0][0] is None for view in views)


def test_who_is_anchored_is_so_after_a_crash_too(tmp_path):
    whole = told(anchored(tmp_path / "whole", 0.5, 20, ("confidence",)))
    faults = {"drop": 0.1, "retry": "20s", "tries": 9, "crashes": [{"agent": "second-1", "at": 12, "down": 7}]}
    struck = anchored(tmp_path / "struck", 0.5, 20, ("confidence",), faults=faults)
    assert told(struck) == whole
