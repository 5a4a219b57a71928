"""People in company: closed forms of persuasion, opinion dynamics and debate."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.annotator.company import Company
from agents.annotator.saying import Said
from agents.annotator.social import Position, Social
from agents.annotator.socials.argument import Argument
from agents.annotator.socials.conformity import Conformity
from agents.annotator.socials.debate import Debate
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.samples import share_band

CHANCE = Chance(13)


def committee(size: int, social: Social) -> list[Company]:
    return [Company(f"member-{number}", social, CHANCE) for number in range(size)]


def rounds(members: Sequence[Company], first: Sequence[Position], item: int, turns: int) -> list[list[Position]]:
    """Return what members of a committee hold who all hear each other, round by round; the truth is class 1."""
    held, course = [*first], [[*first]]
    for turn in range(turns):
        question, heard = case(item, truth=1), [each._replace(reasons=True) for each in held]
        held = [
            member.reconsider(held[place], first[place], [*heard[:place], *heard[place + 1 :]], question, turn)
            for place, member in enumerate(members)
        ]
        course.append(held)
    return course


def first_labels(size: int, item: int, accuracy: float) -> list[Position]:
    luck = CHANCE.keyed("first").luck(item)
    return [Position(int(luck.uniform() < accuracy)) for _ in range(size)]


# Argument

N = 12_000


def exact(n: int, p: float, s: float, f: float) -> tuple[float, float]:
    """Return, after one round of argument, the accuracy of a member and of the majority, by enumeration."""
    members = majority = 0.0
    for right in range(n + 1):
        here = math.comb(n, right) * p**right * (1 - p) ** (n - right)
        stays, comes = (1 - f if right < n else 1.0), (s if right else 0.0)
        members += here * (right * stays + (n - right) * comes) / n
        counts = np.convolve(binomial(right, stays), binomial(n - right, comes))
        majority += here * float(counts[n // 2 + 1 :].sum())
    return members, majority


def binomial(n: int, p: float) -> NDArray[np.float64]:
    return np.array([math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


@pytest.mark.parametrize(
    ("n", "p", "s", "f", "member", "majority"),
    [(3, 0.7, 0.6, 0.1, 0.8281, 0.898), (5, 0.6, 0.3, 0.3, 0.560, 0.586), (2, 0.7, 0.4, 0.4, None, None)],
)
def test_after_a_round_of_argument_members_and_majority_are_as_right_as_the_closed_form_has_it(n, p, s, f, member, majority):
    members = committee(n, Argument(wrong_to_right=s, right_to_wrong=f))
    closed = p * (1 - f * (1 - p ** (n - 1))) + (1 - p) * s * (1 - (1 - p) ** (n - 1))
    expected, vote = exact(n, p, s, f)
    assert expected == pytest.approx(closed)
    if member is not None:
        assert (expected, vote) == (pytest.approx(member, abs=1e-3), pytest.approx(majority, abs=1e-3))
    if (n, s) == (2, f):
        # Between two, persuasion that knows no truth changes nothing on average.
        assert expected == pytest.approx(p)
    right = np.array([[each.label for each in rounds(members, first_labels(n, item, p), item, 1)[-1]] for item in range(N)])
    # Members of one committee are not independent, so that items are counted and not people.
    shares = right.mean(axis=1)
    assert shares.mean() == pytest.approx(closed, abs=4 * shares.std() / math.sqrt(N))
    if n % 2:
        assert (shares > 0.5).mean() == pytest.approx(vote, abs=share_band(vote, N))


def test_who_is_wrong_and_hears_only_other_wrong_labels_is_not_persuaded():
    argument = Argument(wrong_to_right=1, right_to_wrong=1)
    (member,) = committee(1, argument)
    own = Position(2)
    wrong, right = [Position(0, reasons=True), Position(3, reasons=True)], Position(1, reasons=True)
    assert member.reconsider(own, own, wrong, case(1, truth=1, classes=4), 0) == own
    assert member.reconsider(own, own, [*wrong, right], case(1, truth=1, classes=4), 0).label == 1


def test_a_label_without_reasons_persuades_nobody_by_argument():
    (member,) = committee(1, Argument(wrong_to_right=1, right_to_wrong=1))
    for own in (Position(0), Position(1)):
        heard = [Position(label, weight=9) for label in (0, 1)]
        assert member.reconsider(own, own, heard, case(1, truth=1), 0) == own


# Opinion dynamics


def opinion(value: float) -> Position:
    return Position(int(value > 0.5), (1 - value, value))


def values(positions: Sequence[Position]) -> list[float]:
    return [each.chances[1] for each in positions]


def test_one_stubborn_member_who_is_wrong_moves_a_committee_from_right_to_wrong():
    # Friedkin and Johnsen's fixed point (I - Lambda W)^-1 (I - Lambda) x(0), with W = 1/5 and Lambda = (.9, .9, .9, .9, 0).
    start, weights, susceptible = np.array([0.8, 0.7, 0.6, 0.7, 0.1]), np.full((5, 5), 0.2), np.diag([0.9] * 4 + [0.0])
    fixed = np.linalg.solve(np.eye(5) - susceptible @ weights, (np.eye(5) - susceptible) @ start)
    assert fixed == pytest.approx([0.32429, 0.31429, 0.30429, 0.31429, 0.1], abs=1e-5)
    open_, stubborn = Conformity(openness=0.8, stubbornness=0.1), Conformity(openness=0.8, stubbornness=1)
    members = [*committee(4, open_), *committee(1, stubborn)]
    last = rounds(members, [opinion(value) for value in start], 0, 300)[-1]
    assert values(last) == pytest.approx(fixed, abs=1e-9)
    assert start.mean() > 0.5
    assert [each.label for each in last] == [0] * 5


def test_opinions_that_all_hear_shrink_by_the_second_eigenvalue_and_meet_in_the_mean():
    # DeGroot on the complete graph with weight a on others: lambda_2 = 1 - a n / (n - 1).
    start, openness = np.linspace(0.1, 0.9, 9) ** 1.5, 0.5
    course = rounds(committee(9, Conformity(openness=openness)), [opinion(value) for value in start], 0, 12)
    apart = [max(values(held)) - min(values(held)) for held in course]
    ratios = [later / earlier for earlier, later in pairwise(apart)]
    assert ratios == pytest.approx([1 - openness * 9 / 8] * 12)
    assert ratios[0] == pytest.approx(0.4375)
    assert values(course[-1]) == pytest.approx([start.mean()] * 9, abs=1e-3)


def test_who_is_not_open_holds_what_they_hold():
    start = [opinion(value) for value in (0.9, 0.2, 0.4)]
    held = rounds(committee(3, Conformity(openness=0)), start, 0, 3)[-1]
    assert values(held) == pytest.approx(values(start))
    assert [each.label for each in held] == [each.label for each in start]


# Debate


def test_debate_without_the_truth_is_a_martingale_for_its_members_and_takes_from_their_vote():
    # Choi, Zhu and Li (2025): five members of concentration 10, right with probability .7: .83692 by majority before, .816 after.
    n, accuracy, items, turns = 5, 0.7, 6000, 5
    social = Debate(concentration=10)
    members, luck = committee(n, social), CHANCE.keyed("debate")
    right = np.empty((turns + 1, items, n))
    for item in range(items):
        draws = luck.luck(item)
        first = [social.position(Said(int(draws.uniform() < accuracy)), (1 - accuracy, accuracy)) for _ in range(n)]
        for turn, held in enumerate(rounds(members, first, item, turns)):
            right[turn, item] = [each.label for each in held]
    shares, votes = right.mean(axis=2), (right.mean(axis=2) > 0.5).mean(axis=1)
    for turn in range(turns + 1):
        assert shares[turn].mean() == pytest.approx(accuracy, abs=4 * shares[turn].std() / math.sqrt(items))
    assert votes[0] == pytest.approx(0.83692, abs=share_band(0.83692, items))
    assert votes[-1] == pytest.approx(0.816, abs=share_band(0.816, items) + 0.001)
    paired = (shares[0] > 0.5).astype(float) - (shares[-1] > 0.5)
    assert paired.mean() > 2 * paired.std() / math.sqrt(items)


def test_a_debater_counts_every_answer_that_is_heard_once():
    social = Debate(concentration=4)
    own = social.position(Said(1), (0.25, 0.75))
    held = social.reconsider(own, own, [Position(0), Position(0), Position(1)], case(0, truth=1), CHANCE.keyed("x").luck(0))
    assert (held.mass, held.chances) == (7, pytest.approx((3 / 7, 4 / 7)))
