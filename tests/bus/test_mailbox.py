"""A bounded queue with one reader: nothing lost, nothing twice, nobody overtaken."""

import asyncio
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus.clock import SECOND, VirtualLoop, run
from bus.mailbox import Mailbox, MailboxStatistics
from tests.bus.samples import ping


async def send(mailbox: Mailbox, number: int, sender: str = "a") -> None:
    envelope = ping(number, sender)
    if not mailbox.offer(envelope):
        await mailbox.put(envelope)


async def numbers_in(mailbox: Mailbox) -> list[int]:
    """Read until nothing is left, letting waiting senders in."""
    read = []
    while len(mailbox):
        read.append((await mailbox.get()).seq)
    return read


def now() -> int:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop.now


# Order

# A step of a history: send from one of three agents, read, read with a deadline, or let time pass.
steps = st.one_of(
    st.tuples(st.just("send"), st.sampled_from("abc")),
    st.tuples(st.just("read"), st.just("")),
    st.tuples(st.just("read before"), st.just("")),
    st.tuples(st.just("pass"), st.just("")),
)


@given(st.lists(steps, max_size=60), st.integers(1, 4))
@settings(deadline=None)
def test_messages_of_a_pair_arrive_in_order_and_each_once_however_full_the_mailbox(history, capacity):
    sent: dict[str, list[int]] = defaultdict(list)
    arrived: dict[str, list[int]] = defaultdict(list)

    async def live() -> None:
        mailbox = Mailbox("b", capacity)
        async with asyncio.TaskGroup() as senders:
            for number, (step, sender) in enumerate(history, 1):
                if step == "send":
                    sent[sender].append(number)
                    senders.create_task(send(mailbox, number, sender))
                elif step == "pass":
                    await asyncio.sleep(1)
                elif len(mailbox) or step == "read before":
                    envelope = await (mailbox.get() if step == "read" else mailbox.get_before(now() + 1))
                    if envelope is not None:
                        arrived[envelope.sender].append(envelope.seq)
                assert len(mailbox) <= capacity
            await asyncio.sleep(1)
            while len(mailbox):
                envelope = await mailbox.get()
                arrived[envelope.sender].append(envelope.seq)

    run(live())
    assert arrived == sent


async def test_nobody_overtakes_a_sender_who_waits():
    mailbox = Mailbox("b", 1)
    await send(mailbox, 1)
    waiting = asyncio.create_task(send(mailbox, 2))
    await asyncio.sleep(0)
    reading = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    # The first is read, and the second has moved in already: no gap in which a third could slip in.
    assert not mailbox.offer(ping(3))
    assert (await reading).seq == 1
    await waiting
    assert await numbers_in(mailbox) == [2]


async def test_senders_move_in_by_the_order_of_waiting():
    mailbox = Mailbox("b", 2)
    async with asyncio.TaskGroup() as senders:
        for number in range(1, 8):
            senders.create_task(send(mailbox, number))
        await asyncio.sleep(0)
        assert await numbers_in(mailbox) == [1, 2, 3, 4, 5, 6, 7]


# Full


@pytest.mark.parametrize(("when_full", "kept", "lost"), [("wait", [1, 2], 0), ("reject", [1, 2], 3), ("drop-oldest", [4, 5], 3)])
async def test_a_full_mailbox_acts_by_its_rule(when_full, kept, lost):
    mailbox = Mailbox("b", 2, when_full)
    senders = [asyncio.create_task(send(mailbox, number)) for number in range(1, 6)]
    await asyncio.sleep(0)
    assert mailbox.statistics() == MailboxStatistics(held=2, peak=2, waiting=3 if when_full == "wait" else 0, lost=lost)
    assert [(await mailbox.get()).seq for _ in range(2)] == kept
    assert await numbers_in(mailbox) == ([3, 4, 5] if when_full == "wait" else [])
    await asyncio.gather(*senders)


async def test_the_peak_is_what_was_ever_held():
    mailbox = Mailbox("b", 10)
    for number in range(1, 4):
        await send(mailbox, number)
    await numbers_in(mailbox)
    await send(mailbox, 4)
    assert mailbox.statistics() == MailboxStatistics(held=1, peak=3, waiting=0, lost=0)
    assert repr(mailbox) == "mailbox 'b' (1 of 10 held, 0 waiting)"


