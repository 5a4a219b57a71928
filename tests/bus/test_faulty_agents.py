"""Agents that ask, go down and come back on a bus with faults; and whatever happens to them."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus.bus import MessageBus
from bus.clock import SECOND, run
from bus.faulty import Traffic
from bus.message import (
    EVERYONE,
    AgentCrashed,
    AgentRestarted,
    MessageArrived,
    MessageDropped,
    MessageDuplicated,
    MessageLost,
)
from tests.bus.links import PEOPLE, RETRY, SERVICES, balance, faulty, names, of_the_bus, passes, read, reads, send, sends, strike
from tests.bus.samples import Ping, Pong, the_loop

# Questions


async def answer(bus: MessageBus, name: str = "b") -> None:
    """Answer every ping."""
    inbox = bus.subscribe(name)
    while True:
        question = await inbox.get()
        await bus.reply(question, Pong(number=question.body.number), name)


async def ask(bus: MessageBus, timeout: float | None = None) -> int:
    answered = await bus.ask(Ping(number=7), "a", "b", None if timeout is None else int(timeout * SECOND))
    return answered.body.number


@pytest.mark.parametrize("late", ["question", "reply"])
@pytest.mark.parametrize("services", [PEOPLE, SERVICES], ids=["people", "services"])
async def test_a_question_and_its_reply_may_be_late(late, services):
    link = strike("delay") if late == "question" else strike("delay", sender="b", recipient="a")
    bus, _ = faulty(services, messages=[link])
    inbox = bus.subscribe("a")
    answering = asyncio.create_task(answer(bus))
    await asyncio.sleep(0)
    assert await ask(bus) == 7
    assert the_loop().now == 60 * SECOND
    assert len(inbox) == 0
    answering.cancel()


@pytest.mark.parametrize("lost", ["question", "reply"])
async def test_a_question_that_is_lost_or_whose_reply_is_times_out(lost):
    bus, _ = faulty(messages=[strike("drop") if lost == "question" else strike("drop", sender="b", recipient="a")])
    inbox = bus.subscribe("a")
    answering = asyncio.create_task(answer(bus))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError, match="'b' did not reply"):
        await ask(bus, timeout=30)
    assert await ask(bus, timeout=30) == 7
    assert len(inbox) == 0
    answering.cancel()


async def test_a_reply_that_is_too_late_lands_in_the_mailbox():
    bus, _ = faulty(messages=[strike("delay", sender="b", recipient="a")])
    inbox = bus.subscribe("a")
    answering = asyncio.create_task(answer(bus))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await ask(bus, timeout=30)
    assert await read(inbox, 100) == [(60, 7)]
    answering.cancel()


async def test_a_reply_that_comes_twice_answers_and_then_lands_in_the_mailbox():
    bus, _ = faulty(messages=[strike("duplicate", sender="b", recipient="a")])
    inbox = bus.subscribe("a")
    answering = asyncio.create_task(answer(bus))
    await asyncio.sleep(0)
    assert await ask(bus) == 7
    assert await read(inbox, 100) == [(0, 7)]
    assert bus.traffic == Traffic(sent=3, delivered=3)
    answering.cancel()


async def test_a_reply_to_a_service_answers_its_question_in_the_order_of_the_log():
    bus, _ = faulty(SERVICES, messages=[strike("delay", sender="c", recipient="a")])
    inbox = bus.subscribe("a")
    answering = asyncio.create_task(answer(bus))
    await asyncio.sleep(0)
    await send(bus, 1, sender="c", to="a", every=0)
    assert await ask(bus) == 7
    assert the_loop().now == 60 * SECOND
    assert await read(inbox, 100) == [(60, 1)]
    answering.cancel()


# Agents that go down


async def test_what_the_mailbox_of_an_agent_holds_that_goes_down_is_lost():
    bus, record = faulty()
    inbox = bus.subscribe("b")
    await send(bus, 0, 1, every=0)
    bus.bring_down("b", 5 * SECOND)
    assert len(inbox) == 0
    assert [(event.cause, event.body) for event in of_the_bus(record)] == [
        (None, AgentCrashed(agent="b", until=5 * SECOND)),
        (1, MessageLost(message=1, to="b")),
        (2, MessageLost(message=2, to="b")),
    ]
    assert bus.traffic == Traffic(sent=2, lost=2)


@pytest.mark.parametrize("services", [PEOPLE, SERVICES], ids=["people", "services"])
async def test_what_is_sent_to_an_agent_that_is_down_is_lost_and_what_is_sent_later_arrives(services):
    bus, record = faulty(services)
    bus.subscribe("b")
    bus.bring_down("b", 5 * SECOND)
    await send(bus, 0, 1)
    assert bus.subscribe("b") is bus.subscribe("b"), "who comes back finds the old mailbox"
    bus.bring_up("b")
    await send(bus, 2)
    with pytest.raises(ValueError, match="is taken"):
        bus.subscribe("b")
    assert [event.body.message for event in record.of(MessageLost)] == [2, 4]
    assert [(event.time, event.body) for event in record.of(AgentRestarted)] == [(2 * SECOND, AgentRestarted(agent="b"))]
    assert bus.traffic == Traffic(sent=3, delivered=1, lost=2)


@pytest.mark.parametrize("services", [PEOPLE, SERVICES], ids=["people", "services"])
@pytest.mark.parametrize("does", ["delay", "reorder"])
async def test_what_is_under_way_to_an_agent_that_goes_down_never_arrives(services, does):
    bus, record = faulty(services, messages=[strike(does)])
    inbox = bus.subscribe("b")
    await send(bus, 0)
    bus.bring_down("b", 2 * SECOND)
    await asyncio.sleep(1)
    bus.bring_up("b")
    await send(bus, 1)
    assert await read(inbox) == [(3, 1)]
    assert [event.body.message for event in record.of(MessageLost)] == [1]
    assert not record.of(MessageArrived)
    assert bus.traffic == Traffic(sent=2, delivered=1, lost=1)


@pytest.mark.parametrize("services", [PEOPLE, SERVICES], ids=["people", "services"])
async def test_what_was_lost_once_is_not_lost_again(services):
    bus, record = faulty(services, messages=[strike("delay")])
    bus.subscribe("b")
    await send(bus, 0)
    for _ in range(2):
        bus.bring_down("b", 2 * SECOND)
        bus.bring_up("b")
    assert [event.body.message for event in record.of(MessageLost)] == [1]
    assert bus.traffic == Traffic(sent=1, lost=1)


async def test_a_service_that_goes_down_loses_what_waited_for_an_earlier_message_too():
    bus, record = faulty(SERVICES, messages=[strike("drop")], retry=RETRY)
    inbox = bus.subscribe("b")
    await send(bus, 0, 1)
    bus.bring_down("b", 2 * SECOND)
    bus.bring_up("b")
    await send(bus, 2)
    assert await read(inbox) == [(3, 2)]
    assert [event.body.message for event in record.of(MessageLost)] == [1, 3]
    assert bus.traffic == Traffic(sent=4, delivered=1, dropped=1, lost=2)


async def test_senders_who_wait_for_an_agent_that_goes_down_are_set_free():
    bus, record = faulty()
    inbox = bus.subscribe("b", capacity=1)
    sending = [asyncio.create_task(bus.publish(Ping(number=number), "a", "b")) for number in range(3)]
    await asyncio.sleep(1)
    bus.bring_down("b", None)
    assert [(await task).body.number for task in sending] == [0, 1, 2]
    assert [event.body.message for event in record.of(MessageLost)] == [event.seq for event in record.of(Ping)]
    assert len(inbox) == 0
    assert the_loop().now == SECOND


async def test_what_an_agent_said_before_it_went_down_arrives():
    bus, _ = faulty(messages=[strike("delay")])
    inbox = bus.subscribe("b")
    bus.subscribe("a")
    await send(bus, 0)
    bus.bring_down("a", None)
    assert await read(inbox) == [(60, 0)]


async def test_an_address_that_is_taken_is_refused_and_what_is_under_way_to_it_arrives():
    bus, _ = faulty(SERVICES, messages=[strike("delay")])
    inbox = bus.subscribe("b")
    await send(bus, 0)
    with pytest.raises(ValueError, match="is taken"):
        bus.subscribe("b")
    bus.read_up("b")
    assert await read(inbox) == [(1, 0)]


# Whatever happens

rates = st.fixed_dictionaries({does: st.sampled_from([0.0, 0.1, 0.25]) for does in ("drop", "duplicate", "delay", "reorder")})
plans = st.tuples(rates, st.sampled_from([1, 3]), st.sampled_from([1, 5]), st.integers(0, 99)).map(
    lambda drawn: {**drawn[0], "retry": drawn[1], "delay_time": drawn[2], "seed": drawn[3]}
)
tires = st.tuples(st.just("go down while waiting"), st.integers(0, 20))
falls = st.tuples(st.sampled_from(["down", "up"]), names)


class Post:
    """A bus with three readers, services b and c and a person p, and what comes to each."""

    def __init__(self, plan: dict[str, Any], capacity: int) -> None:
        self.bus, self.record = faulty(SERVICES, **plan)
        self.inboxes = {name: self.bus.subscribe(name, Ping, capacity=capacity) for name in "bcp"}
        self.arrived: dict[str, list[int]] = defaultdict(list)
        self._sending: list[asyncio.Task[None]] = []
        self._down: set[str] = set()

    async def act(self, step: tuple[Any, ...]) -> None:
        match step:
            case "send", sender, to:
                number = len(self._sending)
                self._sending.append(asyncio.create_task(send(self.bus, number, sender=sender, to=to, every=0)))
            case "read", name if len(self.inboxes[name]):
                self.arrived[name].append((await self.inboxes[name].get()).seq)
            case "pass", seconds:
                await asyncio.sleep(seconds)
            case "go down while waiting", number if number < len(self._sending):
                await asyncio.sleep(0)
                self._sending[number].cancel()
            case "down", name if name not in self._down:
                self._down.add(name)
                self.bus.bring_down(name, None)
            case "up", name if name in self._down:
                self._down.remove(name)
                self.bus.bring_up(name)

    async def end(self) -> None:
        """Let everything arrive, and read it."""
        await asyncio.sleep(1000)
        for name, inbox in self.inboxes.items():
            while len(inbox):
                self.arrived[name].append((await inbox.get()).seq)
        if self._sending:
            await asyncio.wait(self._sending)

    def sent_to(self, name: str, by: Collection[str] = SERVICES) -> list[int]:
        return [event.seq for event in self.record.of(Ping) if event.recipient in (name, EVERYONE) and event.sender in by]


def played(plan: dict[str, Any], capacity: int, steps: list[tuple[Any, ...]]) -> Post:
    async def live() -> Post:
        post = Post(plan, capacity)
        for step in steps:
            await post.act(step)
        await post.end()
        return post

    return run(live())


@given(plans, st.integers(1, 3), st.lists(sends | reads | passes | tires, max_size=40))
@settings(deadline=None)
def test_between_services_each_message_arrives_once_in_the_order_of_the_log(plan, capacity, steps):
    post = played(plan, capacity, steps)
    by_service = {*post.sent_to("b"), *post.sent_to("c")}
    for name in "bc":
        assert [seq for seq in post.arrived[name] if seq in by_service] == post.sent_to(name)


@given(plans, st.integers(1, 3), st.lists(sends | reads | passes | tires | falls, max_size=40))
@settings(deadline=None)
def test_every_copy_of_a_message_arrives_or_its_loss_is_recorded(plan, capacity, steps):
    post = played(plan, capacity, steps)
    happened = Counter((type(event.body), event.body.message, event.body.to) for event in post.record if hasattr(event.body, "to"))
    senders = {event.seq: event.sender for event in post.record}
    for name in "bcp":
        for seq in post.sent_to(name, "abp"):
            between_services = {senders[seq], name} <= {*SERVICES}
            copies = 1 if between_services else 1 - happened[MessageDropped, seq, name] + happened[MessageDuplicated, seq, name]
            assert post.arrived[name].count(seq) == copies - happened[MessageLost, seq, name]
    assert post.bus.traffic.sent == balance(post.bus.traffic)
    assert post.bus.traffic.in_flight == 0
    assert post.bus.history == post.record
