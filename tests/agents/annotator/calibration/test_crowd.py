"""A crowd that is fitted to a log."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.calibration.crowd import fit_crowd
from agents.annotator.calibration.hardness import WIDEST, margin
from agents.annotator.calibration.simulation import simulate
from agents.component import Unusable
from agents.inference.answers import AnswerTable
from agents.items import UNKNOWN
from tests.agents.annotator.calibration.made import made, matrices


def error(items: int, seed: int) -> float:
    """Return the root mean square error of fitted confusion matrices, of a log of so many items."""
    stream = np.random.default_rng(seed)
    log = made(stream, matrices(stream, 12, 2), items, 4, 0.8)
    return float(np.sqrt(np.mean((fit_crowd(log.table, log.truth).mean.confusion - log.confusion) ** 2)))


@pytest.mark.slow
def test_people_are_recovered_with_an_error_that_falls_as_one_over_the_root_of_their_answers():
    sizes = np.array([200, 800, 3200])
    errors = [np.mean([error(int(size), seed) for seed in range(3)]) for size in sizes]
    slope = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.1)


@pytest.mark.parametrize(("power", "skew"), [(1.0, 0.0), (0.0, 2.0)])
def test_the_item_effect_is_recovered(power, skew):
    stream = np.random.default_rng(1)
    log = made(stream, matrices(stream, 25, 2, 0.75, 6.0), 4000, 6, 1.2, power, skew=skew)
    found = fit_crowd(log.table, log.truth)
    assert found.effect.power == power
    assert found.effect.skew == skew
    assert found.spread.mean() == pytest.approx(log.spread.mean(), rel=0.15)


def test_people_who_go_along_with_the_items_more_than_others_of_their_skill_are_told_apart():
    stream = np.random.default_rng(2)
    confusion = np.tile([[0.8, 0.2], [0.2, 0.8]], (12, 1, 1))
    log = made(stream, confusion, 3000, 8, 1.0)
    # Six more people, who answer by themselves.
    item = np.repeat(np.arange(3000), 6)
    label = np.where(stream.random(len(item)) < 0.8, log.truth[item], 1 - log.truth[item])
    table = AnswerTable(
        range(3000),
        [*log.table.people, *"abcdef"],
        [0, 1],
        np.concatenate([log.table.item, item]),
        np.concatenate([log.table.person, np.tile(np.arange(12, 18), 3000)]),
        np.concatenate([log.table.label, label]),
    )
    spread = fit_crowd(table, log.truth).spread.mean(axis=1)
    assert spread[12:].max() < 0.35 < 0.7 < spread[:12].min()


def test_independent_people_show_no_item_effect_to_speak_of():
    stream = np.random.default_rng(3)
    log = made(stream, matrices(stream, 20, 2), 3000, 6, 0.0)
    assert np.abs(fit_crowd(log.table, log.truth).spread).mean() < 0.2


def test_simulated_people_keep_their_own_accuracy():
    stream = np.random.default_rng(4)
    log = made(stream, matrices(stream, 10, 3), 1500, 5, 1.0)
    crowd = fit_crowd(log.table, log.truth)
    label = simulate(crowd, log.table, log.truth, stream, crowd.mean)
    true = log.truth[log.table.item]
    for person in range(10):
        mine = log.table.person == person
        real, told = (log.table.label == true)[mine].mean(), (label == true)[mine].mean()
        assert told == pytest.approx(real, abs=4 * np.sqrt(2 * 0.25 / mine.sum()))


def test_without_the_truth_people_are_found_as_well_as_with_it_but_for_some_doubt():
    stream = np.random.default_rng(5)
    log = made(stream, matrices(stream, 15, 2, 0.8, 20.0), 1500, 9, 0.5)
    blind = fit_crowd(log.table)
    assert blind.truths.doubt == pytest.approx(0.04)
    off = blind.mean.confusion[:, [0, 1], [0, 1]] - log.confusion[:, [0, 1], [0, 1]]
    assert np.abs(off.mean()) < 0.05
    assert np.corrcoef(blind.mean.confusion[:, 0, 0], log.confusion[:, 0, 0])[0, 1] > 0.9


def test_where_much_is_known_people_are_judged_by_that_alone():
    stream = np.random.default_rng(6)
    log = made(stream, matrices(stream, 15, 2), 1500, 5, 0.5)
    some = np.where(np.arange(1500) < 700, log.truth, UNKNOWN)
    crowd = fit_crowd(log.table, some)
    assert crowd.counts.sum() == pytest.approx(700 * 5)
    assert crowd.truths.used.sum() == 700
    # What is thought of the others is still said.
    assert (crowd.truths.posterior[700:].argmax(axis=1) == log.truth[700:]).mean() > 0.85


def test_an_equal_seed_gives_an_equal_crowd():
    stream = np.random.default_rng(7)
    log = made(stream, matrices(stream, 8, 2), 200, 4)
    one, other = fit_crowd(log.table, log.truth, 3), fit_crowd(log.table, log.truth, 3)
    assert (one.spread == other.spread).all()
    assert (one.mean.base == other.mean.base).all()


def test_more_classes_than_confusion_matrices_have_room_for_are_refused():
    table = AnswerTable([0], ["a"], range(20_000), np.zeros(1, int), np.zeros(1, int), np.zeros(1, int))
    with pytest.raises(Unusable, match="1 people and 20000 classes are too many for a confusion matrix each"):
        fit_crowd(table)


@settings(deadline=None, max_examples=6)
@given(st.data())
def test_any_table_gives_people_whose_rows_are_probabilities(data):
    """One answer, a class that nobody gave, repeated answers, items and people without any: all may be in a log."""
    items, people, classes = (data.draw(st.integers(1, most)) for most in (12, 5, 3))
    answers = data.draw(st.integers(0, 40))
    stream = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    table = AnswerTable(
        range(items),
        [f"w{number}" for number in range(people)],
        list(range(classes)),
        stream.integers(0, items, answers),
        stream.integers(0, people, answers),
        stream.integers(0, classes, answers),
    )
    truth = data.draw(st.sampled_from([None, stream.integers(0, classes, items), stream.integers(-1, classes, items)]))
    crowd = fit_crowd(table, truth)
    for persons in (crowd.mean, crowd.drawn(stream)):
        for matrix in (persons.confusion, persons.base):
            assert (matrix >= 0).all()
            assert matrix.sum(axis=2) == pytest.approx(1.0)
        assert np.isfinite(persons.spread).all()
    assert crowd.prior.sum() == pytest.approx(1.0)
    label = simulate(crowd, table, crowd.truths.drawn(stream), stream)
    assert len(label) == answers
    assert ((label >= 0) & (label < classes)).all()


def test_a_crowd_that_is_nearly_always_unanimous_has_spreads_that_a_scenario_takes_and_answers_as_it_says():
    stream = np.random.default_rng(5)
    # Who errs, errs with everybody: on 12 of 300 items all of them are wrong together, else one in a hundred is.
    truth = stream.integers(0, 3, 300)
    said = np.where(np.arange(300) % 25 == 0, (truth + 1) % 3, truth)
    item, person = np.repeat(np.arange(300), 10), np.tile(np.arange(10), 300)
    label = np.where(stream.random(3000) < 0.01, (said[item] + 1) % 3, said[item])
    table = AnswerTable(range(300), [f"w{each}" for each in range(10)], range(3), item, person, label)
    for known in (truth, None):
        crowd = fit_crowd(table, known)
        assert np.abs(crowd.spread).max() <= WIDEST
        for each in range(3):
            now, _ = margin(crowd.mean.base[:, each], each, crowd.spread[:, each], crowd.effect)
            assert now == pytest.approx(crowd.mean.confusion[:, each], abs=0.02)
