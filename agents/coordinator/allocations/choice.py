"""The allocations there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.allocation import Allocation
from agents.coordinator.allocations.shared_queue import SharedQueue

AnyAllocation = Annotated[Allocation, Choice("allocation", SharedQueue)]
