"""Who hears whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.session import shuffled
from agents.coordinator.topologies.choice import AnyTopology
from agents.coordinator.topologies.complete import Complete
from agents.coordinator.topologies.given import Given
from agents.coordinator.topologies.ring import Ring
from agents.coordinator.topologies.small_world import SmallWorld
from agents.coordinator.topologies.star import Star
from agents.coordinator.topology import Topology
from bus.chance import Chance
from tests.agents.samples import complaint, make

LUCK = Chance(7).keyed("coordinator", "topology")


def heard(topology: Topology, names: str, item: int = 0) -> dict[str, str]:
    """Return whom each hears."""
    return {name: "".join(others) for name, others in topology.hears([*names], LUCK.luck(item)).items()}


@given(
    st.sampled_from([Complete(), Ring(), Ring(reach=3), Star(), Star(hub="c"), SmallWorld(reach=2, rewired=0.5), SmallWorld()]),
    st.integers(0, 9),
    st.integers(0, 99),
)
def test_nobody_hears_themselves_or_a_stranger_and_hearing_is_mutual(topology, count, item):
    names = "abcdefghi"[:count]
    hears = topology.hears([*names], LUCK.luck(item))
    assert [*hears] == [*names]
    for name, others in hears.items():
        assert name not in others and set(others) <= set(names)
        assert all(weight == 1 and name in hears[other] for other, weight in others.items())


def test_in_a_ring_each_hears_those_next_to_them_and_in_a_small_one_all():
    assert heard(Ring(), "abcde") == {"a": "eb", "b": "ac", "c": "bd", "d": "ce", "e": "da"}
    assert {name: len(others) for name, others in heard(Ring(reach=2), "abcd").items()} == dict.fromkeys("abcd", 3)
    assert heard(Ring(), "ab") == {"a": "b", "b": "a"}
    assert heard(Ring(), "a") == {"a": ""}


def test_in_a_star_all_hear_the_hub_and_the_hub_hears_all():
    assert heard(Star(hub="c"), "abcd") == {"a": "c", "b": "c", "c": "abd", "d": "c"}
    # A hub who is not there is replaced by the member in the first seat, which is drawn by luck.
    assert heard(Star(hub="z"), "bad") == {"b": "ad", "a": "b", "d": "b"}
    assert [*Star(hub="expert").hears(["crowd-1", "expert-2"], LUCK.luck(0))["crowd-1"]] == ["expert-2"]


def test_a_small_world_is_a_ring_with_as_many_connections_some_of_which_lead_elsewhere():
    names = "".join(map(chr, range(65, 85)))
    ring, world = heard(Ring(reach=2), names), heard(SmallWorld(reach=2, rewired=0.2), names)
    assert sum(map(len, world.values())) == sum(map(len, ring.values())) == 80
    kept = sum(len(set(world[name]) & set(ring[name])) for name in names)
    assert 50 <= kept < 80
    straight = heard(SmallWorld(reach=2, rewired=0), names)
    assert {name: set(others) for name, others in straight.items()} == {name: set(others) for name, others in ring.items()}
    assert heard(SmallWorld(reach=2, rewired=0.2), names, item=1) != world
    assert heard(SmallWorld(reach=5, rewired=1), "abc") == {"a": "bc", "b": "ac", "c": "ab"}


def test_who_hears_whom_may_be_given_by_edges_or_by_trust_of_people_and_groups():
    assert heard(Given(edges=(("a", "b"), ("b", "c"))), "abc") == {"a": "b", "b": "ac", "c": "b"}
    trust = Given(trust={"crowd": {"expert": 3.0, "crowd": 1.0}, "crowd-2": {"crowd-1": 0.5, "expert-1": 0}})
    assert trust.hears(["crowd-1", "crowd-2", "expert-1"], LUCK.luck(0)) == {
        "crowd-1": {"crowd-2": 1.0, "expert-1": 3.0},
        "crowd-2": {"crowd-1": 0.5},
        "expert-1": {},
    }


def test_a_topology_that_says_nothing_or_weighs_below_zero_is_refused():
    assert "nobody hears anybody" in complaint(AnyTopology, "given")
    assert "greater than or equal to 0" in complaint(AnyTopology, {"kind": "given", "trust": {"a": {"b": -1}}})
    assert "did you mean 'small-world'" in complaint(AnyTopology, "smallworld")
    assert make(AnyTopology, {"kind": "ring", "reach": 2}) == Ring(reach=2)


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
def test_seats_are_drawn_by_the_luck_of_the_item_and_not_by_who_answers_first(order):
    assert shuffled([*order], LUCK.luck(3)) == shuffled([*"abc"], LUCK.luck(3))


def test_each_order_of_seats_is_as_likely():
    orders = ["".join(shuffled([*"abc"], LUCK.luck(item))) for item in range(6000)]
    assert all(abs(orders.count(order) - 1000) < 4 * (6000 * 5 / 36) ** 0.5 for order in {*orders})
    assert len({*orders}) == 6
