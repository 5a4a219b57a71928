"""Components: kinds, dials, trust."""

from typing import Annotated, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from agents.annotator.case import Case
from agents.annotator.distributions import AnyDistribution, Beta, Lognormal, Normal, Uniform
from agents.annotator.latencies.choice import AnyLatency
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.noise import Chances, Noise
from agents.annotator.noises.choice import NOISES, AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.component import Component, Trust
from agents.coordinator.allocations.choice import AnyAllocation
from agents.coordinator.allocations.shared_queue import SharedQueue
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.estimators.calibrated import Calibrated
from agents.estimators.choice import AnyEstimator
from agents.estimators.committee import InProcessCommittee
from agents.estimators.linear import LinearSvm, LogisticRegression, Sgd
from agents.estimators.pipeline import Pipeline, Standardise
from agents.estimators.simple import NaiveBayes, NearestNeighbours
from agents.estimators.trees import GradientBoosting, RandomForest
from agents.inference.majority import MajorityVote
from agents.lessons.choice import AnyLesson
from agents.lessons.corrected import Corrected
from agents.lessons.plain import Labels, Votes
from agents.lessons.soft import Soft
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.choice import AnyStrategy
from agents.selector.strategies.uncertainty import Entropy, LeastConfident, Margin
from bus.table import nearest
from tests.agents.samples import STRANGERS, complaint, dump, make


class Stubborn(Noise):
    """A user's own noise: always the same answer."""

    answered: int = 0

    def chances(self, case: Case) -> Chances:
        return [float(label == self.answered) for label in range(case.classes)]


class Bystander(Component):
    """A component that is no noise."""


HERE = __name__

# Kinds


def test_a_component_is_named_by_its_short_name_by_a_bare_name_or_by_a_dotted_path():
    assert make(AnyNoise, {"kind": "one-coin", "accuracy": 0.9}) == OneCoin(accuracy=0.9)
    assert make(AnyNoise, "one-coin") == OneCoin()
    assert make(AnyNoise, {"kind": f"{HERE}.Stubborn", "answered": 3}) == Stubborn(answered=3)
    assert make(AnyNoise, f"{HERE}.Stubborn") == Stubborn()


def test_a_component_may_be_an_object_already():
    noise = OneCoin(accuracy=0.6)
    assert make(AnyNoise, noise) is noise
    own = Stubborn()
    assert make(AnyNoise, own) is own


class Heir(OneCoin):
    """Derived from one of Parley's, whose short name it inherits."""


class Namesake(Noise):
    """Has a short name of its own, which is nobody's in a file."""

    kind: ClassVar[str] = "namesake"

    def chances(self, case):
        return [float(label == case.truth) for label in range(case.classes)]


@pytest.mark.parametrize("component", [OneCoin(accuracy=0.3), Stubborn(), Heir(accuracy=0.3), Namesake()])
def test_a_component_is_dumped_by_the_name_that_finds_its_own_class_again(component):
    adapter = TypeAdapter(AnyNoise)
    dumped = adapter.dump_python(component)
    assert type(adapter.validate_python(dumped)) is type(component)
    assert adapter.validate_python(dumped) == component


def test_a_class_that_lacks_a_method_is_refused():
    assert "lacks chances" in complaint(AnyNoise, "agents.annotator.noise.Noise")


def test_an_object_of_another_sort_is_refused():
    complaint(AnyNoise, FixedTime())


def test_a_dotted_path_to_something_else_is_refused_with_the_base_class():
    message = complaint(AnyNoise, f"{HERE}.Bystander")
    assert "is no noise" in message
    assert "agents.annotator.noise.Noise" in message
    assert "is no noise" in complaint(AnyNoise, f"{HERE}.nearest")


@pytest.mark.parametrize("path", ["no.such.Thing", f"{HERE}.Missing", "tests.agents.", ".", "...x"])
def test_a_dotted_path_to_nothing_is_refused(path):
    assert "cannot be imported" in complaint(AnyNoise, path)


