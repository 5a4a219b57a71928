"""What people hold, and say, who are shown what others hold; and that a crash does not change their minds."""

import asyncio
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.annotator import Annotator
from agents.annotator.answering import Answering
from agents.annotator.availabilities.rate_limit import RateLimit
from agents.annotator.change import Change
from agents.annotator.changes.fatigue import Fatigue
from agents.annotator.changes.learning import Learning
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.mind import Held, Mind
from agents.annotator.nature import Nature
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.presence import Presence
from agents.annotator.saying import Said, Saying
from agents.annotator.sayings.abstain import Abstain
from agents.annotator.sayings.choice import SAYINGS, AnySaying
from agents.annotator.sayings.confidence import Confidence
from agents.annotator.sayings.label import JustLabel
from agents.annotator.sayings.ranking import Ranking
from agents.annotator.sayings.soft import SoftLabel
from agents.annotator.social import TIE, Social
from agents.annotator.socials.argument import Argument
from agents.annotator.socials.bounded_confidence import BoundedConfidence
from agents.annotator.socials.choice import SOCIALS as SOCIAL_KINDS
from agents.annotator.socials.choice import AnySocial
from agents.annotator.socials.conformity import Conformity
from agents.annotator.socials.debate import Debate
from agents.messages import AbstentionSubmitted, AnswerSubmitted, GoldAnswered, Item, TaskAssigned, View, Voice
from agents.negotiation import PositionStated
from bus.chance import Chance
from bus.clock import SECOND, run
from tests.agents.annotator.cases import case
from tests.agents.samples import at_work, make, truth_of
from tests.bus.samples import bus_and_record
from tests.scenarios.behaviours import SOCIALS

CLASSES = ("a", "b", "c")
TRUTH = truth_of(*[0, 1, 2] * 40, classes=CLASSES)
CHANCE = Chance(7)

CONDUCT: list[Social] = [make(AnySocial, table) for table in SOCIALS]
WORDS: list[tuple[Saying, ...]] = [
    (JustLabel(),),
    (Confidence(noise=0.5),),
    (SoftLabel(),),
    (Confidence(noise=0.5), SoftLabel()),
    (Confidence(), Ranking()),
    (Confidence(), Abstain(steepness=0.5)),
]


def named(value: Any) -> str:
    return "-".join(each.kind for each in (value if isinstance(value, tuple) else (value,)))


def person(social: Social | None, says: tuple[Saying, ...] = (), changes: tuple[Change, ...] = ()) -> Answering:
    return Answering("w", OneCoin(accuracy=0.6), FixedTime(time=10), changes, says, None, CHANCE, social)


def heard(item: int, turn: int) -> tuple[Voice, ...]:
    """Return what three others hold, of whom not all say the same things."""
    luck = CHANCE.keyed("others").luck(item, turn)
    labels = [luck.below(3) for _ in range(3)]
    sure = 0.4 + 0.6 * luck.uniform()
    chances = tuple(sure if each == labels[2] else (1 - sure) / 2 for each in range(3))
    return (
        ("x", CLASSES[labels[0]], None, None, 1.0),
        ("y", CLASSES[labels[1]], 0.4 + 0.5 * luck.uniform(), None, 2.0),
        ("z", CLASSES[labels[2]], sure, chances, 0.5),
    )


def test_every_conduct_and_every_saying_is_tried():
    assert {social.kind for social in CONDUCT} == SOCIAL_KINDS.members.keys()
    # Who declines has said nothing to reconsider.
    assert {saying.kind for says in WORDS for saying in says} == SAYINGS.members.keys() - {"decline"}
    assert make(AnySaying, "decline").say(Said(1), (0.5, 0.5), case(), CHANCE.keyed("x").luck(0)).label in (1, None)


# What they say


