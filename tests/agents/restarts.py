"""Histories that an agent goes down in the middle of."""

import asyncio
from collections.abc import Callable, Sequence

from agents.agent import Agent
from bus.bus import MessageBus
from bus.message import EVERYONE, Envelope
from tests.bus.samples import Recorder, bus_and_record


async def after_a_restart(
    make: Callable[[MessageBus], Agent], history: Sequence[Envelope], cut: int, in_turn: bool = False
) -> Recorder:
    """Return what follows the first events of a history where an agent only reads of these, and hears the rest as it came.

    Args:
        make: makes the agent.
        history: what happened when it never went down.
        cut: how many events it reads up.
        in_turn: whether others wait for what the agent said before them, as they do who reply to it at one instant.
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
    for place, event in enumerate(history[cut:], 1):
        for _ in range(3 if in_turn and event.sender == agent.name else 0):
            if len(record) < place:
                await bus.loop.timer(0)
        if event.sender != agent.name:
            if event.time > bus.loop.now:
                await bus.loop.timer(event.time - bus.loop.now)
            await bus.publish(event.body, event.sender, event.recipient, event.cause)
    await running
    return record