async def test_a_mailbox_without_room_is_refused():
    with pytest.raises(ValueError, match="at least 1 message"):
        Mailbox("b", 0)


# Cancelling


@pytest.mark.parametrize("moment", ["before the message", "at its instant"])
async def test_a_cancelled_reader_loses_no_message(moment):
    mailbox = Mailbox("b")
    reading = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    if moment == "at its instant":
        mailbox.offer(ping(1))
    reading.cancel()
    await asyncio.wait([reading])
    assert reading.cancelled()
    if moment == "before the message":
        mailbox.offer(ping(1))
    assert (await mailbox.get()).seq == 1


async def test_a_cancelled_sender_takes_its_message_along():
    mailbox = Mailbox("b", 1)
    await send(mailbox, 1)
    second, third = (asyncio.create_task(send(mailbox, number)) for number in (2, 3))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    assert mailbox.statistics().waiting == 1
    assert await numbers_in(mailbox) == [1, 3]
    await third
    assert second.cancelled()


async def test_a_sender_cancelled_as_its_message_moves_in_has_delivered_it():
    mailbox = Mailbox("b", 1)
    await send(mailbox, 1)
    sending = asyncio.create_task(send(mailbox, 2))
    await asyncio.sleep(0)
    assert (await mailbox.get()).seq == 1
    sending.cancel()
    await asyncio.wait([sending])
    assert sending.cancelled()
    assert await numbers_in(mailbox) == [2]


async def test_a_message_moves_in_past_a_sender_who_is_being_cancelled():
    mailbox = Mailbox("b", 1)
    await send(mailbox, 1)
    second, third = (asyncio.create_task(send(mailbox, number)) for number in (2, 3))
    await asyncio.sleep(0)
    second.cancel()
    assert [(await mailbox.get()).seq, (await mailbox.get()).seq] == [1, 3]
    await asyncio.wait([second, third])


@given(st.lists(st.tuples(st.sampled_from(["send", "read", "cancel", "pass"]), st.integers(0, 5)), max_size=40), st.integers(1, 3))
@settings(deadline=None)
def test_whatever_is_cancelled_each_message_arrives_at_most_once_and_in_order(history, capacity):
    arrived: list[int] = []

    async def read(mailbox: Mailbox) -> None:
        arrived.append((await mailbox.get()).seq)

    async def live() -> list[asyncio.Task[None]]:
        mailbox = Mailbox("b", capacity)
        sending: list[asyncio.Task[None]] = []
        reading: asyncio.Task[None] | None = None
        for step, which in history:
            if step == "send":
                sending.append(asyncio.create_task(send(mailbox, len(sending))))
            elif step == "read" and (reading is None or reading.done()):
                reading = asyncio.create_task(read(mailbox))
            elif step == "cancel":
                for task in [*sending, *([reading] if reading else [])][which : which + 1]:
                    task.cancel()
            elif step == "pass":
                await asyncio.sleep(0)
        await asyncio.sleep(1)
        if reading is not None:
            reading.cancel()
            await asyncio.wait([reading])
        arrived.extend(await numbers_in(mailbox))
        await asyncio.sleep(1)
        return sending

    sending = run(live())
    assert arrived == sorted(set(arrived))
    assert {number for number, task in enumerate(sending) if not task.cancelled()} <= set(arrived)


# Deadlines


async def test_get_before_returns_none_at_the_deadline():
    mailbox = Mailbox("b")
    assert await mailbox.get_before(5 * SECOND) is None
    assert now() == 5 * SECOND


async def test_get_before_returns_a_message_as_it_comes():
    mailbox = Mailbox("b")
    asyncio.get_running_loop().call_later(2, mailbox.offer, ping(1))
    envelope = await mailbox.get_before(5 * SECOND)
    assert envelope is not None
    assert (envelope.seq, now()) == (1, 2 * SECOND)
    await asyncio.sleep(10)
    assert len(mailbox) == 0


