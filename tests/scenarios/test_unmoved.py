"""Committees that are paid to talk, and of whom nobody listens: said, and no error."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agents.component import Trust
from bus.replay import LogReader
from scenarios.cli import app
from scenarios.history.course import Course
from scenarios.history.narrator import Memory
from scenarios.history.playback import Playback
from scenarios.history.selection import Selection
from scenarios.loading import make
from scenarios.unmoved import unmoved
from tests.scenarios.campaigns import LABELLING, run_logged, write

TALK = {"kind": "negotiation", "size": 2}


def sentences(policy: dict[str, Any], *groups: dict[str, Any]) -> list[str]:
    tables = {
        "name": "unmoved",
        "data": {"source": "synthetic", "items": 6},
        "annotators": [*groups] or [{"name": "crowd", "count": 3}, {"name": "expert", "social": "debate"}],
        "coordination": {"policy": policy},
    }
    scene = make(tables, "unmoved.toml", {}, Trust()).completed()
    return unmoved(scene.coordination.policy, scene.annotators)


def test_a_committee_of_people_who_react_to_nothing_is_told_of_by_its_place_in_the_chain() -> None:
    (sentence,) = sentences({"kind": "majority", "size": 2, "of": "crowd", "otherwise": {**TALK, "of": "crowd"}})
    assert sentence.startswith("coordination.policy.otherwise: nobody of 'crowd' reacts to what others say")


@pytest.mark.parametrize("social", ["argument", {"kind": "argument", "wrong_to_right": {"kind": "beta", "a": 2, "b": 1}}])
def test_who_heeds_reasons_alone_is_told_of_where_nobody_gives_any(social: Any) -> None:
    crowd = {"name": "crowd", "count": 3, "social": social}
    (sentence,) = sentences(TALK, crowd)
    assert sentence.startswith("coordination.policy: 'crowd' heed reasons alone")
    for protocol in ("argument", {"kind": "delphi", "reasons": True}):
        assert not sentences({**TALK, "protocol": protocol}, crowd)


@pytest.mark.parametrize("protocol", ["delphi", "argument"])
@pytest.mark.parametrize(
    ("people", "dials", "moves"),
    [
        ({"social": "conformity"}, {}, False),
        ({"social": {"kind": "conformity", "openness": 0.9, "stubbornness": 0.5}}, {}, False),
        ({"social": {"kind": "conformity", "openness": 0.5, "pool": "logarithmic"}}, {}, False),
        ({"social": {"kind": "conformity", "openness": 0.51}}, {}, True),
        ({"social": {"kind": "conformity", "openness": 0.4}}, {"stable": 0, "rounds": 5}, True),
        ({"social": {"kind": "conformity", "openness": 0.4}, "says": "soft"}, {}, True),
    ],
)
def test_who_keeps_their_label_for_a_round_is_told_of_and_keeps_it(
    people: dict[str, Any], dials: dict[str, Any], moves: bool, protocol: str, tmp_path: Path
) -> None:
    noise = {"kind": "one-coin", "accuracy": 0.6}
    tables = {
        "name": "unmoved",
        "seed": 2,
        "data": {"source": "synthetic", "items": 40, "classes": 3},
        "annotators": [{"name": "crowd", "count": 5, "noise": noise, **people}],
        "coordination": {"policy": {**TALK, "size": 5, "quorum": 1, "protocol": protocol, **dials}},
    }
    scene = make(tables, "unmoved.toml", {}, Trust())
    assert bool(unmoved(scene.coordination.policy, scene.annotators)) is not moves
    summary, _ = run_logged(scene, tmp_path)
    assert summary.positions
    assert bool(summary.right_to_wrong + summary.wrong_to_right + summary.wrong_to_wrong) is moves


@pytest.mark.parametrize(
    "policy",
    [TALK, {**TALK, "of": ["crowd", "expert-1"]}, {**TALK, "of": "crowd", "rounds": 0}, {"kind": "majority", "size": 2}],
    ids=["somebody of everybody listens", "one is named who listens", "nobody is to talk", "a vote"],
)
def test_nothing_is_said_where_somebody_listens_or_nobody_talks(policy: dict[str, Any]) -> None:
    assert not sentences(policy)


@pytest.mark.parametrize(("social", "said", "changed"), [("", True, "none"), ('social = "debate"', False, "for the better")])
def test_the_command_says_so_and_that_no_mind_was_changed(
    social: str, said: bool, changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    vote, talk = '{ kind = "majority", size = 3 }', '{ kind = "negotiation", size = 3 }'
    write(tmp_path, LABELLING.replace(vote, talk).replace("price = 0.05", f"price = 0.05\n{social}"))
    checked, ran = (CliRunner().invoke(app, [command, "scenario.toml"]) for command in ("check", "run"))
    assert (checked.exit_code, ran.exit_code) == (0, 0)
    assert ["reacts to what others say" in result.stderr for result in (checked, ran)] == [said, said]
    (line,) = [line for line in ran.stdout.splitlines() if "minds changed" in line]
    assert changed in line


def test_a_label_that_was_talked_over_is_told_beside_first_answers_not_votes(tmp_path: Path) -> None:
    tables = tomllib.loads(LABELLING)
    tables["coordination"]["policy"] = {**TALK, "size": 3}
    _, log = run_logged(make(tables, "unmoved.toml", {}, Trust()), tmp_path)
    memory = Memory()
    tellings = [*Playback(Course(LogReader(log)), memory, Selection(memory), None).tell(None)]
    talked = {telling.event["body"]["item"] for telling in tellings if telling.event["kind"] == "session-opened"}
    labels = [telling for telling in tellings if telling.event["kind"] == "item-resolved"]
    assert 0 < len(talked) < len(labels)
    for telling in labels:
        assert telling.known.startswith("first answers: " if telling.event["body"]["item"] in talked else "votes: ")
