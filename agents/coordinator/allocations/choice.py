"""The allocations there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.allocation import Allocation
from agents.coordinator.allocations.auction import Auction
from agents.coordinator.allocations.contract_net import ContractNet
from agents.coordinator.allocations.epsilon_greedy import EpsilonGreedy
from agents.coordinator.allocations.posted_price import PostedPrice
from agents.coordinator.allocations.proactive import Proactive
from agents.coordinator.allocations.round_robin import RoundRobin
from agents.coordinator.allocations.shared_queue import SharedQueue
from agents.coordinator.allocations.shortest_queue import ShortestOf
from agents.coordinator.allocations.static_partition import StaticPartition, Stealing
from agents.coordinator.allocations.thompson import Thompson
from agents.coordinator.allocations.topics import ByTopic
from agents.coordinator.allocations.ucb1 import Ucb1

ALLOCATIONS = Choice(
    "allocation",
    SharedQueue,
    StaticPartition,
    RoundRobin,
    ShortestOf,
    Stealing,
    Thompson,
    Ucb1,
    EpsilonGreedy,
    ByTopic,
    Proactive,
    ContractNet,
    Auction,
    PostedPrice,
)
AnyAllocation = Annotated[Allocation, ALLOCATIONS]
