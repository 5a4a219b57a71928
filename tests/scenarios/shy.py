"""People who have no answer to some items."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise
from bus.chance import Luck


class Shy(Noise):
    """Declines a share of the tasks, and answers the others by the toss of a coin."""

    kind: ClassVar[str] = "shy"

    share: Annotated[float, Field(ge=0, le=1)] = 0.2
    """Share of the tasks that are declined."""

    def chances(self, case: Case) -> Chances:
        return [1 / case.classes] * case.classes

    def answer(self, case: Case, luck: Luck) -> int | None:
        return None if luck.uniform() < self.share else luck.below(case.classes)
