"""Policies that ask in other ways than Parley's own."""

import asyncio
from typing import ClassVar

from agents.coordinator.crowd import Crowd, NobodyLeft
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.vote import plurality
from agents.messages import Item


class Lenient(Policy):
    """A majority of those who are left, if anybody is."""

    kind: ClassVar[str] = "lenient"

    size: int = 2

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        try:
            answers = await crowd.ask(item, self.size)
        except NobodyLeft as lack:
            if not lack.answers:
                raise
            answers = [*lack.answers]
        return Resolution(plurality(answers, item, crowd), answers)

    def most_people(self) -> int:
        return self.size


class Stubborn(Policy):
    """Asks as many as there are, then one fewer, until somebody answers."""

    kind: ClassVar[str] = "stubborn"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        for votes in (3, 2, 1):
            try:
                answers = await crowd.ask(item, votes)
            except NobodyLeft:
                continue
            return Resolution(plurality(answers, item, crowd), answers)
        raise NobodyLeft([])

    def most_people(self) -> int:
        return 3


class SecondOpinion(Policy):
    """Two people; a third where they differ."""

    kind: ClassVar[str] = "second-opinion"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        answers = await crowd.ask(item, 2)
        if answers[0].label != answers[1].label:
            answers += await crowd.ask(item, 1)
        return Resolution(plurality(answers, item, crowd), answers)

    def most_people(self) -> int:
        return 3


class Pensive(Policy):
    """Thinks for a while before each question."""

    kind: ClassVar[str] = "pensive"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        await asyncio.sleep(5)
        answers = await crowd.ask(item, 1)
        await asyncio.sleep(5)
        answers += await crowd.ask(item, 2)
        return Resolution(plurality(answers, item, crowd), answers)

    def most_people(self) -> int:
        return 3
