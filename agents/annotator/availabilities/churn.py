"""Churn: people leave for good."""

import math
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from agents.annotator.availability import ALWAYS, Availability, Past, Span
from bus.chance import Keyed
from bus.clock import microseconds
from bus.duration import Duration

GONE = Span(False, None)


class Churn(Availability):
    """Leaves for good, some time after coming first, or with a certain number of answers given."""

    kind: ClassVar[str] = "churn"

    lifetime: Annotated[Duration, Field(gt=0)] | None = None
    """Time, from their first coming, by which all but a share of exp(-1) have left (the scale of a Weibull distribution)."""
    shape: Annotated[float, Field(ge=0.1, le=10)] = 1.0
    """Shape of that distribution: 1 is a constant hazard; below, who has stayed long stays longer."""
    leaves_after: Annotated[float, Field(ge=1, le=1e9)] | None = None
    """Answers after which they leave; from person to person, its distribution is that of the load."""

    @model_validator(mode="after")
    def _happens(self) -> "Churn":
        if self.lifetime is None and self.leaves_after is None:
            raise ValueError("who leaves for good does so after a `lifetime`, or `leaves_after` so many answers; say one of them")
        return self

    def at(self, now: int, past: Past, luck: Keyed) -> Span:
        """Return whether they have not left by an instant."""
        if self.leaves_after is not None and past.answers >= self.leaves_after:
            return GONE
        if self.lifetime is None or past.visits == 0:
            return ALWAYS
        lifetime = self.lifetime * math.pow(luck.luck(0).exponential(), 1 / self.shape)
        ends = past.first + max(1, microseconds(min(lifetime, 1e12)))
        return GONE if now >= ends else Span(True, ends)
