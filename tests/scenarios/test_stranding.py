"""Nobody's absence strands an item: two kinds of people who come, go, decline and fail, whatever policy and allocation."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from agents.component import Trust
from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.ledger import millionths
from agents.event import event_of
from agents.messages import AbstentionSubmitted, AnnotatorBack, CampaignEnded, Item, ItemGivenUp, TaskDeclined
from agents.state import State
from bus.clock import run as run_on_clock
from bus.message import Envelope
from scenarios.campaign import Campaign
from scenarios.errors import BadInput
from scenarios.loading import make
from scenarios.run import Origin, prepare
from tests.bus.samples import Recorder
from tests.scenarios.audit import audit, check_every_item_has_an_end
from tests.scenarios.test_faults import availabilities, campaigns

HOUR = 3600
MOST_EVENTS = 20_000
"""Events after which a small campaign is taken to go on for ever."""

AUDITED = ("majority", "sequential", "weighted", "truth-inference")
"""Policies of which the audit of campaigns knows everything."""

TENDERS = ("contract-net", "auction")
ALLOCATIONS = [
    "shared-queue", "static-partition", "round-robin", "shortest-of", "stealing", "thompson", "ucb1", "epsilon-greedy", *TENDERS,
]  # fmt: skip


def played(tables: dict[str, Any]) -> tuple[Campaign, Recorder]:
    """Run a campaign to its end, and return it with its events.

    Raises:
        BadInput: it is refused.
    """
    scenario = make(tables, "scenario", {}, Trust()).completed()
    chance, world, people = prepare(scenario, Origin())
    record = Recorder()

    def note(event: Envelope) -> None:
        record.append(event)
        assert len(record) <= MOST_EVENTS, "it goes on for ever"

    async def live() -> Campaign:
        campaign = Campaign(scenario, people, world, chance, note)
        await campaign.run()
        return campaign

    return run_on_clock(live()), record


# Who never does anything in time


def shift(begins: float, ends: float, **dials: Any) -> dict[str, Any]:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return {"kind": "shifts", "days": days, "begins": begins * HOUR, "ends": ends * HOUR, **dials}


def working(*parts: dict[str, Any], lease: float | None, time: float = 10) -> dict[str, Any]:
    coordination = {"policy": {"kind": "majority", "size": 1}, **({} if lease is None else {"lease": lease})}
    return {
        "name": "stranding",
        "seed": 3,
        "data": {"source": "synthetic", "items": 6},
        "annotators": [{"count": 2, "latency": {"kind": "fixed", "time": time}, "availability": [*parts]}],
        "coordination": coordination,
    }


BATCHES = {"kind": "batches", "every": HOUR}


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (
            working(BATCHES, lease=600),
            "with 'batches', no answer comes within the lease of 10m when they always have something to do",
        ),
        (working({"kind": "rate-limit", "requests": 0.1}, lease=300), "with 'rate-limit', no answer comes within the lease of 5m"),
        (working({"kind": "rate-limit", "tokens": 50, "burst": 86400}, lease=300), "no answer comes within the lease of 5m"),
        (
            working({"kind": "rate-limit", "requests": 2, "burst": 30}, {"kind": "batches", "every": 25}, lease=40),
            "with 'rate-limit' and 'batches' together, no answer comes within the lease of 40s",
        ),
        (
            working(BATCHES, {"kind": "sessions", "time": 1800, "pause": 1800, "overtime": False}, lease=None),
            "with 'batches' and 'sessions' together, no task is ever done before they leave, which they do on time",
        ),
        (
            working(shift(9, 12, overtime=False), shift(11.9, 15, overtime=False), lease=None, time=1200),
            "with 'shifts' and 'shifts' together, no task is ever done before they leave",
        ),
    ],
)
def test_who_never_does_anything_in_time_is_refused_before_the_run(tables: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadInput, match="annotators, crowd-1: availability") as refused:
        prepare(make(tables, "scenario", {}, Trust()).completed(), Origin())
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    "tables",
    [
        working(BATCHES, lease=HOUR),
        working({**BATCHES, "together": False}, lease=HOUR),
        working(BATCHES, lease=600, time=0),
        working({"kind": "rate-limit", "requests": 0.1}, lease=600),
        working({"kind": "rate-limit", "requests": 600, "burst": 86400}, lease=30),
        working({"kind": "rate-limit", "requests": 2, "burst": 30}, {"kind": "batches", "every": 25}, lease=50),
        working({"kind": "rate-limit", "requests": 0.1}, shift(9, 10), lease=300),
        working(BATCHES, {"kind": "sessions", "time": 3 * HOUR, "pause": 1800, "overtime": False}, lease=None),
        working(shift(9, 12, overtime=False), shift(11.5, 15, overtime=False), lease=None, time=1200),
        working({"kind": "rate-limit", "requests": 0.1}, {"kind": "churn", "leaves_after": 3}, lease=300),
    ],
)
def test_who_now_and_then_does_something_in_time_works_to_the_end(tables: dict[str, Any]) -> None:
    campaign, _ = played(tables)
    assert campaign.summary(None).stopped_by == "pool"


# Whoever comes and goes


def policies(people: int, some: int, others: int) -> st.SearchStrategy[dict[str, Any]]:
    """Policies for so many people, of two groups."""
    size, at_once = st.integers(1, people), st.integers(1, 3)
    stopping = st.sampled_from(
        [{"kind": "quorum", "votes": 2}, {"kind": "lead", "by": 2}, {"kind": "confidence", "tau": 0.9, "accuracy": 0.7}]
    )
    above = {"of": st.just(["v"]), "votes": st.integers(1, others), "shown": st.booleans()}
    queue = {"queue": st.integers(1, 2), "full": st.sampled_from(["wait", "accept", "drop"])}
    tier = st.fixed_dictionaries({"of": st.just(["w"]), "votes": st.integers(1, some)})
    talk = {
        "rounds": st.integers(0, 3),
        "quorum": st.sampled_from([0, 0.75, 1]),
        "silent": st.sampled_from(["keeps", "abstains"]),
        "fallback": st.sampled_from(["vote", "give-up"]),
    }
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just("majority"), "size": size, "early": st.booleans()}),
        st.fixed_dictionaries({"kind": st.just("sequential"), "until": stopping, "most": size, "at_once": at_once}),
        st.fixed_dictionaries({"kind": st.just("weighted"), "size": size}),
        st.fixed_dictionaries({"kind": st.just("truth-inference"), "size": size, "margin": st.sampled_from([0.0, 0.3])}),
        st.fixed_dictionaries(
            {"kind": st.just("negotiation"), "size": size, **talk}, optional={"within": st.sampled_from([5, 40])}
        ),
        st.tuples(tier, st.fixed_dictionaries(above) | st.fixed_dictionaries({**above, **queue})).map(
            lambda tiers: {"kind": "escalation", "tiers": [*tiers]}
        ),
    )


SAYS = st.sampled_from([[], [], [{"kind": "decline", "probability": 0.3}], [{"kind": "abstain", "threshold": 0.8, "steepness": 2}]])
LATENCIES = st.sampled_from([{"kind": "fixed", "time": 10}, {"kind": "fixed", "time": 0}, {"kind": "exponential", "mean": 30}])


@st.composite
def mixed_campaigns(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small campaign of people of two kinds."""
    drawn = draw(campaigns())
    (some,) = drawn["annotators"]
    others = {
        "name": "v",
        "count": draw(st.integers(1, 3)),
        "latency": draw(LATENCIES),
        "price": draw(st.sampled_from([0.0, 0.1, 0.3])),
        "availability": draw(st.just([]) | availabilities("lease" in drawn["coordination"])),
        "noise": some["noise"],
        "says": draw(SAYS),
    }
    policy = draw(policies(some["count"] + others["count"], some["count"], others["count"]))
    coordination = {**drawn["coordination"], "policy": policy, "allocation": draw(st.sampled_from(ALLOCATIONS))}
    return {**drawn, "annotators": [{**some, "says": draw(SAYS)}, others], "coordination": coordination}


