"""Misfortunes at the worst moment: what could stall a campaign, strand an item, or count something twice, one by one."""

import pytest

from agents.coordinator.crowd import NOBODY_LEFT
from agents.messages import (
    AnnotatorAway,
    AnswerRepeated,
    AnswerSubmitted,
    CampaignEnded,
    ItemRequested,
    ItemResolved,
    LearningEnded,
    ModelPublished,
    TaskAssigned,
    TaskExpired,
    TrainingStarted,
)
from bus.clock import SECOND
from bus.message import AgentCrashed, MessageDropped, MessageLost
from tests.scenarios.striking import (
    LEARNING,
    PEOPLE,
    SERVICES,
    crash,
    misfortune,
    played,
    reasons,
    resolved,
    scenario_of,
    stopped_by,
)

# At the very instant


@pytest.mark.parametrize("agent", [*PEOPLE, *SERVICES])
@pytest.mark.parametrize("at", [0, 10, 20, 30, 40])
@pytest.mark.parametrize("down", [0.000001, 10])
def test_an_agent_goes_down_at_the_instant_of_answers_and_labels(agent: str, at: float, down: float) -> None:
    # With answers that take 10 s, all happens at multiples of 10; so do some of the restarts.
    assert resolved(misfortune({"crashes": [crash(agent, at, down)]})) == 6


@pytest.mark.parametrize("agent", [*PEOPLE, *SERVICES])
@pytest.mark.parametrize("at", [8, 8.000001, 8.000002])
def test_an_agent_goes_down_at_the_instant_at_which_leases_end(agent: str, at: float) -> None:
    coordination = {"policy": {"kind": "majority", "size": 2}, "lease": 8}
    people = [{"name": "w", "count": 3, "latency": {"kind": "exponential", "mean": 8}, "price": 0.1}]
    log = misfortune({"crashes": [crash(agent, at, 5)], "tries": 9}, annotators=people, coordination=coordination)
    assert log.of(TaskExpired)
    assert resolved(log) == 6


@pytest.mark.parametrize("agent", [*PEOPLE, *SERVICES])
@pytest.mark.parametrize("at", [19.999999, 20, 20.000001])
def test_an_agent_goes_down_at_the_instant_of_the_end(agent: str, at: float) -> None:
    log = misfortune({"crashes": [crash(agent, at, 50)]}, stop={"time": 20})
    assert stopped_by(log) == "time"


@pytest.mark.parametrize("agent", ["learner", *SERVICES])
@pytest.mark.parametrize("train_time", [0, 15])
@pytest.mark.parametrize("at", [0, 15, 20])
def test_an_agent_goes_down_at_the_instant_of_a_models_publication(agent: str, train_time: float, at: float) -> None:
    learner = {"retrain_every": 2, "train_time": train_time}
    log = misfortune({"crashes": [crash(agent, at, 7)]}, **{**LEARNING, "learner": learner})
    assert resolved(log) == 6


@pytest.mark.parametrize("agent", [*PEOPLE, "learner", *SERVICES])
def test_an_agent_goes_down_at_the_instant_at_which_it_is_back(agent: str) -> None:
    log = misfortune({"crashes": [crash(agent, 5, 5), crash(agent, 10, 5), crash(agent, 15, 0.000001)]}, **LEARNING)
    assert len(log.of(AgentCrashed)) == 3
    assert resolved(log) == 6


@pytest.mark.parametrize("at", [0, 5, 10, 20])
def test_all_agents_go_down_at_once_and_are_back_at_once(at: float) -> None:
    everybody = [*PEOPLE, "learner", *SERVICES]
    assert resolved(misfortune({"crashes": [crash(agent, at, 60) for agent in everybody]}, **LEARNING)) == 6


# At the end


@pytest.mark.parametrize("agent", ["learner", "evaluator", "selector"])
def test_a_service_that_is_down_when_the_campaign_ends_does_its_part_when_it_is_back(agent: str) -> None:
    log = misfortune({"crashes": [crash(agent, 21, 500)]}, **{**LEARNING, "stop": {"time": 60}})
    (ended,) = log.of(CampaignEnded)
    assert ended.time == 60 * SECOND
    (learned,) = log.of(LearningEnded)
    if agent == "learner":
        assert learned.time >= 521 * SECOND


