"""Campaigns whose people come and go: nobody is asked who is not there, nothing stalls, and everything is accounted for."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings

from agents.component import Trust
from agents.coordinator.crowd import NOBODY_LEFT
from agents.messages import (
    AnnotatorAway,
    AnnotatorCame,
    AnnotatorLeft,
    AnswerSubmitted,
    CampaignEnded,
    ItemGivenUp,
    TaskAssigned,
    TaskExpired,
    TaskReturned,
)
from bus.clock import SECOND
from bus.clock import run as run_on_clock
from scenarios.campaign import Campaign
from scenarios.errors import BadInput
from scenarios.loading import load, make
from scenarios.run import Origin, prepare, run, verify
from scenarios.summary import Summary
from tests.agents.samples import share_band
from tests.bus.samples import Recorder
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import write
from tests.scenarios.striking import misfortune, reasons, resolved, scenario_of, stopped_by
from tests.scenarios.striking import played as struck
from tests.scenarios.test_faults import campaigns

HOUR = 3600


def tables(*groups: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "name": "presence",
        "seed": 3,
        "data": {"source": "synthetic", "items": 12},
        "annotators": [{"latency": {"kind": "fixed", "time": 600}, "price": 0.1, **group} for group in groups],
        "coordination": {"policy": {"kind": "majority", "size": 1}},
        **others,
    }


def played(drawn: dict[str, Any]) -> tuple[Recorder, Summary]:
    """Run a campaign in which no message is lost, audit it, and return its events and its summary."""
    try:
        scenario = make(drawn, "scenario", {}, Trust()).completed()
        chance, world, people = prepare(scenario, Origin())
    except BadInput:
        reject()
    record = Recorder()

    async def live() -> Campaign:
        campaign = Campaign(scenario, people, world, chance, record.append)
        await campaign.run()
        return campaign

    campaign = run_on_clock(live())
    audit(campaign, record)
    return record, campaign.summary(None)


def shift(begins: float, ends: float, **dials: Any) -> dict[str, Any]:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return {"kind": "shifts", "days": days, "begins": begins * HOUR, "ends": ends * HOUR, **dials}


def hours(record: Recorder, kind: type[Any], name: str | None = None) -> list[float]:
    return [event.time / SECOND / HOUR for event in record.of(kind) if name in (None, event.sender, event.recipient)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(campaigns())
def test_where_no_message_is_lost_nobody_is_asked_who_is_away_and_nothing_is_stranded(drawn: dict[str, Any]) -> None:
    del drawn["faults"]
    played(drawn)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(campaigns())
def test_in_two_thousand_campaigns_nobody_is_asked_who_is_away_and_nothing_is_stranded(drawn: dict[str, Any]) -> None:
    del drawn["faults"]
    played(drawn)


# Who is there works, and who is not is waited for


def test_a_campaign_waits_for_those_who_are_away_and_time_jumps_to_their_coming() -> None:
    record, summary = played(tables({"availability": shift(9, 10)}))
    assert hours(record, TaskAssigned)[0] == 9
    assert (summary.labels, summary.given_up, summary.stopped_by) == (12, 0, "pool")
    assert summary.simulated_seconds == (24 + 10) * HOUR, "six answers an hour, an hour a day"
    assert len(record) < 80, "nothing is done in the night"


def test_work_goes_to_whoever_is_there() -> None:
    groups = [{"name": "day", "availability": shift(8, 20)}, {"name": "night", "availability": shift(20, 8)}]
    record, summary = played(tables(*groups, data={"source": "synthetic", "items": 144}))
    assert summary.simulated_seconds == 24 * HOUR
    assert all(8 <= hour < 20 for hour in hours(record, TaskAssigned, "day-1"))
    assert not any(8 <= hour < 20 for hour in hours(record, TaskAssigned, "night-1"))
    assert [work.answers for work in summary.annotators] == [72, 72]
    assert [(stay.name, stay.visits, stay.share) for stay in summary.stays] == [("day-1", 1, 0.5), ("night-1", 2, 0.5)]
    assert summary.utilisation == 1.0


def test_a_vote_waits_for_people_who_are_never_there_together() -> None:
    groups = [{"name": "day", "availability": shift(8, 20)}, {"name": "night", "availability": shift(20, 8)}]
    _, summary = played(tables(*groups, coordination={"policy": {"kind": "majority", "size": 2}}))
    assert (summary.labels, summary.given_up) == (12, 0)


@pytest.mark.parametrize("overtime", [True, False])
def test_a_task_under_way_when_a_shift_ends_is_finished_or_given_back(overtime: bool) -> None:
    group = {"availability": shift(9, 9.25, overtime=overtime), "latency": {"kind": "fixed", "time": 600}}
    record, summary = played(tables(group, data={"source": "synthetic", "items": 4}))
    if overtime:
        assert hours(record, AnnotatorLeft)[1:] == pytest.approx([9 + 1 / 3, 33 + 1 / 3])
        assert summary.returned == 0
    else:
        assert hours(record, AnnotatorLeft)[1:] == pytest.approx([9.25, 33.25, 57.25])
        assert hours(record, TaskReturned) == pytest.approx([9.25, 33.25, 57.25])
        assert summary.returned == 3
    assert summary.labels == 4
    assert summary.cost == pytest.approx(0.4), "what is given back is not paid"


def test_a_task_that_is_given_back_goes_to_somebody_else_before_the_same_person() -> None:
    groups = [{"name": "early", "availability": shift(0, 0.2, overtime=False)}, {"name": "late", "availability": shift(0.05, 24)}]
    record, _ = played(tables(*groups, data={"source": "synthetic", "items": 3}, selector={"in_flight": 2}))
    returned = record.of(TaskReturned)[0]
    after = next(event for event in record.of(TaskAssigned) if event.cause == returned.seq)
    assert (returned.sender, after.recipient, after.body.item) == ("early-1", "late-1", returned.body.item)


def test_who_is_there_is_asked_again_before_those_who_are_away_are_asked_at_all() -> None:
    groups = [
        {"name": "alone", "availability": shift(0, 1 / 60, overtime=False)},
        {"name": "away", "availability": shift(30 / 60, 24)},
    ]
    fast = {"kind": "exponential", "mean": 30}
    coordination = {"policy": {"kind": "majority", "size": 1}, "lease": 5}
    drawn = tables(*({**group, "latency": fast} for group in groups), coordination=coordination)
    record, _ = played({**drawn, "selector": {"in_flight": 1}})
    early = [event.body.attempt for event in record.of(TaskAssigned) if event.time < 60 * SECOND]
    assert max(early) > 0


def test_leases_run_on_while_their_people_are_away() -> None:
    group = {"count": 3, "availability": {"kind": "no-show", "probability": 0.4}}
    record, summary = played(tables(group, coordination={"policy": {"kind": "majority", "size": 1}, "lease": "1h"}))
    assert summary.expired == len(record.of(TaskExpired)) > 0
    assert summary.labels == 12
    for expired in record.of(TaskExpired):
        key = (expired.body.item, expired.body.attempt)
        free = next(event for event in record.of(TaskReturned) if (event.body.item, event.body.attempt) == key)
        assert (free.sender, free.time) == (expired.body.annotator, expired.time), "only then they are of use again"


def test_the_share_of_tasks_that_expire_is_that_of_no_shows() -> None:
    group = {"count": 20, "availability": {"kind": "no-show", "probability": 0.15}}
    coordination = {"policy": {"kind": "majority", "size": 1}, "lease": "1h"}
    _, summary = played(tables(group, data={"source": "synthetic", "items": 1500}, coordination=coordination))
    tasks = summary.answers + summary.expired
    assert summary.expired / tasks == pytest.approx(0.15, abs=share_band(0.15, tasks))


def test_a_language_model_keeps_to_its_limit() -> None:
    group = {"latency": {"kind": "fixed", "time": 1}, "availability": {"kind": "rate-limit", "requests": 6, "burst": 20}}
    record, summary = played(tables(group))
    assert [event.body.began / SECOND for event in record.of(AnswerSubmitted)] == [0, 1, *(10 * each for each in range(1, 11))]
    assert summary.stays[0].share == 1


def test_a_batch_is_begun_together_and_answered_together() -> None:
    group = {"count": 4, "latency": {"kind": "lognormal", "median": 20, "sigma": 0.5}}
    record, summary = played(tables({**group, "availability": {"kind": "batches", "every": 100}}))
    answers = [(event.body.began / SECOND, event.time / SECOND) for event in record.of(AnswerSubmitted)]
    assert answers == [(begin, begin + 100) for begin in (0, 100, 200) for _ in range(4)]
    assert summary.labels == 12
    record, _ = played(tables({**group, "availability": {"kind": "batches", "every": 100, "together": False}}))
    assert {event.body.began / SECOND for event in record.of(AnswerSubmitted)} == {0, 100, 200}
    assert len({event.time for event in record.of(AnswerSubmitted)}) == 12


# Those who leave


def test_when_everybody_has_left_what_is_left_is_given_up_and_the_campaign_ends() -> None:
    record, summary = played(tables({"count": 2, "availability": {"kind": "churn", "leaves_after": 3}}))
    assert (summary.labels, summary.given_up, summary.stopped_by) == (6, 6, "pool")
    assert {event.body.reason for event in record.of(ItemGivenUp)} == {NOBODY_LEFT}
    assert [work.answers for work in summary.annotators] == [3, 3]
    assert record.of(CampaignEnded)[0].time == 1800 * SECOND


def test_a_last_answer_counts_and_nothing_is_asked_after_it() -> None:
    record, _ = played(tables({"availability": {"kind": "churn", "leaves_after": 3}}))
    (left,) = record.of(AnnotatorLeft)
    assert (left.body.until, left.seq + 1) == (None, record.of(AnswerSubmitted)[-1].seq)
    assert max(event.seq for event in record.of(TaskAssigned)) < left.seq


def test_nobody_is_waited_for_when_the_campaign_is_over() -> None:
    groups = [{"name": "here"}, {"name": "late", "availability": {"kind": "arrival", "mean": "30d"}}]
    record, summary = played(tables(*groups))
    assert summary.simulated_seconds == record[-1].time / SECOND == 12 * 600


def test_a_budget_ends_a_campaign_whose_affordable_people_have_answered_and_come_and_go_for_ever() -> None:
    groups = [
        {"name": "cheap", "price": 0.1, "availability": shift(8, 20)},
        {"name": "dear", "price": 50.0, "availability": shift(20, 8)},
    ]
    coordination = {"policy": {"kind": "majority", "size": 2}}
    _, summary = played(tables(*groups, coordination=coordination, stop={"budget": 10.0}))
    assert (summary.stopped_by, summary.labels) == ("budget", 0)


# Faults


def test_who_goes_down_for_good_while_away_is_given_up_when_they_are_long_overdue() -> None:
    people = [{"name": "w", "count": 1, "latency": {"kind": "fixed", "time": 10}, "availability": shift(0, 1 / 60)}]
    faults = {"crashes": [{"agent": "w-1", "at": 100}], "tries": 2}
    log = misfortune(faults, annotators=people, coordination={"policy": {"kind": "majority", "size": 1}}, data=MANY)
    (away,) = log.of(AnnotatorAway)
    # Reminders would have come after 30, 60 and 120 seconds.
    assert away.time == (24 * HOUR + 210) * SECOND
    assert set(reasons(log)) == {NOBODY_LEFT}
    assert stopped_by(log) == "pool"


def test_who_is_there_says_so_until_it_is_heard() -> None:
    people = [
        {"name": "w", "count": 1, "latency": {"kind": "fixed", "time": 10}, "availability": {"kind": "churn", "lifetime": "9d"}}
    ]
    lost = [{"sender": "w-1", "recipient": "coordinator", "number": number, "does": "drop", "by": 1} for number in (0, 1)]
    log = misfortune({"messages": lost, "tries": 3}, annotators=people, coordination={"policy": {"kind": "majority", "size": 1}})
    assert [event.time / SECOND for event in log.of(AnnotatorCame)] == [0, 30, 90]
    assert resolved(log) == 6


def test_who_hands_in_a_last_answer_while_the_coordinator_is_down_is_asked_for_it_again() -> None:
    group = {
        "name": "w",
        "count": 1,
        "latency": {"kind": "fixed", "time": 10},
        "availability": {"kind": "churn", "leaves_after": 1},
    }
    faults = {"crashes": [{"agent": "coordinator", "at": 5, "down": 20}]}
    log = misfortune(
        faults, annotators=[group], coordination={"policy": {"kind": "majority", "size": 1}}, selector={"in_flight": 1}
    )
    assert (resolved(log), len(reasons(log))) == (1, 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("victim", "down"), [("w-1", 1), ("w-1", 30_000_000), ("w-1", None), ("coordinator", 1), ("coordinator", 30_000_000)]
)
def test_whoever_goes_down_at_whichever_event_nothing_stalls(victim: str, down: int | None) -> None:
    availability = [
        {"kind": "shifts", "days": ["mon"], "begins": 0, "ends": 86400, "breaks": [[25, 60]], "overtime": False},
        {"kind": "sessions", "answers": 2, "pause": 40},
        {"kind": "churn", "leaves_after": 5},
    ]
    group = {"name": "w", "count": 3, "latency": {"kind": "fixed", "time": 10}, "price": 0.1, "availability": availability}
    scenario = scenario_of({}, annotators=[group], coordination={"policy": {"kind": "majority", "size": 2}, "lease": 45})
    _, log = struck(scenario)
    for event in range(1, len(log) + 1):
        for turns in (0, 2):
            struck(scenario, victim=victim, event=event, turns=turns, down=down)


# The same people


def test_adding_people_changes_nobody_elses_coming_and_going() -> None:
    sessions = {"kind": "sessions", "time": "20m", "time_sigma": 0.8, "pause": "1h", "pause_sigma": 0.5}
    availability = [{"kind": "arrival", "mean": "1h"}, sessions]

    def said(count: int) -> list[tuple[int, str]]:
        # With nothing to do but to wait for somebody, they are never at work when a session's time is over.
        nobody = {"name": "nobody", "availability": {"kind": "arrival", "mean": "30000d"}}
        group = {"count": count, "latency": {"kind": "fixed", "time": 0}, "availability": availability}
        policy = {"kind": "majority", "size": count + 1}
        record, _ = played(tables(group, nobody, stop={"time": 30 * HOUR}, coordination={"policy": policy}))
        words = [event for event in record if isinstance(event.body, AnnotatorCame | AnnotatorLeft)]
        return [(event.time, event.kind) for event in words if event.sender == "crowd-2"]

    assert len(said(2)) > 10
    assert said(2) == said(5)


MANY = {"source": "synthetic", "items": 400}


def test_a_campaign_of_people_who_come_and_go_repeats_byte_for_byte(tmp_path: Path) -> None:
    group = {
        "count": 5,
        "latency": {"kind": "lognormal", "median": 300, "sigma": 0.5},
        "availability": [
            {"kind": "arrival", "mean": "2h", "swing": 10},
            {"kind": "sessions", "answers": 4, "answers_sigma": 0.8, "pause": "5h", "pause_sigma": 0.8},
            {"kind": "churn", "leaves_after": {"kind": "lognormal", "median": 20, "sigma": 0.5}},
            {"kind": "abandonment", "probability": 0.1, "returns": 0.5},
        ],
    }
    coordination = {"policy": {"kind": "majority", "size": 2}, "lease": "1h"}
    scenario = make(tables(group, coordination=coordination, begins="tue 17:00"), "scenario", {}, Trust())
    summary = run(scenario, tmp_path)
    assert summary.log is not None
    assert verify(Path(summary.log), Trust()).footer is not None


# What is refused


@pytest.mark.parametrize(
    ("availability", "complaint"),
    [
        ([shift(8, 9), shift(10, 11)], "with 'shifts' and 'shifts' together, they are never there"),
        ({"kind": "no-show", "probability": 0.1}, "only the end of their lease tells; there is none: set coordination.lease"),
        (shift(8, 8.1, overtime=False), "they leave on time, after 6m at most"),
    ],
)
def test_people_of_no_use_are_refused_before_the_run(availability: Any, complaint: str) -> None:
    scenario = make(tables({"availability": availability}), "scenario", {}, Trust())
    with pytest.raises(BadInput, match="annotators, crowd-1: availability") as refused:
        prepare(scenario, Origin())
    assert complaint in str(refused.value)


def test_a_begin_that_is_no_time_of_the_week_is_refused(tmp_path: Path) -> None:
    text = 'name = "a"\nbegins = "noon"\n[data]\nsource = "synthetic"\nitems = 5\n[[annotators]]\n'
    with pytest.raises(BadInput, match=r"begins: 'noon' is no weekday and time of day"):
        load(write(tmp_path, text))


def test_what_people_do_is_counted_in_a_summary_of_everybody() -> None:
    _, summary = played(
        tables({"name": "always"}, {"name": "half", "availability": shift(0, 1)}, stop={"time": 2 * HOUR}, data=MANY)
    )
    assert summary.utilisation == pytest.approx(18 / 18, abs=0.01)
    assert [stay.share for stay in summary.stays] == [0.5]
    assert Counter(work.answers for work in summary.annotators) == {12: 1, 6: 1}
