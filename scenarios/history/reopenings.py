"""Which items of a log get labels more than once: what is made of them has to wait for its end."""

import re
from collections import Counter

from pydantic_core import from_json

from agents.messages import Item
from bus.replay import LogReader

_REOPENED = b'"kind":"item-reopened"'
_REVISED = re.compile(rb'"kind":"item-resolved".*"revision":[1-9]')


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
