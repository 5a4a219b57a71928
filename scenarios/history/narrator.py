"""Tells a campaign's events: what was said, why, and what was known then."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from agents import messages as said
from agents.coordinator.ledger import MILLIONTHS
from agents.open_item import Vote
from agents.state import State
from bus import message as noted
from bus.duration import format_time
from bus.message import EVERYONE
from bus.upcasting import Json
from scenarios.history.course import Course
from scenarios.history.phrases import counted, plain, quoted, several
from scenarios.history.wording import noun, sentence


class Telling(NamedTuple):
    """An event in words.

    Attributes:
        event: the event.
        who: who spoke to whom.
        what: what was said.
        why: of what it came; empty for a beginning.
        known: what was known then; empty where that is nothing in particular.
    """

    event: Json
    who: str
    what: str
    why: str
    known: str


class Memory:
    """The last events of a campaign, by their seq: a cause lies seldom far back, and all of them would not fit."""

    _SIZE = 2**15
    _SMALL = 2**12

    def __init__(self) -> None:
        self._events: list[Json | None] = [None] * self._SIZE

    def keep(self, event: Json, line: bytes) -> None:
        """Remember an event; of one with a long line, no more than a few words of each field."""
        if len(line) > self._SMALL and isinstance(event["body"], dict):
            body = event["body"].items()
            event = {**event, "body": {key: value if isinstance(value, int | None) else plain(value) for key, value in body}}
        self._events[event["seq"] % self._SIZE] = event

    def of(self, seq: Any) -> Json | None:
        """Return the event with that seq; None if it is too long ago."""
        event = self._events[seq % self._SIZE] if type(seq) is int else None
        return event if event is not None and event["seq"] == seq else None


class Narrator:
    """Takes the events of a course, and tells some of them.

    Args:
        course: the course.
        memory: what came before; shared with who selects events by it.
        budget: what may be spent, in units of the user's currency; None for no limit.
    """

    def __init__(self, course: Course, memory: Memory, budget: float | None) -> None:
        self._course = course
        self._memory = memory
        self._budget = budget

    def tell(self, event: Json) -> Telling:
        """Take an event, and put it into words.

        Raises:
            CorruptLog: it does not fit what came before it.
            KeyError, TypeError, ValueError, AttributeError, ArithmeticError: it does not hold what an event of its kind holds.
        """
        course, kind = self._course, event["kind"]
        who = f"{plain(event['from'])} → {'all' if event['to'] == EVERYONE else plain(event['to'])}"
        what, why = sentence(event), self._why(event)
        before, after = _BEFORE.get(kind), _AFTER.get(kind)
        known = before(course.state, event["body"], event) if before is not None else ""
        if kind in MISHAPS and event["body"]["message"] != event["cause"]:
            known = self._message(event["body"]["message"])
        self.pass_over(event)
        if after is not None:
            known = after(course.state, event["body"], event)
        elif kind in _OF_MONEY:
            known = self._money(course.state)
        return Telling(event, who, what, why, known)

    def pass_over(self, event: Json) -> None:
        """Take an event and say nothing; raises as above."""
        self._course.take(event)
        self._memory.keep(event, self._course.line)

    def _why(self, event: Json) -> str:
        seq = event["cause"]
        if seq is None:
            return ""
        cause = self._memory.of(seq)
        body = event["body"]
        item = body.get("item") if isinstance(body, dict) else None
        name = _from_state(self._course.state, event, seq) if cause is None else noun(cause, item)
        return f"because of #{plain(seq)}, {name}" if name else f"because of #{plain(seq)}"

    def _message(self, seq: Any) -> str:
        message = self._memory.of(seq)
        return "" if message is None else f"#{seq} is {noun(message)}"

    def _money(self, state: State) -> str:
        limit = "" if self._budget is None else f" of {self._budget:,.2f}"
        if not limit and not state.reserved and not state.committed:
            return ""
        return f"{state.committed / MILLIONTHS:,.2f}{limit} spent, {state.reserved / MILLIONTHS:,.2f} reserved"


def _from_state(state: State, event: Json, seq: Any) -> str:
    """Return the name of a cause that lies too far back, as far as the state knows it; empty if it does not."""
    person = state.people.get(event["from"])
    for task in () if person is None else (person.task, *person.beside):
        if task is not None and task.seq == seq:
            return f"{plain(task.annotator)}'s task"
    body = event["body"]
    item = state.open.get(body["item"]) if isinstance(body, dict) and "item" in body else None
    if item is None or item.seq != seq:
        return ""
    return next((f"{plain(vote.annotator)}'s answer" for vote in item.votes if vote.seq == seq), "")


# What was known


def _votes(votes: Sequence[Vote]) -> str:
    """Show who voted for what, the most frequent label first."""
    voters: dict[object, list[str]] = {}
    for vote in votes:
        voters.setdefault(vote.label, []).append(vote.annotator)
    ranked = sorted(voters.items(), key=lambda pair: -len(pair[1]))
    return several((f"{quoted(label)} ({several(map(plain, names), len(names))})" for label, names in ranked), len(ranked))


def _at_resolution(state: State, body: Any, event: Json) -> str:
    # The last answer came at this very instant, and is what completed the item.
    state.settle()
    return _at_giving_up(state, body, event)


def _at_giving_up(state: State, body: Any, event: Json) -> str:
    opened = state.open.get(body["item"])
    if opened is None or not opened.is_closed_by(body.get("revision", 0)):
        return ""
    # Who talks an item over may hold something else by then; the label rests on that.
    what = "votes" if opened.talk is None else "first answers"
    return f"{what}: {_votes(opened.votes)}" if opened.votes else "nobody had voted"


def _at_answer(state: State, body: Any, event: Json) -> str:
    person = state.people.get(event["from"])
    task = None if person is None else person.having(body["item"], body["attempt"])
    if task is None or (task.item, task.attempt) != (body["item"], body["attempt"]):
        return "this task was over"
    if not task.live:
        return f"the time for it was over at {format_time(task.due)}" if task.due is not None else "the time for it was over"
    opened = state.open.get(body["item"])
    votes = opened.votes if opened is not None else []
    return f"votes before: {_votes(votes)}" if votes else "the first answer"


def _at_request(state: State, body: Any, event: Json) -> str:
    version = body["version"]
    if not version:
        return _open_by_now(state, body, event)
    known = next((each for each in reversed(state.curve) if each.version == version), None)
    return f"model {plain(version)}: {'not evaluated yet' if known is None else f'accuracy {known.accuracy:.4f}'}"


def _at_reopening(state: State, body: Any, event: Json) -> str:
    kept = [Vote(*given) for given in body["kept"]]
    return f"votes so far: {_votes(kept)}" if kept else "nobody else had voted"


def _at_evaluation(state: State, body: Any, event: Json) -> str:
    last = state.curve[-1] if state.curve else None
    before = "" if last is None else f"; model {plain(last.version)} had {last.accuracy:.4f}"
    return f"macro F1 {body['macro_f1']:.4f}, log loss {body['log_loss']:.4f}{before}"


def _labels_by_now(state: State, body: Any, event: Json) -> str:
    return f"{counted(state.seeds + state.resolved, 'label')} by now"


def _open_by_now(state: State, body: Any, event: Json) -> str:
    return f"{counted(len(state.open), 'item')} open"


def _at_the_end(state: State, body: Any, event: Json) -> str:
    answers = sum(person.answers for person in state.people.values())
    return f"{counted(state.resolved, 'label')} from {counted(answers, 'answer')}, {state.committed / MILLIONTHS:,.2f} spent"


def _tasks_of(state: State, body: Any, event: Json) -> str:
    person = state.people.get(body["agent"] if "agent" in body else body["annotator"])
    items = [] if person is None else [quoted(task.item) for task in (person.task, *person.beside) if task is not None]
    return f"at item {several(items, len(items))}" if items else ""


def _void_by_that(state: State, body: Any, event: Json) -> str:
    if not body["retroactive"]:
        return ""
    struck = [item for item, opened in state.open.items() if any(vote.annotator == body["annotator"] for vote in opened.votes)]
    return f"open items that lose their answer: {several(map(quoted, struck), len(struck))}" if struck else ""


MISHAPS = {
    message.kind
    for message in (
        noted.MailboxFull, noted.MessageDropped, noted.MessageDelayed, noted.MessageDuplicated, noted.MessageLost,
        noted.MessageArrived,
    )
}  # fmt: skip
"""What happened to another message, whose seq they name."""

_Knowledge = Callable[[State, Any, Json], str]

_BEFORE: dict[str, _Knowledge] = {
    said.AnswerSubmitted.kind: _at_answer,
    said.AbstentionSubmitted.kind: _at_answer,
    said.TaskDeclined.kind: _at_answer,
    said.TaskReturned.kind: _at_answer,
    said.ItemResolved.kind: _at_resolution,
    said.ItemGivenUp.kind: _at_giving_up,
    said.ModelEvaluated.kind: _at_evaluation,
    said.AnnotatorBlocked.kind: _void_by_that,
    said.AnnotatorAway.kind: _tasks_of,
    noted.AgentCrashed.kind: _tasks_of,
}
"""What is known before an event has changed it."""

_AFTER: dict[str, _Knowledge] = {
    said.ItemRequested.kind: _at_request,
    said.ItemReopened.kind: _at_reopening,
    said.PoolExhausted.kind: _open_by_now,
    said.ModelPublished.kind: _labels_by_now,
    said.CampaignEnded.kind: _at_the_end,
}
"""What is known after it."""

_OF_MONEY = {said.TaskAssigned.kind, said.TaskExpired.kind, said.TaskCancelled.kind}
