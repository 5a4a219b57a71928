"""The one-coin model, against loops over dictionaries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import table_of
from agents.inference.inference import vote_shares
from agents.inference.one_coin import OneCoinDawidSkene
from tests.agents.inference.reference import plain_em, relabelled, shuffled, tables

SMALL = settings(max_examples=60, deadline=None)
dials = st.sampled_from([(0.0, 0.0), (0.5, 0.0), (1.0, 3.0)])


@SMALL
@given(tables().filter(lambda table: len(table.classes) > 1), st.integers(1, 5), dials)
def test_it_finds_what_loops_find(table, steps, dial):
    found = OneCoinDawidSkene(most=steps, tolerance=0, smoothing=dial[0], trust=dial[1], floor=0).infer(table)
    posterior, confusion, course = plain_em(table, vote_shares(table), found.iterations, True, *dial)
    assert found.posterior == pytest.approx(posterior, abs=1e-8)
    assert found.confusion == pytest.approx(confusion, abs=1e-8)
    if not sum(dial):
        assert found.log_likelihood == pytest.approx(course, abs=1e-7)


@SMALL
@given(tables(), dials)
def test_the_log_likelihood_never_falls(table, dial):
    found = OneCoinDawidSkene(most=40, tolerance=0, smoothing=dial[0], trust=dial[1]).infer(table)
    assert np.diff(found.log_likelihood).min(initial=0.0) > -1e-7
    assert found.posterior.sum(axis=1) == pytest.approx(1)
    assert (found.posterior[table.known, table.gold[table.known]] == 1).all()


@SMALL
@given(tables(), st.integers(0, 99))
def test_neither_the_order_of_rows_nor_names_of_classes_make_a_difference(table, seed):
    method = OneCoinDawidSkene(most=8, smoothing=0.1, tolerance=0)
    found = method.infer(table)
    assert method.infer(shuffled(table, seed)).posterior.tolist() == found.posterior.tolist()
    order = np.random.default_rng(seed).permutation(len(table.classes)).tolist()
    assert method.infer(relabelled(table, order)).posterior[:, order] == pytest.approx(found.posterior, abs=1e-8)


def test_only_one_class_is_certain_of_itself():
    found = OneCoinDawidSkene().infer(table_of("aab", "xyx", "111"))
    assert found.posterior.tolist() == [[1.0], [1.0]]
    assert found.confusion.tolist() == [[[1.0]], [[1.0]]]


def test_a_matrix_is_even_beside_its_diagonal():
    found = OneCoinDawidSkene().infer(table_of("aaabbbcccddd", "xyzxyzxyzxyz", "112223331113"))
    for matrix in found.confusion:
        assert np.ptp(matrix.diagonal()) == pytest.approx(0)
        assert np.ptp(matrix[~np.eye(3, dtype=bool)]) == pytest.approx(0)
