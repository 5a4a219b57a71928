"""Names of dials, levels and places: short, different, and saying what tells them apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.findings.names import LONGEST, dial_names, names, names_of
from tests.scenarios.study.made import made_results

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["a", "b", "a b"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "of", "size", "by"]), inner),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"kind": "random"}, {"kind": "margin"}], ["random", "margin"]),
        (
            [{"kind": "majority", "size": 1, "of": "crowd"}, {"kind": "majority", "size": 3, "of": "crowd"}],
            ["majority 1", "majority 3"],
        ),
        ([{"kind": "fixed", "share": 0.0}, {"kind": "fixed", "share": 0.5}, "activelab"], ["fixed 0", "fixed 0.5", "activelab"]),
        (
            [
                {"kind": "sequential", "until": {"kind": "lead", "by": 2}, "most": 9},
                {"kind": "sequential", "until": {"kind": "lead", "by": 3}, "most": 15},
            ],
            ["sequential (by 2, most 9)", "sequential (by 3, most 15)"],
        ),
        ([{"kind": "my.module.Gini"}, {"kind": "entropy"}], ["Gini", "entropy"]),
        ([{"kind": "contract-net"}, {"kind": "contract-net", "reputation": True}], ["contract-net", "contract-net reputation"]),
        (
            [[], [{"kind": "sessions", "time": "4h"}], [{"kind": "sessions", "time": "2h"}]],
            ["none", "sessions time 4h", "sessions time 2h"],
        ),
        ([[], [{"sender": "a"}, {"sender": "b"}]], ["none", "2 links"]),
        ([{"budget": 250.0}, {"time": "6h"}], ["budget 250", "time 6h"]),
        ([0.6, 1.0, 3], ["0.6", "1", "3"]),
        ([True, False], ["true", "false"]),
        (
            [
                {"kind": "escalation", "tiers": [{"of": "crowd", "votes": 2}, {"of": "expert"}]},
                {"kind": "escalation", "tiers": [{"of": "crowd", "votes": 3}, {"of": "expert"}]},
            ],
            ["escalation votes 2", "escalation votes 3"],
        ),
    ],
)
def test_a_level_is_called_by_its_kind_and_what_differs(values: list[Any], expected: list[str]) -> None:
    assert names_of(values, "faults.links") == expected


def test_dials_are_called_by_their_last_words_and_by_their_owner_where_that_tells_them_apart() -> None:
    assert dial_names(["annotators.crowd.noise", "coordination.policy.size", "stop.labels", "selector.barrier"]) == {
        "annotators.crowd.noise": "noise",
        "coordination.policy.size": "policy size",
        "stop.labels": "stop labels",
        "selector.barrier": "barrier",
    }
    assert dial_names(["annotators.crowd.social", "annotators.crowd.social.stubbornness"]) == {
        "annotators.crowd.social": "social influence",
        "annotators.crowd.social.stubbornness": "social stubbornness",
    }
    assert [*dial_names(["annotators.a.noise.accuracy", "annotators.b.noise.accuracy", "annotators.a.count"]).values()] == [
        "a noise accuracy",
        "b noise accuracy",
        "number of a",
    ]


def test_places_are_told_by_the_dials_that_have_several_values() -> None:
    noises = [{"kind": "one-coin", "accuracy": 0.6}, {"kind": "one-coin", "accuracy": 0.8}]
    vary: dict[str, list[Any]] = {
        "annotators.crowd.noise": noises,
        "selector.barrier": [True, False],
        "stop.labels": [30],
        "policy.size": [1, 3],
    }
    found = names(made_results(vary, lambda settings, seed: {}, compared="policy.size", seeds=1))
    assert found.places == [
        "noise one-coin 0.6, barrier",
        "noise one-coin 0.6, no barrier",
        "noise one-coin 0.8, barrier",
        "noise one-coin 0.8, no barrier",
    ]
    assert found.where[0] == "where the noise is one-coin 0.6 and barrier is true"
    assert found.compared == ["size 1", "size 3"]
    assert found.levels["policy.size"] == ["1", "3"]


def test_a_dial_is_set_to_a_number_and_the_dial_to_what_has_a_name() -> None:
    vary: dict[str, list[Any]] = {
        "policy": ["a", "b"],
        "annotators.crowd.noise": [{"kind": "one-coin", "accuracy": 0.6}, {"kind": "one-coin", "accuracy": 0.8}],
        "annotators.crowd.noise.accuracy": [0.6, 0.8],
        "annotators.expert.noise.accuracy": [0.9, 1.0],
        "data": [{"source": "digits"}, {"source": "wine"}],
        "faults.links": [[], [{"sender": "a"}, {"sender": "b"}]],
        "selector.barrier": [True, False],
    }
    results = made_results(vary, lambda settings, seed: {}, seeds=1)
    found = names(results._replace(called={"annotators.crowd.noise": ["coin .6", "coin .8"]}))
    assert found.states["annotators.crowd.noise"][0] == "the noise is coin .6"
    assert found.states["annotators.crowd.noise.accuracy"][0] == "accuracy of crowd is 0.6"
    assert found.states["data"][0] == "the data are digits"
    assert found.states["faults.links"] == ["there are no links", "the links are 2"]
    assert found.at["annotators.crowd.noise"][1] == "with coin .8"
    assert found.at["annotators.expert.noise.accuracy"] == ["at 0.9", "at 1"]
    assert found.at["faults.links"][0] == "without links"
    assert found.at["selector.barrier"] == ["with barrier", "without barrier"]
    alone = names(
        made_results({"p": ["a", "b"], "annotators.crowd.noise.accuracy": [0.6, 1.0]}, lambda settings, seed: {}, seeds=1)
    )
    assert alone.where == ["where accuracy is 0.6", "where accuracy is 1"]


def test_where_only_one_dial_varies_its_place_has_no_name() -> None:
    found = names(made_results({"p": ["a", "b"]}, lambda settings, seed: {}, seeds=1))
    assert (found.places, found.where) == ([""], [""])


@given(st.lists(VALUES, min_size=1, max_size=5, unique_by=repr))
def test_names_are_different_and_short_whatever_a_dial_holds(values: list[Any]) -> None:
    found = names_of(values, "a.path")
    assert len({*found}) == len(values) == len(found)
    assert all(0 < len(name) <= LONGEST + 4 for name in found)
