"""Callees: whom to call for proposals."""

from collections.abc import Collection, Mapping

from agents.coordinator.assignments import Assignments
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.coordinator.screening.examiner import Examiner
from bus.chance import Keyed


class Efforts:
    """What was tried for a request in vain.

    Attributes:
        names: those who were called since it was last paused for, and did not bid what could be awarded.
        calls: how often people were called.
        pauses: pauses since anybody was given a task.
        since: when the first of them began, in microseconds; None before it.
        dear: those who were called, and did not bid what could be awarded, while there was too little money.
        short: the least, in millionths, that is more than what was left of the budget; None where money is not why nobody does it.
    """

    __slots__ = ("calls", "dear", "names", "pauses", "short", "since")

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.dear: dict[str, None] = {}
        self.calls = self.pauses = 0
        self.short: int | None = None
        self.since: int | None = None

    def begin_anew(self) -> None:
        """Forget how long it was tried: somebody is given a task, or done with one."""
        self.pauses, self.since = 0, None


class Callees:
    """Those who may be called for proposals, of whom some are drawn.

    Args:
        each: people called for each one who is wanted; None for all.
        luck: by which they are drawn.
        roll: who may be asked.
        work: who is at what.
        examiner: says who is under test; None if there are no gold questions.
        answers: how many answers each has given; it changes.
    """

    def __init__(
        self,
        each: int | None,
        luck: Keyed,
        roll: Roll,
        work: Assignments,
        examiner: Examiner | None,
        answers: Mapping[str, int],
    ) -> None:
        self._each, self._luck, self._names = each, luck, tuple(roll.present)
        self._roll, self._work, self._tasks, self._examiner = roll, work, work.tasks, examiner
        self._quotas, self._answers = work.terms.quotas or {}, answers

    def draw(self, request: Request, lots: int, efforts: Efforts | None) -> list[str]:
        """Return whom to call, in an order of chance."""
        tried, calls = ((), 0) if efforts is None else (efforts.names, efforts.calls)
        request.passed_over = tried
        luck = self._luck.luck(request.item, (request.assigned << 8) + calls)
        each = self._each
        count = len(self._names) if each is None else each * lots
        present, found = self._roll.present, dict[str, None]()
        pool = request.candidates(present)
        if not self._work.affords_all:
            pool = [name for name in pool if self._work.affords(name, request)]
        if pool is present and 4 * count < len(self._names):
            # Most may be called, mostly: to look at all of them would take longer than the rest of a tender.
            names, size, below = self._names, len(self._names), luck.below
            for _ in range(4 * count):
                name = names[below(size)]
                if name not in found and self.may_call(name, request, tried):
                    found[name] = None
                    if len(found) == count:
                        return [*found]
        rest = [name for name in pool if name not in found and self.may_call(name, request, tried)]
        while rest and len(found) < count:
            place = luck.below(len(rest))
            rest[place], rest[-1] = rest[-1], rest[place]
            found[rest.pop()] = None
        return [*found]

    def may_call(self, name: str, request: Request, tried: Collection[str] = ()) -> bool:
        """Return whether somebody may be called for a request, who are not among those tried."""
        if not self._roll.is_there(name) or name in tried or not request.may_ask(name):
            return False
        if name in self._quotas and self._answers[name] + self._tasks.count(name) >= self._quotas[name]:
            return False
        # Who is under test shows what they can in one task after the other.
        return self._examiner is None or not self._tasks.count(name) or not self._examiner.is_testing(name)
