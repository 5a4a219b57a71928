"""What editors and people are told of the components."""

import tomllib
from io import StringIO
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from scenarios.catalogue import KINDS, called, dials, members, schema, show
from scenarios.loading import LIBRARY
from scenarios.scenario import Scenario

VALIDATOR = Draft202012Validator(schema())


@pytest.fixture
def tables() -> dict[str, Any]:
    return tomllib.loads((LIBRARY / "quickstart.toml").read_text(encoding="utf-8"))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_library_meets_the_schema(tables: dict[str, Any]) -> None:
    VALIDATOR.validate(tables)


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("learner", "estimator", {"kind": "sklearn.svm.SVC", "params": {"probability": True}}),
        ("selector", "strategy", "entropy"),
        ("selector", "strategy", {"kind": "my.own.Strategy", "dial": 3}),
        ("learner", "train_time", 2.5),
        ("stop", "time", "1h30m"),
    ],
)
def test_the_schema_allows_what_parley_allows(tables: dict[str, Any], table: str, key: str, value: object) -> None:
    tables[table][key] = value
    VALIDATOR.validate(tables)


def test_the_schema_allows_dials_that_differ_from_person_to_person(tables: dict[str, Any]) -> None:
    tables["annotators"][0]["noise"]["accuracy"] = {"kind": "beta", "a": 8, "b": 2}
    tables["annotators"][0]["latency"]["median"] = {"kind": "lognormal", "median": 20, "sigma": 0.5}
    tables["annotators"][0]["price"] = {"kind": "uniform", "low": 0.1, "high": 0.2}
    VALIDATOR.validate(tables)


def test_the_schema_allows_one_where_there_may_be_several(tables: dict[str, Any]) -> None:
    for one in (lambda each: each, lambda each: [each]):
        tables["annotators"][0].update(says=one({"kind": "soft"}), changes=one("practice"), availability=one("shifts"))
        tables["coordination"] = {"policy": {"kind": "majority", "of": one("crowd"), "otherwise": "weighted"}}
        VALIDATOR.validate(tables)
        assert Scenario.model_validate(tables)
    tables["annotators"][0]["says"] = {"kind": "sofd"}
    assert not VALIDATOR.is_valid(tables)


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("stop", "tiem", 3),
        ("stop", "time", "soon"),
        ("selector", "strategy", {"kind": "entropi"}),
        ("selector", "in_flight", 0),
        ("learner", "estimator", {"kind": "logistic-regression", "C": -1}),
        ("data", "source", "digitz"),
    ],
)
def test_the_schema_refuses_what_parley_refuses(tables: dict[str, Any], table: str, key: str, value: object) -> None:
    tables[table][key] = value
    assert not VALIDATOR.is_valid(tables)


@pytest.mark.parametrize("member", [member for kind in KINDS for member in members(kind)], ids=lambda member: member.__name__)
def test_every_component_says_what_it_does_and_every_dial_has_a_sentence(member: Any) -> None:
    assert member.__doc__
    assert all(sentence.endswith(".") for *_, sentence in dials(member))


@pytest.mark.parametrize(
    "policy",
    [
        {"kind": "majority", "size": 2, "ties": "one-more"},
        {"kind": "sequential", "until": "lead", "at_once": 3},
        {"kind": "sequential", "until": {"kind": "confidence", "tau": 0.9, "accuracy": 0.7}},
        {"kind": "sequential", "until": {"kind": "confidence", "accuracy": {"kind": "known", "of": {"crowd": 0.7}}}},
        {"kind": "weighted", "accuracy": "learnt"},
        {"kind": "negotiation", "size": 3, "rounds": 3, "quorum": 0.75},
        {
            "kind": "negotiation",
            "protocol": "argument",
            "within": "5m",
            "trigger": {"kind": "margin", "below": 0.4},
            "settles": "judge",
        },
        {
            "kind": "negotiation",
            "protocol": {"kind": "opinions", "topology": {"kind": "given", "trust": {"crowd": {"crowd": 1.0}}}},
            "settles": {"kind": "log-opinion", "prior": {"0": 1, "1": 3}},
        },
    ],
)
def test_the_schema_knows_components_within_components(tables: dict[str, Any], policy: dict[str, Any]) -> None:
    tables["coordination"] = {"policy": policy}
    VALIDATOR.validate(tables)
    policy["dial"] = 1
    assert not VALIDATOR.is_valid(tables)


def test_a_component_that_is_a_default_is_shown_by_its_name_and_what_there_is_instead_once() -> None:
    (row,) = [row for member in members("policy") if member.kind == "sequential" for row in dials(member) if row[0] == "until"]
    assert row[1:3] == ('table or "confidence" | "quorum" | "lead"', '= "confidence"')


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bidding", [("bidding", kind) for kind in ("honest", "overclaiming", "imprecise", "selective", "markup")]),
        ("negotiation", [("policy", "negotiation")]),
        ("debate", [("social", "debate"), ("protocol", "debate")]),
        ("accuracy", [("accuracy", kind) for kind in ("common", "known", "learnt")]),
    ],
)
def test_components_are_found_by_their_kind_and_one_by_its_own_name(name: str, found: list[tuple[str, str]]) -> None:
    assert [(kind, member.kind) for kind, member in called(name)] == found


@pytest.mark.parametrize("width", [80, 120])
def test_every_component_is_shown_whole_whatever_the_width(width: int) -> None:
    for kind in KINDS:
        console = Console(width=width, file=StringIO())
        with console.capture() as capture:
            show(kind, console)
        assert "…" not in capture.get()
        assert not any("\n" in sentence for member in members(kind) for *_, sentence in dials(member))
