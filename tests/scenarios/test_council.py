"""Campaigns in which a council chooses what is asked: as users run them, and whatever goes wrong."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from agents.component import Trust
from agents.messages import ItemRequested, ItemsNominated, NominationsSettled, NominationsWanted
from bus.clock import SECOND
from bus.replay import LogReader
from scenarios.catalogue import members, schema
from scenarios.errors import BadInput
from scenarios.export.tracks import agents_of
from scenarios.loading import load, make
from scenarios.scenario import Scenario
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import LEARNING, events, run_logged, write
from tests.scenarios.fuzz import COMMANDS, parley
from tests.scenarios.striking import LEARNING as LEARNS
from tests.scenarios.striking import PEOPLE, SERVICES, crash, played, scenario_of
from tests.scenarios.test_faults import campaigns, happened

VALIDATOR = Draft202012Validator(schema())
RULES = ["borda", "median-rank", "reciprocal-rank", "approval", "kemeny", "auction", "albl"]
MEMBERS = ["selector-margin", "selector-random", "selector-in-order"]


def council(rule: str = "borda", members: Sequence[str] = ("margin", "random", "in-order"), nominations: int = 3) -> dict[str, Any]:
    return {"kind": "council", "members": [*members], "rule": rule, "nominations": nominations}


def text(rule: str = "borda", faults: str = "") -> str:
    strategy = f'strategy = {{ kind = "council", members = ["margin", {{ kind = "entropy" }}, "random"], rule = "{rule}" }}'
    return LEARNING.replace('strategy = { kind = "margin" }', strategy) + faults


# As users run them


@pytest.mark.parametrize("rule", RULES)
def test_a_campaign_with_a_council_is_run_verified_and_resumed(rule: str, tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, text(rule))).scenario, tmp_path)
    assert summary.labels == 25
    result = parley("verify", log)
    assert (result.exit_code, result.stderr) == (0, "")
    whole = log.read_bytes()
    for share in (0.3, 0.7):
        lines = whole.splitlines(keepends=True)
        log.write_bytes(b"".join(lines[: int(len(lines) * share)]))
        result = parley("resume", log)
        assert result.exit_code == 0, result.stderr
        assert log.read_bytes() == whole


def test_nominations_cost_messages_but_no_time(tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, text())).scenario, tmp_path)
    told = events(log)
    calls = {event["seq"]: event for event in told if event["kind"] == NominationsWanted.kind}
    replies = [event for event in told if event["kind"] == ItemsNominated.kind]
    settled = [event for event in told if event["kind"] == NominationsSettled.kind]
    assert len(calls) == len(replies) == 3 * len(settled)
    assert all(event["t"] == calls[event["cause"]]["t"] for event in replies)
    times = {event["body"]["round"]: event["t"] for event in calls.values()}
    assert all(event["t"] == times[event["body"]["round"]] for event in settled)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("rule", ["borda", "auction", "albl"])
def test_every_command_that_reads_logs_reads_it(rule: str, command: str, tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, text(rule))).scenario, tmp_path)
    if command == "resume":
        log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    result = parley(command, log)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_replay_tells_of_it_in_words(tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, text("albl"))).scenario, tmp_path)
    told = parley("replay", log).stdout
    assert "selector → selector-margin: wants 10 nominations by model 1" in told
    assert "selector-margin → selector: nominates " in told
    assert "selector → all: of all nominations takes " in told
    assert "the members weigh 0.33, 0.33, 0.33" in told


def test_a_trace_shows_the_council_behind_the_selector(tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, text())).scenario, tmp_path)
    names = agents_of(LogReader(log))
    assert names[1:5] == ["selector", "selector-entropy", "selector-margin", "selector-random"]


def test_it_is_listed_with_its_rules_and_the_schema_knows_it() -> None:
    assert "council" in [member.kind for member in members("strategy")]
    assert [member.kind for member in members("council-rule")] == RULES
    tables = {"name": "x", "data": {"source": "iris"}, "annotators": [{"name": "w"}], "selector": {"strategy": council("albl")}}
    assert VALIDATOR.is_valid(tables)
    for wrong in (council("bord"), council(members=["margn"]), council(nominations=0), {**council(), "seats": 3}):
        assert not VALIDATOR.is_valid({**tables, "selector": {"strategy": wrong}})


def test_faults_may_name_members_of_the_council(tmp_path: Path) -> None:
    slow = {"sender": "selector-*", "recipient": "selector", "delay": 1}
    faults = {"crashes": [crash("selector-margin", 10, 20)], "links": [slow]}
    _, record = played(scenario_of(faults, **{**LEARNS, "selector": {"strategy": council(), "in_flight": 2}}))
    assert len(record.of(NominationsSettled)) >= 3


@pytest.mark.parametrize(
    ("selector", "others", "words"),
    [
        ({"strategy": council(members=())}, {}, "selector.strategy.members: a council needs members; name at least one strategy"),
        ({"strategy": council(members=("margn",))}, {}, "there is no query strategy 'margn'; did you mean 'margin'?"),
        ({"strategy": council(nominations=0)}, {}, "selector.strategy.nominations"),
        ({"strategy": {**council(), "rule": {"kind": "kemeny", "exact": 40}}}, {}, "selector.strategy.rule.exact"),
        (
            {"strategy": council()},
            {"learner": None},
            "selector.strategy.members.0 'margin' needs a model, but there is no [learner]",
        ),
        (
            {"strategy": council("albl", ("random",))},
            {"learner": None},
            "selector.strategy.rule 'albl' needs a model, but there is no [learner]",
        ),
        (
            {"strategy": council(members=("random", "random"))},
            {"annotators": [{"name": "selector-random", "count": 3}]},
            "an annotator would be called 'selector-random-2', as a member of the council is",
        ),
        (
            {"strategy": council()},
            {"faults": {"crashes": [crash("selector-entropy", 3, 5)]}},
            "there is no agent 'selector-entropy'; did you mean",
        ),
        (
            {"strategy": council()},
            {"faults": {"crashes": [crash("selector-margin", 3)]}},
            "only annotators leave for good; say how long 'selector-margin' is `down`",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_the_message_says_where(selector: dict[str, Any], others: dict[str, Any], words: str) -> None:
    tables: dict[str, Any] = {
        "name": "wrong",
        "data": {"source": "iris"},
        "learner": {},
        "selector": selector,
        "annotators": [{"name": "w", "count": 3}],
        **others,
    }
    with pytest.raises(BadInput) as refused:
        make({key: table for key, table in tables.items() if table is not None}, "wrong", {}, Trust())
    assert words in str(refused.value)


# Luck


def requests(strategy: Any, seed: int = 3) -> list[Any]:
    scenario = scenario_of({}, seed=seed, **{**LEARNS, "stop": None, "selector": {"strategy": strategy, "in_flight": 2}})
    _, record = played(scenario)
    return [event.body.item for event in record.of(ItemRequested)]


def test_a_council_of_one_asks_as_its_member_alone_would() -> None:
    for strategy in ("margin", "random"):
        assert requests(council("borda", (strategy,), 1)) == requests(strategy)


def test_a_second_member_of_the_same_kind_has_luck_of_its_own() -> None:
    scenario = scenario_of({}, **{**LEARNS, "selector": {"strategy": council(members=("random", "random")), "in_flight": 2}})
    _, record = played(scenario)
    one, other, *_ = [event.body.items for event in record.of(ItemsNominated)]
    assert one != other


# Whatever goes wrong

down_for = st.sampled_from([0, 1, SECOND, 10 * SECOND, 35 * SECOND])


def misfortunes(rule: str, barrier: bool) -> Scenario:
    selector = {"strategy": council(rule), "in_flight": 3, "barrier": barrier}
    faults = {"drop": 0.05, "delay": 0.15, "reorder": 0.1, "delay_time": 20}
    return scenario_of(faults, **{**LEARNS, "selector": selector, "stop": {"labels": 8}})


@st.composite
def strikes(draw: st.DrawFn) -> tuple[Scenario, dict[str, Any]]:
    """Draw whom it strikes, and when; mostly the Selector and its council."""
    victim = draw(st.sampled_from([*MEMBERS, "selector", "selector", *SERVICES, "learner", PEOPLE[0]]))
    scenario = misfortunes(draw(st.sampled_from(RULES)), draw(st.booleans()))
    return scenario, {
        "victim": victim,
        "event": draw(st.integers(1, 150)),
        "turns": draw(st.integers(0, 5)),
        "down": draw(down_for),
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_at_whatever_event_the_campaign_comes_to_a_sane_end(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_in_many_campaigns_whoever_goes_down_they_come_to_a_sane_end(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@st.composite
def with_councils(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small campaign in which something goes wrong, and a council that chooses what is asked."""
    drawn = draw(campaigns())
    learns = "learner" in drawn
    kinds = ["random", "in-order", "margin", "entropy"] if learns else ["random", "in-order"]
    seats = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
    rule = draw(st.sampled_from(RULES if learns else RULES[:5]))
    drawn["selector"] = {**drawn["selector"], "strategy": council(rule, seats, draw(st.integers(1, 4)))}
    if draw(st.booleans()):
        down = {
            "agent": f"selector-{draw(st.sampled_from(seats))}",
            "at": draw(st.sampled_from([0, 1, 20, 60, 150])),
            "down": draw(st.sampled_from([1, 30, 300])),
        }
        drawn["faults"] = {**drawn["faults"], "crashes": [*drawn["faults"]["crashes"], down]}
    return drawn


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(with_councils())
def test_whatever_goes_wrong_nothing_is_nominated_twice_and_nothing_is_stranded(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(with_councils())
def test_in_many_campaigns_nothing_is_nominated_twice_and_nothing_is_stranded(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


def test_a_member_that_is_down_is_waited_for_and_nobody_else_is_asked_for_it() -> None:
    scenario = scenario_of({"crashes": [crash("selector-margin", 16, 100)]}, **{**LEARNS, "selector": {"strategy": council()}})
    campaign, record = played(scenario)
    asked = [event.time for event in record.of(ItemRequested)]
    assert not [time for time in asked if 16 * SECOND < time < 116 * SECOND]
    assert [time for time in asked if time >= 116 * SECOND]
    assert campaign.summary(None).labels == 6
