"""The coordination policies there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy

AnyPolicy = Annotated[Policy, Choice("coordination policy", Majority)]
