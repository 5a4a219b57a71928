"""The `[faults]` table of a scenario: what is refused, and what logs of campaigns with faults promise."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agents.component import Trust
from agents.state import State
from bus.faults import Faults
from bus.faulty import FaultyBus
from bus.replay import LogReader
from scenarios.campaign import Campaign
from scenarios.cli import app
from scenarios.errors import BadInput
from scenarios.loading import load, make
from scenarios.run import Origin, run, verify
from scenarios.scenario import Scenario
from scenarios.summary import summarise
from tests.scenarios.campaigns import LABELLING, LEARNING, events, run_logged, write
from tests.scenarios.test_run import run_elsewhere

FAULTS = """
[faults]
retry = "30s"
tries = 3
drop = 0.05
duplicate = 0.05
delay = 0.05
delay_time = "40s"
reorder = 0.05
[[faults.messages]]
sender = "crowd-1"
recipient = "coordinator"
number = 2
does = "duplicate"
[[faults.crashes]]
agent = "coordinator"
at = "50s"
down = "20s"
[[faults.crashes]]
agent = "crowd-1"
at = "80s"
down = "1m"
[[faults.crashes]]
agent = "crowd-2"
at = "150s"
"""
SMALL: dict[str, Any] = {
    "name": "small",
    "data": {"source": "synthetic", "items": 20},
    "annotators": [{"name": "crowd", "count": 3}, {"name": "expert-x", "count": 1}],
}
STRIKE = {"sender": "crowd-1", "recipient": "coordinator", "number": 0, "does": "drop"}


def complaint(**faults: Any) -> str:
    with pytest.raises(BadInput) as refused:
        make({**SMALL, "faults": faults}, "small.toml", {}, Trust())
    return str(refused.value)


def made(**faults: Any) -> Scenario:
    return make({**SMALL, "faults": faults}, "small.toml", {}, Trust())


# Names


@pytest.mark.parametrize(
    ("agent", "hint"),
    [
        ("cordinator", "did you mean 'coordinator'?"),
        ("crowd-4", "did you mean 'crowd-3'?"),
        ("crowd-0", "did you mean 'crowd-3'?"),
        ("crowd-01", "did you mean 'crowd-1'?"),
        ("crowd-\u0663", "did you mean 'crowd-3'?"),
        ("crowd-" + "9" * 5000, "there are "),
        ("crowd", "did you mean 'crowd-3'?"),
        ("crowd-", "did you mean 'crowd-3'?"),
        ("expert-x", "did you mean 'expert-x-1'?"),
        ("expert-x-2", "did you mean 'expert-x-1'?"),
        ("learner", "there are coordinator, crowd-1, "),
        ("campaign", "there are "),
        ("bus", "there are "),
        ("*", "there are "),
        ("", "there are "),
    ],
)
def test_an_agent_that_goes_down_must_be_there(agent: str, hint: str) -> None:
    said = complaint(crashes=[{"agent": agent, "at": 1, "down": 1}])
    assert said.startswith(f"small.toml: faults.crashes: agent: there is no agent {agent!r}; ")
    assert hint in said


@pytest.mark.parametrize("agent", ["coordinator", "selector", "evaluator", "crowd-1", "crowd-3", "expert-x-1"])
def test_agents_that_are_there_may_go_down(agent: str) -> None:
    assert made(crashes=[{"agent": agent, "at": "1m", "down": "90s"}]).faults is not None


def test_the_learner_may_go_down_where_there_is_one() -> None:
    tables = {**SMALL, "learner": {}, "faults": {"crashes": [{"agent": "learner", "at": 1, "down": 1}]}}
    assert make(tables, "small.toml", {}, Trust()).faults is not None


@pytest.mark.parametrize("agent", ["coordinator", "selector", "evaluator"])
def test_a_service_may_not_leave_for_good(agent: str) -> None:
    assert complaint(crashes=[{"agent": agent, "at": 1}]) == (
        f"small.toml: faults.crashes: only annotators leave for good; say how long {agent!r} is `down`"
    )


@pytest.mark.parametrize("table", ["links", "messages"])
@pytest.mark.parametrize("end", ["sender", "recipient"])
def test_both_ends_of_a_link_must_be_there(table: str, end: str) -> None:
    said = complaint(**{table: [{**(STRIKE if table == "messages" else {}), end: "crwd-1"}]})
    assert said.startswith(f"small.toml: faults.{table}: {end}: there is no agent 'crwd-1'; did you mean 'crowd-1'?")


@pytest.mark.parametrize("pattern", ["crowd-*", "*", "crowd-[12]", "*-x-?", "camp*"])
def test_a_link_may_be_named_by_a_pattern(pattern: str) -> None:
    assert made(links=[{"sender": pattern, "recipient": pattern}]).faults is not None


@pytest.mark.parametrize("pattern", ["crwd-*", "crowd-[4-9]", "crowd-??", "Crowd-*"])
def test_a_pattern_that_nobody_fits_is_refused(pattern: str) -> None:
    assert f"faults.links: sender: no agent's name fits {pattern!r}; " in complaint(links=[{"sender": pattern}])


def test_a_certain_message_is_not_named_by_a_pattern() -> None:
    assert "there is no agent 'crowd-*'" in complaint(messages=[{**STRIKE, "sender": "crowd-*"}])


def test_a_message_suffers_one_fault() -> None:
    said = complaint(messages=[STRIKE, {**STRIKE, "does": "delay"}])
    assert said == "small.toml: faults: message 0 from 'crowd-1' to 'coordinator' has 2 entries, but suffers one fault"
    assert made(messages=[STRIKE, {**STRIKE, "number": 1}, {**STRIKE, "sender": "crowd-2"}]).faults is not None


# Values, as `parley check` says it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dorp = 0.1", "faults: unknown key 'dorp'; did you mean 'drop'?"),
        ("drop = 1.5", "faults.drop: should be less than or equal to 1 (found 1.5)"),
        ("drop = 'often'", "faults.drop: should be a valid number"),
        (
            "drop = 0.6\ndelay = 0.6",
            "faults: drop, duplicate, delay and reorder are shares of the same messages, but add up to 1.2",
        ),
        ("retry = 'soon'", "faults.retry: 'soon' is not a duration"),
        ("tries = 0", "faults.tries: should be greater than or equal to 1 (found 0)"),
        ("crashes = [{agent = 'crowd-1'}]", "faults.crashes.0.at: Field required"),
        ("crashes = [{agent = 'crowd-9', at = 1}]", "there is no agent 'crowd-9'; did you mean 'crowd-3'?"),
        (
            "crashes = [{agent = 'crowd-1', at = 1}, {agent = 'crowd-1', at = 5, down = 2}]",
            "'crowd-1' is to go down at 5 s, when it is",
        ),
        (
            "messages = [{sender = 'crowd-1', recipient = 'selector', number = 0, does = 'eat'}]",
            "faults.messages.0.does: should be 'drop'",
        ),
        ("links = [{drop = 0.9, reorder = 0.2}]", "faults.links.0: drop, duplicate, delay and reorder are shares"),
    ],
)
def test_check_says_what_is_wrong_with_faults_and_exits_with_2(text: str, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, f'name = "n"\n[data]\nsource = "iris"\n[[annotators]]\ncount = 3\n[faults]\n{text}\n')
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"parley: {path}: ")
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_check_finds_nothing_wrong_with_faults_that_can_be(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(write(tmp_path, LABELLING + FAULTS))])
    assert result.exit_code == 0


def test_a_rate_may_be_set_where_a_file_has_no_faults(tmp_path: Path) -> None:
    path = write(tmp_path, LABELLING)
    assert load(path, {"faults.drop": 0.1}).scenario.faults == Faults(drop=0.1)


# Headers


def test_the_header_of_a_campaign_without_faults_does_not_speak_of_them(tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path)
    assert "faults" not in LogReader(log).header["scenario"]
    assert summary.faults == {}


def test_the_header_of_a_campaign_with_faults_makes_the_same_scenario_again(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, LABELLING + FAULTS)).scenario
    _, log = run_logged(scenario, tmp_path)
    assert Scenario.model_validate(LogReader(log).header["scenario"]) == scenario.completed()


# Logs


@pytest.fixture(params=[LABELLING, LEARNING], ids=["labelling", "learning"])
def scenario(request: pytest.FixtureRequest, tmp_path: Path) -> Scenario:
    return load(write(tmp_path, request.param + FAULTS)).scenario


def test_the_same_seed_and_the_same_faults_are_the_same_bytes(scenario: Scenario, tmp_path: Path) -> None:
    logs = [run_logged(scenario, tmp_path / folder)[1] for folder in ("one", "two")]
    assert logs[0].read_bytes() == logs[1].read_bytes()
    kinds = {event["kind"] for event in events(logs[0])}
    assert kinds >= {"message-dropped", "message-delayed", "message-duplicated", "message-lost", "agent-crashed", "agent-restarted"}


def test_campaigns_with_faults_are_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    texts = {"labelling.toml": LABELLING, "learning.toml": LEARNING}
    commands = [[str(write(tmp_path, text + FAULTS, name)), f"--seed={seed}"] for name, text in texts.items() for seed in (1, 2)]
    first, second = (run_elsewhere(sys.executable, hash_seed, tmp_path, commands) for hash_seed in ("0", "77"))
    assert len(first) == len(commands)
    assert first == second


def test_a_campaign_with_faults_verifies(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    before = log.read_bytes()
    reader = verify(log, Trust())
    assert reader.footer is not None
    assert log.read_bytes() == before


def test_a_log_tells_how_often_what_went_wrong_as_the_bus_counted(scenario: Scenario, tmp_path: Path) -> None:
    campaigns: list[Campaign] = []
    summary = run(scenario, tmp_path, origin=Origin(tmp_path), on_start=campaigns.append)
    bus = campaigns[0]._bus
    assert isinstance(bus, FaultyBus)
    state = State()
    for event in LogReader(Path(str(summary.log))).events():
        state.apply(event)
    assert state.mishaps.faults["message-dropped"] == bus.traffic.dropped
    assert state.mishaps.faults["message-lost"] == bus.traffic.lost
    assert state.mishaps.faults["agent-crashed"] == 3
    assert state.mishaps.down == {"crowd-2": None}
    assert state.mishaps.faults == summary.faults == summarise(state, scenario.name, scenario.seed, None).faults


def test_a_table_in_which_nothing_goes_wrong_changes_nothing(tmp_path: Path) -> None:
    text = LABELLING.replace('lease = "60s"', 'lease = "5m"')
    sound, faulty = (load(write(tmp_path, each)).scenario for each in (text, text + '[faults]\nretry = "1d"\n'))
    logs = [run_logged(each, tmp_path)[1] for each in (sound, faulty)]
    assert logs[0] != logs[1], "the table stands in the header, and so in the digest of the scenario"
    assert events(logs[0]) == [
        {**event, "sum": before["sum"]} for event, before in zip(events(logs[1]), events(logs[0]), strict=True)
    ]


def test_whatever_goes_wrong_people_answer_a_task_as_they_would_have(tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    for text in (LABELLING, LABELLING + FAULTS):
        _, log = run_logged(load(write(tmp_path, text)).scenario, tmp_path)
        answers = [event for event in events(log) if event["kind"] == "answer-submitted"]
        keys = [json.dumps([event["from"], event["body"]["item"], event["body"]["attempt"]]) for event in answers]
        told.append(
            dict(zip(keys, [(event["body"]["label"], event["t"] - event["body"]["began"]) for event in answers], strict=True))
        )
    same = told[0].keys() & told[1].keys()
    assert len(same) > 20
    assert {key: told[0][key] for key in same} == {key: told[1][key] for key in same}
