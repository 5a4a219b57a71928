"""Mishaps: what happened to messages and agents, as a fold of events knows it."""

from typing import Any

from bus import message as noted

MISHAPS = (
    noted.MessageDropped.kind, noted.MessageLost.kind, noted.MessageDelayed.kind, noted.MessageDuplicated.kind,
    noted.MessageArrived.kind, noted.AgentCrashed.kind, noted.AgentRestarted.kind,
)  # fmt: skip
"""The kinds of events that are told here."""


class Mishaps:
    """Faults counted, agents that are down, and answers that are still on their way.

    Attributes:
        faults: how often each kind of fault was.
        down: agents that are down.
        travelling: the events of answers that arrive later, by `seq`.
        doubled: messages of this instant that come twice, by `seq`.
    """

    def __init__(self) -> None:
        self.faults: dict[str, int] = {}
        self.down: dict[str, None] = {}
        self.travelling: dict[int, dict[str, Any]] = {}
        self.doubled: set[int] = set()

    def befall(self, event: dict[str, Any], body: Any, answer: dict[str, Any] | None) -> None:
        """Take in what happened.

        Args:
            event, body: the event.
            answer: the event of an answer that it took away from this instant; None if it took none.
        """
        kind = event["kind"]
        if kind == noted.AgentRestarted.kind:
            self.down.pop(body["agent"], None)
            return
        self.faults[kind] = self.faults.get(kind, 0) + 1
        if kind == noted.AgentCrashed.kind:
            self.down[body["agent"]] = None
        elif kind == noted.MessageDuplicated.kind:
            self.doubled.add(body["message"])
        elif kind != noted.MessageDelayed.kind:
            # Its recipient may have gone down while it was on its way.
            self.travelling.pop(body["message"], None)
        elif answer is not None:
            self.travelling[body["message"]] = answer

    def arrive(self, message: int) -> dict[str, Any] | None:
        """Return the event of an answer that is there now; None if the message was none."""
        return self.travelling.pop(message, None)

    def dump(self) -> dict[str, Any]:
        """Return the books, as JSON can hold them."""
        return {"down": [*self.down], "faults": self.faults, "travelling": [*self.travelling.items()]}

    @classmethod
    def load(cls, dumped: dict[str, Any]) -> "Mishaps":
        """Return what `dump` gave."""
        mishaps = cls()
        mishaps.down = dict.fromkeys(dumped["down"])
        mishaps.faults, mishaps.travelling = dict(dumped["faults"]), dict(dumped["travelling"])
        return mishaps
