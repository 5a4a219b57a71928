"""Which items of a log get labels more than once, and which answers become void: what is made of them has to wait for its end."""

import re
from collections import Counter
from typing import Any

from pydantic_core import from_json

from agents.event import Event
from agents.messages import AnnotatorBlocked, Item, ItemReopened
from agents.state import State
from bus.replay import LogReader
from scenarios.history.course import Course

_REOPENED = b'"kind":"item-reopened"'
_REVISED = re.compile(rb'"kind":"item-resolved".*"revision":[1-9]')
_VOIDING = re.compile(rb'"kind":"annotator-blocked".*"retroactive":true|"kind":"item-reopened".*"voided":\[\[')


def revised_items(reader: LogReader) -> Counter[Item]:
    """Return the items that are opened again, or get another label without that, with how often the former happens.

    Of lines that are not as they should be nothing is said here: who reads the log as a whole will come to them.

    Raises:
        CorruptLog: the log is damaged.
    """
    found: Counter[Item] = Counter()
    for line in reader.lines():
        is_reopening = _REOPENED in line
        if is_reopening or _REVISED.search(line):
            try:
                found[from_json(line)["body"]["item"]] += is_reopening
            except (ValueError, KeyError, TypeError):
                continue
    return found


def void_answers(reader: LogReader) -> frozenset[int]:
    """Return the answers, by the events that submit them, that counted and became void.

    A log that voids nothing is only looked over. Of another one the events are applied: of answers to open items it says by name
    alone that they are void.

    Raises:
        CorruptLog: the log is damaged, or nothing can be made of an event.
    """
    if not any(_VOIDING.search(line) for line in reader.lines()):
        return frozenset()
    found: set[int] = set()
    course = Course(reader)
    course.follow(lambda event: found.update(_voided(course.state, event, event["body"])), lambda _: None)
    return frozenset(found)


def _voided(state: State, event: Event, body: Any) -> list[int]:
    """Return the answers that an event makes void, before it is applied."""
    if event["kind"] == ItemReopened.kind:
        return [seq for *_, seq in body["voided"]]
    if event["kind"] != AnnotatorBlocked.kind or not body["retroactive"]:
        return []
    if event["t"] != state.time:
        state.settle()
    # Of items that have a label it is said one by one.
    unlabelled = (opened for opened in state.open.values() if not opened.labelled)
    return [vote.seq for opened in unlabelled for vote in opened.votes if vote.annotator == body["annotator"]]