def test_a_coordinator_that_is_down_when_the_time_is_over_ends_the_campaign_when_it_is_back() -> None:
    log = misfortune({"crashes": [crash("coordinator", 15, 100)]}, stop={"time": 60})
    (ended,) = log.of(CampaignEnded)
    assert (ended.time, ended.body.stopped_by) == (115 * SECOND, "time")
    assert not [event for event in log.of(TaskAssigned) if event.time >= 60 * SECOND]


def test_a_selector_that_is_down_when_the_last_item_gets_its_label_says_so_when_it_is_back() -> None:
    log = misfortune({"crashes": [crash("selector", 5, 100)]}, selector={"in_flight": 6})
    assert stopped_by(log) == "pool"
    assert resolved(log) == 6
    assert log.of(CampaignEnded)[0].time == 105 * SECOND


# Nobody there


@pytest.mark.parametrize("lease", [None, 20])
@pytest.mark.parametrize("barrier", [False, True])
@pytest.mark.parametrize("at", [0, 5, 10, 25])
def test_a_campaign_that_everybody_leaves_ends_with_what_is_left_given_up(at: float, barrier: bool, lease: float | None) -> None:
    coordination = {"policy": {"kind": "majority", "size": 2}, **({} if lease is None else {"lease": lease})}
    selector = {"in_flight": 2, "barrier": barrier}
    log = misfortune({"crashes": [crash(name, at) for name in PEOPLE]}, coordination=coordination, selector=selector)
    assert stopped_by(log) == "pool"
    assert len(log.of(ItemRequested)) == 6
    assert set(reasons(log)) == {NOBODY_LEFT}


def test_when_too_few_are_left_for_a_vote_every_further_item_is_given_up() -> None:
    log = misfortune({"crashes": [crash("w-1", 15), crash("w-2", 15)]})
    assert 0 < resolved(log) < 6
    assert resolved(log) + len(reasons(log)) == 6
    assert set(reasons(log)) == {NOBODY_LEFT}


def test_when_enough_are_left_every_item_gets_its_label() -> None:
    log = misfortune({"crashes": [crash("w-1", 15)]})
    assert [event.body.annotator for event in log.of(AnnotatorAway)] == ["w-1"]
    assert resolved(log) == 6


def test_a_time_limit_ends_a_campaign_whose_people_are_down() -> None:
    log = misfortune({"crashes": [crash(name, 5, 10_000) for name in PEOPLE], "tries": 20}, stop={"time": 100})
    assert (stopped_by(log), set(reasons(log))) == ("time", {"time"})


@pytest.mark.parametrize("down", [None, 2000])
def test_a_budget_is_kept_and_ends_the_campaign_though_people_are_away(down: float | None) -> None:
    people = [{"name": "w", "count": 2, "latency": {"kind": "fixed", "time": 10}, "price": 0.5}]
    faults = {"crashes": [crash("w-1", 5, down)], "tries": 1}
    log = misfortune(faults, annotators=people, coordination={"policy": {"kind": "majority", "size": 1}}, stop={"budget": 1.0})
    assert stopped_by(log) == "budget"
    assert resolved(log) == 2


def test_a_barrier_opens_the_next_batch_when_the_last_was_given_up() -> None:
    # w-1 and w-2 are away for the first batch, so that it is given up; then they are back.
    faults = {"crashes": [crash("w-1", 1, 150), crash("w-2", 1, 150)], "retry": 20, "tries": 1}
    learning = {**LEARNING, "selector": {"in_flight": 3, "barrier": True}, "stop": {"labels": 4}}
    log = misfortune(faults, **learning)
    assert resolved(log) + len(reasons(log)) == len(log.of(ItemRequested))
    assert NOBODY_LEFT in reasons(log)


# Everything, always


def test_where_nobody_is_ever_reached_everything_is_given_up() -> None:
    log = misfortune({"links": [{"sender": "coordinator", "recipient": "w-*", "drop": 1.0}], "tries": 2})
    assert not log.of(AnswerSubmitted)
    assert (stopped_by(log), len(reasons(log))) == ("pool", 6)


def test_where_no_answer_ever_arrives_everything_is_given_up_and_nothing_is_paid() -> None:
    coordination = {"policy": {"kind": "majority", "size": 2}, "pay_cancelled": False}
    campaign, log = played(scenario_of({"links": [{"sender": "w-*", "drop": 1.0}], "tries": 2}, coordination=coordination))
    assert (stopped_by(log), len(reasons(log))) == ("pool", 6)
    assert campaign.summary(None).cost == 0


