"""What a campaign has come to at a moment: one object, for people's eyes and for programs."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from agents.coordinator.ledger import MILLIONTHS
from agents.messages import Item, Label, StoppedBy, Verdict
from agents.open_item import OpenItem
from agents.person import Person, Task
from agents.state import State
from bus.clock import SECOND
from bus.replay import CorruptLog
from scenarios.header import Header, Recorded
from scenarios.history.course import NONSENSE, Course
from scenarios.summary import Point, budget_of, people_of, points_of, wanted_of


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class AnswerGiven(_Part):
    """An answer to an open item."""

    annotator: str
    label: Label
    at: float


class ItemOpen(_Part):
    """An item that is open: who answered what, those who did before it was opened again too, who is at it, who has none."""

    item: Item
    since: float
    version: int
    """The model that scored it; 0 for none."""
    score: float
    answers: tuple[AnswerGiven, ...]
    at_it: tuple[str, ...]
    declined: tuple[str, ...]
    labelled: bool
    """Whether it has a label, and is to have one more answer; it keeps the label until it gets another."""
    reopened: bool
    """Whether it had a label before: a void one, if it is not labelled now."""
    round: int | None
    """The round of a session to which people were called last; None if it is not talked over now."""
    tier: int | None
    """The tier to which it has gone up; None if it has not."""


class TaskOpen(_Part):
    """A task that an annotator has. Its lease being over, the annotator may still be at it, and will be late."""

    item: Item
    attempt: int
    since: float
    price: float
    lease_until: float | None
    over: bool


class AnnotatorAt(_Part):
    """An annotator: the tasks they have, and counts of what they did."""

    name: str
    tasks: tuple[TaskOpen, ...]
    answers: int
    late: int
    expired: int
    declined: int
    abstained: int
    worked: float
    """Time spent on accepted answers."""
    returned: int
    """Tasks that they gave back."""
    away: bool
    """Whether nothing was heard of them, so that they are asked no more."""
    there: bool
    """Whether they are there, by their own word; who comes and goes says so, and who does not is there always."""
    back: float | None
    """When they, not being there, will be; None for never."""
    stayed: float
    """How long they were there."""
    down: bool
    gold: int
    """Gold questions answered; they are among the answers."""
    gold_right: int
    verdict: Verdict | None
    """How their test ended; who has failed is blocked."""


class Money(_Part):
    """Money promised for tasks under way, money spent, and the budget; None for no limit."""

    reserved: float
    committed: float
    budget: float | None


class ModelAt(_Part):
    """The version that is in use, the labels it was trained on, and how good it is; None where it is not evaluated yet."""

    version: int
    labels: int
    accuracy: float | None
    macro_f1: float | None
    log_loss: float | None
    training: int | None
    """The version that is being trained."""


class AdviceAt(_Part):
    """A stop rule that has fired: the model that met it, the labels it was trained on, and when that was said."""

    rule: str
    version: int
    labels: int
    measure: float
    at: float


class Status(_Part):
    """A campaign at a moment; times in seconds of simulated time, money in units of the user's currency."""

    log: str
    name: str
    seed: int
    at: float
    """The moment: what happened at it is included."""
    end: float
    """The last event of the log."""
    counted: bool
    """Whether times only count answers, in microseconds, nothing but the order of which was known."""
    finished: bool
    """Whether the log has a footer, its run having come to its end."""
    events: int
    """Events up to the moment."""
    items: int
    seed_labels: int
    labels: int
    """Resolved items; seed labels are not among them."""
    labels_wanted: int | None
    """Labels at which the campaign stops; None for no such limit."""
    given_up: int
    answers: int
    late: int
    expired: int
    declined: int
    abstained: int
    returned: int
    """Tasks that were given back."""
    repeated: int
    voided: int
    """Answers that became void, those who gave them being blocked."""
    reopened: int
    """Items that were opened again for that."""
    money: Money
    model: ModelAt | None
    """None where there is no model yet, or no learner."""
    curve: tuple[Point, ...]
    advice: tuple[AdviceAt, ...]
    """The stop rules that have fired, in order of time."""
    alpha: float | None
    """Krippendorff's alpha of the answers."""
    open: tuple[ItemOpen, ...]
    annotators: tuple[AnnotatorAt, ...]
    down: tuple[str, ...]
    """Agents that are down."""
    faults: dict[str, int]
    """Faults so far, by their kind."""
    answers_under_way: int
    """Answers that were sent, and that a fault keeps from arriving for now."""
    pool_exhausted: bool
    ended: float | None
    stopped_by: StoppedBy | None


