"""What a run amounts to: one object, for people's eyes and for programs."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from agents.coordinator.ledger import MILLIONTHS
from agents.coordinator.screening.skill_test import skill_of
from agents.judgement import Evaluation
from agents.messages import Label, StoppedBy, Verdict
from agents.person import Person, Stays
from agents.state import State
from bus.clock import SECOND
from scenarios.header import Header, Simulated
from scenarios.history.course import NONSENSE, Course
from scenarios.stopping import Advised, Best, advised_of, best_of, not_reached_of

MOST_PEOPLE, MOST_MONEY = 1_000_000, 1e15
"""Annotators, and budget or labels, beyond which a header is not believed."""


class Point(NamedTuple):
    """A model version on the learning curve: what it was trained on, how good it is on held-out items, and what that took.

    Attributes:
        labels: it was trained on, those known from the start among them.
        accuracy, macro_f1, log_loss: of it.
        cost: the money that was spent when it was evaluated.
        seconds: the simulated time then.
    """

    labels: int
    accuracy: float
    macro_f1: float
    log_loss: float
    cost: float
    seconds: float


class Work(NamedTuple):
    """What one annotator did: answers accepted, answers that came too late, share of the time spent at work."""

    name: str
    answers: int
    late: int
    busy: float


class Stay(NamedTuple):
    """How much somebody who comes and goes was there: how often they came, and the share of the campaign that they were there."""

    name: str
    visits: int
    share: float


class Screened(NamedTuple):
    """What came of the gold questions that somebody was asked.

    Attributes:
        name: the annotator.
        asked, right: questions answered, and answered right.
        skill, low, high: the accuracy that this speaks for, and between what it lies with probability 0.95.
        verdict: how their test ended, None if it did not; who has failed is blocked.
    """

    name: str
    asked: int
    right: int
    skill: float
    low: float
    high: float
    verdict: Verdict | None


class Summary(BaseModel):
    """The outcome of a run; times in seconds, money in units of the user's currency, None where there is nothing to measure."""

    model_config = ConfigDict(frozen=True)

    name: str
    seed: int
    stopped_by: StoppedBy
    accuracy: float | None
    """Accuracy of the last model on held-out items; None without a learner."""
    macro_f1: float | None
    log_loss: float | None
    labels: int
    """Resolved items; seed labels are not among them."""
    label_accuracy: float | None
    """Share of the resolved labels that are right."""
    label_accuracy_by_class: dict[Label, float | None]
    answers: int
    """Answers accepted."""
    late: int
    """Answers that came after their lease or cancellation."""
    expired: int
    """Tasks whose time ran out."""
    declined: int = 0
    """Tasks to which their annotator had no answer to give."""
    abstained: int = 0
    """Tasks of which their annotator said that they cannot tell: paid, and no vote; they are not among the answers."""
    returned: int = 0
    """Tasks that their annotator gave back undone."""
    cancelled: int = 0
    """Tasks under way that were cancelled: answers that nobody needed any more, or the campaign being over."""
    cancelled_cost: float = 0.0
    """What these cost, the work on them having begun; it is part of the cost."""
    repeated: int = 0
    """Answers that came again, and were not counted again."""
    faults: dict[str, int] = {}
    """Faults by kind; one that two recipients felt is two."""
    given_up: int
    """Items that were asked for and got no label."""
    revised: int = 0
    """Labels that took the place of earlier ones of the same items."""
    cost: float
    simulated_seconds: float
    unanimous: float | None
    """Share of the items with several answers on which all agreed."""
    alpha: float | None
    """Krippendorff's alpha of the answers."""
    staleness: float | None
    """Labels that came, on average, between the scoring of an item and its own label."""
    events: int
    log: str | None
    curve: tuple[Point, ...]
    annotators: tuple[Work, ...]
    stays: tuple[Stay, ...] = ()
    """Those who come and go, in the order of the scenario."""
    utilisation: float | None = None
    """Time spent on accepted answers as a share of the time that people were there; None where all always are."""
    screened: tuple[Screened, ...] = ()
    """Those who answered gold questions, the least skilled first."""
    voided: int = 0
    """Answers that became void, those who gave them being blocked."""
    reopened: int = 0
    """Items that had a label which rested on such answers, and were opened again."""
    sessions: int = 0
    """Items that were talked over; one that was talked over again counts again."""
    rounds: int = 0
    """Rounds of these sessions, as far as they are over."""
    decided: dict[str, int] = {}
    """How often each policy of a chain, or each tier, had the last word."""
    escalated: int = 0
    """How often an item went to a higher tier of an escalation."""
    positions: int = 0
    """What people said in negotiations after their first answers: paid, and not among the answers."""
    right_to_wrong: int = 0
    """Times that somebody who was right was talked out of it."""
    wrong_to_right: int = 0
    """Times that somebody who was wrong came round."""
    wrong_to_wrong: int = 0
    """Times that somebody who was wrong went over to another wrong label."""
    best: Best | None = None
    """The best moment of the curve; None if no model was evaluated."""
    advised: tuple[Advised, ...] = ()
    """The stop rules that fired, in order of time, and what stopping then cost."""
    not_reached: tuple[str, ...] = ()
    """The stop rules that never fired, in the order of the scenario."""

    def _repr_html_(self) -> str:
        """Return a table for a notebook: a line a fact."""
        from scenarios.notebook import summary_in_html

        return summary_in_html(self)


