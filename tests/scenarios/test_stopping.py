"""Campaigns that rules end, or would have ended: as users run them, and whatever goes wrong."""

import json
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console
from typer.testing import CliRunner, Result

from agents.component import Trust
from agents.messages import CampaignEnded, ItemGivenUp, StoppingAdvised
from agents.state import State
from bus.clock import SECOND
from scenarios.catalogue import members, schema
from scenarios.cli import app
from scenarios.display import facts_of, show
from scenarios.errors import BadInput
from scenarios.history.index import state_at
from scenarios.loading import load, make
from scenarios.scenario import Scenario
from scenarios.stopping import Advised, Best, advised_of, best_of, not_reached_of
from scenarios.summary import Summary, summarise
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import COUNCIL, LEARNING, REVISIONS, events, run_logged, write
from tests.scenarios.striking import LEARNING as LEARNS
from tests.scenarios.striking import PEOPLE, SERVICES, crash, played, scenario_of
from tests.scenarios.test_faults import campaigns, happened
from tests.scenarios.test_summary import of_the_log

VALIDATOR = Draft202012Validator(schema())
KINDS = [member.kind for member in members("stop-rule")]
RULES: list[Any] = [
    {"kind": "kappa", "threshold": 0.9, "patience": 2},
    {"kind": "kappa", "threshold": 0.8, "patience": 1, "stop_set": 30},
    "classification-change",
    {"kind": "f1-delta", "threshold": 0.1, "patience": 1},
    {"kind": "overall-uncertainty", "threshold": 0.5},
    {"kind": "max-confidence", "threshold": 0.95},
]
"""Rules of which each fires early in a small campaign."""


def text(rules: str, act: bool = True, of: str = LEARNING) -> str:
    return of.replace("labels = 25\n", "").replace("[stop]\n", f"[stop]\nrules = {rules}\nact = {str(act).lower()}\n")


def ran(folder: Path, *options: Any, **more: Any) -> tuple[Summary, Path]:
    return run_logged(load(write(folder, text(*options, **more))).scenario, folder)


