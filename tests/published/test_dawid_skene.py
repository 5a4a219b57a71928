"""The anaesthetists (Dawid and Skene, 1979, Table 1): marginals, error rates, log-likelihood, and patients who stay uncertain.

Found are: repeated ratings that count once, a confusion matrix transposed, zeros that are smoothed, a start at hard votes.
"""

import numpy as np
import pytest

from agents.inference.answers import AnswerTable
from agents.inference.dawid_skene import DawidSkene
from agents.inference.inference import Inferred, vote_shares

RATINGS = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212 1211111
1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121
1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""
"""By patient: three ratings of observer 1, and one each of observers 2 to 5, of fitness for anaesthesia on a scale of 1 to 4."""

OBSERVERS = np.array([0, 0, 0, 1, 2, 3, 4])
EXACT = DawidSkene(tolerance=1e-13, most=500, floor=0)


def anaesthetists() -> AnswerTable:
    """Return the 315 ratings as a table; patient n has row n - 1."""
    ratings = np.array([[int(rating) - 1 for rating in patient] for patient in RATINGS.split()], np.intp)
    patients = np.repeat(np.arange(len(ratings)), len(OBSERVERS))
    people = [f"observer {number}" for number in range(1, 6)]
    observers = np.tile(OBSERVERS, len(ratings))
    return AnswerTable(range(1, len(ratings) + 1), people, ("1", "2", "3", "4"), patients, observers, ratings.ravel())


@pytest.fixture(scope="module")
def found() -> Inferred:
    return EXACT.infer(anaesthetists())


def test_there_are_315_ratings_of_45_patients():
    table = anaesthetists()
    assert len(table) == 315
    assert table.answers_of_item.tolist() == [7] * 45
    assert table.answers_of_person.tolist() == [135, 45, 45, 45, 45]


def test_the_classes_are_as_frequent_as_published(found):
    assert found.prior == pytest.approx([0.3996, 0.4220, 0.1118, 0.0667], abs=1e-3)
    assert np.bincount(found.posterior.argmax(axis=1)).tolist() == [18, 19, 5, 3]


def test_the_log_likelihood_takes_the_published_course(found):
    assert found.log_likelihood[:5] == pytest.approx([-205.0911, -194.5510, -193.1594, -192.9424, -192.9093], abs=1e-4)
    assert found.log_likelihood[-1] == pytest.approx(-192.89088, abs=1e-5)
    assert found.converged


def test_the_log_likelihood_never_falls(found):
    assert np.diff(found.log_likelihood).min() > -1e-9


def test_the_tenth_decimal_stands_after_26_iterations():
    # A tolerance for the whole of the answers, as the paper's program has it: 1e-10, over 315 answers.
    assert DawidSkene(tolerance=1e-10 / 315).infer(anaesthetists()).iterations == 26


def test_the_first_observer_errs_as_published(found):
    published = [[0.8895, 0.1105, 0, 0], [0.0706, 0.8764, 0.0530, 0], [0, 0.3388, 0.6612, 0], [0, 0, 0.5556, 0.4444]]
    assert found.confusion[0] == pytest.approx(np.array(published), abs=1e-3)


def test_a_label_never_given_has_probability_zero(found):
    assert found.confusion[2, 0].tolist() == pytest.approx([1, 0, 0, 0], abs=1e-15)


def test_nothing_of_this_needs_exact_zeros(found):
    by_default = DawidSkene(tolerance=1e-13, most=500).infer(anaesthetists())
    assert by_default.log_likelihood[-1] == pytest.approx(found.log_likelihood[-1], abs=1e-7)
    assert by_default.confusion == pytest.approx(found.confusion, abs=1e-8)


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        (7, (0.981, 0.019, 0, 0)),
        (30, (0.9991, 0.0009, 0, 0)),
        (35, (0, 0.948, 0.052, 0)),
        (38, (0, 0.0212, 0.9788, 0)),
        (42, (0.9998, 0.0002, 0, 0)),
    ],
)
def test_some_patients_stay_uncertain(found, patient, expected):
    assert found.posterior[patient - 1] == pytest.approx(expected, abs=1e-3)


def test_a_start_at_hard_votes_ends_in_a_worse_optimum():
    table = anaesthetists()
    hard = np.eye(4)[vote_shares(table).argmax(axis=1)]
    worse = EXACT.infer(table, start=hard)
    assert worse.log_likelihood[-1] == pytest.approx(-193.97464, abs=1e-4)
    assert worse.prior == pytest.approx([0.3997, 0.4670, 0.1111, 0.0222], abs=1e-3)


def test_more_starts_never_end_lower(found):
    # The best of further starts is a little better than what the paper's start leads to, or the same.
    several = DawidSkene(tolerance=1e-13, most=500, starts=8).infer(anaesthetists())
    assert several.log_likelihood[-1] >= found.log_likelihood[-1] - 1e-9
