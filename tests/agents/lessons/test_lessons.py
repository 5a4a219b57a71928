"""Lessons: what labels and answers become when they are taught."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import make_classification

from agents.estimator import train
from agents.estimators.linear import LogisticRegression
from agents.estimators.trees import RandomForest
from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.dawid_skene import DawidSkene
from agents.inference.inference import vote_shares
from agents.inference.one_coin import OneCoinDawidSkene
from agents.items import UNKNOWN
from agents.lesson import Examples, Known
from agents.lessons.choice import KINDS, AnyLesson
from agents.lessons.corrected import DOUBT, STEPS, Corrected
from agents.lessons.plain import Labels, Votes
from agents.lessons.soft import Soft
from tests.agents.samples import complaint, dump, make

CLASSES = ("a", "b", "c")


def known(answers: list[dict[str, int]], labels: list[int], rows: list[int] | None = None) -> Known:
    """Return what is known of items: of each, who said what, and its label."""
    given = [(place, name, label) for place, each in enumerate(answers) for name, label in each.items()]
    people = sorted({name for _, name, _ in given})
    columns = [np.array([row[0] for row in given], np.intp), np.array([people.index(row[1]) for row in given], np.intp)]
    said = np.array([row[2] for row in given], np.intp)
    gold = np.array([UNKNOWN if each else label for each, label in zip(answers, labels, strict=True)])
    table = AnswerTable(range(len(labels)), people, CLASSES, *columns, said, gold)
    return Known(np.array(rows or range(len(labels)), np.intp), np.array(labels, np.intp), table)


def nobody(examples: Examples, rows: Indices) -> Floats:
    raise AssertionError("nothing is to be guessed")


def listed(examples: Examples) -> list[tuple[int, int, float]]:
    weights = np.ones(len(examples)) if examples.weights is None else examples.weights
    return list(zip(examples.rows.tolist(), examples.labels.tolist(), weights.round(6).tolist(), strict=True))


THREE = known([{"ann": 0, "ben": 0, "cid": 2}, {}, {"ben": 1}], [0, 2, 1], rows=[9, 4, 7])
ITEMS = st.lists(st.dictionaries(st.sampled_from(["ann", "ben", "cid", "dan"]), st.integers(0, 2)), min_size=1, max_size=12)


def test_labels_are_the_labels() -> None:
    lesson = Labels().examples(THREE, nobody)
    assert listed(lesson) == [(9, 0, 1), (4, 2, 1), (7, 1, 1)]
    assert lesson.weights is None


def test_each_vote_is_an_example_and_items_weigh_the_same() -> None:
    third = round(1 / 3, 6)
    assert listed(Votes().examples(THREE, nobody)) == [(9, 0, third), (9, 0, third), (9, 2, third), (4, 2, 1), (7, 1, 1)]


def test_each_vote_may_weigh_the_same_instead() -> None:
    lesson = Votes(weigh="answer").examples(THREE, nobody)
    assert listed(lesson) == [(9, 0, 1), (9, 0, 1), (9, 2, 1), (4, 2, 1), (7, 1, 1)]
    assert lesson.weights is None


def test_soft_labels_weigh_their_share_of_the_votes() -> None:
    assert listed(Soft().examples(THREE, nobody)) == [(9, 0, 0.666667), (9, 2, 0.333333), (4, 2, 1), (7, 1, 1)]


def test_soft_labels_may_weigh_what_truth_inference_makes_of_all_answers() -> None:
    everything = known([{"ann": 0, "ben": 0, "cid": 2}, {"ann": 1, "ben": 1, "cid": 1}, {"cid": 0, "ann": 1}] * 5, [0, 1, 1] * 5)
    lesson = Soft(method=OneCoinDawidSkene()).examples(everything, nobody)
    posterior = OneCoinDawidSkene().infer(everything.answers).posterior
    for row, label, weight in listed(lesson):
        assert weight == pytest.approx(posterior[row, label], abs=2e-3)


@given(ITEMS, st.sampled_from([Votes(), Soft(), Soft(method=DawidSkene(smoothing=0.5))]))
@settings(deadline=None, max_examples=40)
def test_every_item_weighs_one_in_the_order_of_the_items(answers: list[dict[str, int]], lesson: Any) -> None:
    found = lesson.examples(known(answers, [0] * len(answers)), nobody)
    assert_allclose(np.bincount(found.rows, found.weights, len(answers)), 1)
    assert (np.diff(found.rows) >= 0).all()
    assert (found.weights > 0).all()


@given(ITEMS, st.lists(st.integers(0, 2), min_size=12, max_size=12))
@settings(deadline=None, max_examples=40)
def test_votes_and_soft_labels_teach_the_same(answers: list[dict[str, int]], labels: list[int]) -> None:
    what = known(answers, labels[: len(answers)])
    totals = []
    for lesson in (Votes(), Soft()):
        found = lesson.examples(what, nobody)
        sums = np.zeros((len(answers), 3))
        np.add.at(sums, (found.rows, found.labels), found.weights)
        totals.append(sums)
    assert_allclose(totals[0], totals[1])
    assert_allclose(totals[0], vote_shares(what.answers))


@given(ITEMS, ITEMS)
@settings(deadline=None, max_examples=40)
def test_what_lasts_begins_with_what_there_was_before(first: list[dict[str, int]], more: list[dict[str, int]]) -> None:
    for lesson in (Labels(), Votes(), Votes(weigh="answer"), Soft()):
        assert lesson.lasts
        before = lesson.examples(known(first, [1] * len(first)), nobody)
        assert before.begin(lesson.examples(known([*first, *more], [1] * (len(first) + len(more))), nobody))


def test_soft_labels_are_what_repeated_rows_are() -> None:
    features, _ = make_classification(40, 4, random_state=2)
    shares = np.random.RandomState(3).randint(1, 5, (40, 2))
    items = [{f"w{number}": int(number >= ones) for number in range(ones + others)} for ones, others in shares.tolist()]
    soft = Soft().examples(known(items, [0] * 40), nobody)
    model = train(LogisticRegression(max_iter=2000), features[soft.rows], soft.labels, 3, 0, soft.weights)[0]
    # Rows weigh one over their number of answers: repeated until all items weigh twelve times twelve and more.
    rows, labels = [], []
    for item, (ones, others) in enumerate(shares.tolist()):
        times = 840 // (ones + others)
        rows += [item] * (840)
        labels += [0] * (ones * times) + [1] * (others * times)
    repeated = train(LogisticRegression(C=1 / 840, max_iter=2000), features[rows], np.array(labels), 3, 0)[0]
    assert_allclose(model.probabilities(features), repeated.probabilities(features), atol=2e-3)


# Corrected by the model


def crowd(seed: int, each: int = 1) -> tuple[Any, Any, Known]:
    """Return features, truth, and the answers of three people, of whom one says the other class four times in five."""
    features, truth = make_classification(300, 6, n_informative=4, n_redundant=0, class_sep=1.2, random_state=seed)
    luck = np.random.RandomState(seed)
    answers = []
    for item in range(200):
        people = [(item + step) % 3 for step in range(each)]
        right = {who: luck.rand() < (0.2 if who == 2 else 0.9) for who in people}
        answers.append({f"w{who}": int(truth[item] if fine else 1 - truth[item]) for who, fine in right.items()})
    return features, truth, known(answers, [next(iter(given.values())) for given in answers])


@pytest.mark.parametrize(
    "estimator",
    [LogisticRegression(), pytest.param(RandomForest(trees=10), marks=pytest.mark.slow)],
    ids=["logistic", "forest"],
)
def test_corrected_labels_beat_those_they_rest_on(estimator: Any) -> None:
    gains = []
    for seed in range(8):
        features, truth, what = crowd(seed)

        def guess(examples: Examples, rows: Indices, features: Any = features) -> Floats:
            model = train(estimator, features[examples.rows], examples.labels, 3, 0, examples.weights)[0]
            return model.probabilities(features[rows])

        test = np.arange(200, 300)
        plain, corrected = (
            (guess(lesson.examples(what, guess), test).argmax(axis=1) == truth[test]).mean() for lesson in (Labels(), Corrected())
        )
        gains.append(corrected - plain)
    assert np.mean(gains) > 4 * np.std(gains, ddof=1) / np.sqrt(len(gains))


def test_without_a_word_from_the_model_it_is_dawid_and_skenes_with_classes_that_are_equally_probable() -> None:
    _, _, what = crowd(1, each=3)

    def even(examples: Examples, rows: Indices) -> Floats:
        return np.full((len(rows), 3), 1 / 3)

    found = Corrected(rounds=4, smoothing=0.3, trust=0.0).examples(what, even)
    sums = np.zeros((200, 3))
    np.add.at(sums, (found.rows, found.labels), found.weights)
    reference = plain_em(what, 4 * STEPS, 0.3)
    assert_allclose(sums, np.where(reference >= 1e-3, reference, 0), atol=2e-3)


def plain_em(what: Known, rounds: int, smoothing: float) -> Floats:
    """Return posteriors by loops over answers."""
    table = what.answers
    posterior = vote_shares(table).copy()
    for _ in range(rounds):
        counts = np.full((len(table.people), 3, 3), smoothing)
        for item, person, label in zip(table.item, table.person, table.label, strict=True):
            counts[person, :, label] += posterior[item]
        matrix = counts / counts.sum(axis=2, keepdims=True)
        posterior = np.ones((len(table.items), 3))
        for item, person, label in zip(table.item, table.person, table.label, strict=True):
            posterior[item] *= matrix[person, :, label]
        posterior /= posterior.sum(axis=1, keepdims=True)
    return posterior


def test_who_judges_an_item_was_not_trained_on_it() -> None:
    _, _, what = crowd(0)
    judged = []

    def guess(examples: Examples, rows: Indices) -> Floats:
        assert not set(examples.rows.tolist()) & set(rows.tolist())
        judged.append(rows)
        return np.full((len(rows), 3), 1 / 3)

    Corrected(rounds=2, folds=3).examples(what, guess)
    assert len(judged) == 6
    assert_array_equal(np.sort(np.concatenate(judged[:3])), what.rows)


def test_with_one_fold_one_model_judges_all() -> None:
    def guess(examples: Examples, rows: Indices) -> Floats:
        assert_array_equal(np.unique(examples.rows), np.sort(rows))
        return np.full((len(rows), 3), 1 / 3)

    assert len(Corrected(folds=1).examples(THREE, guess)) >= 3


def test_a_model_that_is_sure_is_not_believed_without_doubt() -> None:
    two = known([{"ann": 0}, {"ann": 1}] * 30, [0, 1] * 30)

    def sure(examples: Examples, rows: Indices) -> Floats:
        return np.tile([0.0, 0.0, 1.0], (len(rows), 1))

    assert 0 < DOUBT < 0.1
    found = Corrected().examples(two, sure)
    assert set(found.labels.tolist()) > {2}


@pytest.mark.parametrize("items", [1, 2, 3])
def test_few_items_will_do(items: int) -> None:
    what = known([{"ann": place % 2} for place in range(items)], [place % 2 for place in range(items)])

    def guess(examples: Examples, rows: Indices) -> Floats:
        assert len(examples)
        return np.full((len(rows), 3), 1 / 3)

    assert set(Corrected().examples(what, guess).rows.tolist()) == set(range(items))


def test_what_is_known_stays_known() -> None:
    def wrong(examples: Examples, rows: Indices) -> Floats:
        return np.tile([1.0, 0.0, 0.0], (len(rows), 1))

    assert (4, 2, 1.0) in listed(Corrected().examples(THREE, wrong))


# Their tables


@pytest.mark.parametrize(
    "table",
    [*(kind.kind for kind in KINDS), {"kind": "soft", "method": "dawid-skene"}, {"kind": "corrected", "rounds": 1, "folds": 1}],
    ids=str,
)
def test_a_dump_makes_the_same_again(table: Any) -> None:
    made = make(AnyLesson, table)
    assert make(AnyLesson, dump(AnyLesson, made)) == made


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("vote", "did you mean 'votes'?"),
        ({"kind": "votes", "weigh": "people"}, "'item' or 'answer'"),
        ({"kind": "soft", "method": "crowdlab"}, "crowdlab needs a model"),
        ({"kind": "corrected", "rounds": 0}, "greater than or equal to 1"),
    ],
    ids=str,
)
def test_a_table_that_makes_none_is_refused(table: Any, said: str) -> None:
    assert said in complaint(AnyLesson, table)
