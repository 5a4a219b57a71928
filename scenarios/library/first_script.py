"""The quickstart in Python: `python -m scenarios.library.first_script`, or `parley run first_script`."""

from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.noises.one_coin import OneCoin
from agents.coordinator.policies.majority import Majority
from agents.selector.strategies.uncertainty import Entropy
from scenarios.annotators import AnnotatorsTable
from scenarios.learners import LearnerTable
from scenarios.run import run
from scenarios.scenario import CoordinationTable, Scenario, SelectorTable, StopTable
from scenarios.sources import Digits

scenario = Scenario(
    name="first-script",
    seed=7,
    data=Digits(test_fraction=0.3, seed_labels=20),
    learner=LearnerTable(retrain_every=10, train_time=30),
    selector=SelectorTable(strategy=Entropy(), in_flight=12),
    annotators=[AnnotatorsTable(count=8, noise=OneCoin(accuracy=0.8), latency=LognormalTime(median=25), price=0.05)],
    coordination=CoordinationTable(policy=Majority(size=3), lease=600),
    stop=StopTable(labels=300, budget=60, time=8 * 3600),
)

if __name__ == "__main__":
    print(run(scenario))
