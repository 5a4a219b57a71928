"""The vocabulary as a check: what agents say passes, and nothing else does."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.event import event_of
from agents.messages import (
    AnswerSubmitted,
    CampaignEnded,
    CampaignStarted,
    LabelsJudged,
    ModelEvaluated,
    StoppingAdvised,
    TaskAssigned,
)
from agents.vocabulary import vocabulary
from bus.message import AgentCrashed, Envelope, MailboxFull, Message

GOLDEN = Path(__file__).parents[1] / "golden"

BODIES = [
    CampaignStarted(items=3, classes=("yes", 1)),
    TaskAssigned(item="a", attempt=0, price=0.5, lease_until=None),
    AnswerSubmitted(item=1, attempt=0, label="yes", began=5),
    ModelEvaluated(version=1, labels=20, accuracy=0.5, macro_f1=0.5, log_loss=0.7),
    LabelsJudged(labels=3, right=2, by_class=((2, 1), (1, 1))),
    CampaignEnded(stopped_by="pool"),
    StoppingAdvised(rule="kappa", version=2, labels=20, measure=0.99),
    AgentCrashed(agent="a", until=None),
    MailboxFull(mailbox="a", rule="wait", message=3),
]


def said(body: Message) -> dict[str, Any]:
    """Return an event as it is read from a log."""
    event: dict[str, Any] = json.loads(json.dumps(event_of(Envelope(4, 5, "a", "b", 3, body))))
    return event


def knows(event: dict[str, Any]) -> bool:
    return vocabulary()[event["kind"]](event)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_what_agents_say_is_known(body: Message) -> None:
    assert knows(said(body))


@pytest.mark.parametrize("log", sorted(GOLDEN.glob("*.jsonl")), ids=lambda log: log.name)
def test_all_that_old_logs_hold_is_known(log: Path) -> None:
    events = [event for event in map(json.loads, log.read_text(encoding="utf-8").splitlines()) if "seq" in event]
    assert [event for event in events if not knows(event)] == []


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_what_lacks_something_is_not_known_and_the_complaint_names_it(body: Message) -> None:
    for name in body.model_dump():
        event = said(body)
        del event["body"][name]
        assert not knows(event)
        assert vocabulary().complaint(event) == f"body.{name}: Field required"
    for name in ("from", "to", "cause", "body"):
        event = said(body)
        del event[name]
        assert not knows(event)
        assert vocabulary().complaint(event).startswith(name)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
@pytest.mark.parametrize("value", [{}, [{}], 1.5e300 * 1e300, True, "1e999"], ids=repr)
def test_what_has_something_of_another_type_is_not_known(body: Message, value: Any) -> None:
    for name in body.model_dump():
        event = said(body)
        event["body"][name] = value
        assert knows(event) == (value == "1e999" and name in ("item", "label", "mailbox", "rule", "agent")), name


@pytest.mark.parametrize(("name", "value"), [("from", None), ("to", 3), ("cause", 0), ("cause", "1"), ("body", [])])
def test_what_does_not_look_like_an_event_is_not_known(name: str, value: Any) -> None:
    for kind in ("campaign-ended", "of-a-newer-parley"):
        assert not knows({**said(BODIES[5]), "kind": kind, name: value})


def test_more_than_is_known_is_no_matter() -> None:
    event = said(BODIES[2])
    event["body"]["confidence"] = 0.5
    assert knows({**event, "note": "x"})
    assert knows({**event, "kind": "of-a-newer-parley", "body": {"whatever": [None]}})


def test_every_message_can_be_checked() -> None:
    assert {body.kind for body in BODIES} <= set(vocabulary())
    assert len(vocabulary()) >= 30
