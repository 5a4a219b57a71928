"""The kinds of doubt that there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.doubt import Doubt
from agents.coordinator.doubts.combined import AllOf, AnyOf
from agents.coordinator.doubts.grounds import AgainstModel, AtRandom, LowConfidence, Posterior
from agents.coordinator.doubts.votes import Always, Disagreement, Margin, Tie

DOUBTS = Choice("doubt", Always, Disagreement, Tie, Margin, LowConfidence, Posterior, AgainstModel, AtRandom, AnyOf, AllOf)
AnyDoubt = Annotated[Doubt, DOUBTS]
