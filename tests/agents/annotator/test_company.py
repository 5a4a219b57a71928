"""What a person makes of what others say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from agents.annotator.socials.bounded_confidence import BoundedConfidence
from agents.annotator.socials.choice import AnySocial
from agents.annotator.socials.conformity import Conformity
from agents.annotator.socials.debate import Debate
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.samples import dump, make, share_band
from tests.scenarios.behaviours import SOCIALS

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


KINDS = [make(AnySocial, table) for table in SOCIALS]


def opinion(value: float, weight: float = 1.0) -> Position:
    return Position(int(value > 0.5), (1 - value, value), weight=weight, reasons=True)


shares = st.floats(0.01, 0.99)
others = st.lists(st.builds(opinion, shares, st.sampled_from([0.5, 1.0, 3.0])), min_size=1, max_size=6)


@given(st.sampled_from(KINDS), shares, shares, others)
def test_what_somebody_holds_adds_up_and_conformers_stay_among_what_they_held_and_heard(social, own, first, heard):
    held = social.reconsider(opinion(own), opinion(first), heard, case(truth=1), CHANCE.keyed("x").luck(0))
    assert held.chances is not None
    assert math.fsum(held.chances) == pytest.approx(1)
    if social.kind != "debate":
        known = [own, first, *(each.chances[1] for each in heard if each.chances is not None)]
        assert min(known) - 1e-9 <= held.chances[1] <= max(known) + 1e-9
        assert held.chances[held.label] >= 0.5 - 1e-9


@given(
    st.sampled_from([each for each in KINDS if each.kind != "argument"]),
    shares,
    st.lists(st.integers(0, 2), min_size=1, max_size=8),
)
def test_a_count_of_labels_says_what_as_many_voices_say(social, own, labels):
    question, luck = case(truth=1, classes=3), CHANCE.keyed("x")
    mine = Position(1, ((1 - own) / 2, own, (1 - own) / 2))
    one_by_one = social.reconsider(mine, mine, [Position(label) for label in labels], question, luck.luck(0))
    counts = [Position(label, weight=labels.count(label)) for label in range(3)]
    histogram = social.reconsider(mine, mine, counts, question, luck.luck(0))
    assert histogram.label == one_by_one.label
    assert histogram.spread(3) == pytest.approx(one_by_one.spread(3))


@pytest.mark.parametrize("social", KINDS, ids=lambda each: each.kind)
def test_a_voice_that_weighs_nothing_is_not_heard(social):
    own = opinion(0.4)
    assert social.reconsider(own, own, [opinion(0.6, weight=0)], case(truth=1), CHANCE.keyed("x").luck(0)) == own


def test_of_those_who_argue_for_something_wrong_each_persuades_by_their_weight():
    company, own = Company("ann", Argument(right_to_wrong=1), CHANCE), Position(1)
    heard = [Position(0, weight=3, reasons=True), Position(2, weight=1, reasons=True), Position(3, weight=9)]
    taken = [company.reconsider(own, own, heard, case(item, truth=1, classes=4), 0).label for item in range(N)]
    assert taken.count(0) / N == pytest.approx(0.75, abs=share_band(0.75, N))
    assert taken.count(0) + taken.count(2) == N


def test_who_counts_as_one_voice_among_others_holds_the_mean_of_all():
    equal, heard = Conformity(openness=1, counts_oneself=True), [opinion(0.2), opinion(0.6, weight=2)]
    held = equal.reconsider(opinion(0.8), opinion(0.1), heard, case(), CHANCE.keyed("x").luck(0))
    assert held.spread(2)[1] == pytest.approx((0.8 + 0.2 + 2 * 0.6) / 4)


def test_who_is_stubborn_altogether_holds_what_they_held_at_first_to_the_last_digit():
    first = opinion(1 / 3)
    held = Conformity(openness=1, stubbornness=1).reconsider(opinion(0.9), first, [opinion(0.7)], case(), CHANCE.keyed("x").luck(0))
    assert (held.label, held.chances) == (first.label, first.chances)


def test_in_log_odds_the_certain_outweigh_the_doubtful_and_nobody_is_certain_for_ever():
    pool = Conformity(openness=1, pool="logarithmic")
    heard = [opinion(0.999), opinion(0.4), opinion(0.4)]
    assert pool.reconsider(opinion(0.5), opinion(0.5), heard, case(), CHANCE.keyed("x").luck(0)).spread(2)[1] > 0.85
    certain = [Position(1), Position(0), Position(0)]
    held = pool.reconsider(Position(1), Position(1), certain, case(), CHANCE.keyed("x").luck(0))
    assert held.label == 0
    assert 0 < held.spread(2)[1] < 0.01


def test_nobody_goes_half_way_to_those_who_are_too_far_from_them():
    pair = BoundedConfidence(epsilon=0.3, step=0.5)
    for other, expected in ((0.5, 0.35), (0.7, 0.2)):
        held = pair.reconsider(opinion(0.2), opinion(0.2), [opinion(other)], case(), CHANCE.keyed("x").luck(0))
        assert held.spread(2)[1] == pytest.approx(expected)


def test_a_right_answer_counts_for_more_by_the_bias_to_the_truth():
    social = Debate(concentration=4, truth_bias=0.5)
    own = social.position(Said(1), (0.5, 0.5))
    held = social.reconsider(own, own, [Position(0), Position(1), Position(1)], case(0, truth=1), CHANCE.keyed("x").luck(0))
    assert (held.mass, held.chances) == (pytest.approx(8), pytest.approx((3 / 8, 5 / 8)))


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
