"""What stopping cost: in the summary, in a log, and as people see it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from agents.state import State
from bus.clock import SECOND
from scenarios.display import facts_of, show
from scenarios.history.index import state_at
from scenarios.loading import load
from scenarios.stopping import Advised, Best, advised_of, best_of, not_reached_of
from scenarios.summary import Summary, summarise
from tests.scenarios.campaigns import run_logged, write
from tests.scenarios.ruled import KINDS, RULES, parley, ran, text
from tests.scenarios.test_summary import of_the_log


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
        if version * SECOND > state.time:
            # What is spent belongs to the instant in which it is.
            state.apply({"seq": seq, "t": version * SECOND, "kind": "said", "from": "x", "to": "*", "cause": None, "body": {}})
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