def test_code_of_somebody_else_is_not_imported_without_trust():
    message = complaint(AnyNoise, f"{HERE}.Stubborn", STRANGERS)
    assert f"{HERE}.Stubborn" in message
    assert "--trust" in message


def test_an_untrusted_module_is_not_even_looked_for():
    assert "--trust" in complaint(AnyNoise, "antigravity.Fly", STRANGERS)
    assert "--trust" in complaint(AnyEstimator, {"kind": "os.system", "params": {}}, STRANGERS)


def test_parleys_own_and_scikit_learns_components_need_no_trust():
    assert make(AnyNoise, "one-coin", STRANGERS) == OneCoin()
    assert make(AnyNoise, "agents.annotator.noises.one_coin.OneCoin", STRANGERS) == OneCoin()
    make(AnyEstimator, "sklearn.naive_bayes.GaussianNB", STRANGERS)


@pytest.mark.parametrize("path", ["sklearnish.Thing", "agentsmith.Thing", "bus.bus.MessageBus", "os.path.join"])
def test_trust_goes_by_the_whole_name_of_the_package(path):
    assert not STRANGERS.allows(path)
    assert Trust().allows(path)


def test_an_unknown_kind_is_refused_with_the_nearest_and_all_there_are():
    message = complaint(AnyNoise, {"kind": "one-coins"})
    assert "there is no noise 'one-coins'" in message
    assert "did you mean 'one-coin'?" in message
    assert f"there are {', '.join(sorted(NOISES.members))}" in message
    assert "did you mean" not in complaint(AnyNoise, "zzz")


@pytest.mark.parametrize("table", [{}, {"accuracy": 0.8}, {"kind": 3}, 7, None, ["one-coin"]])
def test_a_table_without_a_kind_is_refused_with_all_there_are(table):
    message = complaint(AnyNoise, table)
    assert "a noise is a table with a kind" in message
    assert "one-coin" in message


def test_an_unknown_dial_is_refused_with_the_nearest_and_all_there_are():
    message = complaint(AnyNoise, {"kind": "one-coin", "acuracy": 0.8})
    assert "unknown key 'acuracy'" in message
    assert "did you mean 'accuracy'? there is accuracy" in message
    assert "there are median, sigma" in complaint(AnyLatency, {"kind": "lognormal", "zzz": 1})


@pytest.mark.parametrize(
    ("choice", "table"),
    [
        (AnyNoise, {"kind": "one-coin", "accuracy": 1.2}),
        (AnyNoise, {"kind": "one-coin", "accuracy": "high"}),
        (AnyLatency, {"kind": "exponential", "mean": 0}),
        (AnyLatency, {"kind": "lognormal", "sigma": float("nan")}),
        (AnyPolicy, {"kind": "majority", "size": 0}),
    ],
)
def test_a_dial_outside_its_range_is_refused(choice, table):
    complaint(choice, table)


def test_nearest_counts_what_there_is():
    assert nearest("a", []) == "there are none"
    assert nearest("x", ["b"]) == "there is b"
    assert nearest("bee", ["c", "bees"]) == "did you mean 'bees'? there are bees, c"


# Dials

