"""Communities: how confusion matrices are spread over people."""

import numpy as np
import pytest

from agents.annotator.calibration.communities import communities_of
from tests.agents.annotator.calibration.made import matrices


def counted(stream: np.random.Generator, confusion: np.ndarray, answers: int) -> np.ndarray:
    """Return how often people of these matrices give each label, asked so often about each class."""
    return stream.multinomial(answers, confusion).astype(np.float64)


def test_people_of_two_kinds_are_two_communities():
    stream = np.random.default_rng(1)
    skilled, guessing = matrices(stream, 60, 2, 0.92, 40.0), np.full((40, 2, 2), 0.5)
    found = communities_of(counted(stream, np.concatenate([skilled, guessing]), 30))
    assert sorted(found.weight) == pytest.approx([0.4, 0.6], abs=0.06)
    kind = found.member.argmax(axis=1)
    assert len({*kind[:60]}) == len({*kind[60:]}) == 1


def test_people_of_one_kind_are_one_community():
    stream = np.random.default_rng(2)
    assert len(communities_of(counted(stream, matrices(stream, 80, 3, 0.7, 8.0), 20)).weight) == 1


def test_whoever_said_little_is_judged_as_the_others_are():
    stream = np.random.default_rng(3)
    counts = counted(stream, matrices(stream, 60, 2, 0.85, 20.0), 40)
    counts[0] = [[0.0, 1.0], [0.0, 0.0]]
    found = communities_of(counts).mean(counts)
    assert 0.7 < found[0, 0, 0] < 0.9
    assert found[1:, 0, 0] == pytest.approx(counts[1:, 0, 0] / 40, abs=0.12)


def test_draws_vary_as_much_as_people_do_and_means_less():
    stream = np.random.default_rng(4)
    truth = matrices(stream, 2000, 2, 0.75, 8.0)
    counts = counted(stream, truth, 8)
    found = communities_of(counts)
    real = truth[:, 0, 0].std()
    assert found.mean(counts)[:, 0, 0].std() < 0.9 * real
    assert np.mean([found.drawn(counts, stream)[:, 0, 0].std() for _ in range(5)]) == pytest.approx(real, rel=0.08)


def test_counts_of_nobody_are_one_community_without_members():
    found = communities_of(np.zeros((0, 2, 2)))
    assert found.weight.tolist() == [1.0]
    assert found.member.shape == (0, 1)


def test_many_people_are_learnt_from_a_part_of_them():
    stream = np.random.default_rng(5)
    counts = counted(stream, matrices(stream, 60_000, 2, 0.8, 10.0), 3)
    found = communities_of(counts)
    mean = np.einsum("g,gk->k", found.weight, np.einsum("gkk->gk", found.alpha) / found.alpha.sum(axis=2))
    assert mean == pytest.approx([0.8, 0.8], abs=0.02)
