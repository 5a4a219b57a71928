"""The methods of truth inference there are."""

from typing import Annotated

from agents.component import Choice
from agents.inference.dawid_skene import DawidSkene
from agents.inference.inference import Inference
from agents.inference.majority import MajorityVote
from agents.inference.one_coin import OneCoinDawidSkene

AnyInference = Annotated[Inference, Choice("method of truth inference", MajorityVote, DawidSkene, OneCoinDawidSkene)]
