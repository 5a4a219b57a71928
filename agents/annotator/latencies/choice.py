"""The latencies there are."""

from typing import Annotated

from agents.annotator.latencies.after_reaction import AfterReaction
from agents.annotator.latencies.harder_slower import HarderSlower
from agents.annotator.latencies.plain import PLAIN
from agents.annotator.latency import Latency
from agents.annotator.people import PeopleChoice

LATENCIES = PeopleChoice("latency", *PLAIN, HarderSlower, AfterReaction)
AnyLatency = Annotated[Latency, LATENCIES]
