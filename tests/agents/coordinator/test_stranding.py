"""Items that could be left waiting for somebody who is not there."""

from agents.coordinator.policies.sequential import Sequential
from agents.coordinator.policies.stopping import Quorum
from tests.agents.coordinator.desk import Desk, always


async def test_who_answers_last_is_the_last_hope_of_an_item_that_waits_for_somebody_already():
    # While b is at it, who was to take the place of a declines, and the item waits. Then b answers, and nobody is left.
    replies = {"a": always("yes", 1), "b": always("no", 2), "c": always(None, 0.5)}
    desk = Desk(replies, Sequential(until=Quorum(votes=2), most=3, at_once=2))
    assert await desk.run(0) == "pool"
    assert desk.labels[0] in ("yes", "no")


async def test_who_let_a_lease_pass_is_asked_again_when_nobody_else_can_be_paid():
    # z was never asked, and costs more than there is: y, who is free again, is the only one who can be.
    replies = {"y": lambda _item, attempt: (1 if attempt else 10, "yes"), "z": always("no")}
    desk = Desk(replies, prices={"y": 0.1, "z": 1.0}, budget=0.5, lease=5)
    assert await desk.run(0) == "pool"
    assert desk.labels == {0: "yes"}
