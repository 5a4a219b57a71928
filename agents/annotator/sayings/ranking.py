"""A ranking: the classes, the likeliest first."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances
from agents.annotator.saying import Said, Saying
from agents.annotator.sayings.second_guesses import DRAWS, weights
from bus.chance import Luck


class Ranking(Saying):
    """The classes, the likeliest first: the label, then draws by the chances of those left (Luce, 1959; Plackett, 1975)."""

    kind: ClassVar[str] = "ranking"
    draws: ClassVar[str] = DRAWS

    first: Annotated[int, Field(ge=1)] | None = None
    """How many classes they rank; left out, all."""

    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Say which class comes first, second, and so on."""
        label = said.label
        assert label is not None
        weighed = weights(label, chances, luck)
        others = sorted((each for each in range(len(chances)) if each != label), key=lambda each: -weighed[each])
        return said._replace(ranking=(label, *others)[: self.first])
