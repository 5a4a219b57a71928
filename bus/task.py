"""Tasks that are walked in the same order in every process."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class SerialTask(asyncio.Task[T]):
    """A task that hashes by its birth number.

    asyncio keeps tasks in sets: a TaskGroup's members, the results of `asyncio.wait`, what a shutdown cancels. Hashed by
    address, as plain tasks are, those sets are walked in another order in every process; hashed by birth number, they repeat.
    """

    def __init__(self, coro: Coroutine[Any, Any, T], birth: int, **options: Any) -> None:
        self._birth = birth
        super().__init__(coro, **options)

    def __hash__(self) -> int:
        return self._birth
