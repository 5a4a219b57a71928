"""What must hold of sessions in every campaign, by books of its own."""

from collections.abc import Sequence

from agents.messages import AnnotatorBlocked, ItemGivenUp, ItemReopened, ItemResolved, TaskAssigned, TaskReturned
from agents.negotiation import MindChanged, PositionStated, SessionClosed, SessionOpened
from bus.message import Envelope


def check_sessions(log: Sequence[Envelope]) -> None:
    """Check that sessions begin once and end before their items do, that rounds are in order, and that nobody hears themselves."""
    talking: set[object] = set()
    called: dict[object, set[tuple[int, str]]] = {}
    events = {event.seq: event for event in log}
    for event in log:
        match event.body:
            case SessionOpened(item=item):
                assert item not in talking, "people who talk already begin to"
                talking.add(item)
            case SessionClosed(item=item):
                talking.remove(item)
            case ItemResolved(item=item, revision=0) | ItemGivenUp(item=item):
                assert item not in talking, "people go on talking about an item that is closed"
            case TaskAssigned(item=item, view=view) if view is not None and view[0]:
                turn, _, own, voices = view
                assert item in talking, "somebody is called to a round of no session"
                assert own is not None and own[0] == event.recipient, "somebody is told that they hold what another holds"
                assert all(voice[0] != event.recipient for voice in voices), "somebody hears themselves"
                rounds = called.setdefault(item, set())
                assert (turn, event.recipient) not in rounds, "somebody is called twice to a round"
                assert all(other <= turn for other, _ in rounds), "a round begins that was over"
                rounds.add((turn, event.recipient))
            case TaskReturned(item=item):
                called[item] = {each for each in called.get(item, ()) if each[1] != event.sender}
            case AnnotatorBlocked(retroactive=True):
                # Where answers became void, people talk anew.
                called.clear()
            case ItemReopened(item=item, voided=voided) if voided:
                called.pop(item, None)
            case MindChanged(item=item, annotator=name, after=label):
                stated = events[event.cause or 0]
                assert isinstance(stated.body, PositionStated) and stated.sender == name
                assert (stated.body.item, stated.body.label) == (item, label)
    assert not talking, "a session has no end"
