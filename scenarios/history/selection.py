"""Which events of a log to show: by kind, by the agent that had to do with them, by the item that they are about."""

from collections.abc import Iterable
from difflib import get_close_matches

from bus.message import EVERYONE
from bus.replay import LogReader
from bus.upcasting import Json
from scenarios.errors import BadInput
from scenarios.history.narrator import MISHAPS, Memory
from scenarios.history.phrases import plain, several
from scenarios.history.wording import KINDS

_AGENTS = ("annotator", "agent", "to", "mailbox")
"""Keys of bodies that name an agent."""

_CANDIDATES = 10_000
"""Items that are remembered, of those that were not wanted, to name the nearest."""


class Selection:
    """Picks events, and notes whether it ever met what it looks for.

    Args:
        memory: the events before, in which is found what was dropped, delayed or lost.
        kinds: the kinds that are wanted; empty for all.
        agent: the agent that sent it, got it, or is named in it; None for all.
        item: the item it is about; None for all.
    """

    def __init__(self, memory: Memory, kinds: Iterable[str] = (), agent: str | None = None, item: str | None = None) -> None:
        self._memory = memory
        self._kinds = frozenset(kinds)
        self._agent = agent
        self._item = item
        self._wants_all = not self._kinds and agent is None and item is None
        self._agent_met = agent is None
        self._item_met = item is None
        self._agents: dict[str, None] = {}
        self._items: dict[str, None] = {}

    def picks(self, event: Json) -> bool:
        """Return whether an event is wanted."""
        if self._wants_all:
            return True
        about = self._memory.of(event["body"]["message"]) if event["kind"] in MISHAPS else None
        by_agent = self._agent is None or self._has_to_do_with(event) or (about is not None and about["from"] == self._agent)
        by_item = self._item is None or self._is_about(event) or (about is not None and self._is_about(about))
        self._agent_met = self._agent_met or by_agent
        self._item_met = self._item_met or by_item
        return by_agent and by_item and (not self._kinds or event["kind"] in self._kinds)

    def complaint(self, agents: Iterable[str]) -> str | None:
        """Return what to say if the agent or the item never occurred; None if both did.

        Args:
            agents: agents that there are, though they may have had nothing to do.
        """
        known = {**dict.fromkeys(agents), **self._agents}
        if self._agent is not None and not self._agent_met and self._agent not in known:
            return f"--agent {self._agent}: there is nobody of that name{_nearest(self._agent, known)}"
        if self._item is not None and not self._item_met:
            return f"--item {self._item}: nothing is about an item of that name{_nearest(self._item, self._items)}"
        return None

    def _has_to_do_with(self, event: Json) -> bool:
        name, sender, recipient, body = self._agent, event["from"], event["to"], event["body"]
        if name in (sender, recipient) or (isinstance(body, dict) and any(body.get(key) == name for key in _AGENTS)):
            return True
        if not self._agent_met:
            self._agents.update({sender: None, recipient: None})
        return False

    def _is_about(self, event: Json) -> bool:
        body = event["body"]
        if not isinstance(body, dict):
            return False
        items = body["items"] if isinstance(body.get("items"), list) else [body["item"]] if "item" in body else []
        # Items are numbers or text, and what was typed may be either.
        names = [str(item) for item in items]
        if self._item in names:
            return True
        if not self._item_met and len(self._items) < _CANDIDATES:
            self._items.update(dict.fromkeys(names))
        return False


def parse_kinds(text: str | None, reader: LogReader) -> list[str]:
    """Return the kinds of events that are named in a text, between commas.

    Raises:
        BadInput: there is no such kind, neither in the vocabulary nor in the log.
    """
    if text is None:
        return []
    kinds = [kind.strip() for kind in text.split(",")]
    if all(kind in KINDS for kind in kinds):
        return kinds
    # Kinds of plug-ins and of later versions are known from nothing but the log.
    known = dict.fromkeys([*KINDS, *(str(event.get("kind")) for event in reader.events())])
    for kind in kinds:
        if kind not in known:
            raise BadInput(f"--only {kind}: there is no kind of event called that{_nearest(kind, known, len(known))}")
    return kinds


def _nearest(name: str, names: Iterable[str], shown: int = 12) -> str:
    """Return the rest of a sentence, which says what the right name may be."""
    known = [each for each in names if each != EVERYONE]
    near = dict.fromkeys([*(each for each in known if name and name in each), *get_close_matches(name, known, 3, 0.5)])
    if near:
        *others, last = (repr(plain(each)) for each in [*near][:4])
        return f"; did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
    return f"; there are {several(map(plain, known), len(known), shown)}" if known else ""
