"""The secretary: keeps the minutes of sessions, in the coordinator's name."""

from collections.abc import Sequence

from agents.coordinator.crowd import Answer
from agents.coordinator.docket import Case, Docket
from agents.coordinator.task import Task
from agents.messages import Item
from agents.negotiation import MindChanged, Outcome, SessionClosed, SessionOpened
from bus.bus import MessageBus
from bus.message import EVERYONE, Envelope


class Secretary:
    """Says when sessions begin and end, and who changes their mind.

    Args:
        name: the coordinator's.
        bus: the bus.
        docket: the open items.
    """

    def __init__(self, name: str, bus: MessageBus, docket: Docket) -> None:
        self.sessions = self.rounds = 0
        """Sessions that were opened, and rounds of those that are over."""
        self._name, self._bus, self._docket = name, bus, docket

    async def open(self, item: Item, case: Case, protocol: str, members: Sequence[str]) -> None:
        """Say that people talk an item over, if they do not do so already."""
        if case.talking:
            return
        case.talking, case.since = True, case.turn
        if case.past is not None and case.past.opened:
            # It was said before a restart.
            case.past.opened -= 1
            return
        case.session = True
        self.sessions += 1
        opened = SessionOpened(item=item, protocol=protocol, members=tuple(members))
        case.seq = (await self._bus.publish(opened, self._name, EVERYONE, case.seq)).seq

    async def close(self, item: Item, case: Case, outcome: Outcome) -> None:
        """Say that they have done so, if they have."""
        if not case.talking:
            return
        case.talking = False
        if case.past is not None and case.past.adjourned:
            case.past.adjourned -= 1
            return
        await self._say_closed(item, case, case.turn - case.since, outcome)

    async def break_off(self, item: Item, case: Case) -> None:
        """Say of people who are at it still that they talk an item over no more."""
        case.talking = False
        if case.session:
            past = case.past
            rounds = case.turn - case.since if past is None or not past.opened else past.turn - past.since
            await self._say_closed(item, case, max(rounds, 0), "broken-off")

    async def _say_closed(self, item: Item, case: Case, rounds: int, outcome: Outcome) -> None:
        case.session = False
        self.rounds += rounds
        closed = SessionClosed(item=item, rounds=rounds, outcome=outcome)
        case.seq = (await self._bus.publish(closed, self._name, EVERYONE, case.seq)).seq

    async def minute(self, task: Task, answer: Answer, envelope: Envelope) -> None:
        """Take down what a member holds now, and say so if it is another label than before."""
        case = self._docket.open[task.item]
        before = case.before(answer.annotator, task.turn)
        case.state(task.turn, answer)
        if before is not None and before.label != answer.label:
            changed = MindChanged(
                item=task.item, annotator=answer.annotator, turn=task.turn, before=before.label, after=answer.label
            )
            await self._bus.publish(changed, self._name, EVERYONE, envelope)
