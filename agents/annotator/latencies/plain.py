"""The latencies that contain no other."""

from typing import Annotated

from agents.annotator.latencies.empirical import EmpiricalTime
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.gamma import GammaTime
from agents.annotator.latencies.log_logistic import LogLogisticTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latencies.pareto import ParetoTime
from agents.annotator.latencies.recorded import RecordedTime
from agents.annotator.latencies.weibull import WeibullTime
from agents.annotator.latencies.work_time import WorkTime
from agents.annotator.latency import Latency
from agents.annotator.people import PeopleChoice

PLAIN = (
    FixedTime, ExponentialTime, LognormalTime, WeibullTime, GammaTime, LogLogisticTime, ParetoTime, EmpiricalTime, WorkTime,
    RecordedTime,
)  # fmt: skip
AnyPlainLatency = Annotated[Latency, PeopleChoice("latency", *PLAIN)]
