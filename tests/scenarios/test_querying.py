"""Campaigns whose strategies ask what a model, or a committee, is sure of: as users run them, and whatever goes wrong."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from agents.component import Trust
from agents.messages import ItemRequested, LabelsKnown
from scenarios.catalogue import members, schema
from scenarios.errors import BadInput
from scenarios.loading import load, make
from scenarios.run import Origin, prepare
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import run_logged, write
from tests.scenarios.fuzz import parley
from tests.scenarios.striking import LEARNING, SERVICES, crash, played, scenario_of

VALIDATOR = Draft202012Validator(schema())
FOREST = {"kind": "random-forest", "trees": 4, "max_depth": 3}
BATCH = {"kind": "batch-bald", "candidates": 5, "states": 4}
ALONE: dict[str, Any] = {
    "distance-to-boundary": "distance-to-boundary",
    "certainty": {"kind": "certainty", "label": 0},
    "epsilon": {"kind": "epsilon", "of": "margin", "share": 0.4},
    "class-balanced": {"kind": "class-balanced", "of": {"kind": "epsilon", "of": "entropy"}},
}
BY_MEMBERS: dict[str, Any] = {
    "vote-entropy": "vote-entropy",
    "consensus-entropy": "consensus-entropy",
    "kl-divergence": {"kind": "kl-divergence", "over": "max"},
    "variation-ratios": "variation-ratios",
    "mean-deviation": "mean-deviation",
    "bald": {"kind": "class-balanced", "of": "bald"},
    "batch-bald": {"kind": "epsilon", "of": BATCH, "share": 0.2},
}
STRATEGIES = {**ALONE, **BY_MEMBERS}

FILE = """
name = "querying"
seed = 3
[data]
source = "iris"
seed_labels = 6
[learner]
retrain_every = 5
train_time = "10s"
[selector]
in_flight = 4
strategy = "margin"
[[annotators]]
count = 5
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "exponential", mean = "30s" }
[stop]
labels = 12
[faults]
drop = 0.05
delay = 0.1
retry = "60s"
crashes = [{ agent = "selector", at = "50s", down = "20s" }]
"""


def in_flight(name: str, faults: dict[str, Any], **others: Any) -> Scenario:
    learner = {**LEARNING["learner"], **({"estimator": FOREST} if name in BY_MEMBERS else {})}
    selector = {"in_flight": 3, "strategy": STRATEGIES[name]}
    return scenario_of(faults, **{**LEARNING, "learner": learner, "selector": selector, **others})


@pytest.mark.parametrize("name", [*STRATEGIES])
def test_a_campaign_in_which_the_selector_crashes_is_run_verified_and_resumed(name: str, tmp_path: Path) -> None:
    data = {} if name != "certainty" else {"selector.strategy": {"kind": "certainty", "label": "virginica"}}
    sets = {"selector.strategy": STRATEGIES[name], **data}
    if name in BY_MEMBERS:
        sets["learner.estimator"] = FOREST
    summary, log = run_logged(load(write(tmp_path, FILE), sets).scenario, tmp_path)
    assert summary.labels == 12
    result = parley("verify", log)
    assert (result.exit_code, result.stderr) == (0, "")
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: int(len(lines) * 0.6)]))
    assert parley("resume", log).exit_code == 0
    assert log.read_bytes() == whole


@pytest.mark.parametrize("name", [*STRATEGIES])
def test_their_tables_meet_the_schema_and_come_back_from_a_log(name: str) -> None:
    scenario = in_flight(name, {})
    VALIDATOR.validate(scenario.tables())
    assert make(scenario.tables(), "again", {}, Trust()) == scenario


def test_they_are_listed_each_with_what_it_costs() -> None:
    kinds = {member.kind: member for member in members("strategy")}
    assert {*STRATEGIES} <= {*kinds}
    assert all(kinds[kind].cost.startswith("O(n") for kind in STRATEGIES)


@pytest.mark.parametrize("name", [*STRATEGIES])
def test_whoever_crashes_the_same_number_of_different_items_is_asked_for(name: str) -> None:
    for crashes in ([], [crash("selector", 20, 7), crash("selector", 45, 30)]):
        _, record = played(in_flight(name, {"crashes": crashes}))
        asked = [event.body.item for event in record.of(ItemRequested)]
        assert len(asked) == len(set(asked)) >= 6


def test_a_model_that_has_seen_one_class_only_does_not_end_a_campaign() -> None:
    data = {**LEARNING["data"], "seed_labels": 1}
    for name in STRATEGIES:
        _, record = played(in_flight(name, {}, data=data, stop={"labels": 6}))
        assert len(record.of(LabelsKnown)[0].body.labels) == 1
        assert record.of(ItemRequested)[0].body.version == 1
        assert len(record.of(ItemRequested)) == 6


# What cannot be


@pytest.mark.parametrize(
    ("strategy", "learner", "words"),
    [
        (
            "distance-to-boundary",
            {"estimator": FOREST},
            "selector.strategy 'distance-to-boundary' needs a decision function, but learner.estimator 'random-forest' has none",
        ),
        ({"kind": "epsilon", "of": "distance-to-boundary"}, {"committee": [{"count": 3}]}, "a [[learner.committee]] has none"),
        ("bald", {}, "selector.strategy 'bald' needs a committee, but learner.estimator 'logistic-regression' is none"),
        ({"kind": "class-balanced", "of": "vote-entropy"}, {}, "selector.strategy 'vote-entropy' needs a committee"),
        ({"kind": "epsilon", "share": 1.5}, {}, "selector.strategy.share"),
        ({"kind": "batch-bald", "candidates": 0}, {}, "selector.strategy.candidates"),
        ({"kind": "kl-divergence", "over": "min"}, {}, "selector.strategy.over"),
    ],
)
def test_what_cannot_be_is_refused_and_the_message_says_where(strategy: Any, learner: dict[str, Any], words: str) -> None:
    tables = {"name": "wrong", "data": {"source": "iris"}, "learner": learner, "selector": {"strategy": strategy}}
    with pytest.raises(BadInput) as refused:
        make({**tables, "annotators": [{"name": "w", "count": 3}]}, "wrong", {}, Trust())
    assert words in str(refused.value)


def test_a_class_that_the_data_do_not_have_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    strategy = {"kind": "epsilon", "of": {"kind": "certainty", "label": "virginia"}}
    scenario = load(write(tmp_path, FILE), {"selector.strategy": strategy}).scenario
    with pytest.raises(BadInput) as refused:
        prepare(scenario, Origin())
    expected = "selector.strategy 'certainty': label is 'virginia', but the classes are 'setosa', 'versicolor', 'virginica'"
    assert expected in str(refused.value)


# Whatever goes wrong


@st.composite
def strikes(draw: st.DrawFn) -> tuple[Scenario, dict[str, Any]]:
    """Draw whom it strikes, and when; mostly the Selector."""
    scenario = in_flight(draw(st.sampled_from([*STRATEGIES])), {"drop": 0.05, "delay": 0.15, "delay_time": 20})
    victim = draw(st.sampled_from(["selector", "selector", *SERVICES, "learner"]))
    return scenario, {"victim": victim, "event": draw(st.integers(1, 120)), "turns": draw(st.integers(0, 5)), "down": 10**7}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_at_whatever_event_the_campaign_comes_to_a_sane_end(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_in_many_campaigns_whoever_goes_down_they_come_to_a_sane_end(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)
