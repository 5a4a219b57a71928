"""Escalation, against closed forms: what two who disagree and an expert are worth, and what is lost where the expert is busy.

Two of accuracy p, and an expert of accuracy e where they disagree, are right with probability p^2 + 2 p (1 - p) e, and cost 2 +
2 p (1 - p) R, where R is the price of the expert's answer, and 1 that of one of theirs. A queue of finite length before the
expert loses what Erlang's formula (1917) says. Found are: an expert who is asked without need, or not where there is need;
answers of a lower tier that count against the highest; a queue that holds one too many.
"""

import math

import numpy as np
import pytest

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.coordinator.doubts.votes import Always
from agents.coordinator.policies.escalation import Escalation, Tier
from agents.escalation import ItemEscalated
from agents.messages import ItemResolved
from bus.message import Envelope
from scenarios.summary import Summary
from tests.agents.samples import share_band
from tests.published.arrivals import Worker, poisson, serve
from tests.published.campaigns import campaign, recorded

P, E, R = 0.8, 0.98, 10.0
FEW, MANY = 1500, 20_000


def people(count: int, p: float = P, e: float = E, **more: object) -> list[dict[str, object]]:
    """Return a crowd, of whom an answer costs 1, and an expert."""
    crowd = {"count": count, "noise": {"kind": "one-coin", "accuracy": p}, "price": 1.0, **more}
    return [crowd, {"name": "expert", "noise": {"kind": "one-coin", "accuracy": e}, "price": R}]


def escalated(items: int, votes: int, **more: object) -> Summary:
    """Run a campaign in which what a crowd is not unanimous about goes to an expert."""
    policy = {"kind": "escalation", "tiers": [{"of": "crowd", "votes": votes}, {"of": "expert"}]}
    _, summary = recorded(campaign(items, annotators=people(votes + 1, **more), coordination={"policy": policy}))  # type: ignore[arg-type]
    return summary


def check(summary: Summary, items: int, votes: int, accuracy: float, share: float) -> None:
    assert summary.label_accuracy == pytest.approx(accuracy, abs=share_band(accuracy, items))
    assert summary.escalated / items == pytest.approx(share, abs=share_band(share, items))
    # Nobody is asked for nothing: each answer of the crowd, and an expert's for what went up.
    assert summary.answers == votes * items + summary.escalated
    assert summary.cost == votes * items + R * summary.escalated


def test_the_closed_form_of_two_and_an_expert_gives_the_published_values():
    assert pytest.approx(0.9536) == P**2 + 2 * P * (1 - P) * E
    assert pytest.approx(2 + 0.32 * R) == 2 + 2 * P * (1 - P) * R
    unanimous = P**3 + (1 - P) ** 3
    assert P**3 + (1 - unanimous) * E == pytest.approx(0.9824)
    assert 1 - unanimous == pytest.approx(0.48)


