"""The examiner: knows the gold labels, says who is asked a gold question when, and what people's answers have come to."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import Tally
from agents.messages import (
    AbstentionSubmitted,
    AnnotatorBlocked,
    AnnotatorQualified,
    GoldAnswered,
    GoldKnown,
    Item,
    Label,
    TaskAssigned,
    TaskDeclined,
    Verdict,
)
from bus.bus import MessageBus
from bus.chance import Chance, number_of
from bus.message import EVERYONE, Envelope


class Examinee:
    """Somebody under test.

    Attributes:
        given: tasks that they were given, gold or not.
        times: how often they were asked each gold question.
        declined: gold questions to which they have no answer.
        order: rows of the gold questions, in the order in which they are asked; None before the first.
        place: how far in it they are; after the last, it begins anew.
        tally: what their answers have come to.
        verdict: how their test ended; None if it has not.
        seq: the event by which their last answer was scored.
    """

    __slots__ = ("declined", "given", "order", "place", "seq", "tally", "times", "verdict")

    def __init__(self) -> None:
        self.given = 0
        self.times: dict[Item, int] = {}
        self.declined: set[Item] = set()
        self.order: NDArray[np.intp] | None = None
        self.place = 0
        self.tally = Tally()
        self.verdict: Verdict | None = None
        self.seq = 0


class Examiner:
    """Keeps everybody's test. Who cannot be asked any gold question works untested.

    Args:
        name: the coordinator's.
        bus: the bus.
        gold: when gold questions are asked, and what is made of the answers.
        names: the annotators.
        chance: the run's randomness.
        able: for items of which not everybody can say anything, who can; None if everybody can answer everything.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        gold: Gold,
        names: Collection[str],
        chance: Chance,
        able: Mapping[Item, Collection[str]] | None = None,
    ) -> None:
        self._name, self._bus = name, bus
        self.retroactive = gold.retroactive
        self.labels: dict[Item, Label] = {}
        """What gold items truly are; empty until it is heard."""
        self.untold: dict[str, None] = {}
        """Those whose test has ended without anybody being told so yet."""
        self._gold = gold
        self._until_verdict = gold.test.length is not None
        self._able = able
        self._chance = chance
        self._luck = {name: chance.keyed("gold", name, "task") for name in names}
        self._people = {name: Examinee() for name in names}
        self._items: Sequence[Item] = ()
        self._keys = np.empty(0, np.uint64)

    def learn(self, known: GoldKnown) -> None:
        """Hear which items are gold, and what they truly are."""
        self._items = known.items
        self._keys = np.fromiter(map(number_of, known.items), np.uint64, len(known.items))
        self.labels = dict(zip(known.items, known.labels, strict=True))

    def is_testing(self, name: str) -> bool:
        """Return whether somebody is to be asked gold questions only, until their test ends."""
        return self._until_verdict and self._people[name].verdict is None

    def question_for(self, name: str) -> Item | None:
        """Return the gold question that somebody's next task is to be; None for a task like any other."""
        person = self._people[name]
        if person.verdict is not None:
            return None
        if not self._until_verdict and not self._gold.is_due(person.given, self._luck[name].luck(person.given)):
            return None
        order = self._order_of(name, person)
        for step in range(len(order)):
            item: Item = self._items[int(order[(person.place + step) % len(order)])]
            if item not in person.declined:
                return item
        return None

    def assign(self, name: str, item: Item) -> int:
        """Note that somebody is given a task, and return which attempt at it this is, if it is a gold question: from 0."""
        person = self._people[name]
        person.given += 1
        if item not in self.labels:
            return 0
        order = self._order_of(name, person)
        # From where the last one was: those passed over in between were declined.
        while self._items[order[person.place % len(order)]] != item:
            person.place += 1
        person.place += 1
        attempt = person.times.get(item, 0)
        person.times[item] = attempt + 1
        return attempt

    def decline(self, name: str, item: Item) -> None:
        """Note that somebody has no answer to a gold question, or cannot tell: they are not asked it again."""
        self._people[name].declined.add(item)

    async def score(self, name: str, item: Item, label: Label, cause: Envelope | int) -> Verdict | None:
        """Say whether an answer to a gold question is right, and return the verdict if there is one."""
        right = self.labels[item] == label
        self._count(name, right)
        scored = GoldAnswered(item=item, annotator=name, right=right)
        person = self._people[name]
        person.seq = (await self._bus.publish(scored, self._name, EVERYONE, cause)).seq
        return person.verdict

    def _count(self, name: str, right: bool) -> None:
        person, test = self._people[name], self._gold.test
        person.tally = test.after(person.tally, right)
        # Of what was under way when the test ended, no more is made.
        if person.verdict is None:
            person.verdict = test.verdict(person.tally)
            if person.verdict is not None:
                self.untold[name] = None

    @property
    def blocked(self) -> list[str]:
        """Those who have failed."""
        return [name for name, person in self._people.items() if person.verdict == "failed"]

    def of(self, name: str) -> Examinee:
        """Return how somebody stands."""
        return self._people[name]

    def _order_of(self, name: str, person: Examinee) -> NDArray[np.intp]:
        """Return the rows of the questions that somebody can be asked, in an order of their own."""
        if person.order is None:
            order = np.argsort(self._chance.keyed("gold", name, "order").uniforms(self._keys), kind="stable")
            if self._able is not None:
                able = self._able
                order = np.fromiter((row for row in order.tolist() if name in able.get(self._items[row], ())), np.intp)
            person.order = order
        return person.order

    # After a restart

    def read(self, envelope: Envelope) -> None:
        """Learn from the log, event by event."""
        match envelope.body:
            case GoldKnown() as known:
                self.learn(known)
            case TaskAssigned(item=item):
                self.assign(envelope.recipient, item)
            case TaskDeclined(item=item) | AbstentionSubmitted(item=item) if item in self.labels:
                self.decline(envelope.sender, item)
            case GoldAnswered(annotator=name, right=right):
                self._count(name, right)
                self._people[name].seq = envelope.seq
            case AnnotatorQualified(annotator=name) | AnnotatorBlocked(annotator=name):
                self.untold.pop(name, None)
