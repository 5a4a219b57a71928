"""The topologies there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.topologies.complete import Complete
from agents.coordinator.topologies.given import Given
from agents.coordinator.topologies.ring import Ring
from agents.coordinator.topologies.small_world import SmallWorld
from agents.coordinator.topologies.star import Star
from agents.coordinator.topology import Topology

AnyTopology = Annotated[Topology, Choice("topology", Complete, Ring, Star, SmallWorld, Given)]
"""Who hears whom."""
