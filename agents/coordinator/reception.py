"""The reception: takes note of people who come and go, and of those of whom nothing is heard."""

from collections.abc import Awaitable, Callable

from agents.coordinator.replies import Word
from agents.coordinator.roll import Roll
from agents.coordinator.tasks import Tasks
from agents.coordinator.watch import Watch
from agents.messages import AnnotatorAway, AnnotatorBack, AnnotatorCame, AnnotatorLeft
from bus.bus import MessageBus
from bus.message import EVERYONE, Envelope


class Reception:
    """Keeps the roll, in the coordinator's name.

    Args:
        name: the coordinator's.
        bus: the bus.
        roll: who is there.
        tasks: the tasks that people have.
        watch: calls when somebody is not back in time.
        despair: tells those who ask for more people than are left.
    """

    def __init__(
        self, name: str, bus: MessageBus, roll: Roll, tasks: Tasks, watch: Watch, despair: Callable[[], Awaitable[None]]
    ) -> None:
        self._name, self._bus, self._roll, self._tasks, self._watch, self._despair = name, bus, roll, tasks, watch, despair

    def open(self, now: int) -> None:
        """Wait for a first word of those who are to say when they are there."""
        for name, until in self._roll.away.items():
            self._watch.expect(name, self._roll.number_of(name), max(now, until))

    async def attend(self, envelope: Envelope, word: Word) -> None:
        """Take it that somebody comes or goes."""
        name, roll = envelope.sender, self._roll
        until = word.until if isinstance(word, AnnotatorLeft) else envelope.time
        if until is not None and roll.is_unexpected(name):
            await self.notice(name, envelope)
        if not roll.hear(name, word.number, isinstance(word, AnnotatorCame), until):
            return
        if until is None:
            await self._despair()
        elif isinstance(word, AnnotatorLeft):
            self._watch.expect(name, word.number, until)
        elif not self._tasks.count(name):
            roll.free(name)

    async def notice(self, name: str, envelope: Envelope) -> None:
        """Count somebody in again of whom nothing had been heard, and listen for their task."""
        self._roll.find(name)
        await self._bus.publish(AnnotatorBack(annotator=name), self._name, EVERYONE, envelope)
        for task in self._tasks.of_person(name):
            task.silent = 0
            self._watch.listen(task)
        if name in self._roll.away:
            self._watch.expect(name, self._roll.number_of(name), self._roll.away[name])

    async def miss(self, name: str, cause: int | None) -> None:
        """Ask nothing more of somebody of whom nothing is heard, until something is."""
        if name in self._roll.present:
            self._roll.lose(name)
            await self._bus.publish(AnnotatorAway(annotator=name), self._name, EVERYONE, cause)
            await self._despair()

    async def miss_the_overdue(self) -> None:
        """Give up those who were to be back long ago."""
        for name, number in self._watch.overdue():
            if self._roll.is_missing(name, number):
                await self.miss(name, None)
