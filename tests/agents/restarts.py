"""Histories that an agent goes down in the middle of."""

import asyncio
from collections.abc import Callable, Sequence

from agents.agent import Agent
from bus.bus import MessageBus
from bus.message import EVERYONE, Envelope
from tests.bus.samples import Recorder, bus_and_record


async def after_a_restart(make: Callable[[MessageBus], Agent], history: Sequence[Envelope], cut: int) -> Recorder:
    """Return what follows the first events of a history where an agent only reads of these, and hears the rest as it came.

    Args:
        make: makes the agent.
        history: what happened when it never went down.
        cut: how many events it reads up.
    """
    bus, record = bus_and_record()
    agent = make(bus)
    for recipient in {event.recipient for event in history} - {EVERYONE, agent.name}:
        bus.subscribe(recipient)
    past, bus._seq = [*history[:cut]], cut
    if past:
        await bus.loop.timer(past[-1].time)
    agent.rebuild(past)
    running = asyncio.create_task(agent.run())
    for event in history[cut:]:
        if event.sender != agent.name:
            if event.time > bus.loop.now:
                await bus.loop.timer(event.time - bus.loop.now)
            await bus.publish(event.body, event.sender, event.recipient, event.cause)
    await running
    return record
