"""What is made of items that are under way."""

from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from agents.component import Unusable
from agents.estimator import Estimator, train
from agents.selector.pendings.choice import AnyPending
from agents.selector.pendings.constant_liar import ConstantLiar
from agents.selector.pendings.ignore import Ignore
from agents.selector.pendings.kriging_believer import KrigingBeliever
from agents.selector.pendings.local_penalisation import LocalPenalisation
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.combinations import WeightedSum
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from tests.agents.samples import complaint, make, numbered
from tests.agents.selector.greed import METRICS, distance
from tests.agents.selector.pools import LUCK, Matrix, known, placed

RULES = [Ignore(), LocalPenalisation(), KrigingBeliever(), ConstantLiar(), ConstantLiar(lie="uniform"), KrigingBeliever(refit=2)]


class Column(Strategy):
    """Scores items by the last of their features."""

    kind: ClassVar[str] = "column"
    needs_model: ClassVar[bool] = False

    def scores(self, view: PoolView) -> Scores:
        table = view.items.features
        return np.asarray(table[:, [-1]].toarray().ravel() if hasattr(table, "toarray") else table[:, -1], dtype=np.float64)


class Nearest:
    """A classifier by weighted votes of all examples, near ones counting more; it says what it was trained on."""

    def fit(self, features: Matrix, labels: Any, sample_weight: Any = None) -> "Nearest":
        self.features, self.labels = features, labels
        self.weights = np.ones(len(labels)) if sample_weight is None else sample_weight
        return self

    def predict_proba(self, features: Matrix) -> Matrix:
        near = 1 / (0.1 + np.abs(features[:, np.newaxis] - self.features).sum(axis=2))
        votes = np.stack([(near * self.weights * (self.labels == label)).sum(axis=1) for label in np.unique(self.labels)], axis=1)
        return np.asarray(votes / votes.sum(axis=1, keepdims=True))


class ByNearness(Estimator):
    """Makes these."""

    kind: ClassVar[str] = "by-nearness"

    def build(self, random_state: int) -> Any:
        return Nearest()


class Unweighing(Estimator):
    """Makes classifiers that take no weights."""

    kind: ClassVar[str] = "unweighing"

    def build(self, random_state: int) -> Any:
        class Plain(Nearest):
            def fit(self, features: Matrix, labels: Any) -> "Nearest":  # type: ignore[override]
                return super().fit(features, labels)

        return Plain()


def learning(points: list[float], labels: dict[int, int], pending: tuple[int, ...] = (), estimator: bool = True) -> PoolView:
    """Return items on a line, some labelled, of which a model has learnt."""
    features = np.array(points, dtype=np.float64)[:, np.newaxis]
    items = numbered(len(points), features)
    rows, classes = [*labels], max(labels.values()) + 1
    model, _ = train(ByNearness(), features[rows], np.array([*labels.values()]), classes, 0)
    return PoolView(items, model, 1, LUCK, known(items, classes, labels, pending), ByNearness() if estimator else None)


# Local penalisation


def check_penalised(
    selected: Selection, scores: Scores, points: Matrix, pool: PoolView, width: float, metric: str = "euclidean"
) -> None:
    """Check pick by pick that nothing scores higher, by the formula, item by item."""
    near = np.flatnonzero(pool.pending).tolist()
    left = np.flatnonzero(pool.available).tolist()
    raw = scores - min(0, min((scores[row] for row in left), default=0))
    for row, score in zip(selected.ids, selected.scores, strict=True):
        values = {}
        for each in left:
            values[each] = raw[each]
            for other in near:
                values[each] *= 1 - np.exp(-(distance(points[each], points[other], metric) ** 2) / (2 * width**2))
        # Distances may be of single precision.
        assert values[row] == pytest.approx(score, abs=1e-5)
        assert values[row] == pytest.approx(max(values.values()), abs=1e-5)
        left.remove(row)
        near.append(row)


