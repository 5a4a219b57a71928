"""The latencies there are."""

from typing import Annotated

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latencies.recorded import RecordedTime
from agents.annotator.latency import Latency
from agents.annotator.people import PeopleChoice

LATENCIES = PeopleChoice("latency", FixedTime, ExponentialTime, LognormalTime, RecordedTime)
AnyLatency = Annotated[Latency, LATENCIES]
