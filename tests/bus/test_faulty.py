"""A bus on which messages get lost, late, twice or in the wrong order."""

import asyncio
from collections import defaultdict
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus.bus import BUS, MessageBus
from bus.clock import SECOND, run
from bus.faulty import Traffic
from bus.message import (
    EVERYONE,
    Envelope,
    MailboxFull,
    MessageArrived,
    MessageDelayed,
    MessageDropped,
    MessageDuplicated,
    MessageLost,
)
from tests.bus.links import PEOPLE, RETRY, SERVICES, faulty, of_the_bus, passes, read, reads, send, sends, strike
from tests.bus.samples import Note, Ping, Recorder, bus_and_record, the_loop


async def heard(does: str, services: Collection[str], number: int = 0) -> tuple[list[tuple[float, int]], Recorder, Traffic]:
    """Let a message of three, sent a second apart, suffer that; return what comes and when."""
    bus, record = faulty(services, messages=[strike(does, number)], retry=RETRY)
    inbox = bus.subscribe("b")
    _, came = await asyncio.gather(send(bus, 0, 1, 2), read(inbox))
    return came, record, bus.traffic


# Between a person and a service


async def test_a_dropped_message_never_arrives():
    came, record, traffic = await heard("drop", PEOPLE)
    assert came == [(1, 1), (2, 2)]
    assert of_the_bus(record) == [Envelope(2, 0, BUS, EVERYONE, 1, MessageDropped(message=1, to="b"))]
    assert traffic == Traffic(sent=3, delivered=2, dropped=1)


async def test_a_duplicated_message_arrives_twice_at_its_instant():
    came, record, traffic = await heard("duplicate", PEOPLE)
    assert came == [(0, 0), (0, 0), (1, 1), (2, 2)]
    assert of_the_bus(record) == [Envelope(2, 0, BUS, EVERYONE, 1, MessageDuplicated(message=1, to="b"))]
    assert traffic == Traffic(sent=4, delivered=4)


async def test_a_delayed_message_arrives_at_the_very_instant_that_was_said_and_the_next_overtake_it():
    came, record, traffic = await heard("delay", PEOPLE)
    assert came == [(1, 1), (2, 2), (60, 0)]
    assert of_the_bus(record) == [
        Envelope(2, 0, BUS, EVERYONE, 1, MessageDelayed(message=1, to="b", until=60 * SECOND)),
        Envelope(5, 60 * SECOND, BUS, EVERYONE, 1, MessageArrived(message=1, to="b")),
    ]
    assert traffic == Traffic(sent=3, delivered=3)


async def test_a_reordered_message_arrives_right_after_the_next_one():
    came, record, _ = await heard("reorder", PEOPLE)
    assert came == [(1, 1), (1, 0), (2, 2)]
    assert of_the_bus(record) == [
        Envelope(2, 0, BUS, EVERYONE, 1, MessageDelayed(message=1, to="b", until=None)),
        Envelope(4, SECOND, BUS, EVERYONE, 1, MessageArrived(message=1, to="b")),
    ]


async def test_a_reordered_message_that_no_other_follows_arrives_after_a_while():
    came, record, _ = await heard("reorder", PEOPLE, number=2)
    assert came == [(0, 0), (1, 1), (2 + RETRY, 2)]
    assert [event.time for event in record.of(MessageArrived)] == [(2 + RETRY) * SECOND]


async def test_a_message_is_reordered_among_those_of_its_own_link():
    bus, _ = faulty(messages=[strike("reorder")])
    inbox = bus.subscribe("b")
    bus.subscribe("c")
    await send(bus, 0)
    await send(bus, 1, sender="c")
    await send(bus, 2, to="c")
    await send(bus, 3)
    assert [number for _, number in await read(inbox)] == [1, 3, 0]


async def test_each_copy_of_a_message_to_everyone_has_its_own_fate():
    bus, record = faulty(messages=[strike("drop"), strike("delay", recipient="c"), strike("drop", recipient="e")])
    inboxes = {name: bus.subscribe(name, Ping) for name in "bcd"}
    bus.subscribe("e")
    await bus.publish(Ping(number=1), "a")
    assert await asyncio.gather(*(read(inbox, 100) for inbox in inboxes.values())) == [[], [(60, 1)], [(0, 1)]]
    assert [event.body.to for event in of_the_bus(record)] == ["b", "c", "c"]


# Between services


@pytest.mark.parametrize(
    ("does", "came"),
    [
        ("drop", [(RETRY, 0), (RETRY, 1), (RETRY, 2)]),
        ("duplicate", [(0, 0), (1, 1), (2, 2)]),
        ("delay", [(60, 0), (60, 1), (60, 2)]),
        ("reorder", [(1, 0), (1, 1), (2, 2)]),
    ],
)
async def test_between_services_a_fault_is_a_delay(does, came):
    arrived, _, traffic = await heard(does, SERVICES)
    assert arrived == came
    assert traffic.delivered == 3
    assert (traffic.lost, traffic.in_flight) == (0, 0)


async def test_what_a_service_finds_in_the_log_is_recorded_as_arrived():
    _, record, traffic = await heard("drop", SERVICES)
    assert of_the_bus(record) == [
        Envelope(2, 0, BUS, EVERYONE, 1, MessageDropped(message=1, to="b")),
        Envelope(5, RETRY * SECOND, BUS, EVERYONE, 1, MessageArrived(message=1, to="b")),
    ]
    assert traffic == Traffic(sent=4, delivered=3, dropped=1)


