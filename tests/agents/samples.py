"""What the tests of the agents say to each other."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from agents.agent import Agent
from agents.component import Trust
from agents.items import Items, Truth

STRANGERS = Trust(everything=False)
"""The context in which code of somebody else is not trusted."""


def make(choice: Any, table: object, trust: Trust | None = None) -> Any:
    """Return the component that a scenario's table makes."""
    return TypeAdapter(choice).validate_python(table, context=trust)


def dump(choice: Any, component: object) -> Any:
    """Return the table that a scenario's header would show of a component."""
    return TypeAdapter(choice).dump_python(component, mode="json")


def complaint(choice: Any, table: object, trust: Trust | None = None) -> str:
    """Return what is said about a table that makes no component."""
    try:
        made = make(choice, table, trust)
    except ValidationError as error:
        return "; ".join(each["msg"] for each in error.errors())
    raise AssertionError(f"nobody complained about {made!r}")


def band(deviation: float, count: int) -> float:
    """Return four standard errors of the mean of so many draws."""
    return 4 * deviation / math.sqrt(count)


def share_band(share: float, count: int) -> float:
    """Return four standard errors of a share."""
    return band(math.sqrt(share * (1 - share)), count)


def numbered(count: int, features: NDArray[np.float64] | None = None) -> Items:
    """Return items 0, 1, ..."""
    return Items(range(count), features)


def truth_of(*labels: int, classes: Sequence[int | str] = ("no", "yes")) -> Truth:
    """Return the truth about items 0, 1, ..."""
    return Truth(classes, dict(enumerate(labels)))


@asynccontextmanager
async def at_work(*agents: Agent) -> AsyncIterator[None]:
    """Let agents run for as long as the block takes."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(agent.run(), name=agent.name) for agent in agents]
        yield
        for task in tasks:
            task.cancel()
