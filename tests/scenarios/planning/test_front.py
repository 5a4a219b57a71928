"""The front: its cheapest, its fastest, and the knee between."""

from scenarios.planning.front import Outlay, cheapest, fastest, kept, knee, layers


def test_who_is_worse_in_everything_is_beaten_and_equals_are_not() -> None:
    assert Outlay(1, 1, 1).beats(Outlay(2, 1, 1))
    assert not Outlay(1, 1, 1).beats(Outlay(1, 1, 1))
    assert not Outlay(1, 2, 1).beats(Outlay(2, 1, 1))


def test_layers_are_fronts_of_what_is_left() -> None:
    outlays = {"a": Outlay(1, 2, 1), "b": Outlay(2, 1, 1), "c": Outlay(2, 2, 1), "d": Outlay(3, 3, 1)}
    assert [*layers(outlays)] == [["a", "b"], ["c"], ["d"]]
    assert kept(outlays, 3) == ["a", "b", "c"]
    assert kept(outlays, 1) == ["a", "b"]


def test_of_what_costs_the_same_the_fewest_people_are_the_cheapest_and_of_equally_fast_ones_the_cheapest_is_the_fastest() -> None:
    outlays = {"few": Outlay(102, 80, 4), "many": Outlay(100, 10, 32), "dear": Outlay(150, 9.9, 32)}
    assert cheapest(outlays) == "few"
    assert fastest(outlays) == "many"


def test_the_knee_lies_farthest_below_the_line() -> None:
    outlays = {"a": Outlay(10, 100, 4), "b": Outlay(12, 30, 4), "c": Outlay(18, 20, 4), "d": Outlay(30, 10, 4)}
    assert knee(outlays) == "b"


def test_on_a_straight_front_and_on_one_of_two_there_is_no_knee() -> None:
    assert knee({"a": Outlay(10, 30, 4), "b": Outlay(20, 20, 4), "c": Outlay(30, 10, 4)}) is None
    assert knee({"a": Outlay(10, 30, 4), "c": Outlay(30, 10, 4)}) is None
    assert knee({"a": Outlay(10, 30, 4)}) is None


def test_where_everything_costs_the_same_the_knee_is_one_of_people_and_time() -> None:
    outlays = {count: Outlay(100, 960 / count, count) for count in (4, 8, 16, 32)}
    assert (cheapest(outlays), knee(outlays), fastest(outlays)) == (4, 8, 32)
