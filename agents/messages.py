"""The vocabulary: every message that the agents exchange."""

from typing import Any, Literal

from pydantic import Field

from bus.message import Message

Item = int | str
"""An item's id: its number in a data set that has no ids of its own."""

Label = int | str
"""A class, by its name in the data."""

Verdict = Literal["passed", "failed"]
"""How a test of skill ends."""

StoppedBy = Literal["labels", "budget", "time", "pool", "rule", "interrupted"]


Voice = tuple[str | None, Label, float | None, tuple[float, ...] | None, float]
"""What is shown of what somebody holds: whose it is, None where that is not said; the label; how sure they say they are, and how
probable each class is, None where they do not say; and how much it weighs among what is shown."""

View = tuple[int, bool, Voice | None, tuple[Voice, ...]]
"""What somebody is shown before they answer: in which round, from 1, or 0 where they have not answered before; whether others give
their reasons; what they themselves said last, None for nothing; and what others hold."""


def is_none(value: Any) -> bool:
    """Return whether a field has nothing to say, and is left out of the log."""
    return value is None


class CampaignStarted(Message):
    """The campaign begins; from the campaign to everyone."""

    items: int
    classes: tuple[Label, ...]


class LabelsKnown(Message):
    """True labels known from the start (seed labels); from the campaign to everyone."""

    items: tuple[Item, ...]
    labels: tuple[Label, ...]


class GoldKnown(Message):
    """True labels of gold items, which are asked to see who is any good; from the campaign to the Coordinator alone."""

    items: tuple[Item, ...]
    labels: tuple[Label, ...]


class ItemRequested(Message):
    """The Selector wants an item labelled; to the Coordinator. Scored with that version of the model, 0 being none."""

    item: Item
    version: int
    score: float


class PoolExhausted(Message):
    """The Selector has no item left to ask for; to the Coordinator."""


class NominationsWanted(Message):
    """The Selector wants a member of the council to name its best items, so many of them; to the member. Rounds count from 1.

    They are the best by that version of the model, 0 being none. `tokens`: what the member may bid, where items are auctioned.
    """

    round: int
    version: int
    count: int
    tokens: int | None


class ItemsNominated(Message):
    """A member's best items, the best first, and where items are auctioned what it bids for each; to the Selector."""

    round: int
    items: tuple[Item, ...]
    bids: tuple[int, ...]


class NominationsSettled(Message):
    """Of all nominations these items are asked for, and are not to be nominated again; the Selector to everyone.

    `scores`: by which they were chosen. `weights`: how much say each member had, adding up to 1; empty where all have the same.
    """

    round: int
    items: tuple[Item, ...]
    scores: tuple[float, ...]
    weights: tuple[float, ...]


class TaskAssigned(Message):
    """One item for one annotator; from the Coordinator. `attempt` counts this annotator's asks of this item, from 0.

    Who has answered it before, and is shown what others hold, is asked what they hold now.
    """

    item: Item
    attempt: int
    price: float
    lease_until: int | None
    view: View | None = Field(default=None, exclude_if=is_none)
    """What is shown of the answers of others; left out of the log where there is nothing to show."""


class TaskExpired(Message):
    """A lease ran out before the answer came; the Coordinator to everyone."""

    item: Item
    annotator: str
    attempt: int


class TaskCancelled(Message):
    """The answer is no longer wanted; from the Coordinator to the annotator. `paid`: the work begun is paid for."""

    item: Item
    attempt: int
    paid: bool


class TaskDeclined(Message):
    """An annotator has no answer to give; to the Coordinator. Not paid."""

    item: Item
    attempt: int


class TaskReturned(Message):
    """An annotator gives a task back without an answer, and may be asked again; to the Coordinator. Not paid."""

    item: Item
    attempt: int


class TaskReminded(Message):
    """Nothing was heard of a task, so it is said again; from the Coordinator. Who never got it takes it as an assignment."""

    item: Item
    attempt: int
    price: float
    lease_until: int | None
    view: View | None = Field(default=None, exclude_if=is_none)
    """As in the assignment."""


class TaskUnderWay(Message):
    """An annotator who was reminded of a task is at it; to the Coordinator."""

    item: Item
    attempt: int


class AnswerSubmitted(Message):
    """An annotator's answer; to the Coordinator.

    `began` is when the work on it began, in microseconds; None if nobody knows. In an answer that is said again, since it may have
    been lost, it is as long ago as the work took.
    """

    item: Item
    attempt: int
    label: Label
    began: int | None
    confidence: float | None = Field(default=None, exclude_if=is_none)
    """How probable they say it is that they are right; left out of the log where they do not say, as are the next two."""
    chances: tuple[float, ...] | None = Field(default=None, exclude_if=is_none)
    """How probable they say each class is, in the order of the classes."""
    ranking: tuple[Label, ...] | None = Field(default=None, exclude_if=is_none)
    """The classes, the likeliest first; perhaps only the first few."""