@pytest.mark.parametrize("items", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_two_and_an_expert_where_they_disagree_are_worth_and_cost_what_is_published(items):
    check(escalated(items, 2), items, 2, 0.9536, 0.32)


@pytest.mark.parametrize("items", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_three_and_an_expert_where_they_are_not_unanimous_are_worth_what_is_published(items):
    check(escalated(items, 3), items, 3, 0.9824, 0.48)


@pytest.mark.parametrize(("p", "e"), [(0.6, 0.9), (0.9, 0.9), (0.95, 0.7)])
def test_two_and_an_expert_are_worth_what_the_closed_form_says_whoever_they_are(p, e):
    differ = 2 * p * (1 - p)
    check(escalated(FEW, 2, p=p, e=e), FEW, 2, p * p + differ * e, differ)


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_who_errs_together_is_seldom_in_doubt(share):
    # Language models of one make that answer by one draw agree, right or wrong, and nobody is asked.
    family = {"kind": "common-draw", "name": "make", "share": share}
    differ = (1 - share) * 2 * P * (1 - P)
    together = share * P + (1 - share) * P * P
    check(escalated(FEW, 2, family=family), FEW, 2, together + differ * E, differ)


def test_a_chain_of_two_policies_is_the_same_as_two_tiers_label_by_label():
    chain = {"kind": "majority", "size": 2, "of": "crowd", "otherwise": {"kind": "majority", "of": "expert", "closes": True}}
    tiers = {"kind": "escalation", "tiers": [{"of": "crowd", "votes": 2}, {"of": "expert"}]}
    logs = [recorded(campaign(300, annotators=people(3), coordination={"policy": policy}))[0] for policy in (chain, tiers)]
    words = {"majority of crowd": "tier 1, crowd", "majority of expert": "tier 2, expert"}
    labels = [{event.body["item"]: event.body for event in log if event.kind == "item-resolved"} for log in logs]
    assert {item: {**body, "by": words[body["by"]]} for item, body in labels[0].items()} == labels[1]
    assert sum(event.kind == "item-closed" for event in logs[0]) == sum(event.kind == "item-closed" for event in logs[1]) > 50


def test_an_expert_who_takes_over_what_they_are_shown_is_worth_the_less_for_it():
    # Shown the crowd's label, right half of the time where two differ, they give that one with probability a, or else their own.
    a = 0.5
    policy = {"kind": "escalation", "tiers": [{"of": "crowd", "votes": 2}, {"of": "expert", "shown": True}]}
    crowd, expert = people(3)
    expert["social"] = {"kind": "conformity", "anchoring": a}
    _, summary = recorded(campaign(FEW, annotators=[crowd, expert], coordination={"policy": policy}))
    accuracy = P**2 + 2 * P * (1 - P) * (a * 0.5 + (1 - a) * E)
    check(summary, FEW, 2, accuracy, 0.32)


# Where the expert is busy


def loss(servers: int, room: int, load: float) -> float:
    """Return the share of those who come that find no room: M/M/c/K, which with a room a server is Erlang's formula (1917)."""
    weights = [load**n / math.factorial(min(n, servers)) / servers ** max(n - servers, 0) for n in range(room + 1)]
    return weights[-1] / sum(weights)


class Ledger:
    """Counts, item by item, who went up and who did not."""

    def __init__(self) -> None:
        self.up: set[object] = set()
        self.settled: dict[object, bool] = {}

    def note(self, event: Envelope) -> None:
        """Take down an event."""
        if isinstance(event.body, ItemEscalated):
            self.up.add(event.body.item)
        elif isinstance(event.body, ItemResolved):
            self.settled[event.body.item] = event.body.item in self.up


@pytest.mark.parametrize(("servers", "room", "load"), [(1, 1, 1.0), (3, 3, 2.0), (2, 5, 2.0)])
@pytest.mark.parametrize("count", [6000, pytest.param(39_000, marks=pytest.mark.slow)])
def test_what_finds_no_room_in_a_finite_queue_is_what_erlang_says(servers, room, load, count):
    # Sorters who take no time send everything up, as it comes: the experts are an M/M/c/K queue.
    sorters = {f"sorter-{number}": Worker(FixedTime(time=0)) for number in range(1, 4)}
    experts = {f"expert-{number}": Worker(ExponentialTime(mean=1)) for number in range(1, servers + 1)}
    policy = Escalation(tiers=(Tier(of=("sorter",), doubt=Always()), Tier(of=("expert",), queue=room, full="accept")))
    ledger = Ledger()
    serve(poisson(load, count), sorters | experts, ledger.note, policy)
    assert len(ledger.settled) == count
    order = np.array([not ledger.settled[item] for item in range(count)])
    batches = order.reshape(30, -1).mean(axis=1)
    band = 4 * batches.std(ddof=1) / math.sqrt(len(batches))
    assert order.mean() == pytest.approx(loss(servers, room, load), abs=band)
