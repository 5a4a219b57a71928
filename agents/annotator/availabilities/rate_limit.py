"""Rate limits, as the providers of language models set them."""

import math
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from agents.annotator.availability import Availability
from agents.annotator.bucket import Bucket
from agents.messages import Item
from bus.chance import Keyed
from bus.clock import SECOND
from bus.duration import Duration

_MINUTE = 60 * SECOND


class RateLimit(Availability):
    """Begins on an answer when its requests and tokens are within what is allowed a minute: token buckets, refilled steadily."""

    kind: ClassVar[str] = "rate-limit"

    requests: Annotated[float, Field(ge=1e-6, le=1e9)] | None = None
    """Requests a minute; left out, no limit. An answer is a request."""
    tokens: Annotated[float, Field(ge=1e-6, le=1e12)] | None = None
    """Tokens a minute; left out, no limit."""
    item_tokens: Annotated[float, Field(gt=0, le=1e9)] = 500.0
    """Median number of tokens of an answer, question included."""
    item_sigma: Annotated[float, Field(ge=0, le=5)] = 0.0
    """Standard deviation of its natural logarithm."""
    burst: Annotated[Duration, Field(gt=0)] = 60.0
    """How long the limits' full rate can be saved up: a bucket holds what is refilled in this time."""

    @model_validator(mode="after")
    def _limits(self) -> "RateLimit":
        if self.requests is None and self.tokens is None:
            raise ValueError("a rate limit is one of `requests` or of `tokens` a minute; say one of them")
        return self

    def buckets(self) -> tuple[Bucket, ...]:
        """Return the buckets of requests and of tokens, as far as there are limits."""
        brim = round(self.burst * SECOND)
        return tuple(Bucket(brim) for limit in (self.requests, self.tokens) if limit is not None)

    def draught(self, item: Item, attempt: int, luck: Keyed) -> tuple[int, ...]:
        """Return the microseconds in which one request, and the answer's tokens, are refilled."""
        amounts = ((self.requests, 1.0), (self.tokens, self.tokens_of(item, attempt, luck)))
        return tuple(math.ceil(amount * _MINUTE / limit) for limit, amount in amounts if limit is not None)

    def tokens_of(self, item: Item, attempt: int, luck: Keyed) -> float:
        """Return the tokens of an answer."""
        return (
            self.item_tokens * math.exp(self.item_sigma * luck.luck(item, attempt).normal())
            if self.item_sigma
            else self.item_tokens
        )
