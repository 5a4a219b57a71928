"""The requests: what is wanted of the crowd, how that ends, and whom it lacks."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from agents.coordinator.allocation import Router
from agents.coordinator.assignments import Assignments
from agents.coordinator.calls import Calls
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.coordinator.round import Round
from agents.messages import Item
from bus.mailbox import Mailbox
from bus.message import Envelope


class Requests:
    """Questions that are to be answered, in the coordinator's name.

    Args:
        inbox: the coordinator's, to be nudged when something is due.
        roll: who may be asked.
        work: who is at what.
        router: who gets which question.
        assign: brings together people and questions.
        asks_busy: whether people who are at work are asked too.
    """

    def __init__(
        self,
        inbox: Mailbox,
        roll: Roll,
        work: Assignments,
        router: Router,
        assign: Callable[[], Awaitable[None]],
        asks_busy: bool = False,
    ) -> None:
        self.lacking: OrderedDict[Item, Request] = OrderedDict()
        """Those that lack people, oldest first."""
        self.calls = Calls()
        """Rounds that lack members."""
        self.deciding = 0
        """Requests whose answers are there, and whose policies have not run yet."""
        self._needed = 0
        self._inbox, self._roll, self._work, self._router, self._assign = inbox, roll, work, router, assign
        self._asks_busy = asks_busy

    async def want(self, request: Request) -> None:
        """Take a request, and see whom to ask."""
        if request.is_hopeless:
            await self.fail(request, None)
            return
        # After a restart, as many as are wanted may be at it already.
        if request.lacking or isinstance(request, Round):
            self._put_up(request)
            if self._roll.idle or self._asks_busy:
                await self._assign()
        if not self._work.live:
            # Nobody could be asked: perhaps the money is spent, which is for the coordinator to see.
            self._inbox.nudge()

    def _put_up(self, request: Request) -> None:
        self._needed = max(self._needed, request.needs)
        if isinstance(request, Round):
            self.calls.add(request)
        else:
            self.lacking[request.item] = request
            self._router.want(request)

    async def outcome(self, request: Request) -> None:
        """Wait until a request is complete, or a round has had its time.

        Raises:
            NobodyLeft: it will never be.
        """
        try:
            await request.done
        finally:
            # A policy that is stopped, while it waits, has nothing to decide.
            self.deciding -= request.decided
        if not request.decided:
            await self._dissolve(request)

    async def _dissolve(self, request: Request) -> None:
        """Wait no longer for those who have not replied in time."""
        self.withdraw(request)
        for task in self._work.tasks.of(request):
            request.expire(task.name, await self._work.expire(task))

    async def complete(self, request: Request, cause: Envelope | None) -> None:
        """Hand the answers to the policy, and cancel what is under way beyond them."""
        await self._close(request, cause)
        if not request.done.done():
            request.finish()
            self.deciding += 1

    async def fail(self, request: Request, cause: Envelope | None) -> None:
        """Tell the policy that there is nobody left to ask."""
        await self._close(request, cause)
        if not request.done.done():
            request.fail()
            self.deciding += 1

    async def _close(self, request: Request, cause: Envelope | None) -> None:
        if self._asks_busy:
            await self._router.dismiss(request)
        self.withdraw(request)
        if request.under_way:
            for task in self._work.tasks.of(request):
                await self._work.cancel(task, cause)

    def withdraw(self, request: Request) -> None:
        """Look for nobody more."""
        if request.turn:
            assert isinstance(request, Round)
            self.calls.remove(request)
        elif self.lacking.pop(request.item, None) is not None:
            self._router.done(request)

    async def ask_another(self, request: Request, cause: Envelope | None) -> None:
        """Put up a request again that somebody has left without an answer."""
        if request.is_hopeless:
            await self.fail(request, cause)
        elif request.lacking:
            # It has waited longest: it goes before what was asked for later.
            self._put_up(request)
            if request.item in self.lacking:
                self.lacking.move_to_end(request.item, last=False)

    def lack_more(self, request: Request) -> None:
        """Take it that a request that is put up lacks more people than it did."""
        self._router.want(request)

    async def break_up(self) -> None:
        """Let rounds end to which nobody can be called for want of money: what their members hold stands."""
        for each in self.calls.rounds:
            await self.complete(each, None)

    async def despair(self) -> None:
        """Tell those who ask for more people than are left, somebody having gone."""
        # With so many people left, each may have as many as it needs.
        for request in [*self.lacking.values(), *self.calls.rounds] if len(self._roll.present) < self._needed else ():
            if request.is_hopeless:
                await self.fail(request, None)

    def let_go(self, item: Item) -> None:
        """Forget the request for an item, whose policy begins anew; the tasks that it asked for go on."""
        request = self.lacking.get(item)
        if request is not None:
            self.withdraw(request)
        for each in self.calls.rounds:
            if each.item == item:
                self.calls.remove(each)
        self._work.tasks.let_go(item)
