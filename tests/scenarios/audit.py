"""What must hold of every campaign, whatever goes wrong in it: checked on its events, with books of its own."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from agents.coordinator.ledger import millionths
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.pools.plurality import Plurality
from agents.event import event_of
from agents.messages import (
    AbstentionSubmitted,
    AnswerRepeated,
    AnswerSubmitted,
    CampaignEnded,
    Item,
    ItemGivenUp,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    Label,
    LabelsJudged,
    LabelsKnown,
    LearningEnded,
    ModelEvaluated,
    ModelPublished,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskExpired,
    TaskReminded,
    TaskReturned,
    TrainingStarted,
)
from agents.negotiation import PositionStated
from agents.person import Task
from agents.state import State
from bus.bus import BUS
from bus.clock import SECOND
from bus.faulty import FaultyBus
from bus.message import (
    AgentCrashed,
    AgentRestarted,
    Envelope,
    MessageArrived,
    MessageDelayed,
    MessageDropped,
    MessageDuplicated,
    MessageLost,
)
from scenarios.campaign import Campaign
from scenarios.summary import summarise
from tests.agents.selector.council.house import check_rounds
from tests.scenarios.advice_audit import check_advice
from tests.scenarios.presence_audit import check_presence, check_roll
from tests.scenarios.screening_audit import check_gold
from tests.scenarios.session_audit import check_sessions

HANDED_IN = (AnswerSubmitted, PositionStated, AbstentionSubmitted, TaskDeclined, TaskReturned)
"""What ends a task by the word of who has it."""

Key = tuple[str, int | str, int]
"""Annotator, item and attempt."""


def audit(campaign: Campaign, log: Sequence[Envelope]) -> None:
    """Check the log of a campaign that has ended, and what its agents say of it."""
    check_order(log)
    check_the_down_are_silent(log)
    check_every_item_has_an_end(campaign, log)
    check_asking_again(campaign, log)
    answered = check_every_task_has_one_end(log)
    check_the_money(campaign, log)
    check_revisions(log)
    check_votes(campaign, log)
    check_sessions(log)
    check_limits(campaign, log)
    check_learning(campaign, log)
    check_fold(campaign, log)
    check_gold(campaign, log, answered)
    check_presence(campaign, log)
    check_rounds(log, campaign.scenario.nominators)
    check_advice(campaign, log)
    if isinstance(campaign._bus, FaultyBus):
        check_conservation(campaign._bus, log)


def check_order(log: Sequence[Envelope]) -> None:
    assert [event.seq for event in log] == [*range(1, len(log) + 1)]
    for before, after in pairwise(log):
        assert before.time <= after.time
    assert all(event.cause is None or 1 <= event.cause < event.seq for event in log), "an effect before its cause"


def check_the_down_are_silent(log: Sequence[Envelope]) -> None:
    down = set()
    for event in log:
        assert event.sender not in down, f"{event.sender} was down when it said {event.body!r}"
        if isinstance(event.body, AgentCrashed):
            down.add(event.body.agent)
        elif isinstance(event.body, AgentRestarted):
            down.remove(event.body.agent)


def check_every_item_has_an_end(campaign: Campaign, log: Sequence[Envelope]) -> None:
    end = next(event.seq for event in log if isinstance(event.body, CampaignEnded))
    requested = [event.body.item for event in log if isinstance(event.body, ItemRequested) and event.seq < end]
    ended = [event.body.item for event in log if isinstance(event.body, ItemResolved | ItemGivenUp) and is_first(event.body)]
    # One that had a label, and lost it, may end without one.
    void = {event.body.item: event.seq for event in log if isinstance(event.body, ItemReopened) and event.body.voided}
    for event in log:
        if isinstance(event.body, ItemGivenUp) and event.body.item in void:
            ended.remove(event.body.item)
    for item, seq in void.items():
        ends = [event for event in log[seq:] if isinstance(event.body, ItemResolved | ItemGivenUp) and event.body.item == item]
        assert ends, "an item that was opened again is stranded"
    if campaign.scenario.selector.relabel is not None:
        requested = [*dict.fromkeys(requested)]
    assert len(set(requested)) == len(requested), "an item was asked for twice"
    assert Counter(ended) == Counter(requested), "an item is stranded, or has two ends"
    assert all(event.body.reason for event in log if isinstance(event.body, ItemGivenUp))


def check_asking_again(campaign: Campaign, log: Sequence[Envelope]) -> None:
    """Check that items are asked for again only when they have a label, and that each time they are opened, and get another."""
    relabel = campaign.scenario.completed().selector.relabel
    end = next(event.seq for event in log if isinstance(event.body, CampaignEnded))
    state = State()
    labelled: set[int | str] = set()
    void: set[int | str] = set()
    wanted, opened, closed = (Counter[int | str]() for _ in range(3))
    for event in log[:end]:
        body = event.body
        if isinstance(body, ItemRequested):
            # What became void at this instant may not have been heard of.
            assert body.item not in state.open or body.item in void, "an item is asked for while it is open"
            wanted[body.item] += body.item in labelled
        elif isinstance(body, ItemReopened):
            assert body.item in labelled
            void |= {body.item} if body.voided else set()
            opened[body.item] += not body.voided
            assert body.voided or (relabel is not None and relabel.most is not None and len(body.kept) < relabel.most)
        elif isinstance(body, ItemResolved):
            closed[body.item] += body.item in state.open and state.open[body.item].is_closed_by(body.revision)
            labelled.add(body.item)
        state.apply(event_of(event))
    for item in wanted.keys() - void:
        assert wanted[item] in (0, closed[item] - 1), "a request for one more answer is stranded"
        assert wanted[item] == opened[item]
    assert relabel is not None or not any(wanted.values())


def is_first(body: ItemResolved | ItemGivenUp) -> bool:
    """Return whether an item ends so for the first time: later labels are revisions of the first."""
    return isinstance(body, ItemGivenUp) or body.revision == 0


def check_revisions(log: Sequence[Envelope]) -> None:
    """Check that an item's labels are numbered from 0, one after the other."""
    revisions: dict[int | str, list[int]] = defaultdict(list)
    for event in log:
        if isinstance(event.body, ItemResolved):
            revisions[event.body.item].append(event.body.revision)
    assert all(numbers == [*range(len(numbers))] for numbers in revisions.values())


