"""Luck that depends on its key alone, and is as good as chance should be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.chance import GAMMA, MASK, MIX_1, MIX_2, Chance, Keyed, Luck, mix, number_of, word_key

SAMPLES = 100_000
SEEDS = st.integers(0, MASK)
WORDS = st.lists(st.text(max_size=5).filter(lambda word: "/" not in word), max_size=3).map(tuple)
ITEMS = st.integers(0, MASK)


def unmix(bits: int) -> int:
    """Undo mix(), which is one to one."""
    bits ^= (bits >> 31) ^ (bits >> 62)
    bits = bits * pow(MIX_2, -1, 2**64) & MASK
    bits ^= (bits >> 27) ^ (bits >> 54)
    bits = bits * pow(MIX_1, -1, 2**64) & MASK
    return bits ^ (bits >> 30) ^ (bits >> 60)


def item_that_draws(bits: int, keyed: Keyed) -> int:
    """Return the item whose luck begins with `bits`."""
    seed = unmix((unmix(bits) - GAMMA) & MASK)
    return ((seed - keyed._key) * pow(GAMMA, -1, 2**64) - 1) & MASK


# Known values: a change here changes every run there has been


def test_bits_are_those_of_splitmix64():
    luck = Luck(1234567)
    assert [luck.bits() for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_mix_is_the_finaliser_of_splitmix64():
    assert mix(1234567 + GAMMA & MASK) == 6457827717110365317


def test_keys_of_words_stay_what_they_are():
    assert word_key(()) == 12202274018364444036
    assert word_key(("crowd-1", "answers"), 7) == 2775652701021865886


def test_draws_stay_what_they_are():
    luck = Chance(7).keyed("crowd-1", "answers").luck(5, attempt=1)
    assert [luck.uniform(), luck.below(10), luck.bits()] == [0.31323963882145234, 9, 7225177033484997154]
    assert luck.normal() == pytest.approx(0.4300243193921638, rel=1e-12)
    assert luck.exponential() == pytest.approx(1.3641840062426698, rel=1e-12)
    assert Chance(7).keyed("crowd-1").luck("item-5").uniform() == 0.6009236771049803


def test_streams_stay_what_they_are():
    chance = Chance(7)
    assert chance.stream("world").integers(1000, size=4).tolist() == [693, 2, 821, 856]
    assert chance.stream("selector", "ties").integers(1000, size=4).tolist() == [256, 874, 401, 690]
    assert chance.unseed() == {"selector/ties": 18131841538941001019, "world": 3012642361204380775}


# Streams


def test_a_stream_goes_on_where_it_was():
    whole, parts = Chance(1).stream("a").random(4), Chance(1)
    assert [*parts.stream("a").random(2), *parts.stream("a").random(2)] == list(whole)


@given(st.permutations([("world",), ("selector", "ties"), ("b",), ("learner",)]))
def test_streams_are_named_by_words_and_not_by_order_of_asking(names):
    chance = Chance(3)
    draws = {words: chance.stream(*words).random() for words in names}
    assert draws == {words: Chance(3).stream(*words).random() for words in names}


@given(SEEDS, WORDS, WORDS)
def test_another_stream_moves_no_other(seed, words, others):
    chance = Chance(seed)
    if others != words:
        chance.stream(*others).random(10)
    assert chance.stream(*words).random() == Chance(seed).stream(*words).random()


def test_equal_unseeds_are_equal_draws():
    def unseed(draws: int) -> dict[str, int]:
        chance = Chance(11)
        chance.stream("world").random(draws)
        chance.stream("selector", "ties").random(3)
        return chance.unseed()

    assert unseed(5) == unseed(5)
    assert unseed(5) != unseed(6)
    assert list(unseed(5)) == ["selector/ties", "world"]


def test_a_seed_out_of_range_is_refused():
    for seed in (-1, 2**64):
        with pytest.raises(ValueError, match="from 0 to"):
            Chance(seed)
    assert Chance(MASK).seed == MASK


# Keys


@given(SEEDS, st.lists(st.tuples(ITEMS, st.integers(0, 9)), max_size=10), st.randoms(use_true_random=False))
def test_keyed_draws_do_not_depend_on_their_order(seed, keys, order):
    keyed = Keyed(seed, "crowd-1")
    draws = {key: keyed.luck(*key).uniform() for key in keys}
    order.shuffle(keys)
    assert {key: keyed.luck(*key).uniform() for key in keys} == draws


@given(SEEDS, ITEMS, st.lists(WORDS))
def test_another_agent_moves_nobodys_draws(seed, item, others):
    chance = Chance(seed)
    for words in others:
        chance.keyed(*words).luck(item).bits()
        chance.stream(*words).random()
    assert chance.keyed("crowd-1").luck(item).bits() == Chance(seed).keyed("crowd-1").luck(item).bits()


@given(WORDS, WORDS)
def test_different_words_are_different_keys(words, others):
    assert (word_key(words) == word_key(others)) == (words == others)


def test_words_are_not_run_together():
    assert word_key(("ab", "c")) != word_key(("a", "bc"))
    assert word_key(("ab",)) != word_key(("a", "b"))
    assert word_key(("1:a",)) != word_key(("a",))


def test_every_part_of_the_key_counts():
    lucks = [
        Keyed(1, "ann").luck(5),
        Keyed(2, "ann").luck(5),
        Keyed(1, "ben").luck(5),
        Keyed(1, "ann", "times").luck(5),
        Keyed(1, "ann").luck(6),
        Keyed(1, "ann").luck(5, attempt=1),
        Keyed(1, "ann").luck("5"),
    ]
    assert len({luck.bits() for luck in lucks}) == len(lucks)


def test_an_item_may_be_a_text():
    keyed = Keyed(1, "ann")
    assert keyed.luck("item-5").bits() == keyed.luck(number_of("item-5")).bits()
    assert keyed.luck("item-5").bits() != keyed.luck("item-6").bits()


@given(SEEDS, st.lists(ITEMS | st.text(max_size=5), max_size=20))
def test_the_array_of_first_draws_is_what_each_item_draws(seed, items):
    keyed = Keyed(seed, "ann", "answers")
    together = keyed.uniforms(np.array([number_of(item) for item in items], np.uint64))
    assert together.tolist() == [keyed.luck(item).uniform() for item in items]


@pytest.mark.parametrize("bits", [0, MASK])
def test_draws_are_strictly_between_0_and_1_at_either_end(bits):
    keyed = Keyed(1, "ann")
    item = item_that_draws(bits, keyed)
    assert keyed.luck(item).bits() == bits
    assert 0 < keyed.luck(item).uniform() < 1
    assert 0 < keyed.uniforms(np.array([item], np.uint64))[0] < 1
    assert math.isfinite(keyed.luck(item).normal())
    assert 0 < keyed.luck(item).exponential() < math.inf


@given(st.integers(1, 2**50))
def test_below_stays_below_at_either_end(count):
    keyed = Keyed(1, "ann")
    assert keyed.luck(item_that_draws(0, keyed)).below(count) == 0
    assert keyed.luck(item_that_draws(MASK, keyed)).below(count) == count - 1


# Statistics: seeds are fixed, bands are four standard errors wide


def within(value: float, expected: float, deviation: float, samples: int = SAMPLES) -> bool:
    return abs(value - expected) < 4 * deviation / math.sqrt(samples)


@pytest.mark.parametrize(
    ("draw", "mean", "variance", "kurtosis"),
    [(Luck.uniform, 1 / 2, 1 / 12, 9 / 5), (Luck.normal, 0, 1, 3), (Luck.exponential, 1, 1, 9)],
)
@pytest.mark.parametrize("way", ["one luck", "a luck an item"])
def test_mean_and_variance_are_those_of_the_distribution(draw, mean, variance, kurtosis, way):
    luck, keyed = Luck(1), Keyed(1, "ann")
    draws = np.array([draw(luck if way == "one luck" else keyed.luck(item)) for item in range(SAMPLES)])
    assert within(draws.mean(), mean, math.sqrt(variance))
    assert within(((draws - mean) ** 2).mean(), variance, variance * math.sqrt(kurtosis - 1))


@pytest.mark.parametrize("count", [2, 3, 10, 1000])
def test_below_is_even(count):
    luck = Luck(count)
    counts = np.bincount([luck.below(count) for _ in range(SAMPLES)], minlength=count)
    expected = SAMPLES / count
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert len(counts) == count
    assert within(chi_square, count - 1, math.sqrt(2 * (count - 1)), samples=1)


def test_every_bit_is_set_half_of_the_time():
    keyed = Keyed(1, "ann")
    bits = np.array([keyed.luck(item).bits() for item in range(SAMPLES)], np.uint64)
    shares = [((bits >> np.uint64(place)) & np.uint64(1)).mean() for place in range(64)]
    assert all(within(share, 0.5, 0.5) for share in shares)


NUMBERS = range(SAMPLES)
ITEM_ARRAY = np.arange(SAMPLES + 1, dtype=np.uint64)
NEIGHBOURS = {
    "items": lambda: (Keyed(1, "ann").uniforms(ITEM_ARRAY[:-1]), Keyed(1, "ann").uniforms(ITEM_ARRAY[1:])),
    "attempts": lambda: tuple([Keyed(1, "ann").luck(n, attempt).uniform() for n in NUMBERS] for attempt in (0, 1)),
    "draws": lambda: zip(*((luck.uniform(), luck.uniform()) for luck in map(Keyed(1, "ann").luck, NUMBERS)), strict=True),
    "names": lambda: (Keyed(1, "crowd-1").uniforms(ITEM_ARRAY), Keyed(1, "crowd-2").uniforms(ITEM_ARRAY)),
    "purposes": lambda: (Keyed(1, "ann", "answers").uniforms(ITEM_ARRAY), Keyed(1, "ann", "times").uniforms(ITEM_ARRAY)),
    "seeds": lambda: (Keyed(1, "ann").uniforms(ITEM_ARRAY), Keyed(2, "ann").uniforms(ITEM_ARRAY)),
    "strides": lambda: (Keyed(1, "ann").uniforms(ITEM_ARRAY), Keyed(1, "ann").uniforms(ITEM_ARRAY + np.uint64(2**32))),
}


@pytest.mark.parametrize("what", NEIGHBOURS)
def test_neighbours_are_not_correlated(what):
    one, other = NEIGHBOURS[what]()
    assert within(np.corrcoef(list(one), list(other))[0, 1], 0, 1)


@pytest.mark.parametrize("what", NEIGHBOURS)
def test_neighbours_fill_the_square_evenly(what):
    one, other = NEIGHBOURS[what]()
    counts = np.histogram2d(list(one), list(other), bins=16, range=[[0, 1], [0, 1]])[0]
    expected = counts.sum() / 256
    assert within(((counts - expected) ** 2 / expected).sum(), 255, math.sqrt(510), samples=1)
