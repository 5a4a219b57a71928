"""Questions and answers."""

import asyncio

import pytest

from bus.bus import MessageBus, UnknownAddress
from bus.clock import SECOND
from bus.message import Envelope
from tests.bus.samples import Note, Ping, Pong, bus_and_record


async def answer(bus: MessageBus, after: float = 0.0) -> None:
    """Answer the first ping to "b"."""
    question = await bus.subscribe("b").get()
    await asyncio.sleep(after)
    await bus.reply(question, Pong(number=question.body.number), "b")


async def test_a_question_gets_its_reply_and_the_mailbox_does_not():
    bus, _ = bus_and_record()
    inbox = bus.subscribe("a")
    async with asyncio.TaskGroup() as group:
        group.create_task(answer(bus, after=2))
        await asyncio.sleep(0)
        reply = await bus.ask(Ping(number=7), "a", "b")
    assert reply == Envelope(2, 2 * SECOND, "b", "a", 1, Pong(number=7))
    assert len(inbox) == 0


async def test_a_question_without_reply_times_out_at_the_very_instant():
    bus, _ = bus_and_record()
    bus.subscribe("a")
    bus.subscribe("b")
    await asyncio.sleep(1)
    with pytest.raises(TimeoutError, match="'b' did not reply to ping of 'a' within 1500000 microseconds"):
        await bus.ask(Ping(number=7), "a", "b", timeout=1_500_000)
    assert bus.loop.now == 2_500_000


async def test_a_late_reply_lands_in_the_mailbox():
    bus, _ = bus_and_record()
    inbox = bus.subscribe("a")
    async with asyncio.TaskGroup() as group:
        group.create_task(answer(bus, after=10))
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await bus.ask(Ping(number=7), "a", "b", timeout=5 * SECOND)
        assert (await inbox.get()).body == Pong(number=7)


async def test_the_timeout_of_a_question_holds_while_it_waits_for_room_too():
    bus, _ = bus_and_record()
    inbox = bus.subscribe("b", capacity=1)
    await bus.publish(Note(text="in the way"), "a", "b")
    with pytest.raises(TimeoutError):
        await bus.ask(Ping(number=7), "a", "b", timeout=5 * SECOND)
    assert bus.loop.now == 5 * SECOND
    assert (await inbox.get()).body == Note(text="in the way")
    assert len(inbox) == 0


async def test_what_follows_from_a_question_but_goes_to_another_is_no_reply():
    bus, _ = bus_and_record()
    bus.subscribe("a")
    inbox, third = bus.subscribe("b"), bus.subscribe("c")
    asking = asyncio.create_task(bus.ask(Ping(number=7), "a", "b"))
    question = await inbox.get()
    await bus.publish(Note(text="I was asked"), "b", "c", cause=question)
    await bus.publish(Pong(number=7), "b", "a", cause=question)
    assert (await asking).body == Pong(number=7)
    assert (await third.get()).body == Note(text="I was asked")


async def test_a_second_reply_lands_in_the_mailbox():
    bus, _ = bus_and_record()
    mine, inbox = bus.subscribe("a"), bus.subscribe("b")
    asking = asyncio.create_task(bus.ask(Ping(number=7), "a", "b"))
    question = await inbox.get()
    await bus.reply(question, Pong(number=1), "b")
    await bus.reply(question, Pong(number=2), "b")
    assert (await asking).body == Pong(number=1)
    assert (await mine.get()).body == Pong(number=2)


async def test_questions_that_fail_are_forgotten():
    bus, _ = bus_and_record()
    bus.subscribe("a")
    with pytest.raises(UnknownAddress):
        await bus.ask(Ping(number=7), "a", "nobody")
    with pytest.raises(ValueError, match="past"):
        await bus.ask(Ping(number=7), "a", "a", timeout=-1)
    asking = asyncio.create_task(bus.ask(Ping(number=7), "a", "a"))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert not bus._questions
