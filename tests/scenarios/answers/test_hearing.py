"""Policies that decide about answers given long ago."""

import asyncio
from collections import Counter
from typing import ClassVar

import pytest

from agents.component import Unusable
from agents.coordinator.crowd import Answer, Crowd, NobodyLeft
from agents.coordinator.doubts.votes import Disagreement
from agents.coordinator.policies.escalation import Escalation, Tier
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.truth_inference import TruthInference
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item, Label
from bus.chance import Chance
from scenarios.answers.hearing import Hearing

LUCK = Chance(7)


def settle(policy: Policy, item: Item, answers: list[Answer], luck: Chance) -> tuple[Label, list[Answer]] | None:
    resolution = Hearing(policy, ("a", "b", "c"), luck).settle(item, answers)
    return None if resolution is None else (resolution.label, [*resolution.answers])


def given(*labels: str) -> list[Answer]:
    return [Answer(f"w{number}", label, number) for number, label in enumerate(labels)]


class Hasty(Policy):
    """Takes what there is, when nobody is left."""

    kind: ClassVar[str] = "hasty"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        answers = await crowd.ask(item, 1)
        try:
            answers += await crowd.ask(item, 5)
        except NobodyLeft as left:
            answers += left.answers
        return Resolution(answers[-1].label, answers)


class Sleeper(Policy):
    """Waits for something else."""

    kind: ClassVar[str] = "sleeper"
    seconds: float

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        await asyncio.sleep(self.seconds)
        raise AssertionError


def test_a_policy_gets_the_answers_in_the_order_in_which_they_came() -> None:
    resolution = settle(Majority(size=3), 5, given("a", "b", "b", "a", "a"), LUCK)
    assert resolution == ("b", given("a", "b", "b"))


def test_a_policy_that_has_enough_early_rests_on_fewer_answers() -> None:
    assert settle(Majority(size=5, early=True), 5, given("a", "a", "a", "b", "b"), LUCK) == ("a", given("a", "a", "a"))


def test_ties_are_fair_and_the_same_whenever_they_are_broken() -> None:
    labels = [settle(Majority(size=2), item, given("a", "b"), LUCK) for item in range(400)]
    assert labels == [(settle(Majority(size=2), item, given("b", "a"), LUCK)[0], given("a", "b")) for item in range(400)]
    assert 160 < Counter(each[0] for each in labels if each)["a"] < 240


def test_too_few_answers_give_no_label_unless_the_policy_takes_what_there_is() -> None:
    assert settle(Majority(size=3), 5, given("a", "b"), LUCK) is None
    assert settle(Hasty(), 5, given("a", "b", "c"), LUCK) == ("c", given("a", "b", "c"))


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_policy_that_waits_for_something_else_is_refused(seconds: float) -> None:
    with pytest.raises(Unusable, match="the policy waits for something other than answers"):
        settle(Sleeper(seconds=seconds), 5, given("a"), LUCK)


# Chains and tiers


def of_groups(**labels: str) -> list[Answer]:
    said = [(f"{group}-{at}", label) for group, each in labels.items() for at, label in enumerate(each, 1)]
    return [Answer(name, label, number) for number, (name, label) in enumerate(said)]


EXPERT = Majority(of=("expert",), closes=True)
CHAIN = Majority(size=2, of=("crowd",), doubt=Disagreement(), otherwise=EXPERT)
TIERS = Escalation(tiers=(Tier(of=("crowd",), votes=2), Tier(of=("expert",))))


@pytest.mark.parametrize("policy", [CHAIN, TIERS])
def test_a_chain_and_tiers_decide_by_whom_each_asks_and_leave_alone_what_nobody_wants(policy: Policy) -> None:
    answers = of_groups(expert="c", crowd="aba")
    assert settle(policy, 5, answers, LUCK) == ("c", [*answers[1:3], answers[0]])
    answers = of_groups(expert="c", crowd="aab")
    assert settle(policy, 5, answers, LUCK) == ("a", answers[1:3])
    # Where the expert said nothing, the crowd has to do.
    answers = of_groups(crowd="bb")
    assert settle(policy, 5, answers, LUCK) == ("b", answers)


def test_what_somebody_decided_after_truth_inference_is_not_revised_by_it() -> None:
    policy = TruthInference(size=2, of=("crowd",), margin=0.0, doubt=Disagreement(), otherwise=EXPERT)
    hearing = Hearing(policy, ("a", "b", "c"), LUCK)
    decided = [hearing.settle(item, of_groups(crowd="ab", expert="c")) for item in range(20)]
    assert all(each is not None and (each.label, each.closed) == ("c", True) for each in decided)
    for item in range(20, 60):
        hearing.settle(item, of_groups(crowd="aa"))
    assert not [each for each in hearing.revisions(finished=True) if each.item < 20]
