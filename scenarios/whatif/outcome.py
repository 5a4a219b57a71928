"""What came of a campaign: its summary, and the label of each item."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from agents.coordinator.crowd import NOBODY_LEFT
from agents.event import Event
from agents.messages import Item, ItemGivenUp, ItemReopened, ItemResolved, Label
from bus.replay import LogReader
from scenarios.header import header_of
from scenarios.history.course import Course
from scenarios.summary import Summary, summary_of

Watch = Callable[[int], None]
"""Called now and then with how many bytes of a log have been read."""


class Outcome(NamedTuple):
    """What came of a campaign.

    Attributes:
        summary: its summary.
        labels: the label of each item that got one.
        undecided: for each item that nobody was left to ask about, how many answers it had.
    """

    summary: Summary
    labels: Mapping[Item, Label]
    undecided: list[int]


class Change(NamedTuple):
    """An item whose label is another one; None is none."""

    item: Item
    before: Label | None
    after: Label | None


class Support(NamedTuple):
    """How far recorded answers go.

    Attributes:
        wanted: answers that were asked for.
        missing: those of them that nobody has given.
        undecided: items that got no label for want of answers.
    """

    wanted: int = 0
    missing: int = 0
    undecided: int = 0

    @property
    def share_missing(self) -> float:
        """Share of the answers asked for that nobody has given."""
        return self.missing / self.wanted if self.wanted else 0.0


class WhatIf(NamedTuple):
    """A campaign, and what it would have been.

    Attributes:
        loop: open, if recorded answers were counted otherwise; closed, if the campaign was run again.
        before: what came of it.
        figures: what would have come of it; only what can be said.
        changes: items whose labels differ.
        support: how far recorded answers go; None where people were simulated, who have an answer to everything.
    """

    loop: Literal["open", "closed"]
    before: Summary
    figures: dict[str, Any]
    changes: list[Change]
    support: Support | None

    def tables(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        support = self.support
        return {
            "loop": self.loop,
            "before": self.before.model_dump(mode="json"),
            "after": self.figures,
            "changed": [change._asdict() for change in self.changes],
            "support": None if support is None else {**support._asdict(), "share_missing": support.share_missing},
        }


def outcome_of(reader: LogReader, watch: Watch) -> Outcome:
    """Read what came of a campaign from its log.

    Raises:
        CorruptLog: the log is damaged.
    """
    course, header = Course(reader), header_of(reader)
    labels: dict[Item, Label] = {}
    undecided: list[int] = []

    def note(event: Event) -> None:
        body = event["body"]
        if event["kind"] == ItemResolved.kind:
            labels[body["item"]] = body["label"]
        elif event["kind"] == ItemGivenUp.kind and body["reason"] == NOBODY_LEFT:
            undecided.append(len(course.state.open[body["item"]].votes))
        # What a label rested on having become void, there is none.
        if event["kind"] == ItemGivenUp.kind or (event["kind"] == ItemReopened.kind and body["voided"]):
            labels.pop(body["item"], None)

    course.follow(note, watch)
    return Outcome(summary_of(course, header), labels, undecided)


def changes_between(before: Mapping[Item, Label], after: Mapping[Item, Label]) -> list[Change]:
    """Return the items whose labels differ, in the order in which they got their first."""
    items = [*before, *(item for item in after if item not in before)]
    return [Change(item, before.get(item), after.get(item)) for item in items if before.get(item) != after.get(item)]