def size_of(drawn: dict[str, Any]) -> int | None:
    """Return how many answers an item needs; None where that is not always the same."""
    policy = drawn["coordination"]["policy"]
    is_fixed = policy["kind"] == "weighted" or (policy["kind"] == "majority" and not policy["early"])
    return policy["size"] if is_fixed else None


def is_lost(state: State, name: str) -> bool:
    """Return whether somebody is not to be waited for."""
    person = state.people.get(name)
    return person is not None and (person.away or person.verdict == "failed" or person.stays.is_gone)


def check_hope(state: State, names: Iterable[str], item: Item, size: int, declined: set[tuple[str, Item]]) -> None:
    """Check that an item that is given up for want of people could not get from these the answers that it needs."""
    votes = state.open[item].votes
    spent = {vote.annotator for vote in votes} | {name for name, what in declined if what == item}
    left = [name for name in names if name not in spent and not is_lost(state, name)]
    assert len(votes) + len(left) < size, f"{item!r} is given up, but {left} could answer"


def check_idleness(state: State, campaign: Campaign, size: int) -> None:
    """Check that nobody who is there and has no task was never asked about an item that lacks people."""
    budget = campaign.scenario.stop.budget
    for person in campaign._people:
        known = state.people.get(person.name)
        if is_lost(state, person.name) or (known is None and person.availability):
            continue
        if known is not None and (known.task is not None or not known.stays.there):
            continue
        if budget is not None and state.reserved + state.committed + millionths(person.price) > millionths(budget):
            continue
        for item, each in state.open.items():
            fresh = person.name not in {*each.asked, *each.declined, *(vote.annotator for vote in each.votes)}
            assert not fresh or len(each.votes) + len(each.under_way) >= size, f"{person.name} is idle, but {item!r} lacks people"


