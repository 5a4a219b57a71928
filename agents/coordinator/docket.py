"""The docket: what the coordinator remembers of items, open and closed."""

import asyncio
from collections import deque
from collections.abc import Collection
from dataclasses import replace

from agents.coordinator.crowd import Answer, answer_of
from agents.coordinator.request import Asked
from agents.messages import Item, ItemReopened, Label
from agents.open_item import OpenItem, Talk


class Case:
    """An item: who was asked, what they said, and what came of it.

    Attributes:
        seq: the last event towards its label.
        resolving: the policy at work on it; None if none is.
        asked: who was asked.
        answers: answers that its policy has.
        recalled: answers that there are already when its policy begins, and which it will ask for.
        label: the label that it has; None if it has none.
        revision: which of its labels that is, from 0; -1 before the first.
        final: whether an authority has decided.
        begun_anew: whether there may be tasks for it that an earlier policy of its own asked for.
        settling: whether its policy has settled on a label that is not said yet.
        session: whether people are talking it over, as the log has it.
        talking: whether they are, as far as its policy has come.
        since: the last round before they began to.
        past: what the log has of its sessions that its policy, begun anew, has not come to yet; None for nothing.
        turn: the last round that its policy has held; 0 before the first.
        statements: what members of its session held in each round, by round and name: as far as the log goes, not the policy.
        tier: the tier of an escalation to which it has gone up; 0 if it has not.
        score: how much it is wanted, as whoever asked for it has it.
    """

    __slots__ = (
        "answers", "asked", "begun_anew", "final", "label", "past", "recalled", "resolving", "revision", "score", "seq", "session",
        "settling", "since", "statements", "talking", "tier", "turn",
    )  # fmt: skip

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.resolving: asyncio.Task[None] | None = None
        self.asked = Asked()
        self.answers: list[Answer] = []
        self.recalled: deque[Answer] = deque()
        self.label: Label | None = None
        self.revision = -1
        self.final = False
        self.begun_anew = False
        self.settling = False
        self.session = self.talking = False
        self.since = self.turn = 0
        self.past: Talk | None = None
        self.tier = 0
        self.score = 0.0
        self.statements: dict[tuple[int, str], Answer] | None = None

    def held(self) -> list[Answer]:
        """Return what those hold now whose answers its policy has: their last word, as far as the policy has come."""
        if not self.statements:
            return [*self.answers]
        return [self.word_of(answer.annotator, self.turn) or answer for answer in self.answers]

    def word_of(self, name: str, turn: int) -> Answer | None:
        """Return what somebody said last, in that round or one before it; None if they said nothing but their first answer."""
        statements = self.statements or {}
        return next((statements[each, name] for each in range(turn, 0, -1) if (each, name) in statements), None)

    def before(self, name: str, turn: int) -> Answer | None:
        """Return what somebody held before a round, be it that the policy knows of it yet or not."""
        first = (answer for answer in (*self.answers, *self.recalled) if answer.annotator == name)
        return self.word_of(name, turn - 1) or next(first, None)

    def state(self, turn: int, answer: Answer) -> None:
        """Take down what a member holds in a round."""
        if self.statements is None:
            self.statements = {}
        self.statements[turn, answer.annotator] = answer

    def rests_on(self, name: str) -> bool:
        """Return whether somebody's answer is among its answers."""
        return name in self.asked.answered or any(answer.annotator == name for answer in self.recalled)

    def void(self, names: Collection[str]) -> list[Answer]:
        """Take back the label and the answers of some people, who are not asked again, and return these answers."""
        everything = [*self.answers, *self.recalled]
        self.answers, self.label, self.begun_anew = [], None, True
        # Who is left has not heard what is void: they talk anew.
        self.session = self.talking = False
        self.since = self.turn = self.tier = 0
        self.statements = self.past = None
        # Those who are recalled answer once more, as it were.
        self.asked.answered.clear()
        self.recalled = deque(answer for answer in everything if answer.annotator not in names)
        return [answer for answer in everything if answer.annotator in names]


class Docket:
    """The items that are open, and those that are closed, as far as they may be wanted again.

    Args:
        remembers: whether closed items may be wanted again.
    """

    def __init__(self, remembers: bool) -> None:
        self.open: dict[Item, Case] = {}
        self.closed: dict[Item, Case] = {}
        self._remembers = remembers

    def close(self, item: Item, label: Label, final: bool) -> Case:
        """Close an item with its label, and return its case."""
        case = self.open.pop(item)
        case.label, case.final, case.resolving, case.settling, case.tier = label, final, None, False, 0
        case.revision += 1
        if self._remembers:
            self.closed[item] = case
        return case

    # After a restart

    def read_resolution(self, item: Item, known: OpenItem | None, label: Label, revision: int) -> None:
        """Learn from the log that an item got a label: one that was open, or had a label before."""
        if not self._remembers:
            return
        case = self.closed.get(item)
        if case is None:
            case = self.closed[item] = self.open.pop(item) if item in self.open else Case(0)
        if known is not None and known.is_closed_by(revision):
            self._know(case, known)
            case.answers, case.recalled = [*case.recalled], deque()
            case.asked.answered.update(answer.annotator for answer in case.answers)
            # Its policy has come to the end of them.
            case.turn, case.past = max(case.turn, 0 if case.past is None else case.past.turn), None
        case.label, case.revision = label, revision

    def read_closing(self, item: Item) -> None:
        """Learn from the log that an authority has decided an item."""
        if item in self.closed:
            self.closed[item].final = True

    def read_giving_up(self, item: Item) -> None:
        """Learn from the log that an item gets no label: one that was opened again may be on the docket."""
        self.open.pop(item, None)

    def read_reopening(self, body: ItemReopened) -> None:
        """Learn from the log that an item was opened again."""
        # One that is open for one more answer is said to be open again when some that it had become void.
        case = self.closed.pop(body.item) if body.item in self.closed else self.open[body.item]
        self.open[body.item] = case
        if body.voided:
            case.void({name for name, *_ in body.voided})

    def read_open(self, item: Item, known: OpenItem) -> None:
        """Learn from the log that an item is open."""
        case = self.open.get(item)
        if case is None:
            case = self.open[item] = Case(known.seq)
        had = {answer.seq for answer in case.answers}
        self._know(case, known)
        case.tier, case.score = known.tier, known.score
        case.recalled = deque(answer for answer in case.recalled if answer.seq not in had)

    def _know(self, case: Case, known: OpenItem) -> None:
        case.seq = known.seq
        case.asked.times.update(known.asked)
        case.asked.declined.update(known.declined)
        case.recalled = deque(answer_of(vote) for vote in known.votes)
        case.session, case.past = known.session, None if known.talk is None else replace(known.talk)
        # What was said before it was opened once more for one more answer stands.
        said = {(turn, vote.annotator): answer_of(vote) for turn, vote in known.statements}
        case.statements = {**(case.statements or {}), **said} or None