@pytest.mark.parametrize("social", CONDUCT, ids=named)
@pytest.mark.parametrize("says", WORDS, ids=named)
def test_who_reconsiders_says_as_much_as_before_and_does_not_contradict_themselves(social, says):
    answering, moved = person(social, says), 0
    mind = Mind(answering, CLASSES)
    for item in range(60):
        question = case(item, TRUTH.of(item), 3)
        first = mind.answer(answering.answer(question, None), question, None, None)
        if first.label is None:
            assert mind.held(item) is None
            continue
        for turn in (1, 2, 3):
            said = mind.reconsider(question._replace(attempt=turn), (turn, True, None, heard(item, turn)))
            moved += said != first
            assert said.label is not None
            assert (said.confidence is None, said.chances is None) == (first.confidence is None, first.chances is None)
            assert said.ranking is None or said == first
            if said.confidence is not None:
                assert 1 / 3 - TIE <= said.confidence <= 1
            if said.chances is not None:
                assert math.fsum(said.chances) == pytest.approx(1)
                assert said.chances[said.label] >= max(said.chances) - TIE
            if said.confidence is not None and said.chances is not None:
                assert said.chances[said.label] == pytest.approx(said.confidence)
    # Who is certain of a label says another when they hold another, which among the near nobody makes them.
    assert moved > 0 or (social.kind == "bounded-confidence" and says[0].kind == "label")


@pytest.mark.parametrize("social", CONDUCT, ids=named)
def test_who_heeds_nobody_says_what_they_said(social):
    answering = person(social.model_copy(update={"confidence_needed": 1.0}), (Confidence(), SoftLabel(), Ranking()))
    mind = Mind(answering, CLASSES)
    for item in range(20):
        question = case(item, TRUTH.of(item), 3)
        first = mind.answer(answering.answer(question, None), question, None, None)
        assert mind.reconsider(question, (1, True, None, ((None, "a", 0.9, None, 1.0),))) == first
        assert mind.reconsider(question, (2, True, None, ())) == first


def test_who_does_not_react_to_others_says_what_they_said_whatever_is_shown():
    own: Voice = ("w", "b", 0.7, (0.1, 0.7, 0.2), 1.0)
    said = Mind(person(None), CLASSES).reconsider(case(1, 1, 3), (1, True, own, heard(1, 1)))
    assert said == Said(1, confidence=0.7, chances=(0.1, 0.7, 0.2))


def test_of_whom_only_is_known_what_they_said_starts_from_that():
    own: Voice = ("w", "b", None, None, 1.0)
    said = Mind(person(Conformity(openness=0.6)), CLASSES).reconsider(
        case(1, 1, 3), (1, False, own, ((None, "a", None, None, 1.0),))
    )
    assert said == Said(0)


def test_a_debater_betrays_by_no_confidence_whether_they_are_right():
    social = Debate(concentration=2)
    sure: dict[bool, set[float]] = {True: set(), False: set()}
    for item in range(100):
        answering = person(social, (Confidence(slope=2), SoftLabel()))
        someone = Mind(answering, CLASSES)
        question = case(item, 0, 3)
        someone.answer(answering.answer(question, None), question, None, None)
        said = someone.reconsider(question, (1, True, None, ((None, "a", None, None, 1.0), (None, "b", None, None, 1.0))))
        assert said.confidence is not None
        sure[said.label == 0].add(round(said.confidence, 9))
    assert sure[True] == sure[False]
    assert len(sure[True]) == 1


def test_whoever_is_convinced_without_being_told_how_sure_is_as_sure_as_before():
    answering = person(Argument(wrong_to_right=1, right_to_wrong=1), (Confidence(noise=1), SoftLabel()))
    mind, convinced = Mind(answering, CLASSES), 0
    for item in range(40):
        question = case(item, TRUTH.of(item), 3)
        first = mind.answer(answering.answer(question, None), question, None, None)
        assert first.label is not None and first.chances is not None
        other = TRUTH.of(item) if first.label != TRUTH.of(item) else (first.label + 1) % 3
        said = mind.reconsider(question, (1, True, None, (("x", CLASSES[other], None, None, 1.0),)))
        assert (said.label, said.confidence) == (other, first.confidence)
        assert said.chances is not None
        assert (said.chances[other], said.chances[first.label]) == (first.chances[first.label], first.chances[other])
        convinced += 1
    assert convinced == 40


