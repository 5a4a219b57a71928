"""What must hold of gold questions in every campaign: checked on its events, with rules worked out anew."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from scipy import stats

from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import Beta, Cusum, PassMark, SkillTest, Sprt
from agents.event import event_of
from agents.messages import (
    AbstentionSubmitted,
    AnnotatorBlocked,
    AnnotatorQualified,
    AnswerSubmitted,
    GoldAnswered,
    GoldKnown,
    Item,
    ItemClosed,
    ItemGivenUp,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    TaskAssigned,
    TaskDeclined,
)
from agents.state import State
from bus.message import Envelope
from scenarios.campaign import Campaign


def check_gold(campaign: Campaign, log: Sequence[Envelope], answered: Counter[tuple[str, Item, int]]) -> None:
    """Check gold questions, verdicts, and what became void.

    Args:
        campaign, log: the campaign.
        answered: the tasks that ended with an answer in time.
    """
    gold, known = campaign.scenario.coordination.gold, [event for event in log if isinstance(event.body, GoldKnown)]
    assert all(event.recipient == "coordinator" for event in known)
    labels = {item: label for event in known for item, label in zip(event.body.items, event.body.labels, strict=True)}
    worked_on = {event.body.item for event in log if isinstance(event.body, ItemRequested | ItemResolved | ItemGivenUp)}
    assert not worked_on & labels.keys(), "a gold item was asked for, or got a label"
    check_scores(log, labels, {key for key in answered if key[1] in labels})
    if gold is None:
        assert not any(isinstance(event.body, GoldAnswered | AnnotatorBlocked | AnnotatorQualified) for event in log)
        return
    check_verdicts(gold, log)
    check_questions(gold, log, labels.keys())
    if gold.retroactive:
        check_void(log)


def check_scores(log: Sequence[Envelope], labels: dict[Item, object], answered: set[tuple[str, Item, int]]) -> None:
    """Check that each answer to a gold question that came in time was scored, once, and by the truth."""
    scored = Counter()
    for event in log:
        if isinstance(event.body, GoldAnswered):
            assert event.cause is not None
            answer = log[event.cause - 1]
            assert isinstance(answer.body, AnswerSubmitted)
            assert (answer.sender, answer.body.item) == (event.body.annotator, event.body.item)
            assert event.body.right == (labels[event.body.item] == answer.body.label)
            scored[answer.sender, answer.body.item, answer.body.attempt] += 1
    assert scored == Counter(answered), "a gold answer was scored twice, or not at all"


def verdict_by_the_book(test: SkillTest, answers: Sequence[bool]) -> str | None:
    """Return the verdict on these answers, by formulas of its own."""
    right, wrong = sum(answers), len(answers) - sum(answers)
    match test:
        case Sprt():
            ratio = (test.bad / test.good) ** right * ((1 - test.bad) / (1 - test.good)) ** wrong
            if ratio >= (1 - test.miss) / test.false_alarm:
                return "failed"
            return "passed" if ratio <= test.miss / (1 - test.false_alarm) else None
        case Beta():
            below = stats.beta(test.a + right, test.b + wrong).cdf(test.threshold)
            return "failed" if below >= test.confidence else "passed" if below <= 1 - test.confidence else None
        case Cusum():
            steps = [math.log(test.bad / test.good) if each else math.log((1 - test.bad) / (1 - test.good)) for each in answers]
            return "failed" if max((sum(steps[start:]) for start in range(len(steps))), default=0.0) >= test.limit else None
        case PassMark():
            if len(answers) < test.questions and not test.early:
                return None
            return "passed" if right >= test.right else "failed" if right + test.questions - len(answers) < test.right else None
    raise AssertionError(f"no book tells of {test!r}")


def check_verdicts(gold: Gold, log: Sequence[Envelope]) -> None:
    """Check that people pass, or are blocked, when the test says so; and that nothing is asked of them then that should not be."""
    answers: dict[str, list[bool]] = defaultdict(list)
    due: dict[str, str] = {}
    told: dict[str, str] = {}
    for event in log:
        match event.body:
            case GoldAnswered(annotator=name, right=right):
                answers[name].append(right)
                verdict = None if name in due else verdict_by_the_book(gold.test, answers[name])
                if verdict is not None:
                    due[name] = verdict
            case AnnotatorQualified(annotator=name) | AnnotatorBlocked(annotator=name):
                assert name not in told, "somebody was told twice"
                told[name] = "failed" if isinstance(event.body, AnnotatorBlocked) else "passed"
                assert told[name] == due[name], "a verdict is not that of the test"
                assert (event.body.right, event.body.asked) == (sum(answers[name]), len(answers[name]))
            case TaskAssigned():
                assert due.get(event.recipient) != "failed", "somebody is asked who is blocked"
    assert told == due, "somebody was not told their verdict"


def check_questions(gold: Gold, log: Sequence[Envelope], items: Sequence[Item]) -> None:
    """Check that gold questions come when they should, and none again while there are others."""
    times: dict[str, Counter[Item]] = defaultdict(Counter)
    declined: dict[str, set[Item]] = defaultdict(set)
    given: Counter[str] = Counter()
    done: set[str] = set()
    state = State()
    for event in log:
        body, name = event.body, event.recipient
        if isinstance(body, TaskDeclined | AbstentionSubmitted):
            declined[event.sender].add(body.item)
        elif isinstance(body, AnnotatorQualified):
            done.add(body.annotator)
        elif isinstance(body, TaskAssigned):
            others = [item for item in items if item not in declined[name]]
            if body.item in items:
                assert state.open, "a gold question came when there was nothing to do"
                assert name not in done, "a gold question came after the test"
                assert body.attempt == times[name][body.item]
                # One that was declined on its way, or when it was too late, may count as declined here already.
                assert all(times[name][item] >= body.attempt for item in others), "a gold question came again before all others"
                times[name][body.item] += 1
            elif others and name not in done:
                assert gold.test.length is None, "somebody works who has not qualified"
                assert given[name] >= gold.beginning, "somebody works before their first gold questions"
            given[name] += 1
        state.apply(event_of(event))


def check_void(log: Sequence[Envelope]) -> None:
    """Check that no label rests on an answer of somebody who is blocked."""
    state = State()
    blocked: set[str] = set()
    voters: dict[Item, set[str]] = {}
    for event in log:
        body = event.body
        if isinstance(body, AnnotatorBlocked):
            blocked.add(body.annotator)
        elif isinstance(body, ItemReopened) and body.voided:
            assert {name for name, *_ in body.voided} <= blocked
            assert not {name for name, *_ in body.kept} & blocked
            del voters[body.item]
        elif isinstance(body, ItemResolved) and body.item in state.open:
            state.settle()
            voters[body.item] = {vote.annotator for vote in state.open[body.item].votes}
            assert not voters[body.item] & blocked, "a label rests on a void answer"
        elif isinstance(body, ItemClosed):
            # An authority's word stands.
            del voters[body.item]
        state.apply(event_of(event))
    assert not any(names & blocked for names in voters.values()), "a label that rests on void answers still stands"
