"""Answers from outside, retold as the events of a campaign."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from agents.component import Unusable
from agents.coordinator.crowd import Answer
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy
from agents.messages import (
    AnswerRepeated,
    AnswerSubmitted,
    CampaignEnded,
    CampaignStarted,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    Label,
    LabelsJudged,
    TaskAssigned,
    TaskDeclined,
    TruthTold,
)
from bus.chance import Chance
from bus.message import EVERYONE, Envelope, Message
from scenarios.answers.address import addresses
from scenarios.answers.hearing import Hearing
from scenarios.answers.table import Answers
from scenarios.answers.timeline import Timeline

_ITEMS_AT_ONCE = 1000
_CAMPAIGN, _SELECTOR, _COORDINATOR, _EVALUATOR = "campaign", "selector", "coordinator", "evaluator"


@dataclass(slots=True)
class _Asked:
    """An item that was asked for.

    Attributes:
        seq: its last event.
        left: answers yet to come.
        task: what everybody is told who is asked for the first time; one for all.
        asked: how often each worker was asked.
        answers: the answers that count.
        answered: who gave them.
    """

    seq: int
    left: int
    task: TaskAssigned
    asked: dict[str, int] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)


class Retelling:
    """The events that would have come of the answers, had a campaign collected them.

    Each item is requested when it is first given to somebody, and gets its label when the last answer to it has come. Of several
    answers of one worker to one item, the first to come counts, and the others are marked as repeated. What is true is told at the
    end, when it can be of no more use to anybody in the campaign.

    Args:
        answers: the answers.
        times: when they were begun and given.
        policy: how labels are made of answers; None for the majority of all.
        seed: seed of ties.
    """

    def __init__(self, answers: Answers, times: Timeline, policy: Policy | None, seed: int) -> None:
        self._answers = answers
        self._times = times
        self._starts: list[int] = times.starts.tolist()
        self._chance = Chance(seed)
        names = addresses(answers.workers)
        self._names = [names[worker] for worker in answers.workers]
        self._classes = answers.classes()
        self._hearing = None if policy is None else Hearing(policy, self._classes, self._chance)
        self._majorities: dict[int, Hearing] = {}
        self._said: dict[Item, tuple[int, int]] = {}
        self._counts = Counter(answers.tasks)
        self._asked: dict[Item, _Asked] = {}
        self._tasks: dict[int, tuple[int, int]] = {}
        self._labels: dict[Item, Label] = {}
        self._seq = 0
        self._now = 0

    def __len__(self) -> int:
        """Return about how many events there are."""
        return 2 * len(self._answers.tasks) + 2 * len(self._counts) + 3

    def events(self) -> Iterator[Envelope]:
        """Yield the events, in order; to be called once.

        Raises:
            Unusable: the policy cannot do with these answers.
        """
        started = self._event(CampaignStarted(items=len(self._counts), classes=self._classes), _CAMPAIGN)
        yield started
        starts, ends = self._starts, self._times.ends.tolist()
        for moment in self._times.moments.tolist():
            row = moment >> 1
            if moment & 1:
                self._now = ends[row]
                yield from self._answer(row)
            else:
                self._now = starts[row]
                yield from self._assign(row, started.seq)
        yield from self._revise(finished=True)
        ended = self._event(CampaignEnded(stopped_by="pool"), _COORDINATOR, cause=self._seq)
        yield ended
        if self._answers.truth:
            for body in self._truth():
                yield self._event(body, _EVALUATOR, cause=ended.seq)
            yield self._event(self._judgement(), _EVALUATOR, cause=ended.seq)

    def _event(self, body: Message, sender: str, recipient: str = EVERYONE, cause: int | None = None) -> Envelope:
        self._seq += 1
        return Envelope(self._seq, self._now, sender, recipient, cause, body)

    def _assign(self, row: int, started: int) -> list[Envelope]:
        item, name = self._answers.tasks[row], self._names[row]
        asked, events = self._asked.get(item), list[Envelope]()
        if asked is None:
            events.append(self._event(ItemRequested(item=item, version=0, score=0.0), _SELECTOR, _COORDINATOR, started))
            task = TaskAssigned(item=item, attempt=0, price=0.0, lease_until=None)
            asked = self._asked[item] = _Asked(self._seq, self._counts[item], task)
        attempt = asked.asked.get(name, 0)
        asked.asked[name] = attempt + 1
        task = TaskAssigned(item=item, attempt=attempt, price=0.0, lease_until=None) if attempt else asked.task
        events.append(self._event(task, _COORDINATOR, name, asked.seq))
        self._tasks[row] = self._seq, attempt
        return events

    def _answer(self, row: int) -> list[Envelope]:
        item, label, name = self._answers.tasks[row], self._answers.labels[row], self._names[row]
        asked, (cause, attempt) = self._asked[item], self._tasks.pop(row)
        if label is None:
            events = [self._event(TaskDeclined(item=item, attempt=attempt), name, _COORDINATOR, cause)]
        else:
            began = self._starts[row] if self._answers.durations[row] is not None else None
            sure = self._answers.confidences[row] if self._answers.confidences else None
            body = AnswerSubmitted(item=item, attempt=attempt, label=label, began=began, confidence=sure)
            events = [self._event(body, name, _COORDINATOR, cause)]
        asked.seq, asked.left = self._seq, asked.left - 1
        if label is not None and name in asked.answered:
            repeated = AnswerRepeated(item=item, annotator=name, attempt=attempt)
            events.append(self._event(repeated, _COORDINATOR, cause=asked.seq))
        elif label is not None:
            asked.answered.add(name)
            asked.answers.append(Answer(name, label, asked.seq))
        if not asked.left:
            del self._asked[item]
            events.append(self._event(self._decide(item, asked.answers), _COORDINATOR, cause=asked.seq))
            events += self._revise()
        return events

    def _decide(self, item: Item, answers: list[Answer]) -> ItemResolved | ItemGivenUp:
        if not answers:
            return ItemGivenUp(item=item, reason="nobody had an answer")
        resolution = self._judges_of(len(answers)).settle(item, answers)
        if resolution is None:
            return ItemGivenUp(item=item, reason="the policy asks for more answers than there are")
        if resolution.label not in self._classes:
            raise Unusable(f"the policy settled on {resolution.label!r} for item {item!r}, which is none of the classes")
        return self._resolved(item, resolution.label, len(resolution.answers), 0)

    def _judges_of(self, answers: int) -> Hearing:
        """Return what decides about an item with so many answers."""
        hearing = self._hearing or self._majorities.get(answers)
        if hearing is None:
            # A component takes longer to make than a majority to find.
            hearing = self._majorities[answers] = Hearing(Majority(size=answers), self._classes, self._chance)
        return hearing

    def _resolved(self, item: Item, label: Label, votes: int, revision: int) -> ItemResolved:
        if item in self._answers.truth:
            self._labels[item] = label
        if self._hearing is not None:
            self._said[item] = votes, revision
        return ItemResolved(item=item, label=label, votes=votes, revision=revision)

    def _revise(self, *, finished: bool = False) -> Iterator[Envelope]:
        """Yield the labels that have changed by what was heard since."""
        if self._hearing is None:
            return
        for item, label in self._hearing.revisions(finished=finished):
            votes, revision = self._said[item]
            yield self._event(self._resolved(item, label, votes, revision + 1), _COORDINATOR, cause=self._seq)

    def _truth(self) -> Iterator[TruthTold]:
        """Yield what is true, some items at a time: no line grows with the file."""
        pairs = iter(self._answers.truth.items())
        while some := [*islice(pairs, _ITEMS_AT_ONCE)]:
            yield TruthTold(items=tuple(item for item, _ in some), labels=tuple(label for _, label in some))

    def _judgement(self) -> LabelsJudged:
        places = {label: place for place, label in enumerate(self._classes)}
        totals, rights = [0] * len(places), [0] * len(places)
        for item, label in self._labels.items():
            truth = self._answers.truth[item]
            totals[places[truth]] += 1
            rights[places[truth]] += truth == label
        return LabelsJudged(labels=sum(totals), right=sum(rights), by_class=tuple(zip(totals, rights, strict=True)))