def parley(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result


# As users run them


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


# What stopping cost


def test_the_best_moment_is_the_first_of_the_highest_accuracy() -> None:
    assert best_of([]) is None
    curve = [(10, 0.5, 0.3), (20, 0.895, 0.6), (30, 0.9, 0.4), (40, 0.9, 0.6), (50, 0.7, 0.5)]
    assert best_of(curve) == Best(0.9, 30, 20, 0.4, 0.6, 20)
    assert best_of([(10, 0.89, 0.1), (20, 0.9, 0.2)]) == Best(0.9, 20, 10, 0.2, 0.2, 20)
    assert best_of([(10, 0.5, 0.4)]) == Best(0.5, 10, 10, 0.4, 0.4, 10)


def curve_of(*accuracies: float) -> Summary:
    """Return the summary of a campaign without rules whose versions, of 10, 20, ... labels, scored so."""
    return summarise(state_of([*accuracies], {}), "curve", 1, None)


def state_of(accuracies: list[float], fired: dict[str, int], macro_f1: list[float] | None = None) -> State:
    """Return a state after versions of 10, 20, ... labels for a unit of money each, of which some made rules fire.

    Args:
        accuracies: what they scored.
        fired: by which version each rule fired.
        macro_f1: their macro F1; left out, as high as their accuracy.
    """
    state = State()
    told: list[tuple[str, dict[str, Any]]] = []
    for version, (accuracy, f1) in enumerate(zip(accuracies, macro_f1 or accuracies, strict=True), 1):
        labels = 10 * version
        told.append(("model-published", {"version": version, "labels": labels}))
        measured = {"version": version, "labels": labels, "accuracy": accuracy, "macro_f1": f1, "log_loss": 1.0}
        told.append(("model-evaluated", measured))
        told += [
            ("stopping-advised", {"rule": rule, "version": version, "labels": labels, "measure": 0.5})
            for rule, by in fired.items()
            if by == version
        ]
    for seq, (kind, body) in enumerate(told, 1):
        version = body["version"]
        state.committed = version * 10**6
        state.apply({"seq": seq, "t": version * SECOND, "kind": kind, "from": "x", "to": "*", "cause": None, "body": body})
    return state


def test_what_stopping_cost_is_counted_from_the_best_moment_and_overshoot_from_when_it_was_nearly_reached() -> None:
    fired = {"early": 1, "close": 2, "best": 3, "late": 4}
    state = state_of([0.5, 0.895, 0.9, 0.8], fired, [0.5, 0.25, 0.5, 0.75])
    assert advised_of(state) == (
        Advised("early", 1, 10, 1.0, 1.0, 0.5, pytest.approx(0.4), -10, -1.0, 0.5, 0.25),
        Advised("close", 2, 20, 2.0, 2.0, 0.895, pytest.approx(0.005), 0, 0.0, 0.25, 0.5),
        Advised("best", 3, 30, 3.0, 3.0, 0.9, 0.0, 10, 1.0, 0.5, 0.25),
        Advised("late", 4, 40, 4.0, 4.0, 0.8, pytest.approx(0.1), 20, 2.0, 0.75, 0.0),
    )


def shown(summary: Summary, width: int) -> list[str]:
    """Return the lines of what people see of a summary, without frame."""
    written = StringIO()
    show(summary, Console(file=written, width=width))
    return [line.strip("│ ") for line in written.getvalue().splitlines()]


@pytest.mark.parametrize("width", [80, 120])
def test_where_a_class_is_rare_macro_f1_tells_what_accuracy_hides_and_each_has_its_best_moment(width: int) -> None:
    state = state_of([0.98, 0.98, 0.97], {"kappa": 1}, [0.495, 0.495, 0.7])
    lines = shown(summarise(state, "spam", 1, None, rules=["kappa"]), width)

    def told(name: str) -> list[str]:
        return " ".join(line.removeprefix(name) for line in lines if line.startswith(f"{name}  ")).split()

    assert told("kappa") == ["10", "1.00", "1s", "+0", "0.9800", "0.0000", "0.4950", "0.2050"]
    assert told("the best accuracy") == ["10", "0.9800", "0.0000", "0.4950", "0.2050"]
    assert told("the best macro F1") == ["30", "0.9700", "0.0100", "0.7000", "0.0000"]
    assert told("the end")[-4:] == ["0.9700", "0.0100", "0.7000", "0.0000"]
    assert "the best moment" not in "\n".join(lines)
    assert any("labels," in line for line in lines) and any("seeds too" in line for line in lines)
    assert max(map(len, lines)) <= width


def test_rules_that_never_fired_are_told_also_where_none_did() -> None:
    rules = ["kappa", "f1-delta", "kappa"]
    for fired in ({}, {"kappa": 1}, {"kappa-2": 2, "kappa": 1}):
        summary = summarise(state_of([0.5, 0.6], fired), "rules", 1, None, rules=rules)
        assert summary.not_reached == tuple(each for each in ("kappa", "f1-delta", "kappa-2") if each not in fired)
        lines = shown(summary, 80)
        for rule in summary.not_reached:
            assert [line.split() for line in lines if line.startswith(f"{rule} ")] == [[rule, "not", "reached"]]
    assert "time to stop" not in "\n".join(shown(curve_of(0.5, 0.6), 80))


def test_a_rule_of_ones_own_goes_by_the_name_of_its_class_and_by_another_that_its_advice_tells() -> None:
    rules = ["kappa", "mine.Never"]
    assert not_reached_of(rules, state_of([0.5], {})) == ("kappa", "Never")
    assert not_reached_of(rules, state_of([0.5], {"Never": 1})) == ("kappa",)
    assert not_reached_of(rules, state_of([0.5], {"never-ever": 1})) == ("kappa",)


def test_a_log_tells_by_its_header_which_rules_never_fired(tmp_path: Path) -> None:
    early, never = '{ kind = "kappa", threshold = 0.8, patience = 1 }', '{ kind = "f1-delta", least_labels = 10000 }'
    summary, log = ran(tmp_path, f'["kappa", {early}, {never}]', act=False)
    assert summary.not_reached[-1] == "f1-delta"
    assert {*summary.not_reached, *(each.rule for each in summary.advised)} == {"kappa", "kappa-2", "f1-delta"}
    assert of_the_log(log) == summary


def test_a_what_if_tells_when_rules_would_have_fired(tmp_path: Path) -> None:
    never = '{ kind = "kappa", threshold = 1.0, patience = 50 }'
    _, log = ran(tmp_path, f'[{never}, {{ kind = "f1-delta", threshold = 0.1, patience = 1 }}]', act=False)
    question = "whatif", log, "--set", "stop.rules.kappa.threshold=0.5", "--set", "stop.rules.kappa.patience=1"
    found = json.loads(parley(*question, "--json").stdout)
    before, after = ({each[0]: f"{each[2]}" for each in found[half]["advised"]} for half in ("before", "after"))
    assert (found["before"]["not_reached"], found["after"]["not_reached"]) == (["kappa"], [])

    def told(*arguments: Any) -> list[list[str]]:
        """Return the words of each line that tells of a rule."""
        lines = [line.strip("│ ").split() for line in parley(*arguments).stdout.splitlines()]
        return [line for line in lines if line and line[0] in KINDS]

    assert told(*question) == [["f1-delta", before["f1-delta"], after["f1-delta"]], ["kappa", "not", "reached", after["kappa"]]]
    # Of the same answers, counted otherwise, nobody knows what models would have said.
    opened = told("whatif", log, "--open", "--set", "coordination.policy.size=1")
    assert opened == [["f1-delta", before["f1-delta"], "-"], ["kappa", "not", "reached", "-"]]


def test_without_held_out_items_nothing_is_known_of_what_stopping_cost(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, text('{ kind = "kappa", threshold = 0.8, patience = 1 }')), {"data.test_fraction": 0.0})
    summary, log = run_logged(loaded.scenario, tmp_path)
    (advised,) = summary.advised
    assert (summary.best, advised[5:]) == (None, (None,) * 6)
    assert (advised.labels, advised.seconds) == (16, summary.simulated_seconds)
    assert of_the_log(log) == summary