class AbstentionSubmitted(Message):
    """An annotator cannot tell; to the Coordinator.

    It is an answer that gives no label: paid, and the item is asked of another. `began` is as in an answer that gives one.
    """

    item: Item
    attempt: int
    began: int | None


class AnswerRepeated(Message):
    """An answer came again, or to an item that its annotator has answered: kept, not counted; the Coordinator to everyone."""

    item: Item
    annotator: str
    attempt: int


class AnswerLate(Message):
    """An answer came after its lease or its cancellation: neither used nor paid; the Coordinator to everyone."""

    item: Item
    annotator: str
    attempt: int


class AnnotatorCame(Message):
    """An annotator is there, and may be asked; to the Coordinator. Each one's comings and goings are numbered from 0."""

    number: int


class AnnotatorLeft(Message):
    """An annotator is not there, and is not to be asked; to the Coordinator. `until`: when they will be; None for never."""

    number: int
    until: int | None


class AnnotatorAway(Message):
    """Nothing is heard of an annotator, so they are asked no more; the Coordinator to everyone."""

    annotator: str


class AnnotatorBack(Message):
    """An annotator who was away was heard of, and may be asked again; the Coordinator to everyone."""

    annotator: str


class GoldAnswered(Message):
    """An answer to a gold item was scored; the Coordinator to everyone."""

    item: Item
    annotator: str
    right: bool


class AnnotatorQualified(Message):
    """An annotator has passed the test, having so many gold questions right of so many; the Coordinator to everyone."""

    annotator: str
    right: int
    asked: int


class AnnotatorBlocked(Message):
    """An annotator has failed the test, having so many gold questions right of so many, and is asked no more; to everyone.

    `retroactive`: their answers to items are void. Those to open items are so from now on; items that have a label which rests on
    them are opened again, each by an event of its own.
    """

    annotator: str
    right: int
    asked: int
    retroactive: bool


class AnswersCounted(Message):
    """The answers that an item has, and who gave them, where items may be asked for again or a lesson goes by answers; to everyone.

    Said before each label that the Coordinator settles on.
    """

    item: Item
    annotators: tuple[str, ...]
    labels: tuple[Label, ...]


class ItemBilled(Message):
    """What the answers to an item have cost in all, and how many microseconds were spent on them, where items are chosen by that.

    Said before each label that the Coordinator settles on, to everyone. `time` is 0 where nobody knows it.
    """

    item: Item
    price: float
    time: int


class ItemResolved(Message):
    """The label the Coordinator settles on, and for how many answers; to everyone.

    `revision` counts from 0: a later one takes the place of those before it.
    """

    item: Item
    label: Label
    votes: int
    revision: int
    by: str | None = Field(default=None, exclude_if=is_none)
    """Which of several policies, or which tier, had the last word; left out of the log where there is only one."""


class ItemClosed(Message):
    """An authority has decided an item's label: it is not opened again, whatever becomes of the answers; to everyone."""

    item: Item


Given = tuple[str, Label, int, int]
"""An answer that was given before: by whom, what it says, when, and by which event."""


class ItemReopened(Message):
    """An item that had a label is open again; the Coordinator to everyone.

    Where answers became void, it has no label until it gets one anew. Where none did, one more answer is wanted, and it keeps its
    label until there is another.
    """

    item: Item
    kept: tuple[Given, ...]
    voided: tuple[Given, ...]


class ItemGivenUp(Message):
    """An item gets no label, for that reason; the Coordinator to everyone."""

    item: Item
    reason: str


class TrainingStarted(Message):
    """The Learner trains a version on that many labels; to everyone."""

    version: int
    labels: int


class ModelPublished(Message):
    """A version is ready, trained on that many labels; from the Learner to everyone."""

    version: int
    labels: int
    members: tuple[str, ...] | None = Field(default=None, exclude_if=is_none)
    """Which members of a committee it is made of, those being left out that were too slow; left out of the log without one."""


class LearningEnded(Message):
    """The Learner trains no more: this version saw all labels; to everyone."""

    version: int


class ModelEvaluated(Message):
    """How good a version is on held-out items; from the Evaluator to everyone."""

    version: int
    labels: int
    accuracy: float
    macro_f1: float
    log_loss: float


class StoppingAdvised(Message):
    """By that rule it is time to stop: a version, trained on that many labels, met it; the Selector to everyone.

    `measure`: what the version came to, such as the kappa of its predictions and those of the one before it.
    """

    rule: str
    version: int
    labels: int
    measure: float


class CampaignEnded(Message):
    """Nothing more is asked; the Coordinator to everyone."""

    stopped_by: StoppedBy


class TruthTold(Message):
    """What is true of items, in a log of answers from outside, where no world is left to ask; from the Evaluator to everyone."""

    items: tuple[Item, ...]
    labels: tuple[Label, ...]


class LabelsJudged(Message):
    """How many of the resolved labels are right, in all and by true class; from the Evaluator to everyone."""

    labels: int
    right: int
    by_class: tuple[tuple[int, int], ...]
