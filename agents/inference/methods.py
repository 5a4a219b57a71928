"""The methods of truth inference there are."""

from typing import Annotated

from agents.component import Choice
from agents.inference.inference import Inference
from agents.inference.majority import MajorityVote

AnyInference = Annotated[Inference, Choice("method of truth inference", MajorityVote)]