def arrivals(log: Sequence[Envelope]) -> list[Envelope]:
    """Return the log with answers where they arrive, as often as they arrive."""
    kept: list[Envelope | None] = []
    places: dict[int, list[int]] = defaultdict(list)
    travelling: dict[int, Envelope] = {}
    for event in log:
        kept.append(event)
        body = event.body
        if isinstance(body, HANDED_IN):
            places[event.seq].append(len(kept) - 1)
        elif isinstance(body, MessageDropped | MessageLost | MessageDelayed) and places[body.message]:
            place = places[body.message].pop()
            answer = kept[place]
            assert answer is not None
            kept[place] = None
            travelling[body.message] = answer
        elif isinstance(body, MessageDuplicated) and places[body.message]:
            kept.append(kept[places[body.message][0]])
            places[body.message].append(len(kept) - 1)
        elif isinstance(body, MessageArrived) and body.message in travelling:
            kept.append(travelling.pop(body.message)._replace(time=event.time))
            places[body.message].append(len(kept) - 1)
    return [event for event in kept if event is not None]


def check_every_task_has_one_end(log: Sequence[Envelope]) -> Counter[Key]:
    """Check that every task ends once, and return those that end with an answer."""
    ends: dict[Key, list[str]] = defaultdict(list)
    under_way: set[Key] = set()
    events = arrivals(log)
    for place, event in enumerate(events):
        body = event.body
        if isinstance(body, TaskAssigned):
            key = (event.recipient, body.item, body.attempt)
            assert key not in ends and key not in under_way, "a task was assigned twice"
            under_way.add(key)
        elif isinstance(body, TaskExpired | TaskCancelled):
            name = body.annotator if isinstance(body, TaskExpired) else event.recipient
            ends[name, body.item, body.attempt].append(body.kind)
        elif isinstance(body, HANDED_IN):
            key = (event.sender, body.item, body.attempt)
            if key in under_way and not ends[key] and not crosses(key, events[place:]):
                ends[key].append(body.kind)
    assert all(len(ends[key]) == 1 for key in under_way), {key: ends[key] for key in under_way if len(ends[key]) != 1}
    assert ends.keys() <= under_way or all(not ends[key] for key in ends.keys() - under_way), "a task ended that never was"
    return Counter(key for key in under_way if ends[key] == [AnswerSubmitted.kind])


