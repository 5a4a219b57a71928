"""People who have all said what they had to say: a crowd that a policy may ask again."""

from collections import deque
from collections.abc import Sequence

from agents.component import Unusable
from agents.coordinator.crowd import Answer, Enough, NobodyLeft
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item
from bus.chance import Keyed, Luck

_WAITS = "the policy waits for something other than answers, and these were given long ago"


class Testimony:
    """The crowd of one item, whose answers are known already.

    Args:
        answers: what they answered, in the order in which it came.
        luck: chance for deciding about items.
    """

    def __init__(self, answers: Sequence[Answer], luck: Keyed) -> None:
        self._left = deque(answers)
        self._luck = luck

    async def ask(self, item: Item, votes: int, enough: Enough | None = None) -> list[Answer]:
        """Return the next answers; see Crowd.

        Raises:
            NobodyLeft: there are not so many.
        """
        answers: list[Answer] = []
        while len(answers) < votes:
            if not self._left:
                raise NobodyLeft(answers)
            answers.append(self._left.popleft())
            if enough is not None and enough(answers):
                break
        return answers

    def luck(self, item: Item) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        return self._luck.luck(item)


def settle(policy: Policy, item: Item, answers: Sequence[Answer], luck: Keyed) -> Resolution | None:
    """Return what a policy makes of the answers to an item; None if they are too few for it.

    Raises:
        Unusable: it waits for something other than answers.
    """
    decision = policy.resolve(item, Testimony(answers, luck))
    try:
        decision.send(None)
    except StopIteration as end:
        resolution: Resolution = end.value
        return resolution
    except NobodyLeft:
        return None
    except RuntimeError as error:  # There is no event loop here.
        raise Unusable(f"{_WAITS} ({error})") from None
    decision.close()
    raise Unusable(_WAITS)
