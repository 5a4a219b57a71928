"""A crowd from a script, for policies that only count what people say."""

import asyncio
from collections.abc import Sequence

from agents.coordinator.belief import Belief
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.rehearsal import Rehearsal
from agents.messages import Item, Label


class FakeCrowd(Rehearsal):
    """A rehearsal of people who have names only where it matters; when the script is at its end, nobody is left.

    Args:
        labels: what people say, in turn; a pair is somebody's name and what they say.
        seed: seed of the luck.
        belief: what the policy has learnt; it is told of each answer.
    """

    def __init__(self, *labels: Label | tuple[str, Label], seed: int = 7, belief: Belief | None = None) -> None:
        said = [each if isinstance(each, tuple) else (f"person-{number}", each) for number, each in enumerate(labels)]
        super().__init__(dict(said), seed=seed, belief=belief)


def resolve(
    policy: Policy, *labels: Label | tuple[str, Label], item: Item = 0, seed: int = 7, classes: Sequence[Label] = "abc"
) -> Resolution:
    """Return what a policy settles on, a crowd saying this."""
    return asyncio.run(policy.resolve(item, FakeCrowd(*labels, seed=seed, belief=policy.belief(classes))))
