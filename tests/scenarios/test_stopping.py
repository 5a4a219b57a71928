"""Campaigns that rules end, or would have ended, as users run them."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agents.component import Trust
from scenarios.catalogue import schema
from scenarios.errors import BadInput
from scenarios.loading import load, make
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import COUNCIL, LEARNING, REVISIONS, events, run_logged, write
from tests.scenarios.ruled import KINDS, RULES, parley, ran, text
from tests.scenarios.striking import LEARNING as LEARNS
from tests.scenarios.striking import scenario_of
from tests.scenarios.test_summary import of_the_log

VALIDATOR = Draft202012Validator(schema())


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_ends_a_campaign_which_is_verified_and_resumed(kind: str, tmp_path: Path) -> None:
    dials = {"overall-uncertainty": ", threshold = 0.5", "max-confidence": ", threshold = 0.95"}.get(kind, ", patience = 1")
    dials += {"kappa": ", threshold = 0.9", "f1-delta": ", threshold = 0.1"}.get(kind, "")
    summary, log = ran(tmp_path, f'{{ kind = "{kind}"{dials} }}')
    assert summary.stopped_by == "rule" and summary.labels < 90
    (advised,) = summary.advised
    assert advised.rule == kind
    whole = log.read_bytes()
    parley("verify", log)
    for share in (0.3, 0.7, 0.9):
        lines = whole.splitlines(keepends=True)
        log.write_bytes(b"".join(lines[: int(len(lines) * share)]))
        parley("resume", "--quiet", log)
        assert log.read_bytes() == whole


def test_what_is_in_flight_when_a_rule_fires_is_cancelled_and_given_up_as_with_other_limits(tmp_path: Path) -> None:
    _, log = ran(tmp_path, '{ kind = "kappa", threshold = 0.9, patience = 1 }')
    record = events(log)
    (advice,) = [event for event in record if event["kind"] == "stopping-advised"]
    after = [event for event in record if event["seq"] > advice["seq"]]
    assert {event["kind"] for event in after if event["from"] == "coordinator"} == {
        "task-cancelled",
        "item-given-up",
        "campaign-ended",
    }
    assert {event["body"]["reason"] for event in after if event["kind"] == "item-given-up"} == {"rule"}
    (ended,) = [event for event in after if event["kind"] == "campaign-ended"]
    assert (ended["t"], ended["body"]) == (advice["t"], {"stopped_by": "rule"})


def test_rules_that_are_only_noted_change_nothing_but_what_is_noted(tmp_path: Path) -> None:
    rules = str(RULES).replace("'", '"').replace('":', '" =')
    noted, log = ran(tmp_path, rules, act=False)
    plain, other = run_logged(load(write(tmp_path, text("[]"))).scenario, tmp_path)
    advised = [event for event in events(log) if event["kind"] == "stopping-advised"]
    assert len(advised) == len(RULES) == len(noted.advised)

    def told(path: Path) -> list[Any]:
        """Return what is said and when, but for advice and the numbers of events."""
        hidden = ("seq", "cause", "sum")
        kept = [event for event in events(path) if event["kind"] != "stopping-advised"]
        return [{key: value for key, value in event.items() if key not in hidden} for event in kept]

    assert told(log) == told(other)
    assert noted.stopped_by == plain.stopped_by == "pool"
    aside = {"advised", "events", "log"}
    assert noted.model_dump(exclude=aside) == plain.model_dump(exclude=aside)
    parley("verify", log)


@pytest.mark.parametrize("of", [LEARNING, REVISIONS, COUNCIL], ids=["learning", "revisions", "council"])
@pytest.mark.parametrize("act", [True, False])
def test_the_fold_of_a_log_says_of_rules_what_its_run_says(act: bool, of: str, tmp_path: Path) -> None:
    rules = str(RULES).replace("'", '"').replace('":', '" =')
    summary, log = ran(tmp_path, rules, act, of)
    assert summary.advised
    assert of_the_log(log) == summary


def test_a_limit_that_is_reached_first_ends_the_campaign_all_the_same(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, text('{ kind = "kappa", patience = 3 }')), {"stop.labels": 12})
    summary, _ = run_logged(loaded.scenario, tmp_path)
    assert (summary.stopped_by, summary.labels, summary.advised) == ("labels", 12, ())


def test_a_rule_waits_for_as_many_labels_as_it_is_told(tmp_path: Path) -> None:
    early, _ = ran(tmp_path, '{ kind = "kappa", threshold = 0.8, patience = 1 }')
    late, _ = ran(tmp_path, '{ kind = "kappa", threshold = 0.8, patience = 1, least_labels = 50 }')
    assert early.advised[0].labels < 50 <= late.advised[0].labels


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"stop.rules": [{"kind": "kappa", "threshold": 2}]},
            "stop.rules.0.threshold: should be less than or equal to 1 (found 2)",
        ),
        ({"stop.rules": ["kappa", "f1-delta", "kappa"]}, "stop.rules: 'kappa' stands there twice with the same dials"),
        ({"stop.rules": ["kapa"]}, "stop.rules.0: there is no stop rule 'kapa'; did you mean 'kappa'?"),
        ({"stop.rules": [{"kind": "kappa", "stopset": 3}]}, "stop.rules.0: unknown key 'stopset'; did you mean 'stop_set'?"),
        ({"stop.act": "perhaps"}, "stop.act: "),
    ],
)
def test_rules_that_make_no_sense_are_refused_before_anything_runs(settings: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        load(write(tmp_path, LEARNING), settings)
    assert words in str(error.value)


def test_rules_without_a_learner_are_refused() -> None:
    tables = scenario_of({}).tables()
    with pytest.raises(BadInput, match=r"stop\.rules 'kappa' goes by models, but there is no \[learner\]"):
        make({**tables, "stop": {"rules": "kappa"}}, "scenario", {}, Trust())


def test_the_schema_knows_rules_alone_and_in_a_list_and_a_dial_is_set_by_the_kind_of_its_rule() -> None:
    tables = scenario_of({}, **LEARNS).tables()
    for rules in ("kappa", ["kappa", {"kind": "f1-delta", "patience": 2}], {"kind": "max-confidence"}):
        with_rules = {**tables, "stop": {"rules": rules, "act": False}}
        VALIDATOR.validate(with_rules)
        assert Scenario.model_validate(make(with_rules, "scenario", {}, Trust()).tables()).stop.act is False
    changed = make({**tables, "stop": {"rules": ["f1-delta", "kappa"]}}, "scenario", {"stop.rules.kappa.patience": 7}, Trust())
    assert [rule.patience for rule in changed.stop.rules] == [3, 7]


def test_a_scenario_without_rules_has_the_header_that_it_always_had() -> None:
    assert "rules" not in scenario_of({}, **LEARNS).tables()["stop"]
    assert "act" not in scenario_of({}, **LEARNS).tables()["stop"]
