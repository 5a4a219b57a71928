"""Learning: what the coordinator tells those who learn from a campaign."""

from typing import Protocol

from agents.messages import Item, Label


class Learning(Protocol):
    """A policy's belief, or an allocation's router: it knows what it was told, in that order, and is made again from the log."""

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in an accepted answer."""

    def know(self, item: Item, label: Label) -> None:
        """Learn what an item truly is: a gold question. It is told before any answer to it."""

    def settle(self, item: Item, label: Label) -> None:
        """Learn that an item got its label, after all the answers that it rests on; or got another."""

    def forget(self, annotator: str) -> None:
        """Strike out all that somebody said: it is void."""
