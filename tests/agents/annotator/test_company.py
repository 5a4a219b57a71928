"""What a person makes of what others say."""

import pytest

from agents.annotator.answering import Answering
from agents.annotator.changes.learning import Learning
from agents.annotator.company import Company
from agents.annotator.experience import Experience
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.saying import Said
from agents.annotator.sayings.confidence import Confidence
from agents.annotator.social import Position
from agents.annotator.socials.argument import Argument
from agents.annotator.socials.choice import AnySocial
from agents.annotator.socials.conformity import Conformity
from agents.annotator.socials.debate import Debate
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.samples import dump, make, share_band

N = 10_000
CHANCE = Chance(7)


def test_who_has_no_social_side_hears_nobody():
    company = Company("ann", None, CHANCE)
    assert company.reconsider(Position(1), Position(1), [Position(0)] * 9, case(), 0) == Position(1)
    assert company.anchored(1, 0, case()) == 1


def test_a_label_that_is_shown_is_taken_over_by_its_probability():
    company = Company("ann", Argument(anchoring=0.3), CHANCE)
    taken = sum(company.anchored(1, 0, case(item)) == 0 for item in range(N)) / N
    assert taken == pytest.approx(0.3, abs=share_band(0.3, N))
    assert company.anchored(1, None, case()) == 1


def test_who_is_not_sure_enough_is_not_heeded_and_who_does_not_say_is():
    wary = Company("ann", Conformity(openness=1, confidence_needed=0.8), CHANCE)
    own = Position(0)
    assert wary.reconsider(own, own, [Position(1, confidence=0.79)], case(), 0) == own
    assert wary.reconsider(own, own, [Position(1, confidence=0.8)], case(), 0).label == 1
    assert wary.reconsider(own, own, [Position(1)], case(), 0).label == 1
    assert wary.reconsider(own, own, [], case(), 0) == own


def test_a_tie_leaves_people_with_their_own_label():
    even = Company("ann", Conformity(openness=0.5), CHANCE)
    for label in (0, 1):
        own = Position(label)
        assert even.reconsider(own, own, [Position(1 - label)], case(), 0).label == label


def test_confidence_stands_for_chances_where_only_a_label_is_said():
    assert Position(1, confidence=0.7).spread(4) == pytest.approx((0.1, 0.7, 0.1, 0.1))
    assert Position(1).spread(2) == (0, 1)
    assert Position(0, confidence=0.7).spread(1) == (1,)


def test_draws_depend_on_person_item_attempt_and_round_alone():
    one, other = Company("ann", Argument(), CHANCE), Company("ben", Argument(), CHANCE)
    own, heard = Position(1), [Position(0, reasons=True)]

    def course(company, items, turns=4):
        return {
            (item, attempt, turn): company.reconsider(own, own, heard, case(item, truth=1, attempt=attempt), turn).label
            for item in items
            for attempt in range(2)
            for turn in range(turns)
        }

    alone = course(one, range(50))
    course(other, range(50))
    again = course(one, reversed(range(50)))
    assert alone == again
    assert alone != course(other, range(50))
    for at in range(3):
        assert len({key[:at] + key[at + 1 :] for key, label in alone.items() if label == 0}) > 1


def test_who_is_more_easily_convinced_comes_round_where_others_did_and_elsewhere():
    def convinced(rate: float) -> set[int]:
        company = Company("ann", Argument(wrong_to_right=rate), CHANCE)
        wrong, right = Position(0), [Position(1, reasons=True)]
        return {item for item in range(500) if company.reconsider(wrong, wrong, right, case(item, truth=1), 0).label}

    assert convinced(0.2) < convinced(0.6) < convinced(0.9)


def test_what_somebody_holds_at_first_is_what_they_say_or_what_their_noise_draws_from():
    def person(social):
        changes = (Learning(gain=1, lessons=1, feedback=False),)
        return Answering("ann", OneCoin(accuracy=0.8), FixedTime(), changes, (Confidence(slope=0.5),), None, CHANCE, social)

    moment = Experience().at(0)
    for social in (None, Conformity()):
        somebody = person(social)
        said = somebody.answer(case(3), moment)
        assert somebody.position(said, case(3), moment) == Position(said.label, None, said.confidence)
    debater = person(Debate(concentration=6))
    position = debater.position(debater.answer(case(3), moment), case(3), moment)
    assert (position.mass, position.chances) == (6, pytest.approx((0.8, 0.2)))
    assert debater.position(Said(None, abstains=True), case(3), moment) is None


@pytest.mark.parametrize(
    "table",
    [
        {
            "kind": "conformity",
            "anchoring": 0.1,
            "confidence_needed": 0.2,
            "effort": 1.0,
            "openness": 0.3,
            "stubbornness": 0.4,
            "counts_oneself": True,
            "pool": "logarithmic",
        },
        {
            "kind": "bounded-confidence",
            "anchoring": 0.0,
            "confidence_needed": 0.0,
            "effort": 1.0,
            "epsilon": 0.2,
            "step": 0.5,
        },
        {
            "kind": "argument",
            "anchoring": 0.0,
            "confidence_needed": 0.0,
            "effort": 2.0,
            "wrong_to_right": 0.5,
            "right_to_wrong": 0.2,
        },
        {"kind": "debate", "anchoring": 0.0, "confidence_needed": 0.0, "effort": 0.5, "concentration": 5.0, "truth_bias": 0.5},
    ],
)
def test_a_header_shows_a_social_side_as_the_table_that_makes_it(table):
    assert dump(AnySocial, make(AnySocial, table)) == table
