"""The assignments: tasks that are given, end, are cancelled or overdue, and the money for them."""

from collections.abc import Callable, Mapping

from agents.coordinator.ledger import MILLIONTHS, Ledger
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.coordinator.task import Task, Terms
from agents.coordinator.tasks import Tasks
from agents.coordinator.watch import Watch
from agents.messages import Item, TaskAssigned, TaskCancelled, TaskExpired, TaskReminded
from agents.state import State
from bus.bus import MessageBus
from bus.mailbox import Mailbox
from bus.message import EVERYONE, Envelope


class Assignments:
    """Who is at what, in the coordinator's name.

    Args:
        name: the coordinator's.
        bus: the bus.
        inbox: the coordinator's, to be nudged when something is due.
        roll: who may be asked.
        prices: what an answer of each annotator costs, in millionths.
        ledger: the money.
        terms: on what terms people work.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        inbox: Mailbox,
        roll: Roll,
        prices: Mapping[str, int],
        ledger: Ledger,
        terms: Terms,
    ) -> None:
        self.ledger = ledger
        self.tasks = Tasks()
        self.live = 0
        """Tasks whose answers would count."""
        self.expired = 0
        # Tasks, and the millionths that were paid for them.
        self.cancelled = self.cancelled_cost = 0
        self.watch = Watch(bus.loop, inbox, self.tasks, terms)
        self.ended: Callable[[], None] | None = None
        """Is called when somebody is done with a task, or its lease has ended; None if nobody listens."""
        self._name, self._bus, self._loop = name, bus, bus.loop
        self._roll, self._prices, self.terms = roll, prices, terms
        self._dearest = max(prices.values())
        self._is_watched = terms.lease is not None or terms.retry is not None

    def price(self, name: str, request: Request | None) -> int:
        """Return what an answer of somebody to a request costs, in millionths."""
        return self._prices[name] if request is None or request.fee is None else request.fee

    @property
    def affords_all(self) -> bool:
        """Return whether there is money for an answer of anybody."""
        return self.ledger.affords(self._dearest)

    def affords(self, name: str, request: Request) -> bool:
        """Return whether there is money for an answer of somebody to a request."""
        return self.ledger.affords(self.price(name, request))

    async def give(
        self, name: str, item: Item, request: Request | None, attempt: int, cause: int, price: int | None = None
    ) -> None:
        """Give somebody a task, at their own price if no other is said."""
        lease = self.terms.lease
        if price is None:
            price = self.price(name, request)
        self.ledger.reserve(price)
        self._roll.idle.pop(name, None)
        due = None if lease is None else self._loop.now + lease
        view = None
        if request is not None and request.says_more:
            view = request.view(name)
            if request.due is not None:
                due = request.due if due is None else min(due, request.due)
        # What is left to its default need not be looked at.
        if view is None:
            body = TaskAssigned(item=item, attempt=attempt, price=price / MILLIONTHS, lease_until=due)
        else:
            body = TaskAssigned(item=item, attempt=attempt, price=price / MILLIONTHS, lease_until=due, view=view)
        assignment = await self._bus.publish(body, self._name, name, cause)
        task = Task(name, item, request, attempt, price, assignment.seq, due, view)
        self.tasks.add(task)
        self.live += 1
        if self._is_watched or due is not None:
            self.watch.add(task)

    def hand_in(self, task: Task) -> bool:
        """Take a task off somebody's hands, and return whether its answer counts."""
        counts = task.live
        if self.tasks.remove(task):
            self._roll.free(task.name)
        if counts:
            task.live = False
            self.live -= 1
        if self.ended is not None:
            self.ended()
        return counts

    async def cancel(self, task: Task, cause: Envelope | None = None) -> None:
        """Cancel a live task."""
        # People do their tasks one after the other, and begin the next as soon as they can.
        begun = self.tasks.count(task.name) == 1 or self.tasks.of_person(task.name)[0] is task
        self.hand_in(task)
        paid = self.terms.pay_cancelled and begun
        settle = self.ledger.commit if paid else self.ledger.release
        settle(task.price)
        self.cancelled += 1
        self.cancelled_cost += task.price if paid else 0
        cancelled = TaskCancelled(item=task.item, attempt=task.attempt, paid=paid)
        await self._bus.publish(cancelled, self._name, task.name, cause or task.seq)

    async def expire(self, task: Task) -> int:
        """End the lease of a live task, and return the seq of the event."""
        self._end(task)
        self._roll.fall_behind(task.name)
        self.ledger.release(task.price)
        self.expired += 1
        if self.ended is not None:
            self.ended()
        expired = TaskExpired(item=task.item, annotator=task.name, attempt=task.attempt)
        return (await self._bus.publish(expired, self._name, EVERYONE, task.seq)).seq

    async def remind(self, task: Task) -> bool:
        """Say a task again of which nothing is heard, and return True; or False, where that was done often enough."""
        task.silent += 1
        if task.silent > self.terms.tries:
            return False
        price = task.price / MILLIONTHS
        reminded = TaskReminded(item=task.item, attempt=task.attempt, price=price, lease_until=task.due, view=task.view)
        await self._bus.publish(reminded, self._name, task.name, task.seq)
        self.watch.listen(task)
        return True

    def _end(self, task: Task) -> None:
        task.live = False
        self.live -= 1

    def rebuild(self, state: State) -> None:
        """Take over the tasks and the money that the log tells of."""
        self.ledger.restore(state.reserved, state.committed)
        self.cancelled, self.cancelled_cost = state.cancelled, state.cancelled_cost
        self.expired = sum(person.expired for person in state.people.values())
        for task in self.tasks.read(state):
            self._roll.engage(task.name)
            self.live += task.live
            if not task.live:
                self._roll.fall_behind(task.name)
            # Who has left for good may have handed in something that was never heard.
            if task.name in self._roll.present or self._roll.is_gone(task.name):
                self.watch.add(task)
