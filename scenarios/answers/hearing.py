"""People who have all said what they had to say: a crowd that a policy may ask again."""

from collections.abc import Mapping, Sequence

from agents.component import Unusable
from agents.coordinator.belief import Belief, Revision
from agents.coordinator.crowd import Answer, Enough, GivenUp, NobodyLeft, is_among
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item, Label, Voice
from agents.negotiation import Outcome
from bus.chance import Chance, Luck

_TALKS = "the policy has people reconsider what they said, and these said it long ago: simulate them to see what they would say"
_WAITS = "the policy waits for something other than answers, and these were given long ago"


class _Witnesses:
    """The crowd of one item, whose answers are known already."""

    def __init__(self, answers: Sequence[Answer], chance: Chance, belief: Belief | None, classes: Sequence[Label]) -> None:
        self.classes = tuple(classes)
        self._left = [*answers]
        self._heard: list[Answer] = []
        self._lacking: dict[tuple[str, ...], int] = {}
        self._chance, self._luck = chance, chance.keyed("coordinator")
        self._belief = belief

    @property
    def belief(self) -> Belief | None:
        """What the policy has learnt; see Crowd."""
        return self._belief

    @property
    def lacking(self) -> int:
        """How many answers were asked for that nobody has given: of each who are asked, the most at one time."""
        return sum(self._lacking.values())

    async def ask(
        self,
        item: Item,
        votes: int,
        enough: Enough | None = None,
        at_once: int | None = None,
        of: Sequence[str] = (),
        shown: Voice | None = None,
    ) -> list[Answer]:
        """Return the next answers; see Crowd. What people would have been shown, they were not.

        Raises:
            NobodyLeft: there are not so many.
        """
        answers: list[Answer] = []
        while len(answers) < votes:
            answer = next((each for each in self._left if not of or is_among(each.annotator, of)), None)
            if answer is None:
                # Who would stop when they have enough may need one more only.
                lacking = votes - len(answers) if enough is None else 1
                self._lacking[tuple(of)] = max(lacking, self._lacking.get(tuple(of), 0))
                raise NobodyLeft(answers)
            self._left.remove(answer)
            self._heard.append(answer)
            answers.append(answer)
            if self._belief is not None:
                self._belief.hear(item, answer.annotator, answer.label)
            if enough is not None and enough(answers):
                break
        return answers

    def people(self, of: Sequence[str] = ()) -> list[str]:
        """Return who has not been heard yet; see Crowd."""
        return [each.annotator for each in self._left if not of or is_among(each.annotator, of)]

    def answers(self, item: Item) -> list[Answer]:
        """Return what those hold who have been heard; see Crowd."""
        return [*self._heard]

    async def reconsider(
        self,
        item: Item,
        views: Mapping[str, Sequence[Voice]],
        reasons: bool = False,
        within: float | None = None,
        fee: float | None = None,
        protocol: str = "",
        members: Sequence[str] = (),
    ) -> list[Answer]:
        """Refuse to have people reconsider who are not there.

        Raises:
            Unusable: always.
        """
        raise Unusable(_TALKS)

    async def adjourn(self, item: Item, outcome: Outcome) -> None:
        """Say nothing: there was no session."""

    async def escalate(self, item: Item, tier: int, room: int | None = None, waits: bool = True) -> bool:
        """Return True: there is room for whoever has answered already."""
        return True

    def predicted(self, item: Item) -> Mapping[Label, float] | None:
        """Return None: nobody knows what the models said then."""
        return None

    def luck(self, item: Item, purpose: str = "", turn: int = 0) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        return (self._chance.keyed("coordinator", purpose) if purpose else self._luck).luck(item, turn)


class Hearing:
    """Lets a policy decide about items whose answers are known already, one item after the other.

    Args:
        policy: the policy.
        classes: the classes, in order.
        chance: for deciding about items.
    """

    def __init__(self, policy: Policy, classes: Sequence[Label], chance: Chance) -> None:
        self._policy = policy
        self._chance = chance
        self._classes = classes
        self._belief = policy.belief_of_chain(classes)
        self._closed: set[Item] = set()
        self.lacking = 0
        """Answers that the policy asked for about the last item, and that there are not, whatever it made of the others."""

    def settle(self, item: Item, answers: Sequence[Answer]) -> Resolution | None:
        """Return what the policy makes of the answers to an item, in the order in which they came; None if they are too few for it.

        Raises:
            Unusable: it waits for something other than answers.
        """
        witnesses = _Witnesses(answers, self._chance, self._belief, self._classes)
        decision = self._policy.decide(item, witnesses)
        try:
            decision.send(None)
        except StopIteration as end:
            resolution: Resolution = end.value
            self.lacking = witnesses.lacking
            if self._belief is not None:
                self._belief.settle(item, resolution.label)
            if resolution.closed:
                self._closed.add(item)
            return resolution
        except (NobodyLeft, GivenUp):
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
        return [each for each in self._belief.revisions() if each.item not in self._closed]
