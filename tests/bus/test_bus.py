"""What the bus promises to agents, and what it says when it cannot keep a wish."""

import asyncio
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus.bus import MessageBus, UnknownAddress
from bus.clock import SECOND, run
from bus.message import EVERYONE, Envelope, MailboxFull
from tests.bus.samples import Ping, Pong, Recorder, bus_and_record

# Delivery


async def test_a_message_arrives_in_its_envelope():
    bus, _ = bus_and_record()
    inbox = bus.subscribe("b")
    await asyncio.sleep(3)
    await bus.publish(Ping(number=1), "a", "b")
    assert await inbox.get() == Envelope(1, 3 * SECOND, "a", "b", None, Ping(number=1))


async def test_publishing_with_room_does_not_give_up_control():
    bus, _ = bus_and_record()
    bus.subscribe("b", Pong)
    for body, to in ((Ping(number=1), "b"), (Pong(number=1), EVERYONE)):
        with pytest.raises(StopIteration):
            bus.publish(body, "a", to).send(None)


async def test_a_message_to_everyone_goes_to_those_who_subscribed_to_its_type():
    bus, _ = bus_and_record()
    pings, pongs, both, neither = (
        bus.subscribe("1", Ping),
        bus.subscribe("2", Pong),
        bus.subscribe("3", Ping, Pong),
        bus.subscribe("4"),
    )
    await bus.publish(Ping(number=1), "a")
    await bus.publish(Pong(number=2), "a")
    assert [len(inbox) for inbox in (pings, pongs, both, neither)] == [1, 1, 2, 0]
    assert (await pings.get()).recipient == EVERYONE


async def test_a_message_to_one_goes_to_nobody_else():
    bus, _ = bus_and_record()
    inbox, other = bus.subscribe("b"), bus.subscribe("c", Ping)
    await bus.publish(Ping(number=1), "a", "b")
    assert (len(inbox), len(other)) == (1, 0)


async def test_a_message_that_nobody_awaits_is_recorded_all_the_same():
    bus, record = bus_and_record()
    await bus.publish(Ping(number=1), "a")
    assert [envelope.kind for envelope in record] == ["ping"]
    assert bus.events == 1


async def test_an_unknown_address_is_refused_with_the_nearest_name_and_is_no_event():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    with pytest.raises(UnknownAddress, match=r"'a' sent ping to 'cordinator', where nobody is; did you mean 'coordinator'\?"):
        await bus.publish(Ping(number=1), "a", "cordinator")
    with pytest.raises(UnknownAddress, match=r"where nobody is$"):
        await bus.publish(Ping(number=1), "a", "zzz")
    assert not record


@pytest.mark.parametrize("address", ["a", "bus", "*"])
async def test_an_address_that_is_taken_is_refused(address):
    bus, _ = bus_and_record()
    bus.subscribe("a")
    with pytest.raises(ValueError, match="is taken"):
        bus.subscribe(address)


@pytest.mark.parametrize("address", ['a"b', "a\\b", "a\nb", "a\x00b"])
async def test_an_address_that_would_break_a_line_of_the_log_is_refused(address):
    bus, _ = bus_and_record()
    with pytest.raises(ValueError, match="quote, a backslash or a control character"):
        bus.subscribe(address)
    assert bus.subscribe("Zoë O'Neill").address == "Zoë O'Neill"


# The record


async def test_events_are_recorded_before_they_are_delivered():
    held: list[int] = []
    bus = MessageBus(lambda envelope: held.append(len(inbox)))
    inbox = bus.subscribe("b")
    await bus.publish(Ping(number=1), "a", "b")
    assert held == [0]


async def test_a_cause_is_recorded_whether_given_as_message_or_number():
    bus, record = bus_and_record()
    bus.subscribe("b")
    first = await bus.publish(Ping(number=1), "a", "b")
    await bus.publish(Ping(number=2), "a", "b", cause=first)
    await bus.publish(Ping(number=3), "a", "b", cause=2)
    assert [envelope.cause for envelope in record] == [None, 1, 2]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", EVERYONE]), st.integers(0, 2)), max_size=30), st.integers(1, 3))
