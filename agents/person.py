"""People, as a fold of events knows them: the tasks that each has, and counts of what each did."""

from dataclasses import dataclass, field
from typing import Any

from agents.messages import Item, Verdict, View, Voice


@dataclass(slots=True)
class Task:
    """A task that an annotator has. Not live any more, its lease has ended and its answer will be late.

    `answer` is an answer that came at this very instant, as its event has it; the Coordinator may yet refuse it.
    """

    item: Item
    annotator: str
    attempt: int
    price: int
    seq: int
    assigned: int
    due: int | None
    live: bool = True
    view: View | None = None
    answer: dict[str, Any] | None = None

    @property
    def turn(self) -> int:
        """The round that it belongs to; 0 for a first answer."""
        return 0 if self.view is None else self.view[0]


@dataclass(slots=True)
class Stays:
    """When somebody is there, by their own word; times in microseconds.

    Attributes:
        number: of the last coming or going; -1 for those who are always there, and say nothing of it.
        there: whether they are there.
        since: when that began.
        until: when they mean to be back, if they are not there; None for never.
        total: how long the stays took that are over.
        visits: how often they came.
    """

    number: int = -1
    there: bool = True
    since: int = 0
    until: int | None = None
    total: int = 0
    visits: int = 0

    def come(self, number: int, time: int) -> None:
        """Take in that they came; what is old news changes nothing."""
        if number > self.number:
            self.number, self.since, self.there, self.visits = number, time, True, self.visits + 1

    def leave(self, number: int, time: int, until: int | None) -> None:
        """Take in that they left, are not there yet, or will come later than they said."""
        if number > self.number:
            self.total += time - self.since if self.there else 0
            self.number, self.since, self.there = number, time, False
        if number == self.number:
            self.until = until

    def until_now(self, now: int) -> int:
        """Return how long they were there, up to an instant."""
        return self.total + (now - self.since if self.there else 0)

    @property
    def is_gone(self) -> bool:
        """Whether they have left for good."""
        return not self.there and self.until is None


@dataclass(slots=True)
class Person:
    """An annotator: the task they have, and counts of what they did. `worked` is in microseconds, on accepted answers.

    `positions` counts what they said in negotiations after their first answers, which is not among the `answers`.

    `abstained` counts accepted answers that give no label, which are not among the `answers`, and `returned` tasks that they gave
    back.

    `gold` counts answers to gold questions, which are among the `answers`, and `gold_right` those that are right. `verdict` is how
    their test ended, None where it has not; who has failed is blocked.

    `beside` holds tasks begun before `task` that they have too: people of the real world, whose answers were imported, open many.
    """

    task: Task | None = None
    answers: int = 0
    late: int = 0
    expired: int = 0
    declined: int = 0
    abstained: int = 0
    returned: int = 0
    worked: int = 0
    away: bool = False
    gold: int = 0
    gold_right: int = 0
    verdict: Verdict | None = None
    beside: list[Task] = field(default_factory=list)
    stays: Stays = field(default_factory=Stays)
    positions: int = 0

    @property
    def tasks(self) -> list[Task]:
        """The tasks that they have, in the order of assignment."""
        return [*self.beside, *(() if self.task is None else (self.task,))]

    def having(self, item: Item, attempt: int) -> Task | None:
        """Return the task that they have of an item."""
        return next((each for each in self.beside if (each.item, each.attempt) == (item, attempt)), self.task)

    def end(self, task: Task) -> None:
        """Have them no longer have a task."""
        if self.task is not task:
            self.beside = [each for each in self.beside if each is not task]
        else:
            self.task = self.beside.pop() if self.beside else None


def shown(view: Any) -> View:
    """Return a view as messages hold it, of one that JSON does."""
    turn, reasons, own, voices = view
    return (turn, reasons, None if own is None else _voice(own), tuple(_voice(voice) for voice in voices))


def _voice(voice: Any) -> Voice:
    who, label, confidence, chances, weight = voice
    return (who, label, confidence, None if chances is None else tuple(chances), weight)
