"""What people bid: honestly what is so, and otherwise what each way to bid makes of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.annotator.bidder import Bidder, median
from agents.annotator.bidding import Offer
from agents.annotator.bids.choice import BIDS, AnyBidding
from agents.annotator.bids.honest import Honest
from agents.annotator.bids.imprecise import Imprecise
from agents.annotator.bids.markup import Markup
from agents.annotator.bids.overclaiming import Overclaiming
from agents.annotator.bids.selective import Selective
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.negotiation import CallForProposals, ProposalRefused, Proposed
from bus.chance import Chance
from bus.clock import SECOND
from bus.duration import LONGEST
from tests.agents.samples import band, make

CHANCE = Chance(7)
OFFER = Offer(30.0, 0.05, 0.8)


def call(reserve: float | None = None, tender: int = 3) -> CallForProposals:
    return CallForProposals(tender=tender, item=5, deadline=10 * SECOND, reserve=reserve)


def bidder(*bids, price: float = 0.05, seconds: float = 20.0) -> Bidder:
    return Bidder("w-1", FixedTime(time=seconds), price, bids, CHANCE)


def test_an_honest_bid_counts_the_queue_and_says_the_price_and_how_sure_they_are():
    assert bidder().reply(call(), 2, 0.8) == Proposed(tender=3, item=5, eta=60 * SECOND, price=0.05, confidence=0.8)
    assert bidder(Honest()).reply(call(), 2, 0.8) == bidder().reply(call(), 2, 0.8)


def test_who_is_not_paid_enough_refuses():
    assert bidder().reply(call(reserve=0.04), 0, None) == ProposalRefused(tender=3, item=5)
    assert isinstance(bidder().reply(call(reserve=0.05), 0, None), Proposed)
    assert isinstance(bidder(Markup(share=0.2)).reply(call(reserve=0.05), 0, None), ProposalRefused)


def test_each_way_to_bid_makes_something_of_the_one_before_it():
    reply = bidder(Overclaiming(factor=4, sure=2), Markup(share=1.0, amount=0.01)).reply(call(), 0, 0.5)
    assert (reply.tender, reply.item, reply.eta) == (3, 5, 5 * SECOND)
    assert (reply.price, reply.confidence) == pytest.approx((0.11, 2 / 3))


def test_nobody_pays_to_work_and_no_bid_is_longer_than_a_clock_can_stand():
    assert Markup(share=-1, amount=-5).offer(OFFER, 0, CHANCE.keyed("x").luck(1)).price == 0
    reply = bidder(seconds=LONGEST).reply(call(), 9, None)
    assert reply.eta == LONGEST * SECOND


def test_who_has_enough_to_do_refuses_and_some_refuse_now_and_then():
    luck = CHANCE.keyed("x")
    assert Selective(queue=2).offer(OFFER, 2, luck.luck(1)) is None
    assert Selective(queue=2).offer(OFFER, 1, luck.luck(1)) == OFFER
    refusals = sum(Selective(refuses=0.3).offer(OFFER, 0, luck.luck(number)) is None for number in range(4000))
    assert abs(refusals / 4000 - 0.3) < band(math.sqrt(0.3 * 0.7), 4000)


def test_who_is_imprecise_is_right_in_the_median_and_as_wrong_as_the_dial_says():
    luck, way = CHANCE.keyed("x"), Imprecise(time=0.5, price=0.2)
    offers = [way.offer(OFFER, 0, luck.luck(number)) for number in range(4000)]
    times, prices = [math.log(each.seconds / 30) for each in offers], [math.log(each.price / 0.05) for each in offers]
    assert abs(sum(times) / 4000) < band(0.5, 4000) and abs(sum(prices) / 4000) < band(0.2, 4000)
    assert math.sqrt(sum(each**2 for each in times) / 4000) == pytest.approx(0.5, rel=0.05)


def test_bids_of_a_person_are_their_own_luck_for_each_tender():
    noisy = bidder(Imprecise())
    assert noisy.reply(call(), 0, None) == bidder(Imprecise()).reply(call(), 0, None)
    assert noisy.reply(call(), 0, None) != noisy.reply(call(tender=4), 0, None)


@given(st.floats(0.01, 1e5))
def test_the_typical_time_is_the_median(typical):
    assert median(LognormalTime(median=typical, sigma=0.8)) == pytest.approx(typical)
    assert median(ExponentialTime(mean=typical)) == pytest.approx(typical * math.log(2))
    assert median(FixedTime(time=typical)) == pytest.approx(typical)


def test_who_hardly_ever_gets_done_says_so():
    assert median(LognormalTime(median=LONGEST, sigma=0.1)) == LONGEST


@pytest.mark.parametrize("kind", BIDS.members)
def test_every_way_to_bid_can_be_named_in_a_file(kind):
    assert make(AnyBidding, kind).kind == kind


def test_dials_may_differ_between_people():
    varied = make(AnyBidding, {"kind": "overclaiming", "factor": {"kind": "uniform", "low": 1, "high": 4}})
    people = [varied.person(BIDS, Overclaiming, CHANCE.keyed(str(number)), None).factor for number in range(20)]
    assert len({*people}) == 20 and all(1 <= factor <= 4 for factor in people)