def summarise(state: State, name: str, seed: int, log: str | None, names: Sequence[str] = (), rules: Sequence[str] = ()) -> Summary:
    """Return what a campaign amounts to, by its state: as far as the events go that were applied.

    Args:
        state: the state.
        name, seed: of the scenario.
        log: the log file; None if there is none.
        names: the annotators, as far as they are known beforehand: those who never had a task are known to no event.
        rules: the kinds of the stop rules, as the header of the log says them.
    """
    state.settle()
    last, judged = state.curve[-1] if state.curve else None, state.judged
    seconds = (state.time if state.ended is None else state.ended) / SECOND
    by_class = zip(state.classes, judged.by_class if judged else (), strict=False)
    people = {**{person: Person() for person in names}, **state.people}.items()
    return Summary(
        name=name,
        seed=seed,
        stopped_by=state.stopped_by or "interrupted",
        accuracy=last and last.accuracy,
        macro_f1=last and last.macro_f1,
        log_loss=last and last.log_loss,
        labels=state.resolved,
        label_accuracy=judged.right / judged.labels if judged and judged.labels else None,
        label_accuracy_by_class={label: right / count if count else None for label, (count, right) in by_class},
        answers=sum(person.answers for _, person in people),
        late=sum(person.late for _, person in people),
        expired=sum(person.expired for _, person in people),
        declined=sum(person.declined for _, person in people),
        abstained=sum(person.abstained for _, person in people),
        returned=sum(person.returned for _, person in people),
        cancelled=state.cancelled,
        cancelled_cost=state.cancelled_cost / MILLIONTHS,
        repeated=state.repeated,
        faults=dict(sorted(state.mishaps.faults.items())),
        given_up=state.given_up + sum(not item.labelled for item in state.open.values()),
        revised=state.revised,
        cost=state.committed / MILLIONTHS,
        simulated_seconds=seconds,
        unanimous=state.agreement.unanimous,
        alpha=state.agreement.alpha,
        staleness=state.staleness / state.resolved if state.resolved else None,
        events=state.seq,
        log=log,
        curve=points_of(state.curve),
        annotators=tuple(
            Work(person, each.answers, each.late, each.worked / SECOND / seconds if seconds else 0.0) for person, each in people
        ),
        stays=stays_of(((person, each.stays) for person, each in people if each.stays.number >= 0), round(seconds * SECOND)),
        utilisation=utilisation_of([(each.stays, each.worked) for _, each in people], seconds),
        screened=in_order_of_skill(
            screened(person, each.gold, each.gold_right, each.verdict) for person, each in people if each.gold
        ),
        voided=state.voided,
        reopened=state.reopened,
        sessions=state.sessions,
        rounds=state.rounds,
        decided=dict(sorted(state.decided.items())),
        escalated=state.escalated,
        positions=sum(person.positions for person in state.people.values()),
        best=best_of([(each.labels, each.accuracy, each.macro_f1) for each in state.curve]),
        advised=advised_of(state),
        not_reached=not_reached_of(rules, state),
        **state.flips._asdict(),
    )


