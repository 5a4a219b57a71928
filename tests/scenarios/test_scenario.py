"""The contracts of a scenario file."""

import tomllib

import pytest
from pydantic import ValidationError

from agents.annotator.noises.one_coin import OneCoin
from agents.coordinator.allocations.shared_queue import SharedQueue
from agents.coordinator.policies.majority import Majority
from agents.selector.strategies.chance import InOrder, Random
from bus.chance import Chance
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import LABELLING, LEARNING

SMALLEST = '{name = "small", data = {source = "synthetic"}, annotators = [{count = 4}]}'


def make(text: str) -> Scenario:
    return Scenario.model_validate(tomllib.loads(f"scenario = {text}")["scenario"])


def from_toml(text: str) -> Scenario:
    return Scenario.model_validate(tomllib.loads(text))


def test_without_a_learner_nothing_is_held_out_or_known_and_items_come_in_order() -> None:
    scenario = make(SMALLEST).completed()
    assert (scenario.data.test_fraction, scenario.data.seed_labels) == (0.0, 0)
    assert scenario.selector.strategy == InOrder()


def test_without_a_learner_random_order_is_there_for_the_asking() -> None:
    scenario = make(SMALLEST.replace("[{count", '[{name = "a", count').replace("}]}", '}], selector = {strategy = "random"}}'))
    assert scenario.completed().selector.strategy == Random()


def test_with_a_learner_a_share_is_held_out_some_are_known_and_the_selector_is_random() -> None:
    scenario = make(SMALLEST.replace("annotators", "learner = {}, annotators")).completed()
    assert (scenario.data.test_fraction, scenario.data.seed_labels) == (0.3, 20)
    assert scenario.selector.strategy == Random()


def test_left_out_tables_have_the_defaults_of_the_contract() -> None:
    scenario = make(SMALLEST).completed()
    assert scenario.learner is None
    assert scenario.selector.in_flight == 4
    assert scenario.selector.barrier is False
    assert scenario.coordination.policy == Majority(size=1, ties="fair", early=False)
    assert scenario.coordination.allocation == SharedQueue()
    assert scenario.coordination.lease is None
    assert scenario.stop.labels is scenario.stop.budget is scenario.stop.time is None


def test_the_example_of_the_design_is_a_scenario_but_for_its_policy() -> None:
    scenario = from_toml("""
        name = "committee-negotiation"
        seed = 7
        [data]
        source = "digits"
        test_fraction = 0.3
        seed_labels = 20
        [learner]
        estimator = { kind = "logistic-regression" }
        retrain_every = 10
        train_time = "30s"
        [selector]
        strategy = { kind = "entropy" }
        in_flight = 12
        barrier = false
        [[annotators]]
        name = "crowd"
        count = 8
        noise = { kind = "one-coin", accuracy = 0.8 }
        latency = { kind = "lognormal", median = "25s", sigma = 0.8 }
        price = 0.05
        [coordination]
        policy = { kind = "majority", size = 3 }
        allocation = { kind = "shared-queue" }
        lease = "10m"
        [stop]
        labels = 300
        budget = 60.0
        time = "8h"
    """)
    assert scenario.stop.time == 8 * 3600
    assert scenario.coordination.lease == 600


def test_agents_are_called_after_their_table_and_numbered_even_when_there_is_one() -> None:
    scenario = make('{name = "n", data = {source = "iris"}, annotators = [{}, {name = "expert", count = 2}]}')
    assert [person.name for person in scenario.people(Chance(0))] == ["crowd-1", "expert-1", "expert-2"]


def test_a_pool_of_mixed_people_is_several_tables() -> None:
    scenario = make(
        '{name = "n", data = {source = "iris"}, annotators = [{name = "a", noise = {kind = "one-coin", accuracy = 0.6}}, '
        '{name = "b", noise = "one-coin"}]}'
    )
    assert [person.noise for person in scenario.people(Chance(0))] == [OneCoin(accuracy=0.6), OneCoin()]


def test_a_dial_may_be_a_distribution_over_people() -> None:
    scenario = make(
        '{name = "n", data = {source = "iris"}, annotators = [{count = 3, noise = {kind = "one-coin", accuracy = '
        '{kind = "beta", a = 8, b = 2}}, price = {kind = "uniform", low = 0.1, high = 0.2}}]}'
    )
    people = scenario.people(Chance(0))
    assert len({person.noise for person in people}) == 3
    assert all(0.1 <= person.price <= 0.2 for person in people)
    assert people == scenario.people(Chance(0)) != scenario.people(Chance(1))


@pytest.mark.parametrize("text", [LABELLING, LEARNING])
def test_the_tables_of_a_scenario_make_the_same_scenario(text: str) -> None:
    scenario = from_toml(text).completed()
    assert Scenario.model_validate(scenario.tables()) == scenario


def test_a_spread_over_people_survives_the_way_through_tables() -> None:
    scenario = make(
        '{name = "n", data = {source = "iris"}, annotators = [{count = 3, noise = {kind = "one-coin", accuracy = '
        '{kind = "beta", a = 8, b = 2}}}]}'
    ).completed()
    again = Scenario.model_validate(scenario.tables())
    assert again.people(Chance(5)) == scenario.people(Chance(5))


IMPOSSIBLE = {
    "coordination.policy asks 9": ("coordination = {policy = {kind = 'majority', size = 9}}", ""),
    "can never meet the lease": ("coordination = {lease = '10s'}", "latency = {kind = 'fixed', time = '11s'}"),
    "with probability": ("coordination = {lease = '1s'}", "latency = {kind = 'lognormal', median = '1h', sigma = 0.5}"),
    "needs a model": ("selector = {strategy = 'entropy'}", ""),
    "buys no answer": ("stop = {budget = 0.5}", "price = 1"),
    "unknown key 'aleatory'": ("aleatory = 3", ""),
    "less than or equal to 1": ("", "noise = {kind = 'one-coin', accuracy = 1.2}"),
    "greater than 0": ("stop = {time = 0}", ""),
    "not a duration": ("stop = {time = 'soon'}", ""),
    "there is no noise 'one-con'; did you mean 'one-coin'": ("", "noise = {kind = 'one-con'}"),
    "finite number": ("stop = {budget = inf}", ""),
    "is a table with a kind": ("", "noise = {accuracy = 0.3}"),
    "sums to 1.1": ("", "noise = {kind = 'confusion', matrix = [[0.9, 0.2], [0.5, 0.5]]}"),
    "200 prices were drawn": ("", "price = {kind = 'uniform', low = -3, high = -1}"),
    "should match pattern": ("", "name = '../etc'"),
}


@pytest.mark.parametrize("message", IMPOSSIBLE)
def test_what_cannot_work_is_refused_at_load(message: str) -> None:
    tables, annotators = IMPOSSIBLE[message]
    text = f'{{name = "n", data = {{source = "iris"}}, annotators = [{{count = 4{"," * bool(annotators)} {annotators}}}]'
    with pytest.raises(ValidationError, match=message.replace("(", r"\(")):
        make(f"{text}{', ' * bool(tables)}{tables}}}")


def test_two_tables_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="two tables are called 'crowd'"):
        make('{name = "n", data = {source = "iris"}, annotators = [{}, {}]}')


def test_a_campaign_without_annotators_is_refused() -> None:
    with pytest.raises(ValidationError, match="there are no annotators"):
        make('{name = "n", data = {source = "iris"}, annotators = []}')