async def test_get_before_returns_a_message_of_the_very_deadline():
    mailbox = Mailbox("b")
    asyncio.get_running_loop().call_later(5, mailbox.offer, ping(1))
    assert await mailbox.get_before(5 * SECOND) is not None


async def test_get_before_lets_the_next_sender_in():
    mailbox = Mailbox("b", 1)
    sending = [asyncio.create_task(send(mailbox, number)) for number in (1, 2)]
    await asyncio.sleep(0)
    assert [await mailbox.get_before(5), await mailbox.get_before(5), await mailbox.get_before(5)] == [ping(1), ping(2), None]
    await asyncio.gather(*sending)


async def test_get_before_a_time_that_is_past_is_refused_and_leaves_the_mailbox_whole():
    mailbox = Mailbox("b")
    await asyncio.sleep(1)
    with pytest.raises(ValueError, match="past"):
        await mailbox.get_before(5)
    mailbox.offer(ping(1))
    assert (await mailbox.get()).seq == 1


async def test_a_nudge_calls_the_reader_back_without_a_message():
    mailbox = Mailbox("b")
    asyncio.get_running_loop().call_later(2, mailbox.nudge)
    assert await mailbox.get_before(None) is None
    assert now() == 2 * SECOND


async def test_a_nudge_is_kept_until_the_reader_asks_and_then_forgotten():
    mailbox = Mailbox("b")
    mailbox.nudge()
    assert await mailbox.get_before(5 * SECOND) is None
    assert now() == 0
    assert await mailbox.get_before(5 * SECOND) is None
    assert now() == 5 * SECOND


async def test_a_nudge_does_not_end_a_plain_read():
    mailbox = Mailbox("b")
    loop = asyncio.get_running_loop()
    loop.call_later(1, mailbox.nudge)
    loop.call_later(2, mailbox.offer, ping(1))
    assert (await mailbox.get()).seq == 1


async def test_a_second_reader_is_refused():
    mailbox = Mailbox("b")
    reading = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    for second in (mailbox.get(), mailbox.get_before(5)):
        with pytest.raises(RuntimeError, match=r"mailbox 'b' .* is read by two tasks at once"):
            await second
    mailbox.offer(ping(1))
    assert (await reading).seq == 1


# Emptying


async def test_an_emptied_mailbox_hands_out_all_messages_in_order_those_of_waiting_senders_too():
    mailbox = Mailbox("b", 2)
    sending = [asyncio.create_task(send(mailbox, number)) for number in range(1, 6)]
    await asyncio.sleep(0)
    assert [envelope.seq for envelope in mailbox.empty()] == [1, 2, 3, 4, 5]
    await asyncio.gather(*sending)
    assert mailbox.statistics() == MailboxStatistics(held=0, peak=2, waiting=0, lost=0)


async def test_a_sender_who_was_cancelled_takes_nothing_out_of_an_emptied_mailbox():
    mailbox = Mailbox("b", 1)
    await send(mailbox, 1)
    second, third = (asyncio.create_task(send(mailbox, number)) for number in (2, 3))
    await asyncio.sleep(0)
    second.cancel()
    # At this instant, before the sender has had a turn.
    assert [envelope.seq for envelope in mailbox.empty()] == [1, 3]
    await asyncio.wait([second, third])
    assert second.cancelled()
    assert not third.cancelled()


async def test_an_emptied_mailbox_takes_messages_as_before():
    mailbox = Mailbox("b", 2)
    for number in (1, 2):
        await send(mailbox, number)
    mailbox.empty()
    sending = [asyncio.create_task(send(mailbox, number)) for number in (3, 4, 5)]
    await asyncio.sleep(0)
    assert mailbox.statistics() == MailboxStatistics(held=2, peak=2, waiting=1, lost=0)
    assert await numbers_in(mailbox) == [3, 4, 5]
    await asyncio.gather(*sending)


async def test_an_emptied_mailbox_has_forgotten_a_nudge():
    mailbox = Mailbox("b")
    mailbox.nudge()
    assert mailbox.empty() == []
    assert await mailbox.get_before(5 * SECOND) is None
    assert now() == 5 * SECOND
