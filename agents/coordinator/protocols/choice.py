"""The protocols there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.protocol import Protocol
from agents.coordinator.protocols.argument import Argument
from agents.coordinator.protocols.debate import Debate
from agents.coordinator.protocols.delphi import Delphi
from agents.coordinator.protocols.gossip import Gossip
from agents.coordinator.protocols.opinions import Opinions
from agents.coordinator.protocols.pairs import Pairs

AnyProtocol = Annotated[Protocol, Choice("protocol", Delphi, Argument, Pairs, Opinions, Gossip, Debate)]
"""How members of a session talk."""
