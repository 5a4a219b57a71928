"""A fitted crowd's answers, all at once."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.calibration.crowd import fit_crowd
from agents.annotator.calibration.repeats import earlier, repeating
from agents.annotator.calibration.simulation import drawn, simulate
from agents.annotator.nature import Nature
from agents.annotator.noise import draw
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.item_effect import ItemEffect
from agents.inference.agreement import pairs_agreeing
from agents.inference.answers import AnswerTable
from bus.chance import Chance
from tests.agents.annotator.calibration.made import made, matrices
from tests.agents.annotator.cases import case
from tests.agents.samples import share_band


class Scripted:
    """Luck that is known beforehand."""

    def __init__(self, *uniforms: float) -> None:
        self._left = list(uniforms)

    def uniform(self) -> float:
        return self._left.pop(0)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.data())
def test_answers_are_drawn_as_an_annotator_draws_them(weights, data):
    chances = np.array(weights) / (math.fsum(weights) or 1.0)
    if not math.fsum(weights):
        chances[0] = 1.0
    truth = data.draw(st.integers(0, len(chances) - 1))
    luck = [data.draw(st.floats(2**-53, 1 - 2**-53)) for _ in range(2)]
    # Chances and luck that meet within the rounding of a sum may go either way.
    edges = np.delete(chances, truth).cumsum() - luck[1] * (chances.sum() - chances[truth])
    told = draw(chances.tolist(), truth, Scripted(*luck))
    if np.abs(edges).min() > 1e-12:
        assert drawn(chances[None], np.array([truth]), np.array(luck)[:, None])[0] == told


def test_in_bulk_and_one_by_one_people_answer_alike():
    stream = np.random.default_rng(1)
    classes, items = 3, 1200
    log = made(stream, matrices(stream, 4, classes, 0.6), items, 4, 1.2)
    crowd = fit_crowd(log.table, log.truth)
    people, effect = crowd.mean, crowd.effect
    bulk = simulate(crowd, log.table, log.truth, stream, people).reshape(items, 4)
    nature = Nature(Chance(3))
    single = np.empty_like(bulk)
    for person in range(4):
        base = people.base[person] / people.base[person].sum(axis=1, keepdims=True)
        noise = ItemEffect(
            of=Confusion(matrix=tuple(tuple(row) for row in base.tolist())),
            spreads=tuple(people.spread[person].tolist()),
            skew=effect.skew,
            distractor=effect.distractor,
        )
        luck = Chance(3).keyed("annotator", f"w{person}", "answer")
        for item in range(items):
            single[item, person] = noise.answer(case(item, int(log.truth[item]), classes, nature=nature), luck.luck(item))
    true = log.truth[:, None]
    one, other = bulk == true, single == true
    far = math.sqrt(2) * share_band(0.5, items)
    for person in range(4):
        assert one[:, person].mean() == pytest.approx(other[:, person].mean(), abs=far)
    for person in range(3):
        both, again = (one[:, person] & one[:, person + 1]).mean(), (other[:, person] & other[:, person + 1]).mean()
        assert both == pytest.approx(again, abs=far)
    for label in range(classes):
        assert (bulk == label).mean() == pytest.approx((single == label).mean(), abs=far)


def test_simulated_people_agree_as_often_as_real_ones():
    stream = np.random.default_rng(6)
    items = 2500
    log = made(stream, matrices(stream, 20, 2), items, 4, 1.5)
    crowd = fit_crowd(log.table, log.truth)
    label = simulate(crowd, log.table, log.truth, stream, crowd.mean)
    told = AnswerTable(log.table.items, log.table.people, log.table.classes, log.table.item, log.table.person, label)
    real, simulated = pairs_agreeing(log.table), pairs_agreeing(told)
    assert real > 0.75**2 + 0.25**2 + 0.07
    assert simulated == pytest.approx(real, abs=math.sqrt(2) * share_band(real, items))


def test_two_runs_of_equal_streams_are_equal():
    log = made(np.random.default_rng(2), matrices(np.random.default_rng(2), 6, 2), 300, 3)
    crowd = fit_crowd(log.table, log.truth)
    one, other = (simulate(crowd, log.table, log.truth, np.random.default_rng(5)) for _ in range(2))
    assert (one == other).all()


# Repeated answers


def repeated(stream: np.random.Generator, share: float, items: int = 1500) -> tuple[AnswerTable, np.ndarray]:
    """Return a log in which each of six people answers each item twice, and that share of the second times without thinking."""
    log = made(stream, matrices(stream, 6, 2, 0.7), items, 6, 1.0)
    again = made(np.random.default_rng(9), log.confusion, items, 6, 0.0)
    table = log.table
    # Second answers are independent of the first, item effect and all, unless they repeat it.
    label = np.where(
        stream.random(len(table)) < share,
        table.label,
        np.where(again.table.label == again.truth[again.table.item], log.truth[table.item], 1 - log.truth[table.item]),
    )
    both = AnswerTable(
        table.items,
        table.people,
        table.classes,
        np.tile(table.item, 2),
        np.tile(table.person, 2),
        np.concatenate([table.label, label]),
    )
    return both, log.truth


def test_the_first_of_several_answers_is_found():
    item, person = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 0, 0])
    table = AnswerTable(["i", "j"], ["a", "b"], [0, 1], item, person, np.array([0, 1, 1, 1, 1]))
    assert earlier(table).tolist() == [0, 0, 2, 3, 3]


@pytest.mark.parametrize("share", [0.0, 0.4, 0.9])
def test_how_often_somebody_repeats_themselves_is_found_again(share):
    table, truth = repeated(np.random.default_rng(3), share)
    crowd = fit_crowd(table, truth)
    # The log's second thoughts have no item effect, which is expected of them: so much is missing.
    found = repeating(table, np.eye(2)[truth], crowd.mean.confusion, np.zeros_like(crowd.spread), crowd.effect)
    assert found == pytest.approx(share, abs=0.04)


def test_a_crowd_that_always_repeats_itself_says_the_same_again():
    table, truth = repeated(np.random.default_rng(4), 1.0, 300)
    crowd = fit_crowd(table, truth)
    label = simulate(crowd, table, truth, np.random.default_rng(1))
    assert crowd.repeat == 1.0
    assert (label == label[earlier(table)]).all()


def test_where_nobody_answers_twice_nobody_repeats_themselves():
    log = made(np.random.default_rng(5), matrices(np.random.default_rng(5), 6, 2), 100, 3)
    assert fit_crowd(log.table, log.truth).repeat == 0.0
