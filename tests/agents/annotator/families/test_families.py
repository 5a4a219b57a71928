"""Families: members who err together, each as often as alone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from agents.annotator.families.beta_binomial import BetaBinomial
from agents.annotator.families.choice import AnyFamily
from agents.annotator.families.common_draw import CommonDraw
from agents.annotator.families.copycats import Copycats
from agents.annotator.family import Family
from agents.annotator.noise import Noise
from agents.annotator.noises.boundary import Boundary
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.constant import Constant
from agents.annotator.noises.guess import Guess
from agents.annotator.noises.one_coin import OneCoin
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.annotator.crowds import Answers, confusion, phi, phi_band, said
from tests.agents.samples import complaint, dump, make, share_band

N = 6000
P = 0.7

VARIED = {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8, "b": 2}}

KEEPING = {
    "common-draw": CommonDraw(name="x", share=0.42),
    "common-draw-alike": CommonDraw(name="x", share=0.6, alike=0.3),
    "beta-binomial": BetaBinomial(name="x", correlation=0.42),
    "beta-binomial-alike": BetaBinomial(name="x", correlation=0.42, alike=0.4),
    "beta-binomial-apart": BetaBinomial(name="x", correlation=0.42, alike=0),
    "beta-binomial-one": BetaBinomial(name="x", correlation=1),
    "beta-binomial-independent": BetaBinomial(name="x", correlation=0),
    "beta-binomial-slightly": BetaBinomial(name="x", correlation=0.01),
    "beta-binomial-nearly-one": BetaBinomial(name="x", correlation=0.999),
}
"""Families in which each is right as often as alone."""


def together(family: Family, *noises: Noise, classes: int = 2, items: int = N) -> tuple[Answers, Answers]:
    """Return the truth of items, and what members say of them."""
    truth = np.arange(items) % classes
    return truth, said(noises, truth, classes, families=[family] * len(noises))


# Each as often as alone


@pytest.mark.parametrize("name", KEEPING)
def test_each_member_has_the_confusion_matrix_that_they_have_alone_also_beside_others_unlike_them(name):
    one = Confusion(matrix=((0.7, 0.2, 0.1, 0), (0.03, 0.9, 0.05, 0.02), (0.0, 0.6, 0.3, 0.1), (0.3, 0.15, 0.05, 0.5)))
    other = OneCoin(accuracy=0.35)
    truth, answers = together(KEEPING[name], one, other, classes=4)
    for column, noise in enumerate((one, other)):
        expected = np.array([noise.chances(case(0, label, 4)) for label in range(4)])
        found = confusion(answers[:, column], truth, 4)
        assert (np.abs(found - expected) <= 4 * np.sqrt(expected * (1 - expected) / (N / 4)) + 1e-12).all()


@pytest.mark.parametrize(
    ("family", "rho"),
    [
        (CommonDraw(name="x", share=0.0), 0.0),
        (CommonDraw(name="x", share=0.42), 0.42),
        (CommonDraw(name="x", share=1.0), 1.0),
        (BetaBinomial(name="x", correlation=0.0), 0.0),
        (BetaBinomial(name="x", correlation=0.1), 0.1),
        (BetaBinomial(name="x", correlation=0.42), 0.42),
        (BetaBinomial(name="x", correlation=0.9), 0.9),
        (BetaBinomial(name="x", correlation=1.0), 1.0),
    ],
)
@pytest.mark.parametrize("classes", [2, 4])
def test_two_equal_members_are_right_together_with_the_correlation_of_the_dial(family, rho, classes):
    truth, answers = together(family, OneCoin(accuracy=P), OneCoin(accuracy=P), classes=classes)
    right = answers == truth[:, np.newaxis]
    assert phi(right) == pytest.approx(rho, abs=phi_band(P, rho, N) + 1e-9)


def test_how_many_of_nine_are_right_is_beta_binomial():
    rho, size, items = 0.3, 9, 4000
    truth, answers = together(BetaBinomial(name="x", correlation=rho), *[OneCoin(accuracy=P)] * size, items=items)
    right = (answers == truth[:, np.newaxis]).sum(axis=1)
    strength = (1 - rho) / rho
    expected = betabinom.pmf(np.arange(size + 1), size, P * strength, (1 - P) * strength)
    found = np.bincount(right, minlength=size + 1) / items
    assert (np.abs(found - expected) <= 4 * np.sqrt(expected * (1 - expected) / items)).all()


# Which wrong answer


def alike_of_common_draw(share: float, alike: float, p: float, classes: int) -> float:
    """Return how often two who are both wrong say the same."""
    wrong, chance = 1 - p, 1 / (classes - 1)
    shared = share * wrong / (share * wrong + (1 - share) * wrong**2)
    return shared * (alike + (1 - alike) * chance) + (1 - shared) * chance


def alike_of_beta_binomial(alike: float, classes: int) -> float:
    return alike + (1 - alike) / (classes - 1)


def of_a_dirichlet(rho: float, p: float) -> float:
    """Return the correlation of wrong answers that a Dirichlet distribution has of itself."""
    return 1 / (1 + (1 - p) * (1 - rho) / rho)


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (CommonDraw(name="x", share=0.42), alike_of_common_draw(0.42, 1, P, 4)),
        (CommonDraw(name="x", share=0.6, alike=0.3), alike_of_common_draw(0.6, 0.3, P, 4)),
        (BetaBinomial(name="x", correlation=0.42), alike_of_beta_binomial(of_a_dirichlet(0.42, P), 4)),
        (BetaBinomial(name="x", correlation=0.42, alike=0), alike_of_beta_binomial(0, 4)),
        (BetaBinomial(name="x", correlation=0.42, alike=0.4), alike_of_beta_binomial(0.4, 4)),
        (BetaBinomial(name="x", correlation=0.42, alike=1), 1.0),
        (BetaBinomial(name="x", correlation=0), alike_of_beta_binomial(0, 4)),
    ],
)
def test_two_who_are_wrong_say_the_same_as_often_as_the_formula_says(family, expected):
    truth, answers = together(family, OneCoin(accuracy=P), OneCoin(accuracy=P), classes=4)
    wrong = (answers != truth[:, np.newaxis]).all(axis=1)
    same = (answers[wrong, 0] == answers[wrong, 1]).mean()
    assert same == pytest.approx(expected, abs=share_band(expected, int(wrong.sum())) + 1e-12)


def alike_for(same: float, classes: int) -> float:
    """Return the dial of a beta-binomial family at which two who are wrong say the same so often."""
    chance = 1 / (classes - 1)
    return (same - chance) / (1 - chance)


@pytest.mark.parametrize(("correlation", "same", "p"), [(0.42, 0.60, 0.6), (0.51, 0.71, 0.8)])
def test_language_models_that_are_wrong_together_and_say_the_same_then_are_families_at_once(correlation, same, p):
    # Kim, Garg, Peng and Garg (2025): 70 models, four answers: being right correlates by .42 in the mean, and two who are
    # wrong say the same 60 times in 100; .51 and 71 of those that are right three times out of four.
    items = 6000
    beta = BetaBinomial(name="x", correlation=correlation, alike=alike_for(same, 4))
    shared = correlation * (1 - p) / (correlation * (1 - p) + (1 - correlation) * (1 - p) ** 2)
    draw = CommonDraw(name="x", share=correlation, alike=alike_for(same, 4) / shared)
    for family in (beta, draw):
        truth, answers = together(family, OneCoin(accuracy=p), OneCoin(accuracy=p), classes=4, items=items)
        right = answers == truth[:, np.newaxis]
        wrong = (~right).all(axis=1)
        assert phi(right) == pytest.approx(correlation, abs=phi_band(p, correlation, items))
        found = (answers[wrong, 0] == answers[wrong, 1]).mean()
        assert found == pytest.approx(same, abs=share_band(same, int(wrong.sum())))
    # One dial alone does not do it: a Dirichlet distribution has them say the same more often.
    assert alike_of_beta_binomial(of_a_dirichlet(correlation, p), 4) > same + 0.08


# Better is better


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*KEEPING.values()]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(2, 5),
    st.integers(0, 10**6),
)
def test_who_is_better_is_right_wherever_they_were_and_answers_are_possible(family, low, high, classes, item):
    low, high = sorted((low, high))
    each = case(item, item % classes, classes)
    luck = Chance(7).keyed("annotator", "crowd-1", "answer")
    worse, better = (family.answer(OneCoin(accuracy=p).chances(each), each, luck.luck(item)) for p in (low, high))
    assert 0 <= worse < classes
    assert 0 <= better < classes
    assert worse != each.truth or better == each.truth


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*KEEPING.values()]), st.lists(st.just(0.0) | st.floats(1e-9, 1), min_size=2, max_size=6), st.data())
def test_an_answer_of_no_chance_is_never_given(family, weights, data):
    truth = data.draw(st.integers(0, len(weights) - 1))
    total = sum(weights)
    chances = [weight / total for weight in weights] if total else [float(label == truth) for label in range(len(weights))]
    item = data.draw(st.integers(0, 10**6))
    luck = Chance(7).keyed("annotator", "crowd-1", "answer")
    assert chances[family.answer(chances, case(item, truth, len(chances)), luck.luck(item))] > 0


def test_families_of_different_names_err_apart():
    noise = OneCoin(accuracy=P)
    truth = np.zeros(N, dtype=np.intp)
    for family in (CommonDraw(name="x", share=1.0), BetaBinomial(name="x", correlation=1.0)):
        right = said([noise, noise], truth, 2, families=[family, family.model_copy(update={"name": "y"})]) == 0
        assert abs(phi(right)) < 4 / math.sqrt(N)


# Copycats


@pytest.mark.parametrize(("share", "leader", "p"), [(0.6, 0.5, 0.9), (1.0, 0.8, 0.3), (0.0, 0.8, 0.3)])
def test_copycats_are_right_and_agree_as_the_formula_says(share, leader, p):
    family = Copycats(name="ring", share=share, leader=OneCoin(accuracy=leader))
    truth, answers = together(family, OneCoin(accuracy=p), OneCoin(accuracy=p), classes=3)
    expected = share * leader + (1 - share) * p
    assert (answers == truth[:, np.newaxis]).mean(axis=0) == pytest.approx(expected, abs=share_band(expected, N))

    def agree(one: float, other: float) -> float:
        return one * other + (1 - one) * (1 - other) / 2

    same = share**2 + 2 * share * (1 - share) * agree(leader, p) + (1 - share) ** 2 * agree(p, p)
    assert (answers[:, 0] == answers[:, 1]).mean() == pytest.approx(same, abs=share_band(same, N) + 1e-12)


def test_who_does_not_copy_says_what_they_would_say_without_a_family():
    noise = OneCoin(accuracy=P)
    alone = said([noise], np.zeros(2000, dtype=np.intp), 3)[:, 0]
    never, some = (
        said([noise], np.zeros(2000, dtype=np.intp), 3, families=[Copycats(name="ring", share=share, leader=Guess())])[:, 0]
        for share in (0.0, 0.5)
    )
    assert (never == alone).all()
    moved = (some != alone).mean()
    expected = 0.5 * (1 - (P / 3 + 2 * 0.15 / 3))
    assert moved == pytest.approx(expected, abs=share_band(expected, 2000))


def test_colluding_spammers_all_say_the_same_and_know_nothing():
    truth, answers = together(Copycats(name="ring", leader=Guess()), *[OneCoin(accuracy=1.0)] * 4, classes=4)
    assert (answers == answers[:, :1]).all()
    assert confusion(answers[:, 0], truth, 4) == pytest.approx(0.25, abs=share_band(0.25, N // 4))


def test_members_follow_one_leader_and_are_of_one_kind():
    ring = Copycats(name="ring", leader=Guess())
    ring.check_kin(Copycats(name="ring", leader=Guess(), share=0.2))
    with pytest.raises(ValueError, match="copy one leader"):
        ring.check_kin(Copycats(name="ring", leader=Constant()))
    with pytest.raises(ValueError, match="'common-draw' and the other 'copycats'"):
        CommonDraw(name="ring").check_kin(ring)


def test_a_leader_is_checked_as_anybody_and_goes_by_what_their_noise_goes_by():
    with pytest.raises(ValueError, match="label is 3"):
        Copycats(name="ring", leader=Constant(label=3)).check(2)
    with pytest.raises(ValueError, match="the leader is recorded"):
        make(AnyFamily, {"kind": "copycats", "name": "ring", "leader": {"kind": "recorded", "file": "a.csv"}}).check(2)
    assert Copycats(name="ring", leader=Boundary()).needs() == {"features"}
    assert CommonDraw(name="x").needs() == set()


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"kind": "common-draw"}, "Field required"),
        ({"kind": "common-draw", "name": "x", "share": 1.1}, "less than or equal to 1"),
        ({"kind": "beta-binomial", "name": "x", "correlation": -0.1}, "greater than or equal to 0"),
        ({"kind": "beta-binomial", "name": "x", "alike": 2}, "less than or equal to 1"),
        ({"kind": "beta-binomial", "name": "x", "rho": 0.2}, "unknown key"),
        ({"kind": "copycats", "name": "x", "leader": VARIED}, "number"),
        ({"kind": "copycats", "name": "x", "leader": {"kind": "mixture", "of": [VARIED]}}, "a distribution over people"),
        ({"kind": "copycat", "name": "x"}, "did you mean 'copycats'"),
    ],
)
def test_what_is_no_family_is_refused(table, what):
    assert what in complaint(AnyFamily, table)


def test_a_family_writes_itself_back():
    for family in KEEPING.values():
        assert make(AnyFamily, dump(AnyFamily, family)) == family
    ring = {"kind": "copycats", "name": "ring", "leader": {"kind": "guess", "weights": [1.0, 2.0]}, "share": 0.5}
    assert dump(AnyFamily, make(AnyFamily, ring)) == ring
