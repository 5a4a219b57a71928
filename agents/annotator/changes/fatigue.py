"""Fatigue: who has worked for long errs more and takes longer, until they have rested."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.change import Change
from agents.annotator.experience import Moment
from bus.chance import Keyed
from bus.clock import SECOND
from bus.duration import Duration

_FORGOTTEN = 1e-9
"""The share of an earlier session's fatigue that makes no difference any more."""


class Fatigue(Change):
    """Who has worked for long errs more and takes longer, until they have rested.

    Fatigue F is between 0, fresh, and 1, exhausted. Work of x time constants takes it to 1 - (1 - F) exp(-x), and rest of y time
    constants to F exp(-y) (Jaber, Givi and Neumann, 2013). It shifts the log odds of a right answer by -skill_lost F, and takes the
    time times slowdown ** F. Rest is what lies between sessions. Real crowds, who stop when they like, lose no accuracy (Hata et
    al., 2017).
    """

    kind: ClassVar[str] = "fatigue"

    skill_lost: Annotated[float, Field(ge=0, le=10)]
    """Log odds of a right answer that the exhausted have lost; in real logs of crowds who stop when they like, none."""
    slowdown: Annotated[float, Field(ge=1, le=100)] = 1.0
    """Factor on the time of the exhausted."""
    work: Annotated[Duration, Field(gt=0)] = 4 * 3600.0
    """Time at work after which somebody fresh is exhausted to 63 %."""
    answers: Annotated[float, Field(gt=0, le=1e9)] | None = None
    """Answers after which somebody fresh is exhausted to 63 %; if given, these tire and not the time."""
    rest: Annotated[Duration, Field(gt=0)] = 3600.0
    """Rest after which 63 % of the fatigue is gone."""

    def skill(self, moment: Moment, luck: Keyed) -> float:
        """Return -skill_lost F."""
        return -self.skill_lost * self.level(moment) if self.skill_lost else 0.0

    def pace(self, moment: Moment, luck: Keyed) -> float:
        """Return slowdown ** F."""
        return float(self.slowdown ** self.level(moment)) if self.slowdown > 1 else 1.0

    def level(self, moment: Moment) -> float:
        """Return F: the fatigue of each session, as far as it was not gone by work or rest since."""
        level = self._tired(moment.position, moment.busy)
        left, resumed = 1 - level, moment.now - round(moment.worked * SECOND)
        for session in reversed(moment.sessions):
            left *= math.exp(-(resumed - session.ended) / SECOND / self.rest)
            if left < _FORGOTTEN:
                break
            tired = self._tired(session.answers, session.busy)
            level += left * tired
            left, resumed = left * (1 - tired), session.began
        return level

    def _tired(self, answers: int, busy: float) -> float:
        """Return what so much work makes of somebody fresh."""
        return -math.expm1(-(busy / self.work if self.answers is None else answers / self.answers))
