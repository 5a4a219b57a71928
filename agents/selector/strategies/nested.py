"""Any strategy, as a dial of a strategy."""

from typing import Annotated

from agents.nested import Nested
from agents.selector.strategy import Strategy

AnyStrategy = Annotated[Strategy, Nested("query strategy", "agents.selector.strategies.choice", "STRATEGIES")]
