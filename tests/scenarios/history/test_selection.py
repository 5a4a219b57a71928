"""Which events are shown, and what is said when that was none."""

from pathlib import Path
from typing import Any

import pytest

from bus.replay import LogReader
from scenarios.errors import BadInput
from scenarios.history.narrator import Memory
from scenarios.history.selection import Selection, parse_kinds
from tests.scenarios.logs import GOLDEN, write_steps

LOG = GOLDEN / "v1-labelling.jsonl"


def event(
    kind: str = "task-assigned", sender: str = "coordinator", to: str = "ann", body: Any = None, seq: int = 9
) -> dict[str, Any]:
    body = {"item": 5} if body is None else body
    return {"seq": seq, "t": 0, "kind": kind, "from": sender, "to": to, "cause": None, "body": body}


def picks(one: dict[str, Any], memory: Memory | None = None, **wanted: Any) -> bool:
    return Selection(memory or Memory(), **wanted).picks(one)


def test_without_a_wish_all_events_are_shown() -> None:
    assert picks(event())


def test_kinds_are_picked_by_name() -> None:
    assert picks(event("item-resolved"), kinds=["item-resolved", "task-assigned"])
    assert not picks(event("item-resolved"), kinds=["task-assigned"])


@pytest.mark.parametrize(
    "one",
    [
        event(sender="ann", to="coordinator"),
        event(to="ann"),
        event(to="*", body={"annotator": "ann"}),
        event("agent-crashed", to="*", body={"agent": "ann"}),
        event("message-dropped", to="*", body={"message": 1, "to": "ann"}),
        event("mailbox-full", to="*", body={"message": 1, "mailbox": "ann"}),
    ],
    ids=lambda one: one["kind"],
)
def test_an_agent_is_picked_who_speaks_is_spoken_to_or_spoken_of(one: dict[str, Any]) -> None:
    assert picks(one, agent="ann")
    assert not picks(one, agent="bob")


@pytest.mark.parametrize("item", [5, "5", "doc-5"])
def test_an_item_is_picked_by_number_or_by_text(item: object) -> None:
    assert picks(event(body={"item": item}), item=str(item))
    assert picks(event("labels-known", body={"items": [1, item], "labels": ["x", "y"]}), item=str(item))
    assert not picks(event(body={"item": "6"}), item=str(item))
    assert not picks(event("campaign-started", body={"items": 5}), item="5")


def test_what_happened_to_a_message_is_about_what_the_message_was_about() -> None:
    memory = Memory()
    memory.keep(event(sender="bob", to="coordinator", body={"item": 5}, seq=3), b"")
    dropped = event("message-dropped", "bus", "*", {"message": 3, "to": "coordinator"})
    assert picks(dropped, memory, item="5")
    assert picks(dropped, memory, agent="bob")
    assert not picks(dropped, memory, item="6")


def test_all_wishes_must_be_met() -> None:
    assert picks(event(), kinds=["task-assigned"], agent="ann", item="5")
    assert not picks(event(), kinds=["task-assigned"], agent="ann", item="6")


def complaint(agents: tuple[str, ...] = (), **wanted: Any) -> str | None:
    selection = Selection(Memory(), **wanted)
    for one in LogReader(LOG).events():
        selection.picks(one)
    return selection.complaint(agents)


def test_nobody_complains_when_everything_was_met() -> None:
    assert complaint(agent="crowd-3", item="7") is None
    assert complaint(kinds=["mailbox-full"]) is None


def test_an_agent_that_is_not_there_is_told_with_the_nearest() -> None:
    said = complaint(agent="crowd-33")
    assert said is not None
    assert said.startswith("--agent crowd-33: there is nobody of that name; did you mean 'crowd-3'")
    assert complaint(agent="xyz") == (
        "--agent xyz: there is nobody of that name; there are campaign, selector, coordinator, "
        "crowd-1, crowd-2, crowd-3, crowd-4, crowd-5, evaluator"
    )


def test_an_agent_that_is_known_and_had_nothing_to_do_is_no_mistake() -> None:
    assert complaint(agent="night-1", agents=("night-1",)) is None


def test_an_item_that_is_not_there_is_told_with_the_nearest() -> None:
    said = complaint(item="77")
    assert said is not None
    assert said.startswith("--item 77: nothing is about an item of that name; did you mean '7'")


def test_kinds_are_named_between_commas() -> None:
    reader = LogReader(LOG)
    assert parse_kinds(None, reader) == []
    assert parse_kinds("item-resolved, task-assigned", reader) == ["item-resolved", "task-assigned"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [("item-resolvd", "'item-resolved'"), ("answer", "'answer-submitted'"), ("item-resolved,", "there are campaign-started, ")],
)
def test_an_unknown_kind_is_refused_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(BadInput, match=r"--only .*: there is no kind of event called that") as refused:
        parse_kinds(text, LogReader(LOG))
    assert hint in str(refused.value)


def test_a_kind_that_only_the_log_knows_may_be_named(tmp_path: Path) -> None:
    log = write_steps(tmp_path / "log.jsonl", (0, "coffee-break", "ann", "*", {}))
    assert parse_kinds("coffee-break", LogReader(log)) == ["coffee-break"]
