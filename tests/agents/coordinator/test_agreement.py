"""How much annotators agree with each other."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.agreement import Agreement

UNITS = st.lists(st.lists(st.sampled_from("abc"), max_size=5), max_size=12)


def counted(units: list[list[str]]) -> Agreement:
    agreement = Agreement()
    for unit in units:
        agreement.add(unit)
    return agreement


def obvious_alpha(units: list[list[str]]) -> float | None:
    """Krippendorff's alpha by its definition: a coincidence matrix over all ordered pairs of values within units."""
    pairs: dict[tuple[str, str], float] = {}
    for unit in units:
        for pair in permutations(unit, 2):
            pairs[pair] = pairs.get(pair, 0) + 1 / (len(unit) - 1)
    total = sum(pairs.values())
    margins = {value: sum(weight for (one, _), weight in pairs.items() if one == value) for value in "abc"}
    observed = sum(weight for (one, other), weight in pairs.items() if one != other)
    expected = sum(margins[one] * margins[other] for one in "abc" for other in "abc" if one != other)
    return 1 - observed * (total - 1) / expected if expected > 1e-9 else None


@given(UNITS)
def test_alpha_is_krippendorffs_with_missing_answers_too(units):
    expected = obvious_alpha(units)
    assert counted(units).alpha == (None if expected is None else pytest.approx(expected))


def test_alpha_of_krippendorffs_own_example_is_his():
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C: 4 observers, 12 units, values missing.
    observers = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    units = [[row[unit] for row in observers if row[unit] != "."] for unit in range(12)]
    assert counted(units).alpha == pytest.approx(0.743, abs=0.0005)


def test_full_agreement_is_one_and_chance_is_near_zero():
    assert counted([["a", "a"], ["b", "b"]]).alpha == 1
    assert counted([["a", "a"], ["b", "b"], ["a", "b"], ["b", "a"]] * 500).alpha == pytest.approx(0, abs=1e-3)
    assert counted([["a", "b"]] * 10).alpha < 0


def test_alpha_is_not_defined_without_pairs_or_with_one_value_only():
    assert counted([]).alpha is None
    assert counted([["a"], ["b"], []]).alpha is None
    assert counted([["a", "a"], ["a", "a", "a"]]).alpha is None


def test_unanimous_is_the_share_of_items_with_several_answers_on_which_all_agreed():
    assert counted([["a", "a"], ["a", "b"], ["c", "c", "c"], ["a"], []]).unanimous == pytest.approx(2 / 3)
    assert counted([["a"]]).unanimous is None


@given(UNITS)
def test_a_single_answer_says_nothing(units):
    alone, more = counted(units), counted([*units, ["a"], []])
    assert (alone.alpha, alone.unanimous) == (more.alpha, more.unanimous)


@given(UNITS, st.randoms(use_true_random=False))
def test_the_order_of_items_and_answers_does_not_matter(units, random):
    shuffled = [random.sample(unit, len(unit)) for unit in units]
    random.shuffle(shuffled)
    one, other = counted(units), counted(shuffled)
    assert one.unanimous == other.unanimous
    assert one.alpha == (None if other.alpha is None else pytest.approx(other.alpha))
