"""A crowd from a script: no bus, no time."""

import asyncio
from collections import deque
from collections.abc import Sequence

from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Enough, NobodyLeft
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item, Label, Voice
from bus.chance import Chance, Luck


class FakeCrowd:
    """Answers from a script, one person after the other; when it is at its end, nobody is left.

    Args:
        labels: what people say, in turn; a pair is somebody's name and what they say.
        seed: seed of the luck.
        belief: what the policy has learnt; it is told of each answer.
    """

    def __init__(self, *labels: Label | tuple[str, Label], seed: int = 7, belief: Belief | None = None) -> None:
        said = [each if isinstance(each, tuple) else (f"person-{number}", each) for number, each in enumerate(labels)]
        self._left = deque(Answer(name, label, number) for number, (name, label) in enumerate(said))
        self._luck = Chance(seed).keyed("coordinator")
        self.asked: list[int] = []
        self.at_once: list[int | None] = []
        self.belief = belief

    async def ask(
        self,
        item: Item,
        votes: int,
        enough: Enough | None = None,
        at_once: int | None = None,
        of: Sequence[str] = (),
        shown: Voice | None = None,
    ) -> list[Answer]:
        self.asked.append(votes)
        self.at_once.append(at_once)
        given: list[Answer] = []
        while len(given) < votes and not (enough and given and enough(given)):
            if not self._left:
                raise NobodyLeft(given)
            given.append(self._left.popleft())
            if self.belief is not None:
                self.belief.hear(item, given[-1].annotator, given[-1].label)
        return given

    def luck(self, item: Item) -> Luck:
        return self._luck.luck(item)


def resolve(
    policy: Policy, *labels: Label | tuple[str, Label], item: Item = 0, seed: int = 7, classes: Sequence[Label] = "abc"
) -> Resolution:
    """Return what a policy settles on, a crowd saying this."""
    return asyncio.run(policy.resolve(item, FakeCrowd(*labels, seed=seed, belief=policy.belief(classes))))
