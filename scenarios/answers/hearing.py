"""People who have all said what they had to say: a crowd that a policy may ask again."""

from collections import deque
from collections.abc import Sequence

from agents.component import Unusable
from agents.coordinator.belief import Belief, Revision
from agents.coordinator.crowd import Answer, Enough, NobodyLeft
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item, Label
from bus.chance import Keyed, Luck

_WAITS = "the policy waits for something other than answers, and these were given long ago"


class _Witnesses:
    """The crowd of one item, whose answers are known already."""

    def __init__(self, answers: Sequence[Answer], luck: Keyed, belief: Belief | None) -> None:
        self._left = deque(answers)
        self._luck = luck
        self._belief = belief

    @property
    def belief(self) -> Belief | None:
        """What the policy has learnt; see Crowd."""
        return self._belief

    async def ask(self, item: Item, votes: int, enough: Enough | None = None, at_once: int | None = None) -> list[Answer]:
        """Return the next answers; see Crowd.

        Raises:
            NobodyLeft: there are not so many.
        """
        answers: list[Answer] = []
        while len(answers) < votes:
            if not self._left:
                raise NobodyLeft(answers)
            answer = self._left.popleft()
            answers.append(answer)
            if self._belief is not None:
                self._belief.hear(item, answer.annotator, answer.label)
            if enough is not None and enough(answers):
                break
        return answers

    def luck(self, item: Item) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        return self._luck.luck(item)


class Hearing:
    """Lets a policy decide about items whose answers are known already, one item after the other.

    Args:
        policy: the policy.
        classes: the classes, in order.
        luck: chance for deciding about items.
    """

    def __init__(self, policy: Policy, classes: Sequence[Label], luck: Keyed) -> None:
        self._policy = policy
        self._luck = luck
        self._belief = policy.belief(classes)

    def settle(self, item: Item, answers: Sequence[Answer]) -> Resolution | None:
        """Return what the policy makes of the answers to an item, in the order in which they came; None if they are too few for it.

        Raises:
            Unusable: it waits for something other than answers.
        """
        decision = self._policy.resolve(item, _Witnesses(answers, self._luck, self._belief))
        try:
            decision.send(None)
        except StopIteration as end:
            resolution: Resolution = end.value
            if self._belief is not None:
                self._belief.settle(item, resolution.label)
            return resolution
        except NobodyLeft:
            return None
        except RuntimeError as error:  # There is no event loop here.
            raise Unusable(f"{_WAITS} ({error})") from None
        decision.close()
        raise Unusable(_WAITS)

    def revisions(self, *, finished: bool = False) -> list[Revision]:
        """Return which items should have another label by now; `finished`: and nothing more is to come."""
        if self._belief is None:
            return []
        if finished:
            self._belief.finish()
        return [*self._belief.revisions()]
