"""The coordination policies there are."""

from typing import Annotated

from agents.component import Choice
from agents.coordinator.policies.escalation import Escalation
from agents.coordinator.policies.iethresh import IEThresh
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.policies.sequential import Sequential
from agents.coordinator.policies.truth_inference import TruthInference
from agents.coordinator.policies.weighted import Weighted
from agents.coordinator.policy import Policy

POLICIES = Choice("coordination policy", Majority, Sequential, Weighted, TruthInference, Negotiation, Escalation, IEThresh)
AnyPolicy = Annotated[Policy, POLICIES]