def crosses(key: Key, later: Sequence[Envelope]) -> bool:
    """Return whether, at the instant of an answer, its task ends otherwise."""
    for event in later:
        if event.time != later[0].time:
            return False
        body = event.body
        if isinstance(body, TaskExpired) and (body.annotator, body.item, body.attempt) == key:
            return True
        if isinstance(body, TaskCancelled) and (event.recipient, body.item, body.attempt) == key:
            return True
    return False


def check_the_money(campaign: Campaign, log: Sequence[Envelope]) -> None:
    budget = campaign.scenario.stop.budget
    state = State()
    for event in log:
        state.apply(event_of(event))
        assert state.reserved >= 0
        freed = sum(task.price for person in state.people.values() for task in person.tasks if is_unpaid_now(task))
        assert budget is None or state.reserved - freed + state.committed <= millionths(budget), "the budget is overspent"
    state.settle()
    assert state.reserved == 0


def is_unpaid_now(task: Task) -> bool:
    """Return whether a task was declined at this very instant; who cannot tell is paid."""
    return is_declined_now(task) and task.answer is not None and task.answer["kind"] != AbstentionSubmitted.kind


def check_votes(campaign: Campaign, log: Sequence[Envelope]) -> None:
    # Who learns from all answers may know better than those who gave them.
    learns = campaign.coordinator.belief is not None
    policies = [each for each in campaign.scenario.coordination.policy.chain if isinstance(each, Negotiation)]
    state, stated = State(), defaultdict[Item, set[Label]](set)
    for event in log:
        if isinstance(event.body, PositionStated):
            stated[event.body.item].add(event.body.label)
        opened = state.open.get(event.body.item) if isinstance(event.body, ItemResolved) else None
        if isinstance(event.body, ItemResolved) and opened is not None and opened.is_closed_by(event.body.revision):
            # Of this item only: what came for another at this instant may be heard when that has been opened again.
            for task in state._pending.pop(event.body.item, ()):
                state._settle(task)
            votes = opened.votes
            names = [vote.annotator for vote in votes]
            assert len(set(names)) == len(names), "somebody has two votes on one item"
            leave = any(each.silent == "abstains" for each in policies)
            assert event.body.votes == len(votes) or leave, "a label rests on other answers than were accepted"
            said = {vote.label for vote in votes} | stated[event.body.item]
            # Who pools chances may find most probable what nobody does.
            assert learns or event.body.label in said or any(not isinstance(each.settles, Plurality) for each in policies)
        state.apply(event_of(event))


def check_limits(campaign: Campaign, log: Sequence[Envelope]) -> None:
    """Check that no more is asked than is wanted, of people and of items, and nothing when the time is over."""
    scenario = campaign.scenario.completed()
    in_flight, policy, last = scenario.selector.in_flight, scenario.coordination.policy, scenario.stop.time
    most = sum(each.most_people() for each in policy.chain)
    if scenario.selector.relabel is not None and scenario.selector.relabel.most is not None:
        # One more answer may raise doubt, for others to settle.
        further = 0 if len(policy.wanted()) == len(policy.chain) == 1 else most - 1
        most = max(most, scenario.selector.relabel.most + further)
    assert in_flight is not None
    state, reopened = State(), set()
    for event in log:
        state.apply(event_of(event))
        if isinstance(event.body, ItemReopened):
            reopened |= {event.body.item} if event.body.voided else set()
        # What is open once more when the time is over gets the label that it had.
        if isinstance(event.body, TaskAssigned) or (isinstance(event.body, ItemResolved) and is_first(event.body)):
            assert last is None or event.time <= last * SECOND, "the campaign goes on when its time is over"
        if isinstance(event.body, TaskAssigned) and event.body.item not in state.gold and not is_called(event.body):
            item = state.open[event.body.item]
            having = [task for name in item.under_way for task in state.people[name].tasks if task.item == event.body.item]
            at_it = sum(task.live and not is_declined_now(task) for task in having)
            assert len(item.votes) + at_it <= most, "somebody is asked whose answer nobody waits for"
        elif isinstance(event.body, ItemRequested):
            assert len(state.open.keys() - reopened) <= in_flight, "more items are open than may be"


