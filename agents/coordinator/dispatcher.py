"""The dispatcher: brings questions and people together."""

from collections.abc import Collection, Mapping, Sequence

from agents.coordinator.allocation import Router
from agents.coordinator.assignments import Assignments
from agents.coordinator.bills import Bills
from agents.coordinator.callees import Callees
from agents.coordinator.heard import Key
from agents.coordinator.intake import Heed, Intake, Keep, Minute
from agents.coordinator.ledger import Ledger
from agents.coordinator.market import Market
from agents.coordinator.reception import Reception
from agents.coordinator.replies import Bid
from agents.coordinator.requests import Requests
from agents.coordinator.roll import Roll
from agents.coordinator.screening.examiner import Examiner
from agents.coordinator.task import Task, Terms
from agents.coordinator.tender import Tendering
from agents.messages import Item
from agents.state import State
from bus.bus import MessageBus
from bus.chance import Chance
from bus.mailbox import Mailbox
from bus.message import Envelope


class Dispatcher:
    """Brings questions and people together, in the coordinator's name.

    Args:
        name: the coordinator's.
        bus: the bus.
        inbox: the coordinator's, to be nudged when something is due.
        router: who gets which question.
        prices: what an answer of each annotator costs, in millionths.
        ledger: the money.
        terms: on what terms people work.
        chance: the run's randomness.
        keep, minute, heed: as for Intake.
        examiner: says whose next task is a gold question; None if there are none.
        comers: annotators who come and go, and say so.
        bills: as for Intake.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        inbox: Mailbox,
        router: Router,
        prices: Mapping[str, int],
        ledger: Ledger,
        terms: Terms,
        chance: Chance,
        keep: Keep,
        minute: Minute,
        heed: Heed | None = None,
        examiner: Examiner | None = None,
        comers: Collection[str] = (),
        bills: Bills | None = None,
    ) -> None:
        self.examiner = examiner
        self.roll = Roll(prices, comers)
        router.meet(self.roll, inbox.nudge)
        self.present, self.idle = self.roll.present, self.roll.idle
        self.work = Assignments(name, bus, inbox, self.roll, prices, ledger, terms)
        self.tasks = self.work.tasks
        self.market = market = (
            Market(name, bus, inbox, router, self.roll, self.work, examiner) if isinstance(router, Tendering) else None
        )
        self.requests = requests = Requests(inbox, self.roll, self.work, market or router, self.assign, market is not None)
        if market is not None:
            self.work.ended = market.stir
        self.lacking, self.calls = requests.lacking, requests.calls
        self.reception = Reception(name, bus, self.roll, self.tasks, self.work.watch, requests.despair)
        remembers = terms.retry is not None
        self.intake = intake = Intake(
            name, bus, self.roll, self.reception, self.work, requests, remembers, keep, minute, heed, examiner, market,
            terms.quotas, bills,
        )  # fmt: skip
        self.answers, self.late, self.worked = intake.answers, intake.late, intake.worked
        if market is not None:
            luck = chance.keyed("coordinator", "tender")
            callees = Callees(market.rules.candidates, luck, self.roll, self.work, examiner, self.answers)
            market.serve(requests, callees)
        # Each is what this object is asked for once a question or an answer: a method in between would be a call more.
        self.want, self.outcome, self.complete = requests.want, requests.outcome, requests.complete
        self.despair, self.let_go, self.take = requests.despair, requests.let_go, intake.take
        self.is_rebuilt = False
        """Whether there may be answers and tasks of before a restart."""
        # A method that is looked up on an object each time costs as much as a call.
        self._match = router.match
        self._prices = prices
        self._dearest = max(prices.values())

    @property
    def is_wanting(self) -> bool:
        """Whether people are wanted whom nobody has asked yet."""
        return bool(self.lacking or self.calls)

    @property
    def deciding(self) -> int:
        """Requests whose answers are there, and whose policies have not run yet."""
        return self.requests.deciding

    # What people have said

    @property
    def declined(self) -> int:
        """Tasks to which somebody had no answer."""
        return self.intake.declined

    @property
    def abstained(self) -> int:
        """Answers that gave no label."""
        return self.intake.abstained

    @property
    def returned(self) -> int:
        """Tasks that came back undone."""
        return self.intake.returned

    @property
    def repeated(self) -> int:
        """Answers that came again."""
        return self.intake.repeated

    @property
    def positions(self) -> int:
        """What members of sessions said in rounds."""
        return self.intake.positions

    # Who is asked

    async def assign(self) -> None:
        """Bring together people and questions, as long as there are both and money; some get a gold question instead."""
        if self.market is not None:
            await self._have_people_bid(self.market)
            return
        if self.calls:
            await self._convene(self.idle)
        examiner, work = self.examiner, self.work
        while self.lacking and self.idle and (examiner is None or examiner.labels):
            idle = self.idle
            if not work.ledger.affords(self._dearest):
                idle = {name: None for name in idle if work.ledger.affords(self._prices[name])}
            match = self._match(self.lacking.values(), idle)
            if match is None:
                return
            request, name = match
            gold = None if examiner is None else examiner.question_for(name)
            if examiner is not None:
                question = examiner.assign(name, request.item if gold is None else gold)
            if gold is not None:
                await work.give(name, gold, None, question, request.cause)
                continue
            attempt = request.assign(name)
            if not request.lacking:
                self.requests.withdraw(request)
            await work.give(name, request.item, request, attempt, request.cause)

    async def _have_people_bid(self, market: Market) -> None:
        """Call for proposals. Tasks go into people's own queues, and so do the rounds to which they are called."""
        if self.calls:
            await self._convene({name: None for name in self.present if self.roll.is_there(name)})
        if market.waiting or market.is_stirred:
            await market.call()

    async def bid(self, envelope: Envelope, bid: Bid) -> None:
        """Take what somebody says to a call for proposals."""
        if self.roll.is_unexpected(envelope.sender):
            await self.reception.notice(envelope.sender, envelope)
        if self.market is not None:
            await self.market.receive(envelope, bid)

    async def _convene(self, people: Mapping[str, None]) -> None:
        """Ask people for what they hold now, in the rounds to which they are called: others wait for them there."""
        while people and (called := self.calls.next(people, self.work.affords)) is not None:
            each, name = called
            attempt = each.assign(name)
            if self.examiner is not None:
                self.examiner.assign(name, each.item)
            await self.work.give(name, each.item, each, attempt, each.cause)

    def is_broke(self) -> bool:
        """Return whether, with nothing under way, money is why nobody can be asked."""
        if self.examiner is not None and not self.examiner.labels:
            return False
        if any(self.work.affords(name, each) for each in self.calls.rounds for name in each.called):
            return False
        if not self.lacking:
            return True
        if self.market is not None:
            return self.market.is_broke
        affordable = [name for name in self.present if self.work.ledger.affords(self._prices[name])]
        if not affordable or len(affordable) == len(self.present):
            return not affordable
        if self.roll.away:
            return not any(request.might_ask(name) for request in self.lacking.values() for name in affordable)
        return len(self.idle) == len(self.present)

    # Leases and reminders

    async def see_to_time(self) -> None:
        """End leases that are over, and remind those of whom nothing was heard."""
        watch = self.work.watch
        for task in watch.ended_leases():
            await self._expire(task)
        for task in watch.silent():
            if not await self.work.remind(task):
                await self._miss_for_good(task)
        await self.reception.miss_the_overdue()
        if self.market is not None:
            await self.market.close_overdue()

    async def _miss_for_good(self, task: Task) -> None:
        if task.live:
            await self._expire(task)
        await self.reception.miss(task.name, task.seq)

    async def _expire(self, task: Task) -> None:
        seq = await self.work.expire(task)
        if self.market is not None:
            self.market.expire(task)
        if task.request is not None:
            task.request.expire(task.name, seq)
            await self.requests.ask_another(task.request, None)

    # After a restart, of all or of a policy

    def rebuild(self, state: State, heard: set[Key], history: Sequence[Envelope]) -> None:
        """Take up the work where the log says that it was left.

        Args:
            state: what the log amounts to.
            heard: the tasks, by annotator, item and attempt, whose answers have come.
            history: all events so far.
        """
        self.is_rebuilt = True
        self.intake.rebuild(state, heard)
        for name, person in state.people.items():
            self.roll.read(name, person)
            if person.verdict == "failed" or (self.examiner is not None and self.examiner.of(name).verdict == "failed"):
                self.roll.block(name)
        self.work.rebuild(state)
        if self.market is not None:
            self.market.rebuild(state, history)

    async def cancel_unclaimed(self, item: Item, rounds_only: bool = False) -> None:
        """Cancel tasks of before a restart of which no policy wants the answers any more."""
        for task in self.tasks.unclaimed(item):
            if task.turn or not rounds_only:
                await self.work.cancel(task)
