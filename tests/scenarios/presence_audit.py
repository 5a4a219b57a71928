"""What must hold of people who come and go, whatever goes wrong: checked on a campaign's events, with books of its own."""

from collections.abc import Sequence

from agents.messages import AnnotatorCame, AnnotatorLeft, CampaignEnded, TaskAssigned
from agents.state import State
from bus.message import Envelope, MessageDelayed, MessageDropped, MessageLost
from scenarios.campaign import Campaign


def check_presence(campaign: Campaign, log: Sequence[Envelope]) -> None:
    """Check that people come and go by turns, and that nobody is asked who has been heard to be away."""
    comers = {person.name for person in campaign._people if person.availability}
    undelivered = {event.body.message for event in log if isinstance(event.body, MessageDropped | MessageLost | MessageDelayed)}
    last: dict[str, Envelope] = {}
    for event in log:
        body, name = event.body, event.sender
        if isinstance(body, AnnotatorCame | AnnotatorLeft):
            assert name in comers
            before = last.get(name)
            known = -1 if before is None else before.body.number
            assert body.number in (known, known + 1), "a coming or going has no number, or one too many"
            assert before is None or (body.number > known) == (type(body) is not type(before.body)), "somebody comes twice"
            assert not isinstance(body, AnnotatorLeft) or body.until is None or body.number == known or body.until > event.time
            if body.number > known or before is None or before.seq in undelivered:
                last[name] = event
        elif isinstance(body, TaskAssigned) and event.recipient in comers:
            word = last[event.recipient]
            heard = word.seq not in undelivered and word.time < event.time
            assert not (heard and isinstance(word.body, AnnotatorLeft)), "somebody is asked who is not there"


def unheard(log: Sequence[Envelope]) -> set[str]:
    """Return those whose last word of their coming and going may not have been heard before the end."""
    undelivered = {event.body.message for event in log if isinstance(event.body, MessageDropped | MessageLost | MessageDelayed)}
    end = next(event.seq for event in log if isinstance(event.body, CampaignEnded))
    words = [event for event in log[:end] if isinstance(event.body, AnnotatorCame | AnnotatorLeft)]
    last = {event.sender: event for event in words}
    return {name for name, event in last.items() if event.seq in undelivered}


def check_roll(campaign: Campaign, log: Sequence[Envelope], state: State) -> None:
    """Check that the coordinator knows who is there as the log does."""
    roll, doubtful = campaign.coordinator.people.roll, unheard(log)
    people = {name: person for name, person in state.people.items() if name not in doubtful}
    quotas = campaign._cast._terms.quotas or {}
    done = {name for name, each in people.items() if name in quotas and each.answers >= quotas[name]}
    assert all(people[name].answers == quotas[name] for name in done), "somebody gave more answers than are taken of them"
    gone = done | {name for name, each in people.items() if each.away or each.verdict == "failed" or each.stays.is_gone}
    assert gone == people.keys() - roll.present.keys()
    away = {name for name, each in people.items() if not each.stays.there} - gone
    assert away == roll.away.keys() & people.keys()
    assert not roll.idle.keys() & (roll.away.keys() | gone)
