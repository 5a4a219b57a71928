"""Gold questions in a scenario: which items are gold, what is refused, and what people see of those who were found out."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from agents.component import Trust
from agents.messages import GoldKnown
from bus.chance import Chance
from scenarios.cli import app
from scenarios.display import show
from scenarios.errors import BadInput
from scenarios.loading import library, load, make
from scenarios.run import Origin, prepare, run
from scenarios.scenario import Scenario
from scenarios.sources import Synthetic
from scenarios.world import build_world
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import events, run_logged
from tests.scenarios.fuzz import COMMANDS, parley

READY = next(path for path in library() if path.name == "gold.toml")


def scenario_of(gold: dict[str, Any] | None, labels: int = 5, **tables: Any) -> Scenario:
    coordination = {"policy": {"kind": "majority", "size": 2}, **({} if gold is None else {"gold": gold})}
    scenario = {
        "name": "gold",
        "seed": 3,
        "data": {"source": "synthetic", "items": 40, "classes": 3, "gold_labels": labels},
        "annotators": [{"name": "w", "count": 4, "noise": {"kind": "one-coin", "accuracy": 0.8}}],
        "coordination": coordination,
        **tables,
    }
    return make(scenario, "scenario", {}, Trust())


# Which items are gold


def test_gold_items_leave_the_pool_are_no_seeds_and_have_one_of_each_class() -> None:
    source = Synthetic(items=60, classes=4, seed_labels=8, gold_labels=9, test_fraction=0.2)
    world = build_world(source, Chance(5), Path(), learner=True)
    assert (len(world.gold), len(world.seeds), len(world.items)) == (9, 8, 39)
    assert len({*world.gold}) == 9
    assert not {*world.gold} & {*world.items.ids}
    assert {*world.seeds} <= {*world.items.ids}
    assert {world.truth.of(item) for item in world.gold} == {0, 1, 2, 3}
    assert all(0 <= world.truth.of(item) < 4 for item in (*world.gold, *world.items.ids))


def test_gold_labels_move_neither_seeds_nor_held_out_items() -> None:
    plain, gold = (
        build_world(Synthetic(items=60, seed_labels=8, test_fraction=0.2, gold_labels=labels), Chance(5), Path(), learner=True)
        for labels in (0, 9)
    )
    assert (plain.seeds, plain.digest, plain.gold) == (gold.seeds, gold.digest, ())
    assert (plain.held_out_labels == gold.held_out_labels).all()
    assert {*plain.items.ids} == {*gold.items.ids, *gold.gold}


def test_gold_that_leaves_nothing_to_label_is_refused() -> None:
    with pytest.raises(BadInput, match="40 gold labels beside 0 seed labels, but the pool has 40 items"):
        prepare(scenario_of({"first": 2}, labels=40), Origin())


@pytest.mark.parametrize(
    ("gold", "labels", "words"),
    [
        ({"first": 2}, 0, "there are none; set data.gold_labels"),
        ({"first": 6}, 5, "begins with 6 gold questions for everybody, but data.gold_labels is 5"),
        ({"test": {"kind": "pass-mark", "questions": 7}}, 5, "nobody can have 8 right of 7"),
        ({"test": {"kind": "pass-mark", "questions": 7, "right": 4}}, 5, "begins with 7 gold questions"),
        ({"share": 0.2, "every": 3}, 5, "share and every"),
        ({"share": 0.2, "test": {"kind": "sprt", "good": 0.5, "bad": 0.6}}, 5, "bad must be below good"),
        ({"share": 0.2, "test": {"kind": "spr"}}, 5, "did you mean 'sprt'"),
    ],
)
def test_gold_that_cannot_be_is_refused_with_its_reason(gold: dict[str, Any], labels: int, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        scenario_of(gold, labels)
    assert words in str(refusal.value)


# Campaigns


@pytest.mark.parametrize("retroactive", [False, True])
@pytest.mark.parametrize("learner", [False, True])
def test_a_campaign_with_gold_passes_the_audit(retroactive: bool, learner: bool) -> None:
    data = {"source": "synthetic", "items": 150, "features": 2, "gold_labels": 6}
    people = [
        {
            "name": name,
            "count": 3,
            "noise": {"kind": "one-coin", "accuracy": accuracy},
            "latency": {"kind": "exponential", "mean": 9},
        }
        for name, accuracy in (("good", 0.9), ("bad", 0.3))
    ]
    gold = {"every": 4, "test": {"kind": "cusum", "limit": 1.5}, "retroactive": retroactive}
    tables: dict[str, Any] = {"data": data, "annotators": people, "faults": {"retry": 100}}
    if learner:
        tables["learner"] = {"retrain_every": 5, "train_time": 3}
    campaigns: list[Any] = []
    scenario = scenario_of(gold, **tables)
    summary = run(scenario, logs=None, on_start=campaigns.append)
    log = campaigns[0]._bus.history
    audit(campaigns[0], log)
    assert sum(each.verdict == "failed" for each in summary.screened) >= 2
    assert bool(summary.voided) is bool(summary.reopened) is retroactive
    # The Coordinator alone is told which items are gold.
    assert [(event.sender, event.recipient) for event in log if isinstance(event.body, GoldKnown)] == [("campaign", "coordinator")]


def test_the_ready_scenario_finds_those_who_guess_and_its_labels_are_better_for_it() -> None:
    scenario = load(READY).scenario
    summary = run(scenario, logs=None)
    verdicts = {
        name: Counter(each.verdict for each in summary.screened if each.name.startswith(name)) for name in ("guesser", "careful")
    }
    assert verdicts["guesser"] == {"failed": 5}
    assert verdicts["careful"]["failed"] == 0
    assert summary.labels == 400
    assert summary.voided >= summary.reopened > 50
    unscreened = scenario.model_copy(update={"coordination": scenario.coordination.model_copy(update={"gold": None})})
    before = run(unscreened, logs=None).label_accuracy
    assert before is not None and summary.label_accuracy is not None
    assert summary.label_accuracy > before + 0.1


def test_a_summary_says_who_was_found_out_and_what_became_void() -> None:
    summary = run(load(READY).scenario, logs=None)
    console = Console(width=80, record=True, file=io.StringIO())
    show(summary, console)
    text = console.export_text()
    assert "5 annotators" in text
    assert f"{summary.voided} answers, {summary.reopened} items opened again" in text
    worst = summary.screened[0]
    assert f"gold {worst.right} of {worst.asked}" in text
    assert text.count("blocked") >= 6


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "resume"])
def test_every_command_reads_a_log_with_gold_in_it(command: str, tmp_path: Path) -> None:
    _, log = run_logged(load(READY).scenario, tmp_path)
    result = parley(command, log)
    assert result.exit_code == 0, result.stderr
    assert result.stdout_bytes


def test_counting_a_log_anew_by_its_own_policy_changes_no_label(tmp_path: Path) -> None:
    _, log = run_logged(load(READY).scenario, tmp_path)
    command = ["whatif", "--open", "--json", "--set", "coordination.policy={kind='majority',size=3}", str(log)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["changed"] == []
    before, after = told["before"], told["after"]
    # All but what became void: votes that count, and gold.
    assert after["answers"] == before["answers"] - before["voided"]
    assert after["alpha"] == pytest.approx(before["alpha"])
    assert any(event["kind"] == "item-reopened" for event in events(log))
