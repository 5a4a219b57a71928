"""Links on which things go wrong, and ways to look at what comes."""

import asyncio
from collections.abc import Collection
from typing import Any

from hypothesis import strategies as st

from bus.bus import BUS, MessageBus
from bus.chance import Chance
from bus.clock import SECOND
from bus.faults import Faults
from bus.faulty import FaultyBus, Traffic
from bus.mailbox import Mailbox
from bus.message import EVERYONE, Envelope
from tests.bus.samples import Ping, Recorder, the_loop

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


# Steps of a history

names = st.sampled_from(["b", "c", "p"])
sends = st.tuples(st.just("send"), st.sampled_from(["a", "b", "p"]), st.sampled_from(["b", "c", "p", EVERYONE]))
reads, passes = st.tuples(st.just("read"), names), st.tuples(st.just("pass"), st.sampled_from([0, 0.5, 2]))
