"""What one agent knows of the pool, and what strategies see of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from agents.component import Unusable
from agents.estimators.linear import LogisticRegression as Linear
from agents.items import UNKNOWN, Items
from agents.selector.pool import Pool
from agents.selector.strategies.expected_error_reduction import ExpectedErrorReduction
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.view import PoolView, view_of
from bus.chance import Chance
from bus.clock import SECOND
from tests.agents.samples import numbered
from tests.agents.selector.pools import placed, view

LUCK = Chance(7).keyed("selector")


def pool_of(*ids: int | str) -> Pool:
    pool = Pool(Items(ids, np.arange(len(ids), dtype=np.float64)[:, np.newaxis]))
    pool.start(("no", "yes"))
    return pool


def state(pool: Pool) -> tuple[list[int], list[int], list[int], list[int], int]:
    """Return what may be asked for, what is under way, the labels, what is labelled or under way, and how many were asked for."""
    available, pending = np.flatnonzero(pool.available), np.flatnonzero(pool.pending)
    return [*available.tolist()], [*pending.tolist()], [*pool.labels.tolist()], [*pool.covered], pool.asked


# What happens to an item


def test_an_item_is_available_then_pending_then_labelled() -> None:
    pool = pool_of("a", "b", "c")
    assert state(pool) == ([0, 1, 2], [], [-1, -1, -1], [], 0)
    pool.request(1)
    assert state(pool) == ([0, 2], [1], [-1, -1, -1], [1], 1)
    pool.resolve("b", "yes")
    assert state(pool) == ([0, 2], [], [-1, 1, -1], [1], 1)


def test_what_is_known_from_the_start_is_labelled_and_was_not_asked_for() -> None:
    pool = pool_of("a", "b", "c")
    pool.know(("c", "a"), ("no", "yes"))
    assert state(pool) == ([1], [], [1, -1, 0], [2, 0], 0)


def test_a_revised_label_takes_the_place_of_the_first_and_moves_nothing() -> None:
    pool = pool_of("a", "b", "c")
    for row in (2, 0):
        pool.request(row)
    pool.resolve("c", "no")
    pool.resolve("c", "yes")
    assert state(pool) == ([1], [0], [-1, -1, 1], [2, 0], 2)
    assert pool.losses == 0


def test_a_label_that_is_void_leaves_its_item_under_way_until_it_has_another_or_is_given_up() -> None:
    pool = pool_of("a", "b")
    pool.request(0)
    pool.resolve("a", "no")
    pool.void("a")
    assert state(pool) == ([1], [0], [-1, -1], [0], 1)
    pool.resolve("a", "yes")
    assert state(pool) == ([1], [], [1, -1], [0], 1)
    pool.void("a")
    pool.drop("a")
    assert state(pool) == ([1], [], [-1, -1], [], 1)
    assert pool.losses == 1


def test_an_item_that_is_given_up_is_not_asked_for_again_and_covers_nothing() -> None:
    pool = pool_of("a", "b", "c")
    for row in (0, 1):
        pool.request(row)
    pool.drop("a")
    assert state(pool) == ([2], [1], [-1, -1, -1], [1], 2)
    assert pool.losses == 1
    # One that is said to be given up again, or never was asked for, is no loss.
    pool.drop("a")
    pool.drop("c")
    assert pool.losses == 1


def test_an_item_that_is_asked_for_again_keeps_its_label_and_its_place() -> None:
    pool = pool_of("a", "b")
    for row in (0, 1):
        pool.request(row)
    pool.resolve("a", "no")
    pool.request(0)
    assert state(pool) == ([], [0, 1], [0, -1], [0, 1], 3)
    # A label that was on its way by then is not the answer to that.
    pool.resolve("a", "yes", is_over=False)
    assert state(pool) == ([], [0, 1], [1, -1], [0, 1], 3)
    pool.resolve("a", "yes")
    assert state(pool) == ([], [1], [1, -1], [0, 1], 3)


def test_a_label_that_is_no_class_leaves_an_item_without_one() -> None:
    pool = pool_of("a")
    pool.request(0)
    pool.resolve("a", "perhaps")
    assert (pool.labels[0], pool.pending[0]) == (UNKNOWN, False)


histories = st.lists(
    st.tuples(st.sampled_from(["request", "resolve", "void", "drop"]), st.integers(0, 5), st.integers(0, 1)), max_size=40
)


@given(histories)
def test_whatever_happens_the_books_agree(history: list[tuple[str, int, int]]) -> None:
    pool = pool_of(*range(6))
    status = dict.fromkeys(range(6), "new")
    labels: dict[int, int] = {}
    order: list[int] = []
    for what, row, label in history:
        possible = {"request": "new", "resolve": ("pending", "labelled"), "void": "labelled", "drop": "pending"}
        if status[row] not in possible[what]:
            continue
        if what == "request":
            pool.request(row)
            status[row] = "pending"
            order.append(row)
        elif what == "resolve":
            pool.resolve(row, ("no", "yes")[label])
            status[row], labels[row] = "labelled", label
        elif what == "void":
            pool.void(row)
            status[row] = "pending"
            del labels[row]
        else:
            pool.drop(row)
            status[row] = "gone"
            order.remove(row)
    new, pending = ([row for row in range(6) if status[row] == which] for which in ("new", "pending"))
    asked = sum(status[row] != "new" for row in range(6))
    assert state(pool) == (new, pending, [labels.get(row, -1) for row in range(6)], order, asked)
    assert pool.losses == sum(status[row] == "gone" for row in range(6))


def test_bills_are_kept_in_the_order_in_which_they_came() -> None:
    pool = pool_of("a", "b")
    pool.bill("b", 0.25, 3 * SECOND)
    pool.bill("b", 0.5, 9 * SECOND)
    assert pool.bills == [(1, 0.25, 3.0), (1, 0.5, 9.0)]


# Parts of it


def a_pool() -> Pool:
    pool = pool_of(*"abcdef")
    pool.know(("b",), ("yes",))
    for row in (4, 2):
        pool.request(row)
    pool.resolve("c", "no")
    pool.bill("c", 1.0, SECOND)
    return pool


def test_among_some_items_all_else_is_as_it_was() -> None:
    pool = a_pool()
    narrowed = pool.among(np.array([True, True, False, False, True, True]))
    assert state(narrowed) == ([0, 5], [4], [-1, 1, 0, -1, -1, -1], [1, 4, 2], 2)
    assert narrowed.kept("of items alone", lambda: "made") == pool.kept("of items alone", lambda: "made again")
    assert state(pool)[0] == [0, 3, 5]


def test_of_only_some_items_the_others_are_not_there() -> None:
    part = a_pool().only(np.array([5, 2, 4, 0]))
    assert part.items.ids == ["f", "c", "e", "a"]
    assert state(part) == ([0, 3], [2], [-1, 0, -1, -1], [2, 1], 2)
    assert [part.items.row(item) for item in part.items.ids] == [0, 1, 2, 3]
    assert part.items.features[:, 0].tolist() == [5, 2, 4, 0]
    assert (part.bills, part.classes) == ([(1, 1.0, 1.0)], ("no", "yes"))
    part.resolve("e", "yes")
    assert part.labels.tolist() == [-1, 0, 1, -1]


def test_what_happens_to_a_supposed_pool_does_not_happen_to_the_pool() -> None:
    pool = a_pool()
    before = state(pool)
    other = pool.supposing([0, 5], fresh=True)
    assert state(other) == ([3], [0, 4, 5], [-1, 1, 0, -1, -1, -1], [1, 4, 2, 0, 5], 4)
    other.resolve("a", "yes")
    other.drop("f")
    assert state(pool) == before
    pool.kept("by labels", lambda: "the pool's")
    assert other.kept("by labels", lambda: "its own") == "its own"
    assert pool.supposing([0], fresh=False).kept("by labels", lambda: "its own") == "the pool's"


# Views


def test_a_view_shows_the_pool() -> None:
    pool = placed(np.arange(5.0)[:, np.newaxis], labels={1: 1}, pending=(3,), classes=3)
    assert (pool.available.tolist(), pool.pending.tolist()) == ([True, False, True, False, True], [False] * 3 + [True, False])
    assert pool.labels.tolist() == [-1, 1, -1, -1, -1]
    assert pool.classes == 3
    assert pool.selection([2, 4], [0.5, 1]).ids == (2, 4)
    assert pool.selection(np.array([2]), np.array([0.5])).scores == (0.5,)


def test_distances_are_in_embeddings_where_there_are_any_unless_it_is_said_otherwise() -> None:
    features, embeddings = np.zeros((2, 1)), np.ones((2, 3))
    both = PoolView(Items(range(2), features, embeddings), None, 0, LUCK)
    assert both.features() is embeddings is both.features("embeddings")
    assert both.features("features") is features
    alone = PoolView(numbered(2, features), None, 0, LUCK)
    assert alone.features() is features
    with pytest.raises(Unusable, match="goes by embeddings, and the data have none"):
        alone.features("embeddings")
    with pytest.raises(Unusable, match="goes by features, and the data have none"):
        PoolView(numbered(2), None, 0, LUCK).features()


def test_random_numbers_are_the_same_until_more_is_asked_for_and_others_for_another_word() -> None:
    def draws(word: str = "one", version: int = 1, asked: int = 3) -> float:
        shown = PoolView(numbered(2), None, version, LUCK)
        shown.pool.asked = asked
        return float(shown.generator(word).random())

    assert draws() == draws()
    assert len({draws(), draws("other"), draws(version=2), draws(asked=4)}) == 4


def test_a_part_of_a_view_is_asked_about_by_itself() -> None:
    whole = view(np.array([[0.9, 0.1], [0.5, 0.5], [0.2, 0.8]]), labels={0: 1})
    part = whole.only(np.array([2, 1]))
    assert part.probabilities.tolist() == [[0.2, 0.8], [0.5, 0.5]]
    assert (part.version, part.model, part.luck) == (whole.version, whole.model, whole.luck)
    assert Entropy().select(part, 5).ids == (1, 2)
    assert whole.among(np.array([True, False, True])).forecast is whole.forecast


# Without a campaign


@pytest.mark.parametrize("sparse", [False, True])
def test_a_view_of_ones_own_data_needs_no_campaign(sparse: bool) -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    features: Any = generator.normal(size=(30, 2))
    truth = (features[:, 0] > 0).astype(int)
    labels = np.where(np.arange(30) < 10, truth, -1)
    classifier = LogisticRegression().fit(features[:10], truth[:10])
    shown = view_of(csr_matrix(features) if sparse else features, classifier, labels)
    assert (shown.classes, shown.version) == (2, 1)
    assert np.flatnonzero(~shown.available).tolist() == [*range(10)]
    assert shown.probabilities == pytest.approx(classifier.predict_proba(features))
    chosen = Entropy().select(shown, 3).ids
    doubt = np.abs(classifier.decision_function(features))
    assert [*chosen] == sorted(range(10, 30), key=lambda row: doubt[row])[:3]


def test_a_view_of_ones_own_data_may_know_nothing() -> None:
    shown = view_of(np.zeros((4, 1)))
    assert (shown.classes, shown.version, shown.model) == (0, 0, None)
    assert shown.available.all()
    embedded = view_of(np.zeros((4, 1)), embeddings=np.ones((4, 2)), labels=[0, 2, -1, -1], seed=5)
    assert embedded.features().shape == (4, 2)
    assert embedded.classes == 3


def test_a_classifier_of_some_classes_speaks_of_those() -> None:
    features = np.array([[0.0], [1.0], [0.2], [0.9]])
    two = LogisticRegression().fit(features[:2], [0, 2])
    shown = view_of(features, two, labels=[0, 2, -1, -1], pending=[3])
    assert shown.classes == 3
    assert (shown.probabilities[:, 1] == 0).all()
    assert np.flatnonzero(shown.available).tolist() == [2]
    named = LogisticRegression().fit(features[:2], ["no", "yes"])
    assert view_of(features, named).probabilities == pytest.approx(named.predict_proba(features))
    with_estimator = view_of(features, two, labels=[0, 2, -1, -1], estimator=Linear())
    assert ExpectedErrorReduction().select(with_estimator, 1).ids


def test_to_strategies_an_item_with_a_label_is_not_pending_though_it_is_asked_for_again() -> None:
    pool = pool_of("a", "b")
    for row in (0, 1):
        pool.request(row)
    pool.resolve("a", "no")
    pool.request(0)
    assert pool.pending.tolist() == [True, True]
    assert PoolView(pool.items, None, 0, LUCK, pool).pending.tolist() == [False, True]
