"""How an answer comes about: what a person would say by themselves, and what bends it."""

import math
from collections.abc import Sequence

from agents.annotator.case import Case
from agents.annotator.change import Change
from agents.annotator.company import Company
from agents.annotator.experience import Moment
from agents.annotator.family import Family
from agents.annotator.latency import Latency
from agents.annotator.noise import Chances, Noise, draw, tilt
from agents.annotator.saying import Said, Saying
from agents.annotator.sayings.label import JustLabel
from agents.annotator.social import Position, Social
from bus.chance import Chance
from bus.duration import LONGEST


class Answering:
    """One person's answers and their times: noise and latency, bent by changes and family, put into words.

    Args:
        name: the person's name.
        noise: what they answer.
        latency: how long they take.
        changes: what work does to them.
        says: what they say beside the label, each after those before it.
        family: with whom they err together; None for nobody.
        chance: the run's randomness; only the luck of this name is used.
        social: how they react to what others say; None for not at all.
    """

    def __init__(
        self,
        name: str,
        noise: Noise,
        latency: Latency,
        changes: Sequence[Change],
        says: Sequence[Saying],
        family: Family | None,
        chance: Chance,
        social: Social | None = None,
    ) -> None:
        self.company = Company(name, social, chance)
        self._noise = noise
        self._changes, self._family = tuple(changes), family
        sayings = [saying for saying in says if not isinstance(saying, JustLabel)]
        # Bound once: a method that is looked up on a pydantic model each time costs as much as a call.
        self._answer, self._seconds = noise.answer, latency.seconds
        self._answers = chance.keyed("annotator", name, "answer")
        self._times = chance.keyed("annotator", name, "time")
        self._sayings = [(each.say, chance.keyed("annotator", name, "saying", each.draws or each.kind)) for each in sayings]
        # By its kind: a change more moves the luck of no other.
        kinds = [change.kind for change in self._changes]
        self._lots = [chance.keyed("annotator", name, "change", kind, str(kinds[:at].count(kind))) for at, kind in enumerate(kinds)]
        self._plain = not self._changes and not sayings and self._family is None

    @property
    def changing(self) -> bool:
        """Whether their answers or times depend on what they did before."""
        return bool(self._changes)

    @property
    def is_told(self) -> bool:
        """Whether it matters to them to be told which of their answers to gold questions are right."""
        return any(change.is_told() for change in self._changes)

    def seconds(self, case: Case, moment: Moment | None) -> float:
        """Return how long an answer takes, in seconds.

        Args:
            case: the item, and what is true of it.
            moment: how the person stands; needed where they change.
        """
        seconds = self._seconds(case, self._times.luck(case.item, case.attempt))
        for change, lots in zip(self._changes, self._lots, strict=True):
            assert moment is not None
            seconds *= change.pace(moment, lots)
        # Whatever the dials, a simulated clock is to stand it.
        return min(seconds, LONGEST)

    def answer(self, case: Case, moment: Moment | None) -> Said:
        """Return what the person says.

        Args:
            case: the item, and what is true of it.
            moment: how they stood when they began; needed where they change.
        """
        luck = self._answers.luck(case.item, case.attempt)
        if self._plain or self._noise.recording() is not None:
            return Said(self._answer(case, luck))
        chances = self._chances(case, moment)
        family = self._family
        label = draw(chances, case.truth, luck) if family is None else family.answer(chances, case, luck)
        said = Said(label)
        for say, words in self._sayings:
            if said.label is None:
                break
            said = say(said, chances, case, words.luck(case.item, case.attempt))
        return said

    def confidence(self, case: Case, moment: Moment | None) -> float | None:
        """Return how probable it is that the person will be right about an item at which they have not looked yet.

        That is the mean over all classes that it may be, each as likely: the truth must not show. None if answers are recorded.

        Args:
            case: the item; what is true of it makes no difference.
            moment: how they stand; needed where they change.
        """
        if self._noise.recording() is not None:
            return None
        right = [self._chances(case._replace(truth=truth), moment)[truth] for truth in range(case.classes)]
        return math.fsum(right) / len(right)

    def position(self, said: Said, case: Case, moment: Moment | None) -> Position | None:
        """Return what the person holds who has said that, and heard of nobody yet; None if they said no label.

        Args:
            said: what they said.
            case: the item, and what is true of it.
            moment: how they stood when they began; needed where they change.
        """
        if said.label is None:
            return None
        social = self.company.social
        if social is None:
            return Position(said.label, said.chances, said.confidence)
        return social.position(said, self._chances(case, moment))

    def _chances(self, case: Case, moment: Moment | None) -> Chances:
        shift = 0.0
        for change, lots in zip(self._changes, self._lots, strict=True):
            assert moment is not None
            shift += change.skill(moment, lots)
        return tilt(self._noise.chances(case), case.truth, shift)
