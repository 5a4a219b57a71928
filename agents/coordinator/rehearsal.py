"""A rehearsal: a crowd that follows a script, so that a policy can be tried without a bus, and without time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from agents.annotator.case import Case
from agents.annotator.company import Company
from agents.annotator.nature import Nature
from agents.annotator.saying import Said
from agents.annotator.social import Position, Social
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Enough, NobodyLeft, is_among
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item, Label, Voice
from agents.negotiation import Outcome
from bus.chance import Chance, Luck

Says = Label | tuple[float, ...] | None
"""What somebody says: a label; how probable each class is, in the order of the classes; or nothing."""

Script = Mapping[str, Says | Callable[[Item], Says]]
"""What each person says at first, by name; of each item, where it is a function of the item."""

Reaction = Callable[[str, Answer, Sequence[Voice]], Says]
"""What somebody says who holds that, and has been shown what others hold: whose name, position and views are given."""


class Rehearsal:
    """A crowd without a bus: people answer in the order of the script, at once, and react to each other as they are told to.

    Args:
        says: the script.
        reacts: how people react to what they are shown: as a social conduct has it, one for all or one each, or a function. None,
            if nobody is moved by anybody. Whom a function or the script lets say nothing is silent.
        classes: the classes, in order; left out, the labels of the script.
        true: the label that is true of every item, for conduct to which it matters.
        seed: of all luck.
        belief: what the policy has learnt; it is told of each first answer.

    Attributes:
        asked: how many people were wanted, each time that the policy asked.
        at_once: how many of them at the same time.
        shown: what they were shown before they answered.
        rounds: what was shown to whom, in each round.
        terms: reasons, within, fee and protocol of each round.
        outcomes: how each session ended.
        tiers: to which items were escalated, one after the other.
        model: how probable a model holds each class, by item: for a test to fill in.
    """

    def __init__(
        self,
        says: Script,
        reacts: Social | Mapping[str, Social] | Reaction | None = None,
        classes: Sequence[Label] = (),
        true: Label | None = None,
        seed: int = 7,
        belief: Belief | None = None,
    ) -> None:
        labels = dict.fromkeys(each for each in says.values() if isinstance(each, int | str))
        self.classes = tuple(classes) or tuple(sorted(labels, key=str))
        self.belief = belief
        self.asked: list[int] = []
        self.at_once: list[int | None] = []
        self.shown: list[Voice | None] = []
        self.rounds: list[Mapping[str, Sequence[Voice]]] = []
        self.terms: list[tuple[bool, float | None, float | None, str]] = []
        self.outcomes: list[Outcome] = []
        self.tiers: list[int] = []
        self.model: dict[Item, Mapping[Label, float]] = {}
        self._says, self._reacts, self._chance = says, reacts, Chance(seed)
        self._true = -1 if true is None else self.classes.index(true)
        self._company: dict[str, Company] = {}
        self._held: dict[Item, dict[str, Answer]] = {}
        self._first: dict[Item, dict[str, Answer]] = {}
        self._minds: dict[tuple[Item, str], tuple[Position, Position]] = {}
        self._nature = Nature(self._chance)
        self._turns: dict[Item, int] = {}
        self._said = 0

    async def ask(
        self,
        item: Item,
        votes: int,
        enough: Enough | None = None,
        at_once: int | None = None,
        of: Sequence[str] = (),
        shown: Voice | None = None,
    ) -> list[Answer]:
        """Return the answers of the next people of the script; see Crowd."""
        self.asked.append(votes)
        self.at_once.append(at_once)
        self.shown.append(shown)
        held, given = self._held.setdefault(item, {}), list[Answer]()
        left = [name for name in self._says if name not in held and (not of or is_among(name, of))]
        for name in left:
            if len(given) == votes or (enough and given and enough(given)):
                break
            said = self._says[name]
            answer = self._answer(name, said(item) if callable(said) else said)
            if answer is None:
                continue
            given.append(answer)
            held[name] = self._first.setdefault(item, {})[name] = answer
            if self.belief is not None:
                self.belief.hear(item, name, answer.label)
        if len(given) < votes and not (enough and given and enough(given)):
            raise NobodyLeft(given)
        return given

    def people(self, of: Sequence[str] = ()) -> list[str]:
        """Return the people of the script; see Crowd."""
        return [name for name in self._says if not of or is_among(name, of)]

    def answers(self, item: Item) -> list[Answer]:
        """Return what those hold now who have answered; see Crowd."""
        return [*self._held.get(item, {}).values()]

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
        """Hold a round: everybody hears what was held before it; see Crowd."""
        self.rounds.append({name: tuple(voices) for name, voices in views.items()})
        self.terms.append((reasons, within, fee, protocol))
        self._turns[item] = self._turns.get(item, 0) + 1
        said = (self._reply(item, name, voices, reasons) for name, voices in views.items())
        replies = [answer for answer in said if answer is not None]
        self._held[item].update({answer.annotator: answer for answer in replies})
        return replies

    async def adjourn(self, item: Item, outcome: Outcome) -> None:
        """Note how the session ended."""
        self.outcomes.append(outcome)

    async def escalate(self, item: Item, tier: int, room: int | None = None, waits: bool = True) -> bool:
        """Note the tier, and return True: there is room; see Crowd."""
        self.tiers.append(tier)
        return True

    def predicted(self, item: Item) -> Mapping[Label, float] | None:
        """Return what the model of the rehearsal says, if there is one; see Crowd."""
        return self.model.get(item)

    def luck(self, item: Item, purpose: str = "", turn: int = 0) -> Luck:
        """Return the luck that the Coordinator would have, with this seed."""
        return self._chance.keyed("coordinator", *([purpose] if purpose else ())).luck(item, turn)

    def resolve(self, policy: Policy, item: Item = 0) -> Resolution:
        """Return what a policy settles on, with all that may follow it."""
        return asyncio.run(policy.decide(item, self))

    def _reply(self, item: Item, name: str, voices: Sequence[Voice], reasons: bool) -> Answer | None:
        held = self._held[item][name]
        if self._reacts is None:
            return self._answer(name, held.label, held)
        if isinstance(self._reacts, Social | Mapping):
            return self._converse(item, name, voices, reasons)
        return self._answer(name, self._reacts(name, held, voices))

    def _converse(self, item: Item, name: str, voices: Sequence[Voice], reasons: bool) -> Answer:
        """Return what somebody of a certain social conduct says who has heard others."""
        company, held = self._company_of(name), self._held[item][name]
        if company.social is None:
            return self._answer(name, held.label, held) or held
        # The attempt that it would be if everybody is called to every round: then the luck is that of a campaign with this seed.
        case = Case(item, self._turns[item], self._true, len(self.classes), self._nature)
        first, now = self._minds.get((item, name)) or self._opinion(company.social, self._first[item][name])
        others = [
            Position(self.classes.index(label), chances, confidence, weight=weight, reasons=reasons)
            for _, label, confidence, chances, weight in voices
        ]
        now = company.reconsider(now, first, others, case, self._turns[item])
        self._minds[item, name] = first, now
        said = company.social.said(now, first, case)
        self._said += 1
        label, chances = self.classes[said.label], said.chances if held.chances else None
        return Answer(name, label, self._said, 0, said.confidence if held.confidence else None, chances)

    def _opinion(self, social: Social, answer: Answer) -> tuple[Position, Position]:
        position = Position(self.classes.index(answer.label), answer.chances, answer.confidence)
        said = Said(position.label, False, answer.confidence, answer.chances)
        position = social.position(said, [*position.spread(len(self.classes))])
        return position, position

    def _company_of(self, name: str) -> Company:
        if name not in self._company:
            social = self._reacts.get(name) if isinstance(self._reacts, Mapping) else self._reacts
            assert social is None or isinstance(social, Social)
            self._company[name] = Company(name, social, self._chance)
        return self._company[name]

    def _answer(self, name: str, said: Says, like: Answer | None = None) -> Answer | None:
        if said is None:
            return None
        self._said += 1
        if isinstance(said, tuple):
            return Answer(name, self.classes[said.index(max(said))], self._said, chances=said)
        return Answer(name, said, self._said, 0, None if like is None else like.confidence, None if like is None else like.chances)
