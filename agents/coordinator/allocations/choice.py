"""The allocations there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.allocation import Allocation
from agents.coordinator.allocations.round_robin import RoundRobin
from agents.coordinator.allocations.shared_queue import SharedQueue
from agents.coordinator.allocations.shortest_queue import ShortestOf
from agents.coordinator.allocations.static_partition import StaticPartition, Stealing

ALLOCATIONS = Choice("allocation", SharedQueue, StaticPartition, RoundRobin, ShortestOf, Stealing)
AnyAllocation = Annotated[Allocation, ALLOCATIONS]