tables = st.integers(1, 14).flatmap(
    lambda rows: st.tuples(
        st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 3), st.integers(-1, 2)), min_size=rows, max_size=rows),
        st.sets(st.integers(0, rows - 1), max_size=rows - 1),
    )
)


@given(tables, st.integers(1, 6), st.sampled_from([0.5, 1.0, 3.0]), st.booleans(), METRICS)
def test_scores_are_lowered_near_what_is_pending_or_was_just_picked(
    table: tuple[Any, set[int]], count: int, width: float, sparse: bool, metric: Any
) -> None:
    points, pending = np.array(table[0], dtype=np.float64), tuple(sorted(table[1]))
    pool = placed(csr_matrix(points) if sparse else points, pending=pending)
    selected = LocalPenalisation(bandwidth=width, metric=metric).select(Column(), pool, count)
    assert len(selected) == len({*selected.ids}) == min(count, pool.available.sum())
    check_penalised(selected, points[:, -1], points, pool, width, metric)


def test_among_many_items_only_the_best_are_looked_at_and_the_choice_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.Generator(np.random.PCG64(4)).normal(size=(300, 3))
    pool = placed(points, pending=(3, 50))
    expected = LocalPenalisation(bandwidth=0.7).select(Column(), pool, 20)
    check_penalised(expected, points[:, -1], points, pool, 0.7)
    for few in (1, 2, 7, 40):
        monkeypatch.setattr("agents.selector.pendings.local_penalisation.FEW", few)
        assert LocalPenalisation(bandwidth=0.7).select(Column(), pool, 20).ids == expected.ids


def test_with_nothing_under_way_the_first_pick_is_the_best_and_its_score_its_own() -> None:
    points = np.array([[0.0, 1.0], [5.0, 3.0], [5.0, 2.9]])
    selected = LocalPenalisation(bandwidth=1).select(Column(), placed(points), 3)
    assert selected.ids == (1, 0, 2)
    assert selected.scores[:2] == pytest.approx((3.0, 1.0), rel=1e-5)


def test_the_bandwidth_left_out_is_a_quarter_of_the_median_distance() -> None:
    points = np.array([[0.0], [1.0], [3.0], [3.0]])
    pool = placed(points, pending=(0,))
    # Distances 1, 3, 3, 2, 2 (and 0, of two at the same place): the median is 2.
    own, given = LocalPenalisation().select(Column(), pool, 3), LocalPenalisation(bandwidth=0.5).select(Column(), pool, 3)
    assert own.ids == given.ids
    assert own.scores == pytest.approx(given.scores)


def test_by_angles_it_is_a_quarter_of_the_median_of_what_the_cosine_lacks_of_one() -> None:
    points = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [-2.0, 0.0]])
    pool = placed(points, pending=(0,))
    # 1, 2, 2, 1, 1 (and 0, of two in the same direction): the median is 1.
    own = LocalPenalisation(metric="cosine").select(Column(), pool, 3)
    assert own == LocalPenalisation(metric="cosine", bandwidth=0.25).select(Column(), pool, 3)


@pytest.mark.parametrize("bandwidth", [1e-300, 1e300])
def test_a_bandwidth_may_be_next_to_nothing_or_more_than_all(bandwidth: float) -> None:
    points = np.array([[0.0, 1.0], [0.0, 1.0], [5.0, 3.0], [5.0, 2.0]])
    selected = LocalPenalisation(bandwidth=bandwidth).select(Column(), placed(points), 4)
    assert selected.ids[0] == 2
    # At the same place, nothing is left of a score; beyond the bandwidth, all of it.
    assert selected.scores == pytest.approx((3.0, 2.0, 1.0, 0.0) if bandwidth < 1 else (3.0, 0.0, 0.0, 0.0))