async def test_a_second_copy_is_one_that_a_service_had_already():
    _, record, traffic = await heard("duplicate", SERVICES)
    assert [event.body for event in of_the_bus(record)] == [MessageDuplicated(message=1, to="b")]
    assert traffic == Traffic(sent=4, delivered=3, repeated=1)


async def test_a_service_reads_the_log_in_its_order_whoever_wrote():
    bus, _ = faulty(SERVICES, messages=[strike("delay")])
    inbox = bus.subscribe("b")
    await send(bus, 0)
    await send(bus, 1, sender="c")
    await send(bus, 2, sender="somebody")
    assert await read(inbox) == [(3, 2), (60, 0), (60, 1)], "who is no service writes no log, and is heard at once"


async def test_reading_up_hands_over_at_once_what_is_under_way_and_nothing_comes_twice():
    plan = [strike("delay"), strike("drop", 1), strike("delay", sender="somebody")]
    bus, record = faulty(SERVICES, messages=plan, retry=RETRY)
    inbox = bus.subscribe("b")
    await send(bus, 0, 1, 2)
    await send(bus, 3, sender="somebody")
    assert len(inbox) == 0
    bus.read_up("b")
    assert len(inbox) == 3
    assert await read(inbox) == [(4, 0), (4, 1), (4, 2), (63, 3)]
    assert [event.body.message for event in record.of(MessageArrived)] == [1, 3, 6]


# Full mailboxes


@pytest.mark.parametrize("does", ["drop", "delay", "reorder"])
async def test_what_a_service_was_waiting_for_takes_its_place_in_the_queue_before_what_came_after_it(does):
    bus, record = faulty(SERVICES, messages=[strike(does, 1, by=10)], retry=10)
    inbox = bus.subscribe("b", capacity=1)
    sending = [asyncio.create_task(send(bus, number, every=0)) for number in range(5)]
    await asyncio.sleep(20)
    assert [number for _, number in await read(inbox)] == [0, 1, 2, 3, 4]
    await asyncio.gather(*sending)
    assert {event.body.message for event in record.of(MailboxFull)} == {event.seq for event in record.of(Ping)[1:]}


async def test_a_second_copy_waits_for_room_as_the_first_does():
    bus, _ = faulty(messages=[strike("duplicate", 1)])
    inbox = bus.subscribe("b", capacity=1)
    sending = [asyncio.create_task(send(bus, number, every=0)) for number in range(3)]
    await asyncio.sleep(1)
    assert bus.statistics()["b"].waiting == 3
    assert [number for _, number in await read(inbox)] == [0, 1, 1, 2]
    await asyncio.gather(*sending)


async def test_a_sender_who_tires_of_waiting_takes_the_message_back_and_it_counts_as_lost():
    bus, record = faulty()
    inbox = bus.subscribe("b", capacity=1)
    await send(bus, 0, every=0)
    with pytest.raises(TimeoutError):
        await bus.publish(Ping(number=1), "a", "b", timeout=5 * SECOND)
    assert the_loop().now == 5 * SECOND
    assert record[-1] == Envelope(4, 5 * SECOND, BUS, EVERYONE, 2, MessageLost(message=2, to="b"))
    assert bus.traffic == Traffic(sent=2, delivered=1, lost=1)
    assert await read(inbox) == [(5, 0)]


async def test_a_sender_who_goes_down_while_it_waits_for_room_has_said_what_it_said():
    bus, _ = faulty(SERVICES)
    inbox = bus.subscribe("b", capacity=1)
    sending = [asyncio.create_task(send(bus, number)) for number in range(3)]
    await asyncio.sleep(5)
    sending[1].cancel()
    await asyncio.wait([sending[1]])
    assert [number for _, number in await read(inbox)] == [0, 1, 2]
    await asyncio.wait(sending)


# Whatever happens


@given(st.integers(1, 3), st.lists(sends | reads | passes, max_size=40), st.sets(st.sampled_from("abc")))
@settings(deadline=None)
def test_without_faults_it_is_a_bus_like_every_other(capacity, steps, services):
    async def live(bus: MessageBus) -> list[list[int]]:
        inboxes = {name: bus.subscribe(name, Ping, capacity=capacity) for name in "bcp"}
        sending = []
        arrived: dict[str, list[int]] = defaultdict(list)
        for number, step in enumerate(steps):
            match step:
                case "send", sender, to:
                    sending.append(asyncio.create_task(send(bus, number, sender=sender, to=to, every=0)))
                case "read", name if len(inboxes[name]):
                    arrived[name].append((await inboxes[name].get()).seq)
                case "pass", seconds:
                    await asyncio.sleep(seconds)
        for name, inbox in inboxes.items():
            await asyncio.sleep(1)
            while len(inbox):
                arrived[name].append((await inbox.get()).seq)
        await asyncio.gather(*sending)
        return [arrived[name] for name in "bcp"]

    async def plain() -> tuple[Recorder, list[list[int]]]:
        bus, record = bus_and_record()
        return record, await live(bus)

    async def sound() -> tuple[Recorder, list[list[int]]]:
        bus, record = faulty(services)
        return record, await live(bus)

    assert run(plain()) == run(sound())


async def test_what_it_sends_and_refuses_is_what_every_bus_does():
    bus, record = faulty(drop=1.0)
    bus.subscribe("coordinator")
    with pytest.raises(LookupError, match=r"'a' sent note to 'cordinator', where nobody is; did you mean 'coordinator'\?"):
        await bus.publish(Note(text="x"), "a", "cordinator")
    assert not record
    assert bus.traffic == Traffic()
