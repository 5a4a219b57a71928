"""Mood: every session has good days and bad days."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.change import Change
from agents.annotator.experience import Moment
from agents.annotator.walk import walk
from bus.chance import Keyed

_SKILL, _PACE = 0, 2
"""Numbers of the walks; that of the first session's draw is one more."""


class Mood(Change):
    """How somebody is on that day: the same for all of a session.

    The shift of the log odds of a right answer in session s is sd M(s), and that of the logarithm of the time pace_sd M'(s), where
    M and M' are stationary normal processes of variance 1, whose values in sessions that follow each other have correlation
    `lasting` (a first-order autoregression).
    """

    kind: ClassVar[str] = "mood"

    sd: Annotated[float, Field(ge=0, le=10)]
    """Standard deviation, between sessions, of the log odds of a right answer."""
    pace_sd: Annotated[float, Field(ge=0, le=5)] = 0.0
    """Standard deviation, between sessions, of the natural logarithm of the time."""
    lasting: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Correlation between sessions that follow each other."""

    def skill(self, moment: Moment, luck: Keyed) -> float:
        """Return sd M(s)."""
        return self.sd * self._mood(moment.session, luck, _SKILL) if self.sd else 0.0

    def pace(self, moment: Moment, luck: Keyed) -> float:
        """Return exp(pace_sd M'(s))."""
        return math.exp(self.pace_sd * self._mood(moment.session, luck, _PACE)) if self.pace_sd else 1.0

    def _mood(self, session: int, luck: Keyed, which: int) -> float:
        kept = self.lasting
        first = luck.luck(0, which + 1).normal()
        return kept**session * first + math.sqrt(1 - kept * kept) * walk(luck, session, kept, which)
