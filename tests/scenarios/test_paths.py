"""Paths and overrides: what `--set` and `[vary]` write."""

import tomllib
from pathlib import Path

import pytest

from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.first_option import FirstOption
from agents.annotator.noises.guess import Guess
from agents.annotator.noises.mixture import Mixture
from agents.annotator.noises.one_coin import OneCoin
from agents.component import Trust
from agents.coordinator.policies.majority import Majority
from agents.estimators.linear import LogisticRegression
from agents.selector.strategies.uncertainty import Margin
from scenarios.errors import BadInput
from scenarios.loading import load, make
from scenarios.paths import parse_override
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import LABELLING, LEARNING


def changed(text: str, **settings: object) -> Scenario:
    return make(tomllib.loads(text), "test", {path.replace("__", "."): value for path, value in settings.items()}, Trust())


def test_a_value_is_set_by_table_and_key() -> None:
    assert changed(LABELLING, data__items=99).data.items == 99  # type: ignore[attr-defined]


def test_a_table_that_is_left_out_is_made() -> None:
    assert changed(LABELLING, stop__labels=7).stop.labels == 7


def test_an_annotator_table_goes_by_its_name() -> None:
    assert changed(LABELLING, annotators__crowd__count=9).annotators[0].count == 9


def test_an_annotator_table_without_a_name_is_called_crowd() -> None:
    assert changed(LEARNING, annotators__crowd__count=9).annotators[0].count == 9


def test_setting_a_component_replaces_it_whole() -> None:
    matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    scenario = changed(LABELLING, annotators__crowd__noise={"kind": "confusion", "matrix": matrix})
    assert isinstance(scenario.annotators[0].noise, Confusion)


def test_setting_a_dial_replaces_that_dial_alone() -> None:
    scenario = changed(LABELLING, annotators__crowd__latency__sigma=0.1)
    assert scenario.annotators[0].latency.median == 20  # type: ignore[attr-defined]
    assert scenario.annotators[0].latency.sigma == 0.1  # type: ignore[attr-defined]


def test_a_dial_of_a_component_that_is_left_out_is_a_dial_of_the_default() -> None:
    scenario = changed(LEARNING, coordination__policy__size=3, learner__estimator__C=0.5, annotators__crowd__noise__accuracy=0.9)
    assert scenario.coordination.policy == Majority(size=3)
    assert scenario.learner is not None
    assert scenario.learner.estimator == LogisticRegression(C=0.5)
    assert scenario.annotators[0].noise == OneCoin(accuracy=0.9)


COIN = '{ kind = "one-coin", accuracy = 0.7 }'
HURRIED = '{ kind = "first-option", of = { kind = "mixture", of = [{ kind = "one-coin" }, "guess"], by = "answer" } }'


def test_a_path_leads_to_the_dials_of_a_component_within_a_component() -> None:
    scenario = changed(
        LABELLING.replace(COIN, HURRIED),
        annotators__crowd__noise__share=0.25,
        **{"annotators__crowd__noise__of__of__one-coin__accuracy": 0.9, "annotators__crowd__noise__of__of__guess__weights": [1, 2]},
    )
    mixture = Mixture(of=(OneCoin(accuracy=0.9), Guess(weights=(1, 2))), by="answer")
    assert scenario.annotators[0].noise == FirstOption(share=0.25, of=mixture)


def test_a_path_leads_to_the_dials_of_a_component_that_is_left_out_of_another() -> None:
    tables = LABELLING.replace(COIN, '"first-option"')
    assert changed(tables, annotators__crowd__noise__of__accuracy=0.9).annotators[0].noise == FirstOption(of=OneCoin(accuracy=0.9))


def nested(depth: int) -> str:
    return '{ kind = "first-option", of = ' * depth + '"one-coin"' + " }" * depth


def test_components_may_stand_within_each_other_many_deep() -> None:
    tables = tomllib.loads(LABELLING.replace(COIN, nested(30)))
    assert isinstance(make(tables, "test", {}, Trust()).annotators[0].noise, FirstOption)


@pytest.mark.parametrize("depth", [50, 200, 5000])
def test_what_stands_too_deep_is_refused_and_does_not_break_what_reads_it(tmp_path: Path, depth: int) -> None:
    (tmp_path / "deep.toml").write_text(LABELLING.replace(COIN, nested(depth)))
    with pytest.raises(BadInput, match=r"deep\.toml: tables and lists stand more than 40 deep within each other"):
        load(tmp_path / "deep.toml")


@pytest.mark.parametrize("depth", [50, 5000])
def test_a_setting_that_is_too_deep_is_refused(depth: int) -> None:
    with pytest.raises(BadInput, match="deep within each other"):
        make(tomllib.loads(LABELLING), "test", dict([parse_override(f"annotators.crowd.noise={nested(depth)}")]), Trust())


def test_a_component_may_be_set_by_its_name_alone() -> None:
    assert changed(LEARNING, selector__strategy="margin").selector.strategy == Margin()


def test_setting_leaves_the_tables_it_was_given_as_they_were() -> None:
    tables = tomllib.loads(LABELLING)
    make(tables, "test", {"annotators.crowd.count": 9}, Trust())
    assert tables == tomllib.loads(LABELLING)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("annotators.croud.count", "did you mean 'crowd'"),
        ("coordinaton.lease", "did you mean 'coordination'"),
        ("annotators.crowd.nois.accuracy", "did you mean 'noise'"),
        ("annotators.crowd.noise.acuracy", "did you mean 'accuracy'"),
        ("seed.deep", "is a value, not a table"),
        ("annotators.count", "name one of the tables|there is no"),
    ],
)
def test_a_path_that_leads_nowhere_names_the_nearest(path: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        make(tomllib.loads(LABELLING), "test", {path: 3}, Trust())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=3", 3),
        ("a.b = 0.5", 0.5),
        ("a.b=true", True),
        ('a.b="8h"', "8h"),
        ("a.b=8h", "8h"),
        ("a.b=entropy", "entropy"),
        ('a.b={kind="majority", size=3}', {"kind": "majority", "size": 3}),
        ("a.b=[1, 2]", [1, 2]),
    ],
)
def test_values_are_toml_and_bare_words_are_text(text: str, value: object) -> None:
    assert parse_override(text) == ("a.b", value)


@pytest.mark.parametrize("text", ["a.b", "=3", "a.b={kind=", "a.b=", "a.b='open"])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="--set"):
        parse_override(text)
