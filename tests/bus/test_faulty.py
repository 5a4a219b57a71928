"""A bus on which messages get lost, late, twice or in the wrong order, and agents go down and come back."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus.bus import BUS, MessageBus
from bus.chance import Chance
from bus.clock import SECOND, run
from bus.faults import Faults
from bus.faulty import FaultyBus, Traffic
from bus.mailbox import Mailbox
from bus.message import (
    EVERYONE,
    AgentCrashed,
    AgentRestarted,
    Envelope,
    MailboxFull,
    MessageArrived,
    MessageDelayed,
    MessageDropped,
    MessageDuplicated,
    MessageLost,
)
from tests.bus.samples import Note, Ping, Pong, Recorder, bus_and_record, the_loop

RETRY = 300
PEOPLE: tuple[str, ...] = ()
SERVICES = ("a", "b", "c")


def balance(traffic: Traffic) -> int:
    return traffic.delivered + traffic.repeated + traffic.dropped + traffic.lost + traffic.in_flight


def faulty(services: Collection[str] = PEOPLE, seed: int = 7, **tables: Any) -> tuple[FaultyBus, Recorder]:
    """Return a bus on which that goes wrong, and its record; at every event, no copy of a message may be missing."""
    record = Recorder()

    def note(envelope: Envelope) -> None:
        record.append(envelope)
        assert bus.traffic.sent == balance(bus.traffic), envelope

    bus = FaultyBus(note, Faults.model_validate(tables).plan(Chance(seed)), services)
    return bus, record


def strike(does: str, number: int = 0, by: float = 60, sender: str = "a", recipient: str = "b") -> dict[str, Any]:
    return {"sender": sender, "recipient": recipient, "number": number, "does": does, "by": by}


async def send(bus: MessageBus, *numbers: int, sender: str = "a", to: str = "b", every: float = 1) -> None:
    """Send numbers, one every so many seconds."""
    for number in numbers:
        await bus.publish(Ping(number=number), sender, to)
        await asyncio.sleep(every)


async def read(inbox: Mailbox, until: float = 10_000) -> list[tuple[float, int]]:
    """Return second and number of each message that is there, or comes by then."""
    heard = []
    while (envelope := await inbox.get_before(int(until * SECOND))) is not None:
        heard.append((the_loop().now / SECOND, envelope.body.number))
    return heard


def of_the_bus(record: Recorder) -> list[Envelope]:
    return [event for event in record if event.sender == BUS]


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
names = st.sampled_from(["b", "c", "p"])
sends = st.tuples(st.just("send"), st.sampled_from(["a", "b", "p"]), st.sampled_from(["b", "c", "p", EVERYONE]))
reads, passes = st.tuples(st.just("read"), names), st.tuples(st.just("pass"), st.sampled_from([0, 0.5, 2]))
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
