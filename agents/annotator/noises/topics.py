"""Topics: people know more of some matters than of others."""

from collections.abc import Set
from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Fact, Noise, Probability, righted, tilt
from agents.annotator.noises.nested import AnyNoise
from agents.annotator.noises.one_coin import OneCoin
from bus.chance import Keyed


class Topics(Noise):
    """Better on items of some topics than of others, as the data's column `topic` tells them apart (Donmez and Carbonell, 2008).

    On topics that are named, the accuracy is given. On each of the others, the log odds of the truth are those of another noise
    plus spread * z, with z a standard normal draw of the person's own.
    """

    kind: ClassVar[str] = "topics"

    of: AnyNoise = OneCoin()
    """What is answered by somebody who knows all topics alike."""
    accuracies: Annotated[dict[str, Probability], Field(default_factory=dict)]
    """Probability of a right answer by topic, such as { sports = 0.9, politics = 0.6 }."""
    spread: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Standard deviation of the log odds of the truth over all other topics, and over people in one."""

    _lots: tuple[Keyed, str] | None = PrivateAttr(None)

    def needs(self) -> Set[Fact]:
        """Return that these answers go by topics."""
        return super().needs() | {"topics"}

    def topics(self) -> Set[str]:
        """Return the topics that are named."""
        return super().topics() | self.accuracies.keys()

    def person(self, luck: Keyed, path: str = "") -> "Topics":
        """Return the topics as one person knows them."""
        person = self.model_copy(update={"of": self.of.person(luck, f"{path}of.")})
        person._lots = luck, f"{path}topic "
        return person

    def chances(self, case: Case) -> Chances:
        """Return the chances of the noise within, better or worse by the topic."""
        topic, chances = str(case.nature.terrain.topic(case.item)), self.of.chances(case)
        if topic in self.accuracies:
            return righted(chances, case.truth, self.accuracies[topic])
        if self._lots is None or self.spread == 0:
            return chances
        luck, what = self._lots
        return tilt(chances, case.truth, self.spread * luck.luck(what + topic).normal())