SHARES = st.floats(0, 1)
TIMES = st.floats(1e-6, 1e6)
ROWS = st.sampled_from([(1.0, 0.0), (0.25, 0.75), (0.5, 0.5), (0.1, 0.9)])
COMPONENTS = st.one_of(
    st.tuples(st.just(AnyNoise), st.builds(OneCoin, accuracy=SHARES)),
    st.tuples(st.just(AnyNoise), st.builds(Confusion, matrix=st.tuples(ROWS, ROWS))),
    st.tuples(st.just(AnyNoise), st.builds(Stubborn, answered=st.integers(0, 9))),
    st.tuples(st.just(AnyLatency), st.builds(FixedTime, time=TIMES)),
    st.tuples(st.just(AnyLatency), st.builds(ExponentialTime, mean=TIMES)),
    st.tuples(st.just(AnyLatency), st.builds(LognormalTime, median=TIMES, sigma=st.floats(0, 5))),
    st.tuples(st.just(AnyPolicy), st.builds(Majority, size=st.integers(1, 99), early=st.booleans())),
    st.tuples(st.just(AnyAllocation), st.just(SharedQueue())),
    st.tuples(st.just(AnyEstimator), st.builds(LogisticRegression, C=TIMES, max_iter=st.integers(1, 999))),
    st.tuples(st.just(AnyEstimator), st.builds(RandomForest, trees=st.integers(1, 9), max_depth=st.none() | st.integers(1, 9))),
    st.tuples(st.just(AnyEstimator), st.just(make(AnyEstimator, {"kind": "sklearn.svm.SVC", "params": {"probability": True}}))),
    st.tuples(
        st.just(AnyEstimator), st.builds(NaiveBayes, alpha=TIMES) | st.builds(NearestNeighbours, neighbours=st.integers(1, 9))
    ),
    st.tuples(
        st.just(AnyEstimator),
        st.builds(
            lambda of, bag: InProcessCommittee(members=(of, Pipeline(steps=(Standardise(centre=bag),), of=of)), bag=bag),
            st.builds(Sgd, alpha=TIMES) | st.builds(LinearSvm, C=TIMES) | st.builds(GradientBoosting, trees=st.integers(1, 9)),
            st.booleans(),
        ),
    ),
    st.tuples(st.just(AnyEstimator), st.builds(lambda folds: Calibrated(of=LinearSvm(), folds=folds), st.integers(2, 9))),
    st.tuples(st.just(AnyLesson), st.builds(Votes, weigh=st.sampled_from(["item", "answer"])) | st.just(Labels())),
    st.tuples(st.just(AnyLesson), st.builds(Soft, method=st.none() | st.just(MajorityVote()))),
    st.tuples(st.just(AnyLesson), st.builds(Corrected, rounds=st.integers(1, 9), trust=SHARES)),
    st.tuples(st.just(AnyStrategy), st.sampled_from([Random(), InOrder(), LeastConfident(), Margin(), Entropy()])),
    st.tuples(st.just(AnyDistribution), st.builds(Beta, a=TIMES.map(lambda a: min(a, 1e4)), b=st.just(2.0))),
    st.tuples(st.just(AnyDistribution), st.builds(Uniform, low=st.floats(-9, 0), high=st.floats(0, 9))),
    st.tuples(st.just(AnyDistribution), st.builds(Normal, mean=st.floats(-9, 9), sd=SHARES)),
    st.tuples(st.just(AnyDistribution), st.builds(Lognormal, median=TIMES, sigma=SHARES)),
    st.tuples(
        st.just(AnyNoise),
        st.builds(lambda a: make(AnyNoise, {"kind": "one-coin", "accuracy": {"kind": "beta", "a": a, "b": 2}}), st.floats(1, 9)),
    ),
)


@given(COMPONENTS)
def test_a_dump_of_a_component_makes_the_same_component_again(case):
    choice, component = case
    table = dump(choice, component)
    assert make(choice, table) == component
    assert dump(choice, make(choice, table)) == table


@given(COMPONENTS)
def test_components_are_frozen(case):
    _, component = case
    for dial in type(component).model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(component, dial, 0)


def test_a_choice_is_described_by_a_schema_that_names_each_kind_and_its_dials():
    options = TypeAdapter(AnyNoise).json_schema()["anyOf"]
    described = {option["properties"]["kind"].get("const"): option for option in options if "properties" in option}
    assert "accuracy" in described["one-coin"]["properties"]
    assert described["confusion"]["required"] == ["kind", "matrix"]
    assert {"one-coin", "confusion"} <= set(next(option["enum"] for option in options if "enum" in option))


class Holder(Component):
    """A component within a component."""

    kind: ClassVar[str] = "holder"
    noise: Annotated[AnyNoise, "within"] = OneCoin()


def test_trust_reaches_components_within_components():
    table = {"noise": f"{HERE}.Stubborn"}
    assert Holder.model_validate(table).noise == Stubborn()
    with pytest.raises(ValidationError, match="--trust"):
        Holder.model_validate(table, context=STRANGERS)