def test_who_takes_over_a_label_says_of_it_what_they_would_have_said_of_their_own():
    answering = person(Conformity(anchoring=1), (Confidence(noise=1), SoftLabel(), Ranking()))
    mind = Mind(answering, CLASSES)
    for item in range(30):
        question = case(item, TRUTH.of(item), 3)
        alone = answering.answer(question, None)
        assert alone.label is not None and alone.chances is not None and alone.ranking is not None
        shown = (alone.label + 1) % 3
        said = mind.answer(alone, question, None, (0, False, None, ((None, CLASSES[shown], None, None, 1.0),)))
        assert (said.label, said.confidence) == (shown, alone.confidence)
        assert said.chances is not None and said.ranking is not None
        assert said.chances[shown] == alone.chances[alone.label] >= max(said.chances) - TIE
        assert said.ranking[0] == shown
        assert sorted(said.ranking) == [0, 1, 2]
        assert mind.held(item) is not None


def test_a_ranking_of_the_first_few_takes_in_a_label_that_it_had_left_out():
    assert Said(1, ranking=(1, 2)).relabelled(0).ranking == (0, 2)
    assert Said(1, ranking=(1, 2)).relabelled(2).ranking == (2, 1)
    assert Said(1, chances=(0.2, 0.8)).relabelled(1) == Said(1, chances=(0.2, 0.8))


# At work


class Meeting:
    """Somebody of some conduct, on a real bus, and the coordinator played by the test."""

    def __init__(
        self,
        social: Social | None,
        says: tuple[Saying, ...] = (Confidence(noise=0.5), SoftLabel()),
        changes: tuple[Change, ...] = (),
        presence: Presence | None = None,
    ) -> None:
        self.bus, self.record = bus_and_record()
        self.bus.subscribe("coordinator")
        self.person = Annotator("w", self.bus, person(social, says, changes), TRUTH, Nature(CHANCE), True, presence)

    async def ask(self, item: Item, attempt: int = 0, view: View | None = None) -> None:
        body = TaskAssigned(item=item, attempt=attempt, price=0.1, lease_until=None, view=view)
        await self.bus.publish(body, "coordinator", "w")

    async def tell(self, item: int) -> None:
        await self.bus.publish(GoldAnswered(item=item, annotator="w", right=True), "coordinator")

    @property
    def said(self) -> list[Any]:
        return [
            event.body for event in self.record if event.sender == "w" and isinstance(event.body, AnswerSubmitted | PositionStated)
        ]

    def held(self) -> dict[int, Held | None]:
        return {item: self.person._working.mind.held(item) for item in range(12)}


def last_word(meeting: Meeting, item: int) -> Voice:
    body = [each for each in meeting.said if each.item == item][-1]
    return ("w", body.label, body.confidence, body.chances, 1.0)


@pytest.mark.parametrize("effort", [0.25, 1.0, 3.0])
async def test_reconsidering_takes_its_multiple_of_the_time_of_an_answer(effort):
    meeting = Meeting(Conformity(effort=effort))
    async with at_work(meeting.person):
        await meeting.ask(1)
        await asyncio.sleep(20)
        await meeting.ask(1, 1, (1, False, last_word(meeting, 1), heard(1, 1)))
        await asyncio.sleep(100)
    answer, position = (event for event in meeting.record if event.sender == "w")
    assert isinstance(answer.body, AnswerSubmitted) and isinstance(position.body, PositionStated)
    assert (answer.time - answer.body.began, position.time - position.body.began) == (10 * SECOND, round(10 * effort * SECOND))
    assert (position.body.item, position.body.attempt, position.body.turn) == (1, 1, 1)


@pytest.mark.parametrize("social", [Debate(), None], ids=["who reacts", "who does not"])
async def test_reconsidering_tires_like_any_work(social):
    meeting = Meeting(social, changes=(Fatigue(skill_lost=1, slowdown=3, answers=10),))
    async with at_work(meeting.person):
        await meeting.ask(1)
        await asyncio.sleep(60)
        for turn in range(1, 9):
            await meeting.ask(1, turn, (turn, False, last_word(meeting, 1), heard(1, turn)))
            await asyncio.sleep(60)
        moment = meeting.person._working.moment(meeting.bus.loop.now)
    assert moment is not None
    assert (moment.answers, moment.position) == (9, 9)
    times = [event.time - event.body.began for event in meeting.record if event.sender == "w"]
    assert times == sorted(times)
    assert times[-1] > 1.5 * times[0]


