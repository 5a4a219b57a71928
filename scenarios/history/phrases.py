"""Phrases: values of a log as short text."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from bus.upcasting import Json

Saying = str | Callable[[Json, Any], str]
"""A sentence, to be filled in with words of the event; or what makes one."""

LONGEST = 40
"""Letters of a text from a log that are shown."""


def plain(value: object) -> str:
    """Return a value of an event as short text in which nothing can move a terminal's cursor."""
    text = f"{value + 0.0:.4g}" if isinstance(value, float) else str(value)
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if not text.isprintable():
        text = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    return text


def quoted(value: object) -> str:
    """Return a label or an item as text that is told from the words around it."""
    text = plain(value)
    return text if text and " " not in text else f'"{text}"'


def several(values: Iterable[object], count: int, shown: int = 3) -> str:
    """Return the first of so many values, and how many more there are.

    Args:
        values: the values.
        count: how many there are.
        shown: how many to show; one more, where only one would be left out.
    """
    shown += count == shown + 1
    more = f" and {count - shown:,} more" if count > shown else ""
    return ", ".join(map(str, islice(values, shown))) + more


def counted(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def item_of(body: Any) -> str:
    """Return "item 5"."""
    return f"item {quoted(body['item'])}"


def said_beyond(body: Any) -> str:
    """Return what an answer says beyond its label."""
    parts = []
    if body.get("confidence") is not None:
        parts.append(f"{body['confidence']:.0%} sure")
    if body.get("chances") is not None:
        parts.append("chances " + several((f"{chance:.2f}" for chance in body["chances"]), len(body["chances"])))
    if body.get("ranking") is not None and len(body["ranking"]) > 1:
        parts.append("before " + several(map(quoted, body["ranking"][1:]), len(body["ranking"]) - 1))
    return f" ({'; '.join(parts)})" if parts else ""