@pytest.mark.parametrize("does", ["drop", "duplicate", "delay", "reorder"])
def test_between_services_everything_may_go_wrong_always(does: str) -> None:
    links = [{"sender": sender, does: 1.0} for sender in (*SERVICES, "learner", "campaign")]
    sound = [{"sender": "coordinator", "recipient": "w-*"}]
    log = misfortune({"links": [*sound, *links]}, **LEARNING)
    assert resolved(log) == 6
    assert (len(log.of(MessageDropped)) > 20) == (does == "drop")


@pytest.mark.parametrize("does", ["duplicate", "delay", "reorder"])
def test_what_always_arrives_in_the_end_makes_all_labels(does: str) -> None:
    log = misfortune({does: 1.0, "delay_time": 5, "tries": 20}, **LEARNING)
    assert resolved(log) == 6


def test_copies_of_everything_change_no_label_and_cost_nothing() -> None:
    sound, twice = played(scenario_of({})), played(scenario_of({"duplicate": 1.0}))
    labels = [[(event.body.item, event.body.label, event.time) for event in log.of(ItemResolved)] for _, log in (sound, twice)]
    assert labels[0] == labels[1]
    assert sound[0].summary(None).cost == twice[0].summary(None).cost
    assert len(twice[1].of(AnswerRepeated)) == len(twice[1].of(AnswerSubmitted))


@pytest.mark.parametrize("retry", ["1us", "1ms", "1s"])
def test_impatience_ends_in_items_given_up_and_not_in_a_spin(retry: str) -> None:
    log = misfortune({"retry": retry, "tries": 1, "drop": 0.2})
    assert resolved(log) + len(reasons(log)) == 6


def test_a_campaign_in_which_nothing_takes_time_ends_though_everybody_has_left() -> None:
    people = [{"name": "w", "count": 3, "latency": {"kind": "fixed", "time": 0}, "price": 0.1}]
    faults = {"crashes": [crash(name, 0) for name in PEOPLE]}
    log = misfortune(faults, annotators=people, data={"source": "synthetic", "items": 500})
    assert resolved(log) + len(reasons(log)) == 500


# What somebody knew


def test_labels_that_are_known_from_the_start_are_not_asked_for_however_late_the_selector_hears_of_them() -> None:
    strike = {"sender": "campaign", "recipient": "selector", "number": 1, "does": "delay", "by": 100}
    log = misfortune({"messages": [strike]}, **LEARNING)
    (seeds,) = [event.body.items for event in log if event.kind == "labels-known"]
    requests = log.of(ItemRequested)
    assert requests[0].time == 100 * SECOND
    assert not {event.body.item for event in requests} & {*seeds}


def test_a_label_that_the_learner_had_not_heard_of_when_it_went_down_is_learned() -> None:
    # The last label before the crash is held up on its way, while the training of the ones before it goes on.
    strikes = [
        {"sender": "coordinator", "recipient": "learner", "number": number, "does": "delay", "by": 200} for number in range(6)
    ]
    log = misfortune({"messages": strikes, "crashes": [crash("learner", 60, 5)]}, **LEARNING)
    assert log.of(ModelPublished)[-1].body.labels == 4 + resolved(log)


def test_a_training_that_was_broken_off_is_begun_again_under_the_next_number() -> None:
    log = misfortune({"crashes": [crash("learner", 7, 5)]}, **LEARNING)
    began = [(event.time / SECOND, event.body.version) for event in log.of(TrainingStarted)][:2]
    assert began == [(0, 1), (12, 2)]
    assert log.of(ModelPublished)[0].body.version == 2


def test_reminders_to_somebody_who_is_down_pile_up_nowhere_and_hold_up_nobody() -> None:
    faults = {"crashes": [crash("w-1", 0, 2000)], "retry": 1, "tries": 20}
    log = misfortune(faults, stop={"time": 1000})
    lost = [event.body for event in log.of(MessageLost) if event.body.to == "w-1"]
    assert len(lost) > 5
    assert resolved(log) == 5, "but for the item that waits for w-1, all get their labels from the two others"
