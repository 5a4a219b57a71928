"""Argument and debate through the real bus: closed forms of what a round does to members and to their vote.

Found are: truth that leaks where nobody knows it, members who hear themselves, rounds in which some answer what others say only
now, and votes that are counted before the talk.
"""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.agents.samples import share_band
from tests.published.opinions import Talk, talk
from tests.published.test_company import exact
from tests.published.test_condorcet import jury


def committee(size: int, accuracy: float, social: dict[str, object], **tables: object) -> list[dict[str, object]]:
    noise = {"kind": "one-coin", "accuracy": accuracy}
    return [{"count": size, "noise": noise, "latency": {"kind": "fixed", "time": 1}, "social": social, **tables}]


def shares(course: Talk) -> NDArray[np.float64]:
    """Return the share of the members who are right; shape (rounds + 1, items)."""
    return course.right.mean(axis=2)


def band(drawn: NDArray[np.float64]) -> float:
    """Return four standard errors of a mean over items: the members of one committee are not independent."""
    return float(4 * drawn.std(ddof=1) / math.sqrt(len(drawn)))


# Argument (P8: all hear all, once)

ROUNDS = [(3, 0.7, 0.6, 0.1, 0.828, 0.783, 0.898), (5, 0.6, 0.3, 0.3, 0.560, 0.684, 0.586)]
"""Members, accuracy, wrong to right, right to wrong; a member afterwards, the vote before and after."""


def check_argument(items: int, n: int, p: float, s: float, f: float, member: float, before: float, after: float) -> Talk:
    social = {"kind": "argument", "wrong_to_right": s, "right_to_wrong": f}
    course = talk(committee(n, p, social), items, 1, "argument")
    right, (closed, vote) = shares(course), exact(n, p, s, f)
    assert closed == pytest.approx(p * (1 - f * (1 - p ** (n - 1))) + (1 - p) * s * (1 - (1 - p) ** (n - 1)))
    assert (closed, jury(p, n), vote) == pytest.approx((member, before, after), abs=2e-3)
    assert right[0].mean() == pytest.approx(p, abs=band(right[0]))
    assert right[1].mean() == pytest.approx(closed, abs=band(right[1]))
    assert (right[0] > 0.5).mean() == pytest.approx(jury(p, n), abs=share_band(jury(p, n), items))
    assert (right[1] > 0.5).mean() == pytest.approx(vote, abs=share_band(vote, items))
    assert course.summary.label_accuracy == (right[1] > 0.5).mean()
    return course


@pytest.mark.parametrize("published", ROUNDS)
def test_a_round_of_argument_does_to_members_and_vote_what_the_closed_form_has(published):
    check_argument(600, *published)


@pytest.mark.slow
@pytest.mark.parametrize("published", ROUNDS)
def test_a_round_of_argument_does_so_over_many_items(published):
    items = 12_000
    right = shares(check_argument(items, *published))
    gained = right[1] - right[0]
    assert abs(gained.mean()) > band(gained)
    voted = (right[1] > 0.5).astype(float) - (right[0] > 0.5)
    # Symmetric persuasion destroys what the vote had gained, and truth that persuades adds to it.
    assert np.sign(voted.mean()) == np.sign(published[6] - published[5])
    assert abs(voted.mean()) > band(voted)


def test_labels_without_reasons_move_nobody_who_goes_by_arguments():
    credulous = {"kind": "argument", "wrong_to_right": 1, "right_to_wrong": 1}
    course = talk(committee(5, 0.7, credulous), 60, 2, "delphi")
    assert (course.labels == course.labels[0]).all()
    knowing = {"kind": "argument", "wrong_to_right": 1, "right_to_wrong": 0}
    course = talk(committee(5, 0.7, knowing), 60, 1, {"kind": "delphi", "reasons": True})
    assert course.right[1].all(axis=1).sum() == course.right[0].any(axis=1).sum()


# Debate (Choi, Zhu and Li, 2025)

N, P, TURNS = 5, 0.7, 5
VOTES = {2: 0.778, 10: 0.816, 50: 0.836}
"""The vote of five after five rounds, by concentration; before them it is .83692."""


def debate(items: int, family: dict[str, object] | None = None, seed: int = 1, **dials: float) -> Talk:
    tables = {} if family is None else {"family": family}
    return talk(committee(N, P, {"kind": "debate", **dials}, **tables), items, TURNS, "debate", seed=seed)


def check_debate(items: int, concentration: float, vote: float) -> NDArray[np.float64]:
    right = shares(debate(items, concentration=concentration))
    for turn in range(TURNS + 1):
        assert right[turn].mean() == pytest.approx(P, abs=band(right[turn]))
    voted = (right > 0.5).mean(axis=1)
    assert voted[0] == pytest.approx(0.83692, abs=share_band(0.83692, items))
    assert voted[-1] == pytest.approx(vote, abs=share_band(vote, items) + 1e-3)
    return right


@pytest.mark.parametrize("concentration", VOTES)
def test_debate_leaves_members_as_right_as_they_were(concentration):
    check_debate(200, concentration, VOTES[concentration])


@pytest.mark.slow
@pytest.mark.parametrize("concentration", VOTES)
def test_debate_leaves_members_as_right_as_they_were_and_takes_from_their_vote(concentration):
    right = check_debate(9000, concentration, VOTES[concentration])
    lost = (right[0] > 0.5).astype(float) - (right[-1] > 0.5)
    assert lost.mean() == pytest.approx(0.83692 - VOTES[concentration], abs=band(lost) + 1e-3)
    if concentration < 50:
        assert lost.mean() > band(lost) / 2


def test_debate_with_a_bias_to_the_truth_teaches_members_and_vote():
    check_bias(250)


@pytest.mark.slow
def test_debate_with_a_bias_to_the_truth_comes_to_what_is_published():
    check_bias(9000)


def check_bias(items: int) -> None:
    right = shares(debate(items, truth_bias=0.5))
    assert right[-1].mean() == pytest.approx(0.776, abs=band(right[-1]) + 1e-3)
    assert (right[-1] > 0.5).mean() == pytest.approx(0.905, abs=share_band(0.905, items) + 1e-3)
    gained = right[-1] - right[0]
    assert gained.mean() == pytest.approx(0.076, abs=band(gained) + 1e-3)


def test_models_of_one_make_begin_alike_and_debate_adds_nothing_to_them_either():
    items, share = 400, 0.5
    right = shares(debate(items, {"kind": "common-draw", "name": "make", "share": share}))
    vote = share * P + (1 - share) * jury(P, N)
    assert (right[0] > 0.5).mean() == pytest.approx(vote, abs=share_band(vote, items))
    for turn in range(TURNS + 1):
        assert right[turn].mean() == pytest.approx(P, abs=band(right[turn]))
