"""The panel: the coordinator's people, as policies ask them."""

from collections.abc import Collection, Mapping, Sequence

from agents.component import Unusable
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Enough, is_among
from agents.coordinator.dispatcher import Dispatcher
from agents.coordinator.docket import Case, Docket
from agents.coordinator.foresight import Foresight
from agents.coordinator.ledger import millionths
from agents.coordinator.places import Places
from agents.coordinator.request import Request
from agents.coordinator.round import Round
from agents.coordinator.secretary import Secretary
from agents.messages import Item, Label, View, Voice
from agents.negotiation import Outcome
from bus.chance import Chance, Keyed, Luck
from bus.clock import VirtualLoop, microseconds

_GROUPS = 256
"""Groups of people who are remembered."""


class Panel:
    """A crowd: it turns what policies ask into requests, and hands them answers that are there already.

    Args:
        loop: the clock.
        docket: the open items.
        people: who brings requests and people together.
        secretary: who keeps the minutes of sessions.
        places: who has a place at which tier.
        names: the annotators.
        chance: the run's randomness.
        belief: what the policy has learnt from all answers; None if it learns nothing.
        able: for items of which not everybody can say anything, who can; None if everybody can answer everything.
        classes: the classes, in order.
        foresight: what the newest model says; None where nobody goes by it.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        docket: Docket,
        people: Dispatcher,
        secretary: Secretary,
        places: Places,
        names: Collection[str],
        chance: Chance,
        belief: Belief | None,
        able: Mapping[Item, Collection[str]] | None,
        classes: Sequence[Label] = (),
        foresight: Foresight | None = None,
    ) -> None:
        self.classes = tuple(classes)
        self._loop, self._docket, self._people, self._secretary = loop, docket, people, secretary
        self._places, self._foresight = places, foresight
        self._names = tuple(names)
        self._chance = chance
        # For the draws of which a campaign without sessions makes many.
        self._luck = chance.keyed("coordinator")
        self._lucks: dict[str, Keyed] = {}
        self._belief = belief
        self._able = able
        self._groups: dict[tuple[str, ...], dict[str, None]] = {}
        self._asking: set[Item] = set()

    @property
    def belief(self) -> Belief | None:
        """What the policy has learnt; see Crowd."""
        return self._belief

    async def ask(
        self,
        item: Item,
        votes: int,
        enough: Enough | None = None,
        at_once: int | None = None,
        of: Sequence[str] = (),
        shown: Voice | None = None,
    ) -> list[Answer]:
        """Return the answers of so many different people; see Crowd."""
        case, people = self._docket.open[item], self._people
        among = self._among(of) if of else None
        headcount = len(self._names if among is None else among)
        if not 1 <= votes <= headcount:
            raise Unusable(f"coordination.policy asks {votes} people about item {item!r}, of {headcount} annotators")
        self._refuse_second_question(item)
        done = self._loop.new_future()
        able = among if self._able is None else self._able_among(item, among)
        request = Request(item, votes, enough, done, case.seq, people.present, case.asked, able, at_once, people.roll.away, shown)
        request.score, request.purse = case.score, people.work
        self._asking.add(item)
        try:
            if not ((people.is_rebuilt or case.begun_anew or case.recalled) and self._recall(request, case, among)):
                await people.want(request)
                await people.outcome(request)
        finally:
            self._asking.discard(item)
            case.answers += request.answers
        case.seq = request.answers[-1].seq
        return request.answers

    def people(self, of: Sequence[str] = ()) -> list[str]:
        """Return who may be asked; see Crowd."""
        roll, among = self._people.roll, self._among(of)
        present = [name for name in (self._names if among is None else among) if name in roll.present]
        return [name for name in present if roll.is_there(name)] or present

    def answers(self, item: Item) -> list[Answer]:
        """Return what those hold now who have answered an item; see Crowd."""
        return self._docket.open[item].held()

    async def reconsider(
        self,
        item: Item,
        views: Mapping[str, Sequence[Voice]],
        reasons: bool = False,
        within: float | None = None,
        fee: float | None = None,
        protocol: str = "",
        members: Sequence[str] = (),
    ) -> list[Answer]:
        """Hold a round; see Crowd."""
        case = self._docket.open[item]
        held = {answer.annotator: answer for answer in case.held()}
        strangers = [name for name in views if name not in held]
        if strangers:
            raise Unusable(f"coordination.policy has {strangers[0]!r} reconsider item {item!r}, who has not answered it")
        if not views:
            return []
        self._refuse_second_question(item)
        await self._secretary.open(item, case, protocol, members or [*views])
        case.turn += 1
        shown: dict[str, View] = {name: (case.turn, reasons, held[name].voice(), tuple(voices)) for name, voices in views.items()}
        return await self._hold(item, case, shown, within, fee)

    async def _hold(
        self, item: Item, case: Case, shown: Mapping[str, View], within: float | None, fee: float | None
    ) -> list[Answer]:
        people, turn, past, done = self._people, case.turn, case.past, self._loop.new_future()
        said = case.statements or {}
        known = sorted((said[turn, name] for name in shown if (turn, name) in said), key=lambda answer: answer.seq)
        is_last = past is not None and turn == past.turn
        if past is not None and turn < past.turn:
            # It was over before a restart.
            return self._heard(case, known)
        began = past.began if past is not None and is_last else self._loop.now
        due = None if within is None else began + microseconds(within)
        price = None if fee is None else millionths(fee)
        each = Round(item, turn, shown, done, case.seq, people.present, case.asked, due, price)
        if past is not None and is_last:
            each.excuse(past.missing if due is None or due >= self._loop.now else [*shown])
        self._asking.add(item)
        try:
            for answer in known:
                each.accept(answer)
            if people.is_rebuilt or case.begun_anew:
                people.tasks.take_up(each)
            if not each.is_hopeless:
                if due is not None:
                    self._loop.finish_at(max(due + 1, self._loop.now), done)
                await people.want(each)
                await people.outcome(each)
        finally:
            self._asking.discard(item)
        return self._heard(case, each.answers)

    def _heard(self, case: Case, answers: list[Answer]) -> list[Answer]:
        if answers:
            case.seq = answers[-1].seq
        return answers

    async def adjourn(self, item: Item, outcome: Outcome) -> None:
        """Say how the session about an item ends; see Crowd."""
        await self._secretary.close(item, self._docket.open[item], outcome)

    async def escalate(self, item: Item, tier: int, room: int | None = None, waits: bool = True) -> bool:
        """Take an item to a tier; see Crowd."""
        return await self._places.enter(item, tier, room, waits)

    def predicted(self, item: Item) -> Mapping[Label, float] | None:
        """Return what the newest model says of an item; see Crowd."""
        return None if self._foresight is None else self._foresight.of(item)

    def luck(self, item: Item, purpose: str = "", turn: int = 0) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        if not purpose:
            return self._luck.luck(item, turn)
        keyed = self._lucks.get(purpose)
        if keyed is None:
            keyed = self._lucks[purpose] = self._chance.keyed("coordinator", purpose)
        return keyed.luck(item, turn)

    def _refuse_second_question(self, item: Item) -> None:
        if item in self._asking:
            raise Unusable(f"coordination.policy asks about item {item!r} while it is waiting for answers to it")

    def _among(self, of: Sequence[str]) -> dict[str, None] | None:
        """Return the people of these groups and names, in the order of the scenario; None for everybody."""
        if not of:
            return None
        key = tuple(of)
        if key not in self._groups:
            # Whoever asks now these people, now those, may never ask the same again.
            if len(self._groups) == _GROUPS:
                self._groups.clear()
            wanted = frozenset(key)
            self._groups[key] = {name: None for name in self._names if is_among(name, wanted)}
        return self._groups[key]

    def _able_among(self, item: Item, among: Collection[str] | None) -> Collection[str]:
        assert self._able is not None
        able = self._able.get(item, ())
        return able if among is None else [name for name in able if name in among]

    def _recall(self, request: Request, case: Case, among: Collection[str] | None) -> bool:
        """Give a request the answers that there are already, and return whether they suffice."""
        for answer in [*case.recalled]:
            if among is None or answer.annotator in among:
                case.recalled.remove(answer)
                if request.accept(answer):
                    return True
        self._people.tasks.take_up(request)
        return False
