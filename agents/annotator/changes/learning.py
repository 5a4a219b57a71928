"""Learning: who has done it often, or was told often how they did, does it better."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.annotator.change import Change
from agents.annotator.experience import Moment
from bus.chance import Keyed


class Learning(Change):
    """Who has done it often, or was told often how they did, does it better, up to a bound.

    After n lessons, the log odds of a right answer have risen by gain (1 - r), where r is exp(-n / lessons), or, by the power law
    of practice, (1 + n / lessons) ** -rate (Newell and Rosenbloom, 1981; Heathcote, Brown and Mewhort, 2000, find people nearer to
    the exponential). With feedback, a lesson is a gold question of which they were told whether they were right; without, any
    answer.
    """

    kind: ClassVar[str] = "learning"

    gain: Annotated[float, Field(ge=-10, le=10)]
    """Log odds of a right answer that are gained in the end; real logs, without feedback, show none."""
    lessons: Annotated[float, Field(gt=0, le=1e9)] = 20.0
    """Lessons after which, exponentially, 63 % of it is gained."""
    law: Literal["exponential", "power"] = "exponential"
    """By which law what is not yet gained falls."""
    rate: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Exponent of the power law."""
    feedback: bool = True
    """Whether only what they were told of counts: gold questions."""

    def is_told(self) -> bool:
        """Return whether feedback counts."""
        return self.feedback

    def skill(self, moment: Moment, luck: Keyed) -> float:
        """Return gain (1 - r)."""
        done = (moment.corrected if self.feedback else moment.answers) / self.lessons
        left = math.exp(-done) if self.law == "exponential" else (1 + done) ** -self.rate
        return self.gain * (1 - left)
