"""The item effect: items that are easy or hard for everybody at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.calibration.hardness import Effect, base_of, bent, ease
from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from agents.annotator.noises.choice import AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.item_effect import ItemEffect
from agents.annotator.noises.item_effect import ease as ease_of
from agents.annotator.noises.one_coin import OneCoin
from bus.chance import Chance
from tests.agents.annotator.cases import NATURE, case
from tests.agents.samples import complaint, make, share_band

N = 10_000
ONE = Chance(7).keyed("annotator", "crowd-1", "answer")
OTHER = Chance(7).keyed("annotator", "crowd-2", "answer")


def fitted(matrix: tuple[tuple[float, ...], ...], spread: float, skew: float, distractor: float = 0.5) -> ItemEffect:
    """Return somebody who answers as the matrix says over all items."""
    classes = len(matrix)
    effect = Effect(np.full(classes, spread), 0.0, distractor if classes > 2 else 0.0, skew)
    base = base_of(np.array([matrix]), np.full((1, classes), spread), effect)[0]
    rows = tuple(tuple(row) for row in (base / base.sum(axis=1, keepdims=True)).tolist())
    return ItemEffect(of=Confusion(matrix=rows), spread=spread, skew=skew, distractor=distractor)


def right(noise: Noise, luck=ONE, nature: Nature = NATURE, truth: int = 0, classes: int = 2) -> np.ndarray:
    return np.array([noise.answer(case(item, truth, classes, nature=nature), luck.luck(item)) == truth for item in range(N)])


@pytest.mark.parametrize("skew", [0.0, 1.0, 2.0, 3.0])
def test_ease_has_mean_0_variance_1_and_the_skewness_of_its_dial(skew):
    rank = (np.arange(400_000) + 0.5) / 400_000
    z = ease(rank, skew)
    assert z.mean() == pytest.approx(0, abs=1e-3)
    assert z.var() == pytest.approx(1, abs=0.01)
    # Hard items are the far ones.
    assert (z**3).mean() == pytest.approx(-skew, abs=0.05)


@pytest.mark.parametrize(("spread", "skew"), [(0.5, 2.0), (1.5, 1.0), (3.0, 0.0), (-1.0, 2.0)])
def test_a_corrected_base_leaves_the_marginal_accuracy_exact(spread, skew):
    noise = fitted(((0.8, 0.2), (0.4, 0.6)), spread, skew)
    for truth, accuracy in enumerate((0.8, 0.6)):
        assert right(noise, truth=truth).mean() == pytest.approx(accuracy, abs=share_band(accuracy, N))


def test_a_corrected_base_leaves_every_label_s_share_exact():
    row = (0.6, 0.25, 0.1, 0.05)
    noise = fitted((row, row, row, row), 1.5, 2.0)
    counts = np.bincount([noise.answer(case(item, 0, 4), ONE.luck(item)) for item in range(N)], minlength=4)
    for share, count in zip(row, counts, strict=True):
        assert count / N == pytest.approx(share, abs=share_band(share, N))


def test_two_people_agree_as_the_integral_over_ease_says():
    noise, spread = fitted(((0.75, 0.25), (0.25, 0.75)), 1.5, 2.0), 1.5
    log_odds = np.log(noise.of.matrix[0][0] / noise.of.matrix[0][1])
    rank = (np.arange(200_000) + 0.5) / 200_000
    chance = 1 / (1 + np.exp(-log_odds - spread * ease(rank, 2.0)))
    agreement = float((chance**2 + (1 - chance) ** 2).mean())
    assert agreement > 0.75**2 + 0.25**2 + 0.05
    seen = (right(noise, ONE) == right(noise, OTHER)).mean()
    assert seen == pytest.approx(agreement, abs=share_band(agreement, N))


def test_without_a_spread_items_make_no_difference():
    plain = OneCoin(accuracy=0.7)
    bent_by_nothing = ItemEffect(of=plain, spread=0.0)
    for item in range(200):
        assert bent_by_nothing.chances(case(item, 1, 3)) == pytest.approx(plain.chances(case(item, 1, 3)))


def test_wrong_answers_to_a_hard_item_are_alike():
    noise = fitted(((0.6, 0.2, 0.2), (0.2, 0.6, 0.2), (0.2, 0.2, 0.6)), 2.0, 2.0, 1.0)
    said = np.array([[noise.answer(case(item, 0, 3), luck.luck(item)) for item in range(N)] for luck in (ONE, OTHER)])
    wrong = (said > 0).all(axis=0)
    alike = (said[0] == said[1])[wrong].mean()
    assert alike > 0.5 + share_band(0.5, wrong.sum())


def test_who_errs_where_others_do_not_is_right_on_hard_items():
    contrary = ItemEffect(of=OneCoin(accuracy=0.3), spread=-2.0)
    hard = max(range(500), key=NATURE.hardness)
    easy = min(range(500), key=NATURE.hardness)
    assert contrary.chances(case(hard, 0, 2))[0] > 0.3 > contrary.chances(case(easy, 0, 2))[0]


def test_each_true_class_may_have_a_spread_of_its_own():
    noise = ItemEffect(of=OneCoin(accuracy=0.7), spreads=(0.0, 2.0))
    assert noise.chances(case(5, 0, 2))[0] == pytest.approx(0.7)
    assert noise.chances(case(5, 1, 2))[1] != pytest.approx(0.7)


def test_spreads_for_another_number_of_classes_are_refused():
    with pytest.raises(ValueError, match="spreads has 2 numbers, but the data have 3 classes"):
        ItemEffect(spreads=(1.0, 2.0)).check(3)


def test_the_noise_within_is_checked_too():
    with pytest.raises(ValueError, match="2 classes"):
        ItemEffect(of=Confusion(matrix=((0.8, 0.2), (0.3, 0.7)))).check(3)


@pytest.mark.parametrize("dial", ["spread = 9", "skew = -1", "distractor = 5", "spread = nan"])
def test_a_dial_beyond_its_bounds_is_refused(dial):
    name, value = dial.split(" = ")
    assert "Input should be" in complaint(AnyNoise, {"kind": "item-effect", name: float(value)})


def test_it_is_made_from_a_table():
    noise = make(AnyNoise, {"kind": "item-effect", "of": {"kind": "one-coin", "accuracy": 0.9}, "spread": 0.5})
    assert noise == ItemEffect(of=OneCoin(accuracy=0.9), spread=0.5)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(2, 6), st.integers(0, 10**6), st.floats(-8, 8), st.sampled_from([0.0, 1.0, 2.0, 4.0]), st.floats(0, 4), st.data()
)
def test_the_bulk_arithmetic_and_the_noise_give_the_same_chances(classes, item, spread, skew, distractor, data):
    truth = data.draw(st.integers(0, classes - 1))
    accuracy = data.draw(st.floats(0.01, 0.99))
    noise = ItemEffect(of=OneCoin(accuracy=accuracy), spread=spread, skew=skew, distractor=distractor)
    row = np.array([noise.of.chances(case(item, truth, classes))])
    shift = np.array([spread * float(ease(np.array([NATURE.hardness(item)]), skew)[0])])
    other = NATURE.luck("distractor", item).below(classes - 1)
    lure = np.array([other + (other >= truth)])
    share = distractor if classes > 2 else 0.0
    told = noise.chances(case(item, truth, classes))
    assert told == pytest.approx(bent(row, np.array([truth]), shift, lure, share)[0], abs=1e-9)
    assert sum(told) == pytest.approx(1)


class Hardest(Nature):
    """A nature of which every item is as hard as any can be."""

    def hardness(self, item):
        return 1 - 2**-53


@pytest.mark.parametrize("spread", [-8, 8])
def test_the_hardest_item_there_can_be_has_chances_under_the_widest_dials(spread):
    noise = ItemEffect(spread=spread, distractor=4, skew=4)
    chances = noise.chances(case(0, 0, 3, nature=Hardest(Chance(7))))
    assert sum(chances) == pytest.approx(1)


@pytest.mark.parametrize("skew", [0.0, 0.02, 0.3, 1.0, 2.0, 4.0])
def test_people_of_a_campaign_meet_the_same_ease_as_those_who_are_fitted(skew):
    ranks = [1e-9, 0.01, 0.3, 0.5, 0.9, 0.9999]
    assert [ease_of(rank, skew) for rank in ranks] == pytest.approx(ease(np.array(ranks), skew).tolist(), abs=1e-6)