def test_distances_may_be_measured_in_embeddings_and_by_angles() -> None:
    pool = placed(np.array([[0.0, 5.0], [0.0, 4.9], [9.0, 4.8]]), pending=())
    pool.items.embeddings = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    assert LocalPenalisation(bandwidth=0.5).select(Column(), pool, 2).ids == (0, 1)
    assert LocalPenalisation(bandwidth=0.5, space="features").select(Column(), pool, 2).ids == (0, 2)
    assert LocalPenalisation(bandwidth=0.5, metric="cosine").select(Column(), pool, 3).scores[2] == 0


def test_all_at_one_place_is_no_trouble_and_what_has_no_score_comes_last() -> None:
    points = np.full((4, 2), 2.0)
    points[0, 1] = np.nan
    pool = placed(np.zeros((4, 1)))
    assert LocalPenalisation().select(InOrder(), pool, 9).ids == (0, 1, 2, 3)

    class Some(InOrder):
        def scores(self, view: PoolView) -> Scores:
            return np.array([np.nan, 1.0, -np.inf, 2.0])

    assert LocalPenalisation().select(Some(), placed(np.arange(4.0)[:, np.newaxis]), 9).ids == (3, 1, 0, 2)


# Believers and liars


def plain(view: PoolView, lies: list[tuple[int, int, float]]) -> Matrix:
    """Return what a model says that learns the labels there are, and these: row, class and weight."""
    rows = [row for row in range(len(view.items)) if view.labels[row] >= 0]
    examples = [(row, int(view.labels[row]), 1.0) for row in rows] + lies
    features = view.items.features[[row for row, *_ in examples]]
    model = Nearest().fit(features, np.array([label for _, label, _ in examples]), np.array([each for *_, each in examples]))
    return model.predict_proba(view.items.features)


def surest_last(view: PoolView, probabilities: Matrix, taken: list[int]) -> int:
    entropy = -(probabilities * np.log(probabilities)).sum(axis=1)
    left = [row for row in np.flatnonzero(view.available) if row not in taken]
    return int(max(left, key=lambda row: (entropy[row], -row)))


LINES = st.lists(st.integers(0, 99).map(lambda tenths: tenths / 10), min_size=9, max_size=12, unique=True)


@given(LINES, st.integers(1, 4), st.sampled_from(["believer", "most-frequent", "least-frequent", "uniform"]))
def test_what_is_under_way_counts_as_believed_or_as_lied_about(points: list[float], count: int, told: str) -> None:
    view = learning(points, {0: 0, 1: 1, 2: 1}, pending=(3, 4))
    rule = KrigingBeliever() if told == "believer" else ConstantLiar(lie=told)
    predicted = view.probabilities.argmax(axis=1)
    classes = {"most-frequent": 1, "least-frequent": 0}
    picked: list[int] = []
    for _ in range(count):
        under_way = [3, 4, *picked]
        if told == "uniform":
            lies = [(row, label, 0.5) for row in under_way for label in (0, 1)]
        else:
            lies = [(row, classes.get(told, int(predicted[row])), 1.0) for row in under_way]
        picked.append(surest_last(view, plain(view, lies), picked))
    assert [*rule.select(Entropy(), view, count).ids] == picked


