from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference import answers
from agents.inference.answers import UNKNOWN, AnswerTable, table_of
from bus.chance import Chance

ROWS = st.lists(st.tuples(st.sampled_from(["i2", "i10", "é", "i1"]), st.sampled_from("xyz"), st.sampled_from("ab")), max_size=20)
NUMBERS = st.one_of(st.integers(-128, 127), st.integers(-(2**62), 2**62))


def told(table: AnswerTable) -> list[tuple[object, object, object]]:
    rows = zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True)
    return [(table.items[item], table.people[person], table.classes[label]) for item, person, label in rows]


@given(ROWS)
@settings(deadline=None, max_examples=50)
def test_a_table_holds_every_answer_by_item_then_person_then_label(rows):
    table = table_of(*zip(*rows, strict=True)) if rows else table_of([], [], [])
    assert told(table) == sorted(rows)
    assert [table.items, table.people, [*table.classes]] == [sorted({row[place] for row in rows}) for place in range(3)]


@given(ROWS, st.sets(st.sampled_from(["i2", "new"])))
@settings(deadline=None, max_examples=50)
def test_pairs_say_how_often_each_person_gave_each_label_to_each_item(rows, known):
    table = table_of(*zip(*rows, strict=True) if rows else ([], [], []), classes="abc", gold=dict.fromkeys(known, "c"))
    persons, labels = table.pairs
    counts = table.by_pair.toarray()
    assert counts.shape == (len(table.items), len(persons))
    found = Counter()
    for (row, column), count in np.ndenumerate(counts):
        found[table.items[row], table.people[persons[column]], table.classes[labels[column]]] += int(count)
    assert +found == Counter(rows)
    assert {table.items[row] for row in table.known} == known
    assert all(gold == (2 if item in known else UNKNOWN) for item, gold in zip(table.items, table.gold, strict=True))


@given(st.lists(NUMBERS, min_size=1, max_size=20))
@settings(deadline=None, max_examples=50)
def test_columns_may_be_arrays_of_numbers_far_apart_or_close_together(numbers):
    table = table_of(np.array(numbers), np.array(["x"] * len(numbers), object), np.array(numbers))
    assert table.items == sorted({*numbers})
    assert [item for item, _, _ in told(table)] == sorted(numbers)
    assert {type(item) for item in table.items} == {int}


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64, np.uint64])
def test_columns_may_be_of_any_whole_type(kind):
    ends = [np.iinfo(kind).min, np.iinfo(kind).max]
    assert table_of(np.array(ends, kind), ["x", "y"], [0, 1]).items == ends
    assert table_of(np.array([ends[1] - 1, ends[1]], kind), ["x", "y"], [0, 1]).items == [ends[1] - 1, ends[1]]


def test_a_label_outside_the_classes_is_refused_by_name():
    with pytest.raises(ValueError, match="'c' is none of the classes"):
        table_of(["i"], ["x"], ["c"], classes="ab")
    with pytest.raises(ValueError, match="'d' is none of the classes"):
        table_of(["i"], ["x"], ["a"], classes="ab", gold={"i": "d"})


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_sums_by_blocks_are_products_with_the_whole_table(monkeypatch, at_once):
    monkeypatch.setattr(answers, "BLOCK", at_once)
    table = table_of("aabbbccccc", "xyxyzxyzxx", "1212121211", classes="123", gold={"d": "3"})
    of_pair, of_item = np.arange(len(table.pairs[0]) * 3.0).reshape(-1, 3), np.arange(len(table.items) * 3.0).reshape(-1, 3)
    assert np.array_equal(table.to_items(of_pair), table.by_pair @ of_pair)
    assert np.array_equal(table.to_pairs(of_item), table.by_pair.T @ of_item)
    assert table.votes.tolist() == [[1, 1, 0], [2, 1, 0], [3, 2, 0], [0, 0, 0]]
    assert np.array_equal(table.tally(np.array([2.0, 1.0, 0.0])).sum(axis=1), [3, 3, 7, 0])


def test_the_order_is_the_same_where_there_are_too_many_people_for_short_numbers():
    stream = Chance(5).stream("rows")
    item, person, label = (stream.integers(0, size, 500) for size in (40, 30, 3))
    few = AnswerTable(range(40), range(30), "abc", item, person, label)
    # 2**16 items by 2**15 people by 3 classes do not fit 32 bits.
    many = AnswerTable(range(2**16), range(2**15), "abc", item.astype(np.int8), person.astype(np.uint8), label)
    assert few.pair.dtype == many.pair.dtype
    for found, expected in zip((many.pair, *many.pairs, many.starts[:41]), (few.pair, *few.pairs, few.starts), strict=True):
        assert np.array_equal(found, expected)
    assert (many.starts[41:] == 500).all()


def test_people_are_told_apart_where_the_last_number_is_near_the_most_that_32_bits_hold():
    sizes = 2**16 - 1, 2**15, 2
    assert (sizes[0] + 1) * sizes[1] * sizes[2] == 2**32
    table = AnswerTable(
        range(sizes[0] - 1), range(sizes[1]), "ab", *(np.array([0, size - 1]) for size in (sizes[0] - 1, *sizes[1:]))
    )
    assert told(table) == [(0, 0, "a"), (sizes[0] - 2, sizes[1] - 1, "b")]
