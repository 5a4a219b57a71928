"""What a coordinator that comes back learns from the log."""

from collections.abc import Sequence
from typing import NamedTuple

from agents.coordinator.bills import Bills, Recount
from agents.coordinator.docket import Docket
from agents.coordinator.learning import Learning
from agents.coordinator.screening.examiner import Examiner
from agents.event import event_of
from agents.messages import AnnotatorBlocked, GoldAnswered, GoldKnown, Item, ItemClosed, ItemGivenUp, ItemReopened, ItemResolved
from agents.open_item import OpenItem, Vote
from agents.state import State
from bus.message import Envelope, Message


class Recollection(NamedTuple):
    """What the log amounts to.

    Attributes:
        state: the fold of its events.
        unscored: answers to gold questions that count, and of which it was not said whether they are right.
    """

    state: State
    unscored: Sequence[tuple[Item, Vote]]


def recollect(
    history: Sequence[Envelope],
    docket: Docket,
    learning: Sequence[Learning],
    examiner: Examiner | None,
    bills: Bills | None = None,
) -> Recollection:
    """Read the log to its end, and let others learn from it once more what was learnt from answers, labels and verdicts.

    Args:
        history: all events so far.
        docket: gets what is closed or was opened again; what else is open follows from the state.
        learning: those who learn from it.
        examiner: who keeps everybody's test; None if there is none.
        bills: gets what was paid; None if nobody wants to know.
    """
    unscored: dict[int | None, tuple[Item, Vote]] = {}

    def heed(item: Item, vote: Vote) -> None:
        for each in learning:
            each.hear(item, vote.annotator, vote.label)
        if examiner is not None and item in examiner.labels:
            unscored[vote.seq] = (item, vote)

    state = State(heed) if bills is None else Recount(heed, bills)
    for envelope in history:
        body = envelope.body
        known = state.open.get(body.item) if isinstance(body, ItemResolved) else None
        state.apply(event_of(envelope))
        if isinstance(body, GoldAnswered):
            unscored.pop(envelope.cause, None)
        _put_down(docket, known, body)
        for each in learning:
            _tell(each, body)
        if examiner is not None:
            examiner.read(envelope)
    state.settle()
    return Recollection(state, [*unscored.values()])


def _put_down(docket: Docket, known: OpenItem | None, body: Message) -> None:
    match body:
        case ItemResolved():
            docket.read_resolution(body.item, known, body.label, body.revision)
        case ItemReopened():
            docket.read_reopening(body)
        case ItemGivenUp():
            docket.read_giving_up(body.item)
        case ItemClosed():
            docket.read_closing(body.item)


def _tell(learning: Learning, body: Message) -> None:
    match body:
        case GoldKnown(items=items, labels=labels):
            for item, label in zip(items, labels, strict=True):
                learning.know(item, label)
        case ItemResolved(item=item, label=label):
            learning.settle(item, label)
        case AnnotatorBlocked(annotator=name, retroactive=True):
            learning.forget(name)
