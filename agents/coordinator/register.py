"""The register: says what becomes of items, in the coordinator's name."""

from collections.abc import Sequence

from agents.coordinator.agreement import Agreement
from agents.coordinator.belief import Belief
from agents.coordinator.bills import Bills
from agents.coordinator.crowd import Answer
from agents.coordinator.docket import Case, Docket
from agents.coordinator.learning import Learning
from agents.coordinator.secretary import Secretary
from agents.messages import AnswersCounted, Given, Item, ItemClosed, ItemGivenUp, ItemReopened, ItemResolved, Label
from agents.state import State
from bus.bus import MessageBus
from bus.message import EVERYONE, Envelope


class Register:
    """Settles items, revises their labels, opens them again, gives them up, and keeps count.

    Args:
        name: the coordinator's.
        bus: the bus.
        docket: the items, open and closed.
        secretary: who keeps the minutes of sessions: these end with their items.
        learning: those who learn from labels.
        counts: whether the answers are said before each label.
        bills: what they have cost, which is said too; None if nobody wants to know.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        docket: Docket,
        secretary: Secretary,
        learning: Sequence[Learning],
        counts: bool,
        bills: Bills | None = None,
    ) -> None:
        self.agreement = Agreement()
        self.resolved = self.given_up = self.revised = 0
        self.decided: dict[str, int] = {}
        """How often each of several policies, or tiers, had the last word."""
        self._name, self._bus, self._docket, self._secretary = name, bus, docket, secretary
        self._learning, self._counts, self._bills = learning, counts, bills

    async def settle(self, item: Item, case: Case, label: Label, votes: int, final: bool, by: str | None = None) -> None:
        """Close an open item with its label."""
        if case.session or case.talking:
            await self._secretary.break_off(item, case)
        self.resolved += case.label is None
        self._docket.close(item, label, final)
        self.revised += case.revision > 0
        self.agreement.add([answer.label for answer in case.answers])
        for each in self._learning:
            each.settle(item, label)
        if self._counts:
            names, labels = tuple(answer.annotator for answer in case.answers), tuple(answer.label for answer in case.answers)
            counted = AnswersCounted(item=item, annotators=names, labels=labels)
            await self._bus.publish(counted, self._name, EVERYONE, case.seq)
        if self._bills is not None:
            await self._bus.publish(self._bills.of(item), self._name, EVERYONE, case.seq)
        if by is not None:
            self.decided[by] = self.decided.get(by, 0) + 1
        resolved = ItemResolved(item=item, label=label, votes=votes, revision=case.revision, by=by)
        event = await self._bus.publish(resolved, self._name, EVERYONE, case.seq)
        if final:
            await self._bus.publish(ItemClosed(item=item), self._name, EVERYONE, event.seq)

    async def revise(self, belief: Belief, cause: Envelope | None) -> None:
        """Give closed items the labels that they should have by now."""
        for item, label in belief.revisions():
            case = self._docket.closed.get(item)
            # An item that is open again will get its label when it is closed.
            if case is None or case.final or case.label == label:
                continue
            case.label, case.revision = label, case.revision + 1
            self.revised += 1
            for each in self._learning:
                each.settle(item, label)
            revised = ItemResolved(item=item, label=label, votes=len(case.answers), revision=case.revision)
            case.seq = (await self._bus.publish(revised, self._name, EVERYONE, cause)).seq

    async def extend(self, item: Item, case: Case, requested: int) -> None:
        """Open an item again for one more answer."""
        self.agreement.remove([answer.label for answer in case.answers])
        await self._say_reopened(item, case, [], requested)

    async def reopen(self, item: Item, case: Case, voided: Sequence[Answer], cause: int) -> None:
        """Open an item again, of which answers have become void; one that is open for one more answer loses its label."""
        if self._docket.closed.pop(item, None) is not None:
            self._docket.open[item] = case
            self.agreement.remove([answer.label for answer in (*case.recalled, *voided)])
        self.resolved -= 1
        await self._say_reopened(item, case, voided, cause)

    async def _say_reopened(self, item: Item, case: Case, voided: Sequence[Answer], cause: int) -> None:
        reopened = ItemReopened(item=item, kept=_given([*case.answers, *case.recalled]), voided=_given(voided))
        case.seq = (await self._bus.publish(reopened, self._name, EVERYONE, cause)).seq

    async def give_up(self, item: Item, case: Case, reason: str) -> None:
        """Close an open item without a label."""
        await self._secretary.break_off(item, case)
        del self._docket.open[item]
        self.given_up += 1
        await self._bus.publish(ItemGivenUp(item=item, reason=reason), self._name, EVERYONE, case.seq)

    async def break_off(self, item: Item, case: Case, reason: str) -> None:
        """Say of an item that is open when the campaign ends that it gets no label."""
        await self._secretary.break_off(item, case)
        await self._bus.publish(ItemGivenUp(item=item, reason=reason), self._name, EVERYONE, case.seq)

    def read(self, state: State) -> None:
        """Take over the counts that the log tells of."""
        self.resolved, self.given_up, self.revised, self.agreement = state.resolved, state.given_up, state.revised, state.agreement
        self.decided = state.decided


def _given(answers: Sequence[Answer]) -> tuple[Given, ...]:
    return tuple((answer.annotator, answer.label, answer.time, answer.seq) for answer in answers)
