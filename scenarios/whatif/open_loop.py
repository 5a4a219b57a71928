"""The open loop: recorded answers, counted by another policy. Exact, as far as the answers go; nothing that follows from labels."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.coordinator.agreement import Agreement
from agents.coordinator.crowd import answer_of
from agents.coordinator.ledger import millionths
from agents.coordinator.policy import Policy
from agents.event import Event
from agents.messages import GoldAnswered, Item, ItemGivenUp, ItemReopened, ItemResolved, Label, TaskAssigned, TruthTold
from agents.open_item import OpenItem
from agents.state import State
from bus.chance import Chance
from bus.replay import LogReader
from scenarios.answers.hearing import Hearing
from scenarios.header import header_of
from scenarios.history.course import NONSENSE, NOW_AND_THEN, Course
from scenarios.history.reopenings import revised_items
from scenarios.summary import summary_of
from scenarios.whatif.outcome import Support, Watch, WhatIf, changes_between


class Recount:
    """Counts the answers to each item anew, when the log comes to its end.

    Args:
        policy: what is made of the answers.
        seed: seed of the run, for ties.
        truth: what is true of items; the log may tell more.
    """

    def __init__(self, policy: Policy, seed: int, truth: Mapping[Item, Label]) -> None:
        self._policy = policy
        self._chance = Chance(seed)
        self._hearing: Hearing | None = None
        self.truth: dict[Item, Label] = dict(truth)
        self.before: dict[Item, Label] = {}
        self.after: dict[Item, Label] = {}
        self._agreement = Agreement()
        self._prices: dict[tuple[str, Item], float] = {}
        self._answers = self._cost = self._wanted = self._missing = self._undecided = 0

    def note(self, event: Event) -> None:
        """Take note of what is said beside answers: prices, labels, and what is true."""
        body = event["body"]
        if event["kind"] == TaskAssigned.kind:
            # What somebody says in a round of a negotiation may cost something else than their answer, which is what is counted.
            if not (body.get("view") and body["view"][0]):
                self._prices[event["to"], body["item"]] = body["price"]
        elif event["kind"] == ItemResolved.kind:
            self.before[body["item"]] = body["label"]
        elif event["kind"] == ItemGivenUp.kind:
            # One that was opened again had a label.
            self.before.pop(body["item"], None)
        elif event["kind"] == GoldAnswered.kind:
            # Whatever is made of answers, gold questions are asked all the same.
            self._answers += 1
            self._cost += self._price_of(body["annotator"], body["item"])
        elif event["kind"] == TruthTold.kind:
            self.truth.update(zip(body["items"], body["labels"], strict=True))

    def count(self, item: Item, opened: OpenItem, classes: Sequence[Label]) -> None:
        """Count the answers to an item that got its label, or none."""
        if self._hearing is None:
            self._hearing = Hearing(self._policy, classes, self._chance)
        answers = [answer_of(vote) for vote in opened.votes]
        resolution = self._hearing.settle(item, answers)
        if resolution is None:
            missing = max(1, self._policy.most_people() - len(answers))
            self._undecided += 1
            self._missing += missing
            self._wanted += len(answers) + missing
            return
        # A policy may settle all the same on what there is, as on what is left where nobody is above.
        self._missing += self._hearing.lacking
        self._wanted += len(resolution.answers) + self._hearing.lacking
        self.after[item] = resolution.label
        self._agreement.add([answer.label for answer in resolution.answers])
        self._answers += len(resolution.answers)
        self._cost += sum(self._price_of(answer.annotator, item) for answer in resolution.answers)

    def _price_of(self, annotator: str, item: Item) -> int:
        return millionths(self._prices[annotator, item])

    def revise(self) -> None:
        """Give items the labels that they should have by all answers."""
        if self._hearing is not None:
            self.after.update(self._hearing.revisions(finished=True))

    @property
    def support(self) -> Support:
        """How far the recorded answers go."""
        return Support(self._wanted, self._missing, self._undecided)

    def figures(self) -> dict[str, Any]:
        """Return what can be said of the campaign: what depends on labels, models and times above all, cannot."""
        return {
            "labels": len(self.after),
            "label_accuracy": accuracy(self.after, self.truth),
            "answers": self._answers,
            "given_up": self._undecided,
            "cost": self._cost / 1_000_000,
            "unanimous": self._agreement.unanimous,
            "alpha": self._agreement.alpha,
        }


def accuracy(labels: Mapping[Item, Label], truth: Mapping[Item, Label]) -> float | None:
    """Return the share of labels that are right, among items whose truth is known; None if there are none."""
    judged = [label == truth[item] for item, label in labels.items() if item in truth]
    return sum(judged) / len(judged) if judged else None


def recount(reader: LogReader, policy: Policy, truth: Mapping[Item, Label], watch: Watch) -> WhatIf:
    """Return what another policy would have made of the answers in a log.

    Args:
        reader: the log.
        policy: the other policy.
        truth: what is true of items, as far as is known beside the log.
        watch: called now and then with how many bytes have been read.

    Raises:
        CorruptLog: the log is damaged.
    """
    header, course = header_of(reader), Course(reader)
    counting, to_be_reopened = Recount(policy, header.seed, truth), revised_items(reader)
    for number, event in enumerate(course.events()):
        try:
            ended = _item_that_ends(course.state, event)
            course.state.apply(event)
            counting.note(event)
        except NONSENSE as error:
            raise course.misfit(event, error) from None
        if event["kind"] == ItemReopened.kind:
            to_be_reopened[event["body"]["item"]] -= 1
        # An item is counted once: with the answers that it has in the end.
        if ended is not None and not to_be_reopened[event["body"]["item"]]:
            counting.count(event["body"]["item"], ended, course.state.classes)
        if number % NOW_AND_THEN == 0:
            watch(course.mark.offset)
    counting.revise()
    before = summary_of(course, header)
    changes = changes_between(counting.before, counting.after)
    return WhatIf("open", before, counting.figures(), changes, counting.support)


def _item_that_ends(state: State, event: Event) -> OpenItem | None:
    """Return the item that an event closes, which has all its answers once the event is applied; None if it closes none."""
    if event["kind"] not in (ItemResolved.kind, ItemGivenUp.kind):
        return None
    opened = state.open.get(event["body"]["item"])
    return opened if opened is not None and opened.is_closed_by(event["body"].get("revision", 0)) else None
