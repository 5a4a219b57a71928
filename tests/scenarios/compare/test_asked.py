"""Who is asked to take part, as people write it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.compare.asked import ALLOCATION, LONGEST_NAME, POLICY, parse_with, take_part
from scenarios.errors import BadInput


def names(*policies: str, allocations: tuple[str, ...] = (), withs: tuple[str, ...] = ()) -> list[str]:
    return [each.name for each in take_part(policies, allocations, withs)]


def test_a_policy_is_a_name_or_a_table_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "five.toml").write_text('kind = "majority"\nsize = 5\n', encoding="utf-8")
    asked = take_part(
        ["sequential", "{kind='majority', size=3}", str(tmp_path / "five.toml"), "my_own.Policy", "as-written"], [], []
    )
    assert [each.settings for each in asked] == [
        {POLICY: "sequential"},
        {POLICY: {"kind": "majority", "size": 3}},
        {POLICY: {"kind": "majority", "size": 5}},
        {POLICY: "my_own.Policy"},
        {},
    ]
    assert [each.name for each in asked] == ["sequential", "majority", "five", "Policy", "as-written"]


def test_each_may_have_a_name_of_its_own() -> None:
    asked = take_part(["two votes={kind='majority', size=2}", "b = sequential", "own=as-written"], [], [])
    assert [each.name for each in asked] == ["two votes", "b", "own"]
    assert asked[0].settings == {POLICY: {"kind": "majority", "size": 2}}


def test_of_one_kind_they_are_told_apart_by_their_dials_or_else_by_number() -> None:
    assert names("{kind='majority', size=3, early=true}", "{kind='majority', size=5}", "majority") == [
        "majority size 3 early", "majority size 5", "majority",
    ]  # fmt: skip
    long = "{kind='sequential', most=5, until={kind='confidence', tau=%s}}"
    assert names(long % 0.8, long % 0.9) == ["sequential-1", "sequential-2"]


def test_an_equals_sign_in_a_table_makes_no_name() -> None:
    assert take_part(["{kind='majority',size=3}"], [], [])[0].settings == {POLICY: {"kind": "majority", "size": 3}}


def test_every_policy_is_run_with_every_allocation() -> None:
    asked = take_part(["a=majority", "sequential"], ["q=shared-queue", "mine.Own"], [])
    assert [each.name for each in asked] == ["a + q", "a + Own", "sequential + q", "sequential + Own"]
    assert asked[1].settings == {POLICY: "majority", ALLOCATION: "mine.Own"}


def test_what_is_the_same_for_all_stands_in_no_name() -> None:
    assert names("majority", allocations=("q=shared-queue", "mine.Own")) == ["q", "Own"]
    assert names("majority", "sequential", allocations=("shared-queue",)) == ["majority", "sequential"]
    assert names("majority", allocations=("shared-queue",)) == ["majority + shared-queue"]


def test_allocations_alone_are_compared_too() -> None:
    assert [each.settings for each in take_part([], ["shared-queue"], [])] == [{ALLOCATION: "shared-queue"}]


def test_a_value_is_set_for_one_that_is_there_or_makes_a_new_one() -> None:
    asked = take_part(
        ["fast=majority"], [], ["fast:selector.in_flight=9", "batches:selector.barrier=true", "batches:stop.time='2h'"]
    )
    assert [(each.name, each.settings) for each in asked] == [
        ("fast", {POLICY: "majority", "selector.in_flight": 9}),
        ("batches", {"selector.barrier": True, "stop.time": "2h"}),
    ]
    assert parse_with(" a :stop.labels=3") == ("a", "stop.labels", 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "write a name, an inline table of TOML"),
        ("  ", "write a name"),
        ("=majority", "write NAME= before it"),
        ("a=b=c", "write NAME= before it"),
        ("{kind='majority', size 3}", "no inline table of TOML: Expected '=' after a key in a key/value pair, at '3}'"),
        ("{kind='majority',, size=3}", "Invalid initial character for a key part, at ', size=3}'"),
        ("{kind='majority'", r"Unclosed inline table \(at end of document\)"),
        ("x={kind='majority', size=}", "Invalid value, at '}'"),
        ("{kind='majority'} {}", "no inline table of TOML: .*at '{}'"),
        ("{}\nx=1", "more than one inline table"),
        ("{a=" + "[" * 3000, "too deep"),
        ("nowhere.toml", "--policy 'nowhere.toml': nowhere.toml: No such file"),
        ("as-written=majority", "choose another name"),
        (f"{'n' * (LONGEST_NAME + 1)}=majority", f"takes {LONGEST_NAME} columns at most"),
        ("标注者标注者标注者标注者标=majority", "columns at most"),
        ("a\u200b\nb=majority", "a name is printable"),
    ],
)
def test_what_cannot_be_read_is_refused_by_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as refusal:
        take_part([text], [], [])
    assert str(refusal.value).startswith("--policy ")
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "write NAME:PATH=VALUE"),
        (":a.b=3", "write NAME:PATH=VALUE"),
        ("a.b='x:y'", "write NAME:PATH=VALUE"),
        ("x:=3", "write path=value"),
        ("x:a.b=[3", "is no TOML value"),
        ("as-written:a.b=3", "choose another name"),
    ],
)
def test_a_value_for_one_that_cannot_be_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=f"--with .*{message}"):
        take_part([], [], [text])


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        (["majority", "majority"], "--policy 'majority' stands there twice"),
        (["a=majority", "a=sequential"], "both are called 'a'; write NAME="),
        (["majority", "majority=sequential"], "both are called 'majority'"),
    ],
)
def test_two_of_one_name_are_refused(policies: list[str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        take_part(policies, [], [])


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        (asked,) = take_part([text], [], [])
    except BadInput as refusal:
        assert str(refusal).startswith("--policy ")
    else:
        assert asked.name
