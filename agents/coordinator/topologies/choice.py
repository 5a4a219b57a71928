"""The topologies there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.topologies.complete import Complete
from agents.coordinator.topology import Topology

AnyTopology = Annotated[Topology, Choice("topology", Complete)]
"""Who hears whom: everybody everybody."""