def status_of(course: Course, header: Header, time: int, end: int) -> Status:
    """Return what a campaign has come to, where a course stands.

    Args:
        course: the course.
        header: the header of its log.
        time: the moment it was led to, in microseconds.
        end: the last event of the log, in microseconds.

    Raises:
        CorruptLog: the events so far hold what makes no sense, such as names that are numbers.
    """
    state = course.state
    try:
        state.settle()
        return _status(state, course, header, time, end)
    except NONSENSE as error:
        raise CorruptLog(course.reader.path, course.number, f"the events up to here make no sense ({str(error)[:200]})") from None


def _status(state: State, course: Course, header: Header, time: int, end: int) -> Status:
    people = {**{name: Person() for name in people_of(header)}, **state.people}
    now = time if state.ended is None else min(time, state.ended)
    return Status(
        log=str(course.reader.path),
        name=header.name,
        seed=header.seed,
        at=time / SECOND,
        end=end / SECOND,
        counted=isinstance(header, Recorded) and header.times == "order",
        finished=course.reader.footer is not None,
        events=state.seq,
        items=state.items,
        seed_labels=state.seeds,
        labels=state.resolved,
        labels_wanted=wanted_of(header),
        given_up=state.given_up,
        answers=sum(person.answers for person in people.values()),
        late=sum(person.late for person in people.values()),
        expired=sum(person.expired for person in people.values()),
        declined=sum(person.declined for person in people.values()),
        abstained=sum(person.abstained for person in people.values()),
        returned=sum(person.returned for person in people.values()),
        repeated=state.repeated,
        voided=state.voided,
        reopened=state.reopened,
        money=Money(reserved=state.reserved / MILLIONTHS, committed=state.committed / MILLIONTHS, budget=budget_of(header)),
        model=_model(state),
        curve=points_of(state.curve),
        advice=tuple(
            AdviceAt(rule=each.rule, version=each.version, labels=each.labels, measure=each.measure, at=each.time / SECOND)
            for each in state.advice
        ),
        alpha=state.agreement.alpha,
        open=tuple(_item(item, each) for item, each in state.open.items()),
        annotators=tuple(_annotator(name, each, name in state.mishaps.down, now) for name, each in people.items()),
        down=tuple(state.mishaps.down),
        faults=dict(state.mishaps.faults),
        answers_under_way=len(state.mishaps.travelling),
        pool_exhausted=state.exhausted,
        ended=None if state.ended is None else state.ended / SECOND,
        stopped_by=state.stopped_by,
    )


def _model(state: State) -> ModelAt | None:
    if not state.version and state.training is None:
        return None
    last = next((each for each in reversed(state.curve) if each.version == state.version), None)
    return ModelAt(
        version=state.version,
        labels=state.trained_on,
        accuracy=last and last.accuracy,
        macro_f1=last and last.macro_f1,
        log_loss=last and last.log_loss,
        training=state.training,
    )


def _item(item: Item, each: OpenItem) -> ItemOpen:
    return ItemOpen(
        item=item,
        since=each.requested / SECOND,
        version=each.version,
        score=each.score,
        answers=tuple(AnswerGiven(annotator=vote.annotator, label=vote.label, at=vote.time / SECOND) for vote in each.votes),
        at_it=tuple(each.under_way),
        declined=tuple(each.declined),
        labelled=each.labelled,
        reopened=each.reopened,
        round=each.talk.turn or None if each.session and each.talk is not None else None,
        tier=each.tier or None,
    )


def _annotator(name: str, person: Person, down: bool, now: int) -> AnnotatorAt:
    tasks: Iterable[Task | None] = (*person.beside, person.task)
    return AnnotatorAt(
        name=name,
        tasks=tuple(_task(task) for task in tasks if task is not None),
        answers=person.answers,
        late=person.late,
        expired=person.expired,
        declined=person.declined,
        abstained=person.abstained,
        worked=person.worked / SECOND,
        returned=person.returned,
        away=person.away,
        there=person.stays.there,
        back=None if person.stays.there or person.stays.until is None else person.stays.until / SECOND,
        stayed=person.stays.until_now(now) / SECOND,
        down=down,
        gold=person.gold,
        gold_right=person.gold_right,
        verdict=person.verdict,
    )


def _task(task: Task) -> TaskOpen:
    return TaskOpen(
        item=task.item,
        attempt=task.attempt,
        since=task.assigned / SECOND,
        price=task.price / MILLIONTHS,
        lease_until=None if task.due is None else task.due / SECOND,
        over=not task.live,
    )