def test_people_see_at_a_glance_when_rules_fired_and_what_that_cost(tmp_path: Path) -> None:
    rules = '["kappa", { kind = "overall-uncertainty", threshold = 0.5 }]'
    summary, _ = ran(tmp_path, rules, act=False)
    scenario = write(tmp_path, text(rules, act=False))
    output = parley("run", scenario, "--logs", tmp_path).stdout
    for each in summary.advised:
        line = " ".join(line for line in output.splitlines() if each.rule in line)
        assert f"{each.labels}" in line and f"{each.accuracy:.4f}" in line and f"{each.overshoot:+d}" in line
        assert f"{each.macro_f1:.4f}" in line
    assert "the best" in output and "the end" in output
    found = json.loads(parley("run", scenario, "--logs", tmp_path, "--json").stdout)
    assert [tuple(each) for each in found["advised"]] == [*summary.advised]


def test_a_campaign_without_rules_tells_of_its_best_moment_where_the_last_is_clearly_worse() -> None:
    worse, as_good = (curve_of(0.5, 0.9, last) for last in (0.88, 0.895))
    assert dict(facts_of(worse))["at its best"] == "0.9000, 20 labels"
    assert "at its best" not in dict(facts_of(as_good))


def test_a_campaign_at_a_moment_shows_the_rules_that_have_fired_by_then(tmp_path: Path) -> None:
    rules = str(RULES).replace("'", '"').replace('":', '" =')
    summary, log = ran(tmp_path, rules, act=False)
    whole = summary.advised
    assert len({each.seconds for each in whole}) > 2
    for moment in sorted({each.seconds for each in whole}):
        by_then = [each.rule for each in whole if each.seconds <= moment]
        state, _ = state_at(log, round(moment * SECOND))
        assert [each.rule for each in state.advice] == by_then
        found = json.loads(parley("state", log, "--at", f"{moment}s", "--json").stdout)
        assert [each["rule"] for each in found["advice"]] == by_then
    status = parley("state", log).stdout
    assert f"{whole[0].rule}, {whole[0].labels} labels" in status
    played_back = parley("replay", log).stdout
    assert f"it is time to stop, by {whole[0].rule}: model {whole[0].version} comes to" in played_back