@settings(deadline=None)
def test_seq_grows_by_one_time_never_falls_and_pairs_keep_their_order(messages, capacity):
    recorder = Recorder()
    arrived: dict[str, list[int]] = defaultdict(list)

    async def send(bus: MessageBus, number: int, to: str) -> None:
        await bus.publish(Ping(number=number), "sender", to)

    async def live() -> None:
        bus = MessageBus(recorder.append)
        inboxes = [bus.subscribe(name, Ping, capacity=capacity) for name in "ab"]
        async with asyncio.TaskGroup() as sending:
            for number, (to, pause) in enumerate(messages):
                sending.create_task(send(bus, number, to))
                await asyncio.sleep(pause / 10)
                if pause:
                    inbox = inboxes[number % 2]
                    if len(inbox):
                        arrived[inbox.address].append((await inbox.get()).seq)
            await asyncio.sleep(1)
            for inbox in inboxes * 2:
                while len(inbox):
                    arrived[inbox.address].append((await inbox.get()).seq)
                await asyncio.sleep(1)

    run(live())
    assert [envelope.seq for envelope in recorder] == list(range(1, len(recorder) + 1))
    assert [envelope.time for envelope in recorder] == sorted(envelope.time for envelope in recorder)
    for address in "ab":
        assert arrived[address] == [event.seq for event in recorder.of(Ping) if event.recipient in (address, EVERYONE)]


# Full mailboxes


@pytest.mark.parametrize("rule", ["wait", "reject", "drop-oldest"])
async def test_a_full_mailbox_is_recorded_with_its_rule_and_the_message(rule):
    bus, record = bus_and_record()
    inbox = bus.subscribe("b", capacity=1, when_full=rule)
    await bus.publish(Ping(number=1), "a", "b")
    second = asyncio.create_task(bus.publish(Ping(number=2), "a", "b"))
    await asyncio.sleep(0)
    assert record[-1] == Envelope(3, 0, "bus", EVERYONE, 2, MailboxFull(mailbox="b", rule=rule, message=2))
    assert bus.statistics()["b"] == (1, 1, int(rule == "wait"), int(rule != "wait"))
    assert (await inbox.get()).seq == (2 if rule == "drop-oldest" else 1)
    assert (await second).seq == 2
    assert len(inbox) == (1 if rule == "wait" else 0)


async def test_a_storm_of_full_mailboxes_does_not_feed_itself():
    bus, record = bus_and_record()
    inbox = bus.subscribe("b", Ping, MailboxFull, capacity=1, when_full="drop-oldest")
    for number in range(100):
        await bus.publish(Ping(number=number), "a")
    assert len(record.of(Ping)) == 100
    assert len(record.of(MailboxFull)) == 99
    assert (await inbox.get()).body == Ping(number=99)


async def test_a_full_subscriber_does_not_keep_a_message_from_the_others():
    bus, _ = bus_and_record()
    bus.subscribe("slow", Ping, capacity=1)
    quick = bus.subscribe("quick", Ping)
    await bus.publish(Ping(number=1), "a")
    waiting = asyncio.create_task(bus.publish(Ping(number=2), "a"))
    await asyncio.sleep(0)
    await bus.publish(Ping(number=3), "a", "quick")
    assert [(await quick.get()).body.number for _ in range(3)] == [1, 2, 3]
    waiting.cancel()


async def test_a_message_that_waits_in_several_mailboxes_is_overtaken_in_none():
    bus, _ = bus_and_record()
    first, second = bus.subscribe("b", Ping, capacity=1), bus.subscribe("c", Ping, capacity=1)
    await bus.publish(Ping(number=1), "a")
    sending = [asyncio.create_task(bus.publish(Ping(number=2), "a"))]
    await asyncio.sleep(0)
    sending.append(asyncio.create_task(bus.publish(Ping(number=3), "a", "c")))
    await asyncio.sleep(0)
    assert [(await second.get()).body.number for _ in range(3)] == [1, 2, 3]
    assert [(await first.get()).body.number for _ in range(2)] == [1, 2]
    await asyncio.gather(*sending)


async def test_a_cancelled_message_to_everyone_is_withdrawn_wherever_it_waits():
    bus, _ = bus_and_record()
    for name in ("b", "c"):
        bus.subscribe(name, Ping, capacity=1)
    await bus.publish(Ping(number=1), "a")
    sending = asyncio.create_task(bus.publish(Ping(number=2), "a"))
    await asyncio.sleep(0)
    assert [box.waiting for box in bus.statistics().values()] == [1, 1]
    sending.cancel()
    await asyncio.wait([sending])
    assert [box.waiting for box in bus.statistics().values()] == [0, 0]


async def test_a_sender_may_tire_of_waiting_for_room():
    bus, _ = bus_and_record()
    inbox = bus.subscribe("b", capacity=1)
    await bus.publish(Ping(number=1), "a", "b")
    with pytest.raises(TimeoutError):
        await bus.publish(Ping(number=2), "a", "b", timeout=5 * SECOND)
    assert bus.loop.now == 5 * SECOND
    assert (await inbox.get()).seq == 1
    assert len(inbox) == 0
