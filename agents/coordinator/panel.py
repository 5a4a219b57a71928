"""The panel: the coordinator's people, as policies ask them."""

from collections.abc import Collection, Mapping

from agents.component import Unusable
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Enough
from agents.coordinator.dispatcher import Dispatcher
from agents.coordinator.docket import Case, Docket
from agents.coordinator.request import Request
from agents.messages import Item
from bus.chance import Keyed, Luck
from bus.clock import VirtualLoop


class Panel:
    """A crowd: it turns what policies ask into requests, and hands them answers that are there already.

    Args:
        loop: the clock.
        docket: the open items.
        people: who brings requests and people together.
        headcount: how many people there are.
        luck: for deciding about items.
        belief: what the policy has learnt from all answers; None if it learns nothing.
        able: for items of which not everybody can say anything, who can; None if everybody can answer everything.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        docket: Docket,
        people: Dispatcher,
        headcount: int,
        luck: Keyed,
        belief: Belief | None,
        able: Mapping[Item, Collection[str]] | None,
    ) -> None:
        self._loop, self._docket, self._people = loop, docket, people
        self._headcount = headcount
        self._luck = luck
        self._belief = belief
        self._able = able
        self._asking: set[Item] = set()

    @property
    def belief(self) -> Belief | None:
        """What the policy has learnt; see Crowd."""
        return self._belief

    async def ask(self, item: Item, votes: int, enough: Enough | None = None, at_once: int | None = None) -> list[Answer]:
        """Return the answers of so many different people; see Crowd."""
        case, people = self._docket.open[item], self._people
        if not 1 <= votes <= self._headcount:
            raise Unusable(f"coordination.policy asks {votes} people about item {item!r}, of {self._headcount} annotators")
        if item in self._asking:
            raise Unusable(f"coordination.policy asks about item {item!r} while it is waiting for answers to it")
        able = None if self._able is None else self._able.get(item, ())
        done = self._loop.new_future()
        request = Request(item, votes, enough, done, case.seq, people.present, case.asked, able, at_once, people.roll.away)
        self._asking.add(item)
        try:
            if not ((people.is_rebuilt or case.begun_anew or case.recalled) and self._recall(request, case)):
                await people.want(request)
                await people.outcome(request)
        finally:
            self._asking.discard(item)
            case.answers += request.answers
        case.seq = request.answers[-1].seq
        return request.answers

    def luck(self, item: Item) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        return self._luck.luck(item)

    def _recall(self, request: Request, case: Case) -> bool:
        """Give a request the answers that there are already, and return whether they suffice."""
        while case.recalled:
            if request.accept(case.recalled.popleft()):
                return True
        self._people.tasks.take_up(request)
        return False
