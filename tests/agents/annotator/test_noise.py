"""Noises: how answers depart from the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from agents.annotator.noise import Noise
from agents.annotator.noises.choice import AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.record import Record, Recording
from agents.component import Unusable
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.samples import complaint, dump, make, share_band

N = 20_000
PERSON = Chance(7).keyed("annotator", "crowd-1", "answer")


def answers(noise: Noise, truth: int, classes: int, count: int = N) -> np.ndarray:
    return np.array([noise.answer(case(item, truth, classes), PERSON.luck(item)) for item in range(count)])


# One coin


@pytest.mark.parametrize(("accuracy", "classes", "truth"), [(0.8, 2, 0), (0.7, 2, 1), (0.6, 4, 2), (0.3, 10, 9)])
def test_a_one_coin_answer_is_right_with_its_accuracy(accuracy, classes, truth):
    right = (answers(OneCoin(accuracy=accuracy), truth, classes) == truth).mean()
    assert right == pytest.approx(accuracy, abs=share_band(accuracy, N))


@pytest.mark.parametrize(("classes", "truth"), [(3, 0), (4, 2), (6, 5)])
def test_the_wrong_classes_are_equally_likely(classes, truth):
    counts = np.bincount(answers(OneCoin(accuracy=0.4), truth, classes), minlength=classes)
    wrong = np.delete(counts, truth)
    expected = wrong.sum() / (classes - 1)
    # As improbable as four standard errors.
    assert ((wrong - expected) ** 2 / expected).sum() < chi2.isf(6e-5, classes - 2)


def test_an_accuracy_of_one_is_always_right_and_of_zero_never():
    assert (answers(OneCoin(accuracy=1.0), 1, 3, 500) == 1).all()
    assert (answers(OneCoin(accuracy=0.0), 1, 3, 500) != 1).all()


@given(st.floats(0, 1), st.integers(1, 12), st.data())
def test_a_one_coin_answer_is_one_of_the_classes(accuracy, classes, data):
    truth = data.draw(st.integers(0, classes - 1))
    assert 0 <= OneCoin(accuracy=accuracy).answer(case(0, truth, classes), PERSON.luck(data.draw(st.integers(0, 10**6)))) < classes


@given(st.integers(0, 10**9), st.floats(0, 1), st.floats(0, 1), st.integers(2, 8), st.data())
def test_a_higher_accuracy_turns_wrong_answers_right_and_moves_no_other(item, one, other, classes, data):
    truth = data.draw(st.integers(0, classes - 1))
    low, high = sorted([one, other])
    before = OneCoin(accuracy=low).answer(case(0, truth, classes), PERSON.luck(item))
    after = OneCoin(accuracy=high).answer(case(0, truth, classes), PERSON.luck(item))
    assert after in (before, truth)


# Confusion


def test_a_confusion_matrix_is_reproduced_row_by_row():
    matrix = ((0.7, 0.2, 0.1), (0.05, 0.9, 0.05), (0.0, 0.5, 0.5))
    for truth, row in enumerate(matrix):
        shares = np.bincount(answers(Confusion(matrix=matrix), truth, 3), minlength=3) / N
        for share, probability in zip(shares, row, strict=True):
            assert share == pytest.approx(probability, abs=share_band(probability, N))


def test_an_answer_of_probability_zero_is_never_given():
    matrix = ((0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0))
    for truth in range(3):
        assert truth not in answers(Confusion(matrix=matrix), truth, 3, 2000)


@given(st.integers(0, 10**9), st.floats(0, 1))
def test_a_confusion_matrix_that_says_what_a_coin_says_answers_alike(item, accuracy):
    matrix = ((accuracy, 1 - accuracy), (1 - accuracy, accuracy))
    luck = PERSON.luck
    assert Confusion(matrix=matrix).answer(case(item), luck(item)) == OneCoin(accuracy=accuracy).answer(case(item), luck(item))


@pytest.mark.parametrize(
    ("matrix", "what"),
    [
        ([[0.5, 0.4], [0.5, 0.5]], "row 1 sums to 0.9"),
        ([[1.0, 0.0], [0.7, 0.7]], "row 2 sums to 1.4"),
        ([[0.5, 0.5]], "row 1 has 2 entries, but there are 1 rows: a confusion matrix is square"),
        ([[1.0, 0.0], [1.0]], "row 2 has 1 entries"),
        ([[1.2, -0.2], [0.0, 1.0]], "less than or equal to 1"),
    ],
)
def test_a_matrix_that_is_not_square_and_stochastic_is_refused_by_its_row(matrix, what):
    assert what in complaint(AnyNoise, {"kind": "confusion", "matrix": matrix})


def test_a_confusion_matrix_is_refused_for_another_number_of_classes():
    noise = Confusion(matrix=((0.9, 0.1), (0.1, 0.9)))
    noise.check(2)
    with pytest.raises(ValueError, match="for 2 classes, but the data have 3"):
        noise.check(3)
    OneCoin().check(3)


# Recorded


RECORD = Record({3: 1, "a": 0}, {3: 4.5}, 4.5)
RECORDED = {"kind": "recorded", "file": "answers.csv"}


def test_recorded_people_answer_what_is_recorded_whatever_is_true_and_however_often_they_are_asked():
    noise = make(AnyNoise, RECORDED).bound(RECORD)
    assert {noise.answer(case(3, truth), PERSON.luck(3, attempt)) for truth in (0, 1) for attempt in range(5)} == {1}
    assert noise.answer(case("a", 1), PERSON.luck("a")) == 0


def test_recorded_people_decline_what_they_were_not_recorded_answering():
    noise = make(AnyNoise, RECORDED).bound(RECORD)
    assert noise.answer(case(4), PERSON.luck(4)) is None
    assert noise.items() == {3, "a"}


def test_binding_one_person_leaves_the_others_as_they_were():
    noise = make(AnyNoise, RECORDED)
    noise.bound(RECORD)
    with pytest.raises(Unusable, match=r"^noise 'recorded': nobody has read 'answers\.csv' yet$"):
        noise.answer(case(3), PERSON.luck(3))
    with pytest.raises(Unusable, match="nobody has read"):
        noise.items()


def test_a_recorded_noise_says_where_it_is_recorded_and_writes_itself_back():
    table = {**RECORDED, "format": "tsv", "workers": ["w1", "w2"], "task": "item", "worker": "who", "label": "said"}
    noise = make(AnyNoise, table)
    assert noise.recording() == Recording("answers.csv", "tsv", ("w1", "w2"), ("item", "who", "said", None))
    assert dump(AnyNoise, noise.bound(RECORD)) == table
    assert make(AnyNoise, dump(AnyNoise, noise)) == noise


def test_other_noises_are_recorded_nowhere_and_have_an_answer_to_anything():
    noise = OneCoin()
    assert noise.recording() is None
    assert noise.items() is None
    assert noise.bound(RECORD) is noise


@pytest.mark.parametrize(
    ("dials", "what"),
    [({"file": ""}, "at least 1 character"), ({"workers": []}, "at least 1 item"), ({"format": "xls"}, "'csv', 'tsv', 'parquet'")],
)
def test_dials_of_a_recorded_noise_are_checked(dials, what):
    assert what in complaint(AnyNoise, {**RECORDED, **dials})
