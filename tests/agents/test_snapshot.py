"""Snapshots: what a state was, it is again."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.advice import Advice
from agents.snapshot import dump, load
from agents.state import State

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.jsonl"))


def events(log: Path) -> list[dict[str, Any]]:
    return [event for event in map(json.loads, log.read_text(encoding="utf-8").splitlines()) if "seq" in event]


def through_json(state: State) -> State:
    return load(json.loads(json.dumps(dump(state), allow_nan=False)))


@pytest.mark.parametrize("log", GOLDEN, ids=lambda log: log.stem)
def test_a_state_that_is_kept_and_taken_up_at_every_instant_goes_on_as_if_nothing_had_been(log: Path) -> None:
    whole, parted = State(), State()
    for event in events(log):
        if event["t"] > parted.time:
            parted = through_json(parted)
        whole.apply(event)
        parted.apply(event)
    assert dump(parted) == dump(whole)


@pytest.mark.parametrize("log", GOLDEN, ids=lambda log: log.stem)
def test_what_is_loaded_is_what_was_dumped(log: Path) -> None:
    state = State()
    for event in events(log):
        if event["t"] > state.time:
            assert dump(through_json(state)) == dump(state)
        state.apply(event)


def test_answers_that_are_on_their_way_are_kept() -> None:
    state = State()
    state.mishaps.travelling[7] = {"seq": 7, "t": 5, "kind": "answer-submitted", "body": {"item": 1}}
    assert through_json(state).mishaps.travelling == state.mishaps.travelling


def test_advice_to_stop_is_kept_with_its_moment_and_the_money_that_was_spent() -> None:
    state = State()
    state.committed = 7
    advice = {"rule": "kappa", "version": 2, "labels": 20, "measure": 0.99}
    state.apply({"seq": 1, "t": 5, "kind": "stopping-advised", "from": "selector", "to": "*", "cause": None, "body": advice})
    assert through_json(state).advice == state.advice == [Advice("kappa", 2, 20, 0.99, 5, 7)]


@pytest.mark.parametrize("damage", [{}, {"open": [[1]]}, {"people": {"ann": {"task": 5}}}, {"agreement": None}, {"curve": [[1]]}])
def test_what_is_no_snapshot_is_told_by_its_error(damage: dict[str, Any]) -> None:
    dumped = {} if not damage else {**json.loads(json.dumps(dump(State()))), **damage}
    with pytest.raises((KeyError, TypeError, ValueError)):
        load(dumped)
