"""Items as the agents may know them, and, apart from them, the truth."""

import pytest

from agents.items import Items, Truth
from bus.chance import number_of


def test_an_item_is_found_by_its_id():
    items = Items(["a", 7, "c"], None)
    assert [items.row(item) for item in ("a", 7, "c")] == [0, 1, 2]
    assert len(items) == 3
    with pytest.raises(KeyError):
        items.row("b")


def test_an_items_key_is_its_ids_and_not_its_rows():
    assert Items(["a", 7], None).keys.tolist() == Items([7, "a"], None).keys.tolist()[::-1] == [number_of("a"), 7]


def test_the_truth_is_an_index_into_the_classes():
    truth = Truth(["no", "yes"], {"x": 1, "y": 0})
    assert [truth.classes[truth.of(item)] for item in "xy"] == ["yes", "no"]


def test_items_hold_no_truth():
    assert not {"truth", "labels", "target", "classes"} & set(vars(Items([1, 2], None)))
