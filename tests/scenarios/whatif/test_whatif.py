"""What if: the same answers counted otherwise, or the campaign run again."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agents.component import Trust
from scenarios.cli import app
from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.scenario import Scenario
from scenarios.whatif.outcome import WhatIf
from scenarios.whatif.question import Loop, Question, answer
from tests.scenarios.campaigns import LABELLING, LEARNING, forged, run_logged, write

MAJORITY = "coordination.policy"


@pytest.fixture(params=[LABELLING, LEARNING], ids=["labelling", "learning"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return run_logged(load(write(tmp_path, request.param)).scenario, tmp_path)[1]


@pytest.fixture
def labelling(tmp_path: Path) -> Path:
    return run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path)[1]


def asked(log: Path, overrides: dict[str, Any], loop: Loop | None = None, logs: Path | None = None) -> WhatIf:
    return answer(log, Question(overrides, loop, Trust(False), None, logs), None, lambda read: None)


def parley(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


# The open loop


def test_the_same_policy_makes_the_same_of_the_same_answers(log: Path) -> None:
    size = 3 if "labelling" in log.name else 1
    what_if = asked(log, {"coordination.policy.size": size}, "open")
    before = what_if.before.model_dump()
    assert what_if.loop == "open"
    assert not what_if.changes
    assert what_if.figures.items() <= before.items()
    assert what_if.support is not None and what_if.support.missing == 0


def test_a_policy_that_asks_fewer_counts_the_first_of_the_answers(labelling: Path) -> None:
    what_if = asked(labelling, {"coordination.policy.size": 1}, "open")
    first: dict[int, Any] = {}
    for line in labelling.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event.get("kind") == "answer-submitted" and event["body"]["attempt"] == 0:
            first.setdefault(event["body"]["item"], event["body"]["label"])
    after = {change.item: change.after for change in what_if.changes}
    resolved = {item: label for item, label in first.items() if item in after}
    assert what_if.figures["answers"] == what_if.figures["labels"] == 60
    assert what_if.figures["cost"] == pytest.approx(60 * 0.05)
    late = sum(after[item] != label for item, label in resolved.items())
    assert late <= what_if.before.late, "the first answer counts, unless it was late"


@pytest.mark.parametrize(
    "coordination",
    [
        {"policy": {"kind": "negotiation", "size": 3, "fee": 0.0}},
        {"policy": {"kind": "majority", "size": 3}, "allocation": {"kind": "auction", "candidates": 2}},
    ],
    ids=["negotiation", "auction"],
)
def test_each_answer_costs_what_it_cost_whatever_their_person_was_paid_for_something_else(tmp_path, coordination):
    scenario = load(write(tmp_path, LABELLING)).scenario.model_dump(mode="json", exclude_none=True)
    dear = {**scenario["annotators"][0], "name": "dear", "price": 0.2}
    tables = {**scenario, "annotators": [*scenario["annotators"], dear], "coordination": coordination}
    log = run_logged(Scenario.model_validate(tables), tmp_path)[1]
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    first = [line["body"]["price"] for line in lines if line.get("kind") == "task-assigned" and line["body"]["attempt"] == 0]
    what_if = asked(log, {"coordination.policy": {"kind": "majority", "size": 3}}, "open")
    assert what_if.figures["answers"] == len(first)
    assert what_if.figures["cost"] == pytest.approx(sum(first))
    assert len({*first}) > 1, "people are not paid alike"


def test_answers_that_were_never_given_are_stated_and_not_invented(labelling: Path) -> None:
    what_if = asked(labelling, {"coordination.policy.size": 5}, "open")
    assert what_if.support is not None
    assert (what_if.support.wanted, what_if.support.missing, what_if.support.undecided) == (300, 120, 60)
    assert what_if.support.share_missing == 0.4
    assert what_if.figures["labels"] == 0
    assert all(change.after is None for change in what_if.changes)


@pytest.mark.parametrize(
    "policy",
    [
        {"kind": "escalation", "tiers": [{"of": "crowd", "votes": 3}, {"of": "expert", "votes": 1}]},
        {"kind": "majority", "size": 3, "of": "crowd", "doubt": "disagreement", "otherwise": {"kind": "majority", "of": "expert"}},
    ],
)
def test_answers_of_an_expert_who_gave_none_are_missing_though_the_policy_settles_without(
    policy: dict[str, Any], tmp_path: Path
) -> None:
    expert = write(tmp_path, LABELLING.replace("[coordination]", '[[annotators]]\nname = "expert"\n[coordination]'))
    of_crowd = {"coordination.policy": {"kind": "majority", "size": 3, "of": "crowd"}}
    what_if = asked(run_logged(load(expert, of_crowd).scenario, tmp_path)[1], {"coordination.policy": policy}, "open")
    disputed = 60 - round(60 * (what_if.before.unanimous or 0))
    assert what_if.support is not None
    assert 0 < disputed == what_if.support.missing
    assert (what_if.support.wanted, what_if.support.undecided) == (180 + disputed, 0)


def test_stopping_early_takes_fewer_of_the_same_answers_and_settles_on_the_same_labels(labelling: Path) -> None:
    what_if = asked(labelling, {"coordination.policy.early": True}, "open")
    assert not what_if.changes
    assert what_if.figures["answers"] < what_if.before.answers


def test_labels_are_judged_by_the_world_they_come_from(labelling: Path) -> None:
    single, three = (asked(labelling, {"coordination.policy.size": size}, "open").figures for size in (1, 3))
    assert 0 < single["label_accuracy"] < 1
    assert three["label_accuracy"] == asked(labelling, {"coordination.policy.size": 3}, "open").before.label_accuracy


def test_nothing_but_the_policy_can_be_otherwise_in_an_open_loop(labelling: Path) -> None:
    with pytest.raises(BadInput, match="in an open loop"):
        asked(labelling, {"annotators.crowd.noise.accuracy": 0.9}, "open")


# The closed loop


def test_a_change_that_changes_nothing_gives_the_same_campaign(log: Path) -> None:
    what_if = asked(log, {"coordination.pay_cancelled": True})
    before = what_if.before.model_dump(mode="json")
    assert what_if.loop == "closed"
    assert not what_if.changes
    assert {**what_if.figures, "log": None} == {**before, "log": None}


def test_the_same_people_answer_the_same_questions_alike(labelling: Path, tmp_path: Path) -> None:
    what_if = asked(labelling, {"coordination.policy.size": 5}, logs=tmp_path / "other")
    (other,) = (tmp_path / "other").glob("*.jsonl")

    def answers(log: Path) -> dict[tuple[Any, ...], Any]:
        lines = map(json.loads, log.read_text(encoding="utf-8").splitlines())
        given = [event for event in lines if event.get("kind") == "answer-submitted"]
        return {(event["from"], event["body"]["item"], event["body"]["attempt"]): event["body"]["label"] for event in given}

    before, after = answers(labelling), answers(other)
    both = before.keys() & after.keys()
    assert len(both) > 150
    assert all(before[key] == after[key] for key in both)
    assert what_if.figures["log"] == str(other)
    assert what_if.figures["answers"] == 300


def test_a_changed_noise_changes_only_labels_that_it_turns(labelling: Path) -> None:
    what_if = asked(labelling, {"annotators.crowd.noise.accuracy": 0.95})
    assert what_if.figures["label_accuracy"] > (what_if.before.label_accuracy or 0)
    assert all(change.before is not None and change.after is not None for change in what_if.changes)


def test_data_that_changed_since_are_refused(labelling: Path) -> None:
    log = forged(labelling, b'"items":60', b'"items":61')
    with pytest.raises(BadInput, match="the data are not those of the run"):
        asked(log, {"coordination.policy.size": 1})


# As people use it


def test_it_says_which_loop_it_was_and_shows_both_side_by_side(labelling: Path) -> None:
    closed = parley("whatif", labelling, "--set", "coordination.policy.size=1")
    assert closed.exit_code == 0, closed.output
    assert "closed loop: the campaign, run again" in closed.stdout
    opened = parley("whatif", labelling, "--set", "coordination.policy.size=1", "--open")
    assert "open loop: the recorded answers" in opened.stdout
    for text in ("as it was", "what if", "labels right", "items that changed"):
        assert text in closed.stdout and text in opened.stdout
    assert max(map(len, closed.stdout.splitlines())) <= 80


def test_what_learned_is_judged_by_its_rare_classes_too_and_changes_are_named_as_files_have_them(tmp_path: Path) -> None:
    learning = run_logged(load(write(tmp_path, LEARNING)).scenario, tmp_path)[1]
    shown = parley("whatif", learning, "--set", "selector.barrier=true").stdout
    assert "selector.barrier = true" in shown
    assert "macro F1" in shown


def test_what_is_talked_over_in_either_is_told_beside_the_rest(labelling: Path) -> None:
    heed = ["--set", "annotators.crowd.social='debate'"]
    quiet, talk = (
        parley("whatif", labelling, "--set", f"coordination.policy={{kind='{kind}', size=3}}", *heed)
        for kind in ("majority", "negotiation")
    )
    assert (quiet.exit_code, talk.exit_code) == (0, 0), quiet.output + talk.output
    for words in ("positions", "minds to the better", "minds to the worse"):
        assert words in talk.stdout and words not in quiet.stdout


def test_it_prints_one_json_object(labelling: Path) -> None:
    result = parley("whatif", labelling, "--set", "coordination.policy.size=1", "--open", "--json")
    told = json.loads(result.stdout)
    assert told["loop"] == "open"
    assert told["set"] == {"coordination.policy.size": 1}
    assert told["before"]["answers"] == 180 and told["after"]["answers"] == 60
    assert {*told["changed"][0]} == {"item", "before", "after"}
    assert told["support"]["missing"] == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "what if what?"),
        (["--set", "coordination.polcy.size=1"], "did you mean 'policy'"),
        (["--set", "coordination.policy=majorty"], "did you mean 'majority'"),
        (["--set", "coordination.policy.size=9"], "asks 9 different people"),
        (["--set", "coordination.policy.size=1", "--open", "--closed"], "one or the other"),
        (["--set", "coordination.policy.size"], "write path=value"),
    ],
)
def test_what_cannot_be_asked_is_refused(labelling: Path, arguments: list[str], complaint: str) -> None:
    result = parley("whatif", labelling, *arguments)
    assert result.exit_code == 2
    assert complaint in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_damaged_log_is_refused_with_its_line(labelling: Path) -> None:
    lines = labelling.read_bytes().splitlines(keepends=True)
    labelling.write_bytes(b"".join([*lines[:40], *lines[41:]]))
    for loop in ("--open", "--closed"):
        result = parley("whatif", labelling, loop, "--set", "coordination.policy.size=1")
        assert (result.exit_code, "line 41" in result.output) == (2, True), result.output


def test_code_of_others_is_not_run_unless_trusted(labelling: Path) -> None:
    log = forged(labelling, b'{"kind":"majority",', b'{"kind":"elsewhere.Majority",')
    for loop in ("--open", "--closed"):
        result = parley("whatif", log, loop, "--set", "coordination.policy.size=1")
        assert result.exit_code == 2
        assert "needs --trust" in result.output


def test_an_unfinished_log_is_compared_as_far_as_it_goes(labelling: Path) -> None:
    lines = labelling.read_bytes().splitlines(keepends=True)
    labelling.write_bytes(b"".join(lines[:200]))
    result = parley("whatif", labelling, "--open", "--set", "coordination.policy.size=3")
    assert result.exit_code == 0
    assert "items that changed: 0" in result.stdout
    assert "not finished" in result.stderr
