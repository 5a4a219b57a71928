"""Rules of a council that go by rankings: examples by hand, and what holds whoever ranks how."""

from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.council.rule import Sitting
from agents.selector.council.rules.choice import AnyRule
from agents.selector.council.rules.kemeny import Kemeny, least_contradicted
from agents.selector.council.rules.ranks import Approval, Borda, MedianRank, ReciprocalRank
from tests.agents.samples import complaint, make
from tests.agents.selector.council.sittings import rankings, rows, scores, sitting

BY_RANK = [Borda(), MedianRank(), ReciprocalRank(), ReciprocalRank(k=0), Approval(), Kemeny()]
NAMES = ["borda", "median-rank", "reciprocal-rank", "reciprocal-rank", "approval", "kemeny"]
ids = [f"{rule.kind}-{place}" for place, rule in enumerate(BY_RANK)]


# By hand: three members, each naming three items.

HAND = sitting([1, 2, 3], [2, 3, 1], [2, 5, 1])


def test_bordas_points_add_up() -> None:
    # Item 1: 3 + 1 + 1; item 2: 2 + 3 + 3; item 3: 1 + 2; item 5: 2.
    assert scores(Borda(), HAND) == {2: 8.0, 1: 5.0, 3: 3.0, 5: 2.0}
    assert rows(Borda(), HAND) == [2, 1, 3, 5]


def test_the_median_place_counts_and_whoever_does_not_name_an_item_has_it_behind_the_last() -> None:
    # Places: item 1: 1, 3, 3; item 2: 2, 1, 1; item 3: 3, 2, 4; item 5: 4, 4, 2.
    assert scores(MedianRank(), HAND) == {2: -1.0, 1: -3.0, 3: -3.0, 5: -4.0}


def test_of_two_members_the_median_is_the_mean() -> None:
    assert scores(MedianRank(), sitting([1, 2], [2, 3])) == {2: -1.5, 1: -2.0, 3: -2.5}


def test_reciprocal_places_add_up() -> None:
    assert scores(ReciprocalRank(k=0), HAND) == pytest.approx({2: 1 / 2 + 1 + 1, 1: 1 + 1 / 3 + 1 / 3, 3: 1 / 3 + 1 / 2, 5: 1 / 2})
    assert scores(ReciprocalRank(), HAND)[2] == pytest.approx(1 / 62 + 2 / 61)


def test_approvals_are_counted() -> None:
    assert scores(Approval(), HAND) == {1: 3.0, 2: 3.0, 3: 2.0, 5: 1.0}


def test_kemeny_finds_the_winner_of_every_pair_where_bordas_points_do_not() -> None:
    # Three of five have 1 before everything, but it is last with the others (Condorcet's own example of what points miss).
    held = sitting([1, 2, 3], [1, 2, 3], [1, 2, 3], [2, 3, 1], [2, 3, 1])
    assert rows(Borda(), held) == [2, 1, 3]
    assert rows(Kemeny(), held) == [1, 2, 3]


def test_kemeny_puts_the_best_few_in_order_and_the_others_follow_by_their_points() -> None:
    held = sitting([1, 2, 3], [1, 2, 3], [1, 2, 3], [2, 3, 1], [2, 3, 1])
    assert rows(Kemeny(exact=1), held) == [2, 1, 3]
    assert rows(Kemeny(exact=2), held) == [1, 2, 3]


def contradictions(order: tuple[int, ...], places: dict[int, list[int]]) -> int:
    return sum(
        there < here for first, second in combinations(order, 2) for here, there in zip(places[first], places[second], strict=True)
    )


@given(rankings())
def test_no_order_contradicts_the_members_less_than_kemenys(drawn: list[list[int]]) -> None:
    held = sitting(*drawn)
    items, places = held.rows[:6], held.places()
    fewest = min(contradictions(order, places) for order in permutations(items))
    # Of several, the first one.
    assert tuple(least_contradicted(items, places)) == next(
        order for order in permutations(items) if contradictions(order, places) == fewest
    )


# Whoever ranks how


@pytest.mark.parametrize("rule", BY_RANK, ids=ids)
@given(drawn=rankings())
def test_every_nominated_item_is_put_in_order_once(rule: Any, drawn: list[list[int]]) -> None:
    ordered = rule.order(sitting(*drawn))
    assert sorted(row for row, _ in ordered) == sorted({row for each in drawn for row in each})
    found = [score for _, score in ordered]
    assert found == sorted(found, reverse=True)
    assert all(type(row) is int and type(score) is float for row, score in ordered)


@pytest.mark.parametrize("rule", [rule for rule in BY_RANK if not isinstance(rule, Approval)], ids=lambda rule: rule.kind)
@given(drawn=rankings(), members=st.integers(1, 5))
def test_members_of_one_mind_decide(rule: Any, drawn: list[list[int]], members: int) -> None:
    assert rows(rule, sitting(*[drawn[0]] * members)) == drawn[0]


@pytest.mark.parametrize("rule", BY_RANK, ids=ids)
@given(drawn=rankings(), data=st.data())
def test_it_does_not_matter_in_which_order_members_sit(rule: Any, drawn: list[list[int]], data: st.DataObject) -> None:
    others = data.draw(st.permutations(drawn))
    assert rule.order(sitting(*others)) == rule.order(sitting(*drawn))


@pytest.mark.parametrize("rule", BY_RANK, ids=ids)
@given(drawn=rankings(), data=st.data())
def test_what_every_member_has_before_another_item_goes_before_it(rule: Any, drawn: list[list[int]], data: st.DataObject) -> None:
    held = sitting(*drawn)
    places, found = held.places(), rule.order(held)
    order, points = [row for row, _ in found], dict(found)
    one, other = data.draw(st.sampled_from(order)), data.draw(st.sampled_from(order))
    if all(here < there for here, there in zip(places[one], places[other], strict=True)):
        assert points[one] >= points[other]
        if not isinstance(rule, Approval):
            assert order.index(one) < order.index(other)


@pytest.mark.parametrize("rule", BY_RANK, ids=ids)
def test_luck_decides_between_what_is_as_good(rule: Any) -> None:
    held = sitting([3, 4], [4, 3])
    assert rows(rule, held) == [3, 4]
    unlucky = Sitting(1, held.ballots, held.left, -held.ties, held.luck)
    assert rows(rule, unlucky) == [4, 3]


@pytest.mark.parametrize("kind", NAMES)
def test_a_rule_is_known_by_its_name(kind: str) -> None:
    assert make(AnyRule, kind).kind == kind
    assert not make(AnyRule, kind).needs_model


def test_a_rule_that_nobody_knows_is_told_from_those_that_there_are() -> None:
    assert complaint(AnyRule, "bordaa") == (
        "there is no rule of a council 'bordaa'; did you mean 'borda'? "
        "there are albl, approval, auction, borda, kemeny, median-rank, reciprocal-rank"
    )
    assert "less than or equal to 10" in complaint(AnyRule, {"kind": "kemeny", "exact": 50})
