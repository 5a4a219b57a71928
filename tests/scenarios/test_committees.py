"""Campaigns whose learner is a committee on the bus: as users run them, and whatever goes wrong."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.component import Trust
from agents.messages import ModelPublished
from bus.clock import SECOND
from scenarios.errors import BadInput
from scenarios.loading import load, make
from scenarios.run import Origin, prepare
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import LEARNING, events, run_logged, write
from tests.scenarios.fuzz import COMMANDS, parley
from tests.scenarios.striking import LEARNING as LEARNS
from tests.scenarios.striking import PEOPLE, SERVICES
from tests.scenarios.test_faults import crashes, happened, tables

COMMITTEE = """
patience = "25s"
[[learner.committee]]
count = 2
[[learner.committee]]
estimator = { kind = "random-forest", trees = 5 }
train_time = "40s"
"""
MEMBERS = ["learner-1", "learner-2", "learner-3"]


def text(committee: str = COMMITTEE) -> str:
    return LEARNING.replace('train_time = "10s"\n', f'train_time = "10s"\n{committee}')


def test_a_campaign_with_a_committee_is_run_verified_and_resumed(tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, text())).scenario, tmp_path)
    assert summary.labels == 25
    assert summary.accuracy is not None and summary.accuracy > 0.6
    published = [event for event in events(log) if event["kind"] == ModelPublished.kind]
    assert {tuple(event["body"]["members"]) for event in published} == {("learner-1", "learner-2")}, "the forest is too slow"
    assert published[0]["t"] == 25 * SECOND
    assert parley("verify", log).exit_code == 0
    whole = log.read_bytes()
    for share in (0.3, 0.7):
        lines = whole.splitlines(keepends=True)
        log.write_bytes(b"".join(lines[: int(len(lines) * share)]))
        assert parley("resume", log).exit_code == 0
        assert log.read_bytes() == whole


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_reads_logs_reads_it(command: str, tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, text())).scenario, tmp_path)
    if command == "resume":
        log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    result = parley(command, log)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_strategy_of_committees_goes_by_the_members_votes(tmp_path: Path) -> None:
    by_votes = text(COMMITTEE.replace("25s", "5m")).replace('kind = "margin"', 'kind = "vote-entropy"')
    summary, log = run_logged(load(write(tmp_path, by_votes)).scenario, tmp_path)
    assert summary.labels == 25
    assert all(len(event["body"]["members"]) == 3 for event in events(log) if event["kind"] == ModelPublished.kind)
    scores = {event["body"]["score"] for event in events(log) if event["kind"] == "item-requested" and event["body"]["version"]}
    # Of three votes: all alike, two against one, or all different.
    assert len({round(score, 9) for score in scores}) <= 3


def faulty(faults: dict[str, Any], patience: float | None, seed: int) -> dict[str, Any]:
    committee = [{"count": 2}, {"estimator": {"kind": "random-forest", "trees": 3}, "train_time": 40}]
    learner = {**LEARNS["learner"], "committee": committee, **({} if patience is None else {"patience": patience})}
    return {**tables({"retry": 30, **faults}, **{**LEARNS, "learner": learner}), "seed": seed}


@given(
    crashes(["learner", *MEMBERS, *SERVICES, *PEOPLE]),
    st.sampled_from([None, 10.0, 30.0]),
    st.sampled_from([0.0, 0.1]),
    st.integers(0, 99),
)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whoever_goes_down_the_campaign_passes_the_audit(
    falls: list[dict[str, Any]], patience: float | None, drop: float, seed: int
) -> None:
    links = [{"sender": "learner*", "recipient": "*", "drop": drop}] if drop else []
    campaign, log, summary = happened(faulty({"crashes": falls, "links": links}, patience, seed))
    audit(campaign, log)
    assert summary.labels == 6


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ({"patience": "10s"}, "learner.patience is for the members of a committee"),
        ({"committee": [{"count": 0}]}, "count"),
        ({"committee": [{"estimater": "random-forest"}]}, "estimator"),
        ({"committee": [{"estimator": "random-forst"}]}, "random-forest"),
        ({"committee": [{"knows": ["setosa", "virginika"]}]}, "virginica"),
        ({"committee": [{"knows": []}]}, "knows"),
        ({"committee": [{}], "patience": "-5s"}, "patience"),
    ],
)
def test_what_makes_no_committee_is_refused(tables: dict[str, Any], complaint: str) -> None:
    scenario = {"name": "x", "data": {"source": "iris"}, "learner": tables, "annotators": [{"name": "w"}]}
    with pytest.raises(BadInput, match=complaint):
        prepare(make(scenario, "x", {}, Trust()), Origin())


def test_an_annotator_is_not_called_as_a_member_is() -> None:
    scenario = {
        "name": "x",
        "data": {"source": "iris"},
        "learner": {"committee": [{"count": 2}]},
        "annotators": [{"name": "learner", "count": 2}],
    }
    with pytest.raises(BadInput, match="as a member of the committee is"):
        make(scenario, "x", {}, Trust())
