"""Callees: who is called for proposals, and who is called once more."""

import pytest

from agents.coordinator.allocations.auction import Auction
from agents.coordinator.allocations.contract_net import ContractNet
from agents.coordinator.allocations.posted_price import PostedPrice
from agents.messages import Item, ItemGivenUp, Label
from agents.negotiation import CallForProposals, ProposalRefused, Proposed
from bus.clock import SECOND
from tests.agents.coordinator.desk import Desk, always, silent

ALLOCATIONS = [ContractNet(candidates="all"), Auction(reserve=1.0), PostedPrice(price=1.0)]


def late_at_first(_item: Item, attempt: int) -> tuple[float, Label]:
    return (8.0, "late") if attempt == 0 else (1.0, "yes")


def only_a(name: str, call: CallForProposals, _tasks: int) -> Proposed | ProposalRefused:
    if name != "a":
        return ProposalRefused(tender=call.tender, item=call.item)
    return Proposed(tender=call.tender, item=call.item, eta=SECOND, price=0.5)


@pytest.mark.parametrize("allocation", ALLOCATIONS, ids=lambda each: each.kind)
async def test_whoever_never_takes_anything_on_is_not_waited_for_before_others_are_asked_once_more(allocation):
    desk = Desk({"a": late_at_first, "b": always("no"), "c": always("no")}, allocation=allocation, bid=only_a, lease=5)
    await desk.run("x")
    assert desk.labels == {"x": "yes"}
    assert not desk.record.of(ItemGivenUp)
    assert [(name, attempt) for _, name, _, attempt in desk.assigned] == [("a", 0), ("a", 1)]
    assert desk.record[-1].time == 9 * SECOND, "as soon as they are free"


async def test_items_for_which_only_those_can_be_called_who_say_nothing_do_not_wait_for_each_other():
    def nothing(name: str, call: CallForProposals, tasks: int) -> None:
        return None

    # Out of step: somebody is called for one of them at any time.
    desk = Desk({"a": silent}, allocation=ContractNet(deadline=60, again=7), bid=nothing, tries=2)
    await desk.run(*range(5), linger=33, then=range(5, 9))
    assert len(desk.record.of(ItemGivenUp)) == 9