def test_models_are_trained_anew_after_so_many_picks(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[int] = []

    def counted(estimator: Estimator, features: Matrix, labels: Any, *others: Any) -> Any:
        trained.append(len(labels))
        return train(estimator, features, labels, *others)

    monkeypatch.setattr("agents.selector.pendings.supposing.train", counted)
    points = [float(row) for row in range(20)]
    for refit, sizes in ((1, [3, 4, 5, 6, 7]), (2, [3, 5, 7]), (9, [3])):
        KrigingBeliever(refit=refit).select(Entropy(), learning(points, {0: 0, 19: 1}, pending=(9,)), 5)
        assert trained == sizes
        trained.clear()
    KrigingBeliever().select(Entropy(), learning(points, {0: 0, 19: 1}), 1)
    assert not trained, "nothing is under way"


def test_what_goes_by_no_model_chooses_as_ever() -> None:
    view = learning([0.0, 1.0, 2.0, 3.0, 4.0], {0: 0, 4: 1}, pending=(2,), estimator=False)
    for rule in (KrigingBeliever(), ConstantLiar(lie="uniform")):
        assert rule.select(Random(), view, 2) == Random().select(view, 2)


def test_an_item_that_has_a_label_and_is_asked_for_again_is_what_its_label_says() -> None:
    view = learning([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], {0: 0, 5: 1})
    view.pool.pending[5] = True
    assert ConstantLiar(lie="least-frequent").select(Entropy(), view, 1) == Entropy().select(view, 1)


def test_a_strategy_that_looks_at_labels_sees_what_is_believed_and_the_pool_is_left_as_it_was() -> None:
    seen: list[PoolView] = []

    class Spy(Entropy):
        changes: ClassVar[bool] = True

        def scores(self, view: PoolView) -> Scores:
            seen.append(view)
            view.kept("spied", lambda: view)
            return super().scores(view)

    view = learning([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], {0: 0, 5: 1}, pending=(1,))
    before = view.labels.copy(), view.pending.copy(), view.available.copy(), dict(view.pool.covered), view.pool.asked
    KrigingBeliever().select(Spy(), view, 2)
    assert [[*each.labels[[0, 1, 5]]] for each in seen] == [[0, 0, 1]] * 2
    first = next(row for row in seen[1].pool.covered if row not in before[3])
    assert seen[1].labels[first] >= 0
    assert not seen[1].available[first]
    assert not any(each.pending.any() for each in seen)
    after = view.labels, view.pending, view.available, dict(view.pool.covered), view.pool.asked
    assert all(np.array_equal(one, other) for one, other in zip(before[:3], after[:3], strict=True))
    assert before[3:] == after[3:]
    assert view.kept("spied", lambda: None) is None, "what is kept by labels that nobody gave is not kept"


def test_a_believer_needs_somebody_to_train_for_it() -> None:
    with pytest.raises(Unusable, match="needs a learner"):
        KrigingBeliever().select(Entropy(), learning([0.0, 1.0, 2.0, 3.0], {0: 0, 2: 1}, pending=(1,), estimator=False), 1)


def test_a_bit_of_each_class_takes_a_classifier_that_weighs() -> None:
    ConstantLiar(lie="uniform").check(ByNearness())
    ConstantLiar().check(Unweighing())
    with pytest.raises(
        ValueError, match=r'lie = "uniform" needs a classifier that takes sample_weight, .* \'unweighing\' does not'
    ):
        ConstantLiar(lie="uniform").check(Unweighing())


# All of them


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize(
    "strategy",
    [
        Entropy(),
        Random(),
        Subsample(of=Entropy(), number=3),
        Filter(by=Entropy(), best=4, then=InOrder()),
        WeightedSum(parts=(Entropy(), Random())),
    ],
    ids=lambda each: each.kind,
)
def test_whatever_the_rule_items_are_different_available_and_as_many_as_there_are(rule: Any, strategy: Strategy) -> None:
    points = [float(row) for row in range(12)]
    for count in (1, 3, 50):
        view = learning(points, {0: 0, 11: 1, 5: 1}, pending=(3, 8))
        selected: Selection = rule.select(strategy, view, count)
        assert len(selected) == len({*selected.ids}) == min(count, 7)
        assert all(view.available[row] for row in selected.ids)
        assert selected.version == 1
        assert rule.select(strategy, view, count) == selected


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"kind": "constant-lier"}, "did you mean 'constant-liar'"),
        ({"kind": "constant-liar", "lie": "max"}, "most-frequent"),
        ({"kind": "kriging-believer", "refit": 0}, "greater than or equal to 1"),
        ({"kind": "local-penalisation", "bandwidth": 0}, "greater than 0"),
    ],
)
def test_what_makes_no_rule_is_refused(table: dict[str, Any], words: str) -> None:
    assert words in complaint(AnyPending, table)
    assert make(AnyPending, "kriging-believer") == KrigingBeliever()
