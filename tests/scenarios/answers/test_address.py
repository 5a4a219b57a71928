"""What workers are called on a bus."""

import asyncio
import json

from hypothesis import given
from hypothesis import strategies as st

from bus.bus import MessageBus
from bus.clock import VirtualLoop
from scenarios.answers.address import RESERVED, addresses


def test_names_that_can_stand_in_a_log_are_kept() -> None:
    names = ["w0001", "ann@example.org", "Zoë", "a b", "日本", "[red]", "x/y"]
    assert addresses([*names, "w0001"]) == {name: name for name in names}


def test_what_cannot_stand_in_a_log_becomes_an_underscore() -> None:
    assert addresses(['a"b', "c\\d", "e\nf"]) == {'a"b': "a_b", "c\\d": "c_d", "e\nf": "e_f"}


def test_names_of_other_agents_get_another() -> None:
    assert addresses(["bus", "coordinator", "*"]) == {"bus": "worker-bus", "coordinator": "worker-coordinator", "*": "worker-*"}


def test_who_can_keep_their_name_keeps_it_whoever_came_first() -> None:
    found = addresses(['a"b', "a\\b", "a_b", "a_b-2"])
    assert found == {'a"b': "a_b-3", "a\\b": "a_b-4", "a_b": "a_b", "a_b-2": "a_b-2"}


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(['"', "\\", "_", "_-2", *sorted(RESERVED)])
    )
)
def test_addresses_differ_and_a_bus_takes_them(names: list[str]) -> None:
    found = addresses(names)
    assert [*found] == [*dict.fromkeys(names)]
    assert len({*found.values()}) == len(found)
    assert not RESERVED & {*found.values()}

    async def subscribe() -> None:
        bus = MessageBus(lambda envelope: None)
        for address in found.values():
            bus.subscribe(address)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(subscribe())
    assert all(json.loads(f'"{address}"') == address for address in found.values())