async def test_who_comes_and_goes_has_worked_when_they_have_reconsidered_and_knows_so_after_a_crash():
    limits = (RateLimit(requests=2, burst=240),)
    presence, again = (Presence("w", limits, CHANCE) for _ in range(2))
    meeting = Meeting(Conformity(), presence=presence)
    async with at_work(meeting.person):
        await asyncio.sleep(1)
        await meeting.ask(1)
        await asyncio.sleep(20)
        for turn in (1, 2):
            await meeting.ask(1, turn, (turn, False, last_word(meeting, 1), heard(1, turn)))
            await asyncio.sleep(20)
    again.rebuild("w", [*meeting.record])
    assert presence._past.answers == 3
    assert again._past == presence._past
    assert again.ready(2, 0, 0) == presence.ready(2, 0, 0)


# After a crash


LEARNS = (Learning(gain=3, lessons=2), Fatigue(skill_lost=2, answers=5))


async def talk(meeting: Meeting, tasks: list[tuple[int, int]]) -> None:
    """Let somebody answer items and reconsider them, told while at it how they did before."""
    async with at_work(meeting.person):
        await asyncio.sleep(1)
        for item, turn in tasks:
            spoken = [each for each in meeting.record if each.sender == "w" and each.body.item == item]
            if turn and any(isinstance(each.body, AbstentionSubmitted) for each in spoken):
                continue
            await meeting.ask(item, turn, (turn, True, None, heard(item, turn)) if turn else None)
            await asyncio.sleep(5)
            await meeting.tell(item)
            await asyncio.sleep(200)


TASKS = [(item, turn) for block in range(0, 12, 3) for turn in range(4) for item in range(block, block + 3)]


@pytest.mark.parametrize("says", [(Confidence(noise=0.5), SoftLabel(), Abstain(steepness=1))], ids=named)
@pytest.mark.parametrize("social", CONDUCT, ids=named)
@settings(deadline=None, max_examples=5)
@given(crash=st.integers(0, len(TASKS)))
def test_a_mind_after_a_crash_is_the_mind_before_it(social, says, crash):
    async def before() -> tuple[Meeting, int]:
        meeting = Meeting(social, says, LEARNS)
        await talk(meeting, TASKS[:crash])
        return meeting, meeting.bus.loop.now

    meeting, now = run(before())

    async def after() -> Meeting:
        again = Meeting(social, says, LEARNS)
        await again.bus.loop.timer(now)
        again.person.rebuild([*meeting.record])
        return again

    assert run(after()).held() == meeting.held()
    assert (meeting.held()[0] is not None) <= (crash > 0)


def test_a_lesson_that_came_while_somebody_was_at_it_is_no_part_of_what_they_made_of_it():
    async def both() -> tuple[Meeting, Meeting]:
        meeting = Meeting(Debate(), (), (Learning(gain=5, lessons=1),))
        async with at_work(meeting.person):
            await meeting.ask(1)
            await asyncio.sleep(5)
            await meeting.tell(0)
            await asyncio.sleep(100)
        again = Meeting(Debate(), (), (Learning(gain=5, lessons=1),))
        await again.bus.loop.timer(1)
        again.person.rebuild([*meeting.record])
        return meeting, again

    meeting, again = run(both())
    assert again.held() == meeting.held()
    held = meeting.held()[1]
    assert held is not None and held.first.chances is not None
    assert held.first.chances[TRUTH.of(1)] == pytest.approx(0.6)


def test_bounds_of_confidence_leave_alone_who_is_too_far():
    mind = Mind(person(BoundedConfidence(epsilon=0.2)), CLASSES)
    own: Voice = ("w", "a", None, (0.6, 0.3, 0.1), 1.0)
    near: Voice = ("x", "b", None, (0.45, 0.45, 0.1), 1.0)
    far: Voice = ("y", "b", None, (0.3, 0.6, 0.1), 5.0)
    said = mind.reconsider(case(1, 1, 3), (1, False, own, (near, far)))
    assert said.chances == pytest.approx((0.525, 0.375, 0.1))
    assert mind.reconsider(case(2, 1, 3), (1, False, own, (far,))).chances == own[3]
