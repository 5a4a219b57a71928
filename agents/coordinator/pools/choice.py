"""The pools there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.pool import Pool
from agents.coordinator.pools.judge import Judge
from agents.coordinator.pools.linear import Linear
from agents.coordinator.pools.log_opinion import LogOpinion
from agents.coordinator.pools.median import Median
from agents.coordinator.pools.plurality import Plurality

AnyPool = Annotated[Pool, Choice("pool", Plurality, Linear, LogOpinion, Median, Judge)]
"""What positions amount to."""