def check(drawn: dict[str, Any]) -> None:
    try:
        campaign, record = played(drawn)
    except BadInput:
        reject()
    table = drawn["coordination"]
    (audit if table["policy"]["kind"] in AUDITED else check_every_item_has_an_end)(campaign, record)
    # Who is silent when they are called, as those are who went down, may be called in vain as often as an item is.
    calls_in_vain = table["allocation"] in TENDERS and "faults" in drawn
    size = None if calls_in_vain else size_of(drawn)
    if size is not None:
        is_plain = table["allocation"] == "shared-queue" and "faults" not in drawn and "gold" not in table
        check_people(campaign, record, size, is_plain)


def check_people(campaign: Campaign, record: Recorder, size: int, is_plain: bool) -> None:
    state, declined, back = State(), set[tuple[str, Item]](), set[str]()
    names = [person.name for person in campaign._people]
    now = 0
    for event in record:
        body = event.body
        if isinstance(body, CampaignEnded):
            return
        if event.time > now:
            state.settle()
            now = event.time
            back.clear()
            if is_plain:
                check_idleness(state, campaign, size)
        if isinstance(body, TaskDeclined | AbstentionSubmitted):
            declined.add((event.sender, body.item))
        if isinstance(body, AnnotatorBack):
            back.add(body.annotator)
        if isinstance(body, ItemGivenUp) and body.reason == NOBODY_LEFT:
            state.settle()
            # Who is heard of again at this very instant may be so after it was decided.
            check_hope(state, [name for name in names if name not in back], body.item, size, declined)
        state.apply(event_of(event))


@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(mixed_campaigns())
def test_nobody_who_comes_goes_or_declines_strands_an_item(drawn: dict[str, Any]) -> None:
    del drawn["faults"]
    check(drawn)


@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(mixed_campaigns())
def test_nobody_who_fails_strands_an_item(drawn: dict[str, Any]) -> None:
    check(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("faults", [False, True])
@settings(max_examples=600, deadline=None, suppress_health_check=[*HealthCheck])
@given(mixed_campaigns())
def test_in_many_campaigns_nobody_strands_an_item(faults: bool, drawn: dict[str, Any]) -> None:
    if not faults:
        del drawn["faults"]
    check(drawn)
