"""The protocols there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.protocol import Protocol
from agents.coordinator.protocols.argument import Argument
from agents.coordinator.protocols.delphi import Delphi

AnyProtocol = Annotated[Protocol, Choice("protocol", Delphi, Argument)]
"""How members of a session talk."""