# Whatever goes wrong

STOPS: dict[str, Any] = {
    **LEARNS,
    "stop": {"rules": RULES, "act": True},
    "coordination": {"policy": {"kind": "majority", "size": 1}},
}


def advised(record: Any) -> list[StoppingAdvised]:
    return [event.body for event in record.of(StoppingAdvised)]


@cache
def moment_of_advice() -> tuple[int, float]:
    """Return at which event, and when, a rule first fires where nothing goes wrong."""
    _, record = played(scenario_of({}, **STOPS))
    first = record.of(StoppingAdvised)[0]
    assert record.of(CampaignEnded)[0].body.stopped_by == "rule"
    return first.seq, first.time / SECOND


@pytest.mark.parametrize("agent", ["coordinator", "selector", "evaluator"])
@pytest.mark.parametrize("since", [-1.0, 0.0])
def test_who_is_down_when_a_rule_fires_hears_of_it_or_says_it_later_and_the_campaign_ends(agent: str, since: float) -> None:
    _, at = moment_of_advice()
    _, record = played(scenario_of({"crashes": [crash(agent, at + since, 100)]}, **STOPS))
    assert len(record.of(StoppingAdvised)) >= 1
    ended = record.of(CampaignEnded)[0]
    assert ended.body.stopped_by == "rule"
    if agent in ("coordinator", "selector") and since < 0:
        assert ended.time >= (at + since + 100) * SECOND
        assert not [event for event in record.of(ItemGivenUp) if event.seq < record.of(StoppingAdvised)[0].seq]


@pytest.mark.parametrize("victim", ["selector", "coordinator"])
@pytest.mark.parametrize("turns", [0, 2, 5])
@pytest.mark.parametrize("before", [0, 1])
def test_at_whatever_turn_somebody_goes_down_the_word_is_said_once(victim: str, turns: int, before: int) -> None:
    event, _ = moment_of_advice()
    _, record = played(scenario_of({}, **STOPS), victim=victim, event=event - before, turns=turns, down=10 * SECOND)
    assert record.of(CampaignEnded)[0].body.stopped_by == "rule"
    assert len({each.rule for each in advised(record)}) == len(advised(record)) >= 1


@st.composite
def strikes(draw: st.DrawFn) -> tuple[Scenario, dict[str, Any]]:
    """Draw which rules there are, whom it strikes, and when."""
    rules = draw(st.lists(st.sampled_from(range(len(RULES))), min_size=1, max_size=3, unique=True))
    stop = {"rules": [RULES[rule] for rule in rules], "act": draw(st.booleans()), "labels": 12}
    faults = {"drop": 0.05, "delay": 0.15, "reorder": 0.1, "delay_time": 20}
    selector = {"in_flight": 3, "barrier": draw(st.booleans()), "strategy": draw(st.sampled_from(["margin", "random"]))}
    victim = draw(st.sampled_from(["selector", "coordinator", *SERVICES, "learner", PEOPLE[0]]))
    down = draw(st.sampled_from([0, 1, SECOND, 35 * SECOND, 300 * SECOND]))
    struck = {"victim": victim, "event": draw(st.integers(1, 150)), "turns": draw(st.integers(0, 5)), "down": down}
    return scenario_of(faults, **{**LEARNS, "selector": selector, "stop": stop}), struck


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_at_whatever_event_rules_fire_when_they_should(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_in_many_campaigns_whoever_goes_down_rules_fire_when_they_should(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@st.composite
def with_rules(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small campaign in which something goes wrong, and rules that end it or are noted."""
    drawn = draw(campaigns().filter(lambda each: "learner" in each))
    rules = draw(st.lists(st.sampled_from(range(len(RULES))), min_size=1, max_size=3, unique=True))
    drawn["stop"] = {**drawn["stop"], "rules": [RULES[rule] for rule in rules], "act": draw(st.booleans())}
    return drawn


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[*HealthCheck])
@given(with_rules())
def test_whatever_goes_wrong_nothing_is_stranded_by_a_rule(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)