def is_called(task: TaskAssigned) -> bool:
    """Return whether it is to reconsider that somebody is asked."""
    return task.view is not None and task.view[0] > 0


def is_declined_now(task: Task) -> bool:
    """Return whether no label was given for a task at this very instant, which a fold settles when the next one begins."""
    return task.answer is not None and "label" not in task.answer["body"]


def check_learning(campaign: Campaign, log: Sequence[Envelope]) -> None:
    """Check that the last model has seen all labels, and that each is judged once."""
    judged = [event.body for event in log if isinstance(event.body, LabelsJudged)]
    given_up = {event.body.item for event in log if isinstance(event.body, ItemGivenUp)}
    resolved = len({event.body.item for event in log if isinstance(event.body, ItemResolved)} - given_up)
    assert [each.labels for each in judged] == [resolved]
    if campaign.scenario.learner is None:
        return
    trained = [event.body.version for event in log if isinstance(event.body, TrainingStarted)]
    assert trained == [*range(1, len(trained) + 1)]
    published = [event.body for event in log if isinstance(event.body, ModelPublished)]
    evaluated = [event.body for event in log if isinstance(event.body, ModelEvaluated)]
    assert (
        [each.version for each in evaluated]
        == [each.version for each in published]
        == sorted({*trained} & {each.version for each in published})
    )
    seeds = sum(len(event.body.items) for event in log if isinstance(event.body, LabelsKnown))
    (ended,) = [event.body for event in log if isinstance(event.body, LearningEnded)]
    if seeds + resolved:
        assert (published[-1].version, published[-1].labels) == (ended.version, seeds + resolved), "labels were not learned"


def check_fold(campaign: Campaign, log: Sequence[Envelope]) -> None:
    state = State()
    for event in log:
        state.apply(event_of(event))
    names = [person.name for person in campaign._people]
    rules = [rule["kind"] for rule in campaign.scenario.tables()["stop"].get("rules", ())]
    live, folded = (
        campaign.summary(None).model_dump(),
        summarise(state, campaign.scenario.name, campaign.scenario.seed, None, names, rules).model_dump(),
    )
    for summary in (live, folded):
        summary["stays"] = sorted(summary["stays"])
        # The live summary lists those too who never had a task; and where the Selector learns of labels late, it counts otherwise.
        summary["annotators"] = {work[0]: work for work in summary["annotators"] if work[1] or work[2]}
        if campaign.scenario.faults is not None:
            del summary["staleness"]
    assert folded == live
    assert not state.open and not state.training
    people = campaign.coordinator.people
    check_roll(campaign, log, state)
    have = {(name, task.item, task.attempt) for name, person in state.people.items() for task in person.tasks}
    assert have == {*people.tasks}


def check_conservation(bus: FaultyBus, log: Sequence[Envelope]) -> None:
    traffic = bus.traffic
    under_way = traffic.delivered + traffic.repeated + traffic.dropped + traffic.lost + traffic.in_flight
    assert traffic.sent == under_way, traffic
    counts = Counter(type(event.body) for event in log)
    assert traffic.dropped == counts[MessageDropped]
    assert traffic.lost == counts[MessageLost]
    assert traffic.in_flight == sum(map(len, (*bus._in_order.values(), *bus._loose.values())))
    said = [event for event in log if event.sender != BUS]
    copies = sum(1 if event.recipient != "*" else len(bus._subscribers.get(type(event.body), ())) for event in said)
    again = sum(
        1
        for event in log
        if isinstance(event.body, MessageDropped) and {log[event.body.message - 1].sender, event.body.to} <= bus._services
    )
    assert traffic.sent == copies + again + counts[MessageDuplicated]
    assert (
        not counts[AnswerRepeated]
        or counts[MessageDuplicated]
        or counts[MessageDelayed]
        or counts[MessageDropped]
        or counts[AgentCrashed]
        or reminders_that_crossed(log)
    )


def reminders_that_crossed(log: Sequence[Envelope]) -> list[Envelope]:
    """Return the reminders that set out at the very instant of the answer, which then is said again."""
    said = {(event.time, event.sender, event.body.item) for event in log if isinstance(event.body, AnswerSubmitted)}
    reminders = [event for event in log if isinstance(event.body, TaskReminded)]
    return [event for event in reminders if (event.time, event.recipient, event.body.item) in said]