def points_of(curve: Iterable[Evaluation]) -> tuple[Point, ...]:
    """Return the points of a learning curve."""
    return tuple(
        Point(each.labels, each.accuracy, each.macro_f1, each.log_loss, each.cost / MILLIONTHS, each.time / SECOND)
        for each in curve
    )


def stays_of(people: Iterable[tuple[str, Stays]], end: int) -> tuple[Stay, ...]:
    """Return how much people were there, up to an instant in microseconds."""
    return tuple(Stay(name, each.visits, each.until_now(end) / end if end else 0.0) for name, each in people)


def utilisation_of(people: Sequence[tuple[Stays | None, int]], seconds: float) -> float | None:
    """Return the share of the time that people were there which they worked.

    Args:
        people: of each, when they were there, None for always, and how many microseconds they worked.
        seconds: how long the campaign took.
    """
    if all(stays is None or stays.number < 0 for stays, _ in people):
        return None
    end = round(seconds * SECOND)
    there = sum(end if stays is None else stays.until_now(end) for stays, _ in people)
    return sum(worked for _, worked in people) / there if there else 0.0


def screened(name: str, asked: int, right: int, verdict: Verdict | None) -> Screened:
    """Return what came of so many gold questions, so many of which somebody had right."""
    return Screened(name, asked, right, *skill_of(right, asked), verdict)


def in_order_of_skill(people: Iterable[Screened]) -> tuple[Screened, ...]:
    """Return those who were asked gold questions, the least skilled first."""
    return tuple(sorted(people, key=lambda each: (each.skill, each.name)))


def summary_of(course: Course, header: Header) -> Summary:
    """Return what a campaign amounts to, as far as a course of its log was led.

    Raises:
        CorruptLog: the events so far hold what makes no sense, such as classes that are no names.
    """
    try:
        path, people, rules = str(course.reader.path), people_of(header), rules_of(header)
        return summarise(course.state, header.name, header.seed, path, people, rules)
    except NONSENSE as error:
        raise course.misfit({}, error) from None


def people_of(header: Header) -> list[str]:
    """Return the names of the annotators that a log's header tells of, in the order of the scenario.

    A header is data: where it does not say what a scenario says, it tells of nobody.
    """
    names: list[str] = []
    tables = _tables(header).get("annotators")
    for table in tables if isinstance(tables, list) else ():
        group = table if isinstance(table, dict) else {}
        name, count = group.get("name"), group.get("count")
        if isinstance(name, str) and isinstance(count, int) and len(names) + count <= MOST_PEOPLE:
            names += [f"{name}-{number}" for number in range(1, count + 1)]
    return names


def budget_of(header: Header) -> float | None:
    """Return the budget that a log's header tells of, in units of the user's currency; None for none."""
    budget = _stop(header).get("budget")
    return float(budget) if isinstance(budget, int | float) and abs(budget) < MOST_MONEY else None


def wanted_of(header: Header) -> int | None:
    """Return the labels that a log's header says are wanted; None for as many as there are items."""
    labels = _stop(header).get("labels")
    return labels if isinstance(labels, int) and 0 < labels < MOST_MONEY else None


def rules_of(header: Header) -> list[str]:
    """Return the kinds of the stop rules that a log's header tells of, in the order of the scenario."""
    rules = _stop(header).get("rules")
    kinds = [rule.get("kind") for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    return [kind for kind in kinds if isinstance(kind, str)]


def _stop(header: Header) -> dict[str, Any]:
    stop = _tables(header).get("stop")
    return stop if isinstance(stop, dict) else {}


def _tables(header: Header) -> dict[str, Any]:
    return header.scenario if isinstance(header, Simulated) else {}
