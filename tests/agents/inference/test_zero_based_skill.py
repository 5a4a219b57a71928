"""Zero-based skill, against loops."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import table_of
from agents.inference.zero_based_skill import ZeroBasedSkill
from tests.agents.inference.reference import relabelled, shuffled, tables
from tests.agents.inference.test_wawa import plain_agreement, plain_shares


@settings(deadline=None, max_examples=40)
@given(tables(), st.permutations(range(4)), st.sampled_from([1.0, 0.4]))
def test_skills_go_step_by_step_towards_the_agreement(table, order, rate):
    method = ZeroBasedSkill(iterations=6, rate=rate, shrink_every=2, shrink=0.5, tolerance=0.0)
    skill, step = [1 / len(table.classes) if answers else 0.0 for answers in table.answers_of_person], rate
    for iteration in range(1, 7):
        step *= 0.5 if iteration % 2 == 0 else 1
        aim = plain_agreement(table, plain_shares(table, skill))
        skill = [s + step * (a - s) for s, a in zip(skill, aim, strict=True)]
    found = method.infer(table).posterior
    assert found == pytest.approx(plain_shares(table, skill))
    assert method.infer(shuffled(table, 2)).posterior == pytest.approx(found)
    order = [place for place in order if place < len(table.classes)]
    assert method.infer(relabelled(table, order)).posterior[:, order] == pytest.approx(found)


def test_it_rests_when_nothing_changes_and_more_votes_would_change_nothing():
    table = table_of([1, 1, 1, 2, 2, 2, 3, 3], "abcabcac", "xxyyyxxy")
    early, late = ZeroBasedSkill().infer(table), ZeroBasedSkill(tolerance=0.0, iterations=60).infer(table)
    assert early.converged
    assert early.iterations < 60
    assert early.posterior == pytest.approx(late.posterior, abs=1e-7)
    assert not ZeroBasedSkill(iterations=1).infer(table).converged
