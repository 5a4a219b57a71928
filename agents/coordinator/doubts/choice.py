"""The kinds of doubt that there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.doubt import Doubt
from agents.coordinator.doubts.votes import Always, Disagreement, Margin, Tie

AnyDoubt = Annotated[Doubt, Choice("doubt", Always, Disagreement, Tie, Margin)]
