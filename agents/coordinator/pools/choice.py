"""The pools there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.pool import Pool
from agents.coordinator.pools.plurality import Plurality

AnyPool = Annotated[Pool, Choice("pool", Plurality)]
"""What positions amount to: the label that most hold."""
