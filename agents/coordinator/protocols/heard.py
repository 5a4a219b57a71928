"""What members of a session hear of each other, by its topology."""

from collections.abc import Mapping, Sequence

from agents.coordinator.session import Session
from agents.coordinator.topologies.complete import Complete
from agents.coordinator.topology import Topology
from agents.messages import Voice


def heard(session: Session, topology: Topology, named: bool = True) -> Mapping[str, Sequence[Voice]]:
    """Return for each member who hears anybody what those hold whom they hear, in the order in which they sit.

    Args:
        session: where the session stands.
        topology: who hears whom.
        named: whether they learn who says what; where they do not, the order does not tell either.
    """
    members = session.members
    if isinstance(topology, Complete):
        voices = [member.voice(named) for member in members]
        if len(voices) < 2:
            return {}
        views = {member.annotator: (*voices[:seat], *voices[seat + 1 :]) for seat, member in enumerate(members)}
    else:
        views = _by(session, topology, named)
    if named:
        return views
    return {name: tuple(sorted(shown, key=_told)) for name, shown in views.items()}


def _by(session: Session, topology: Topology, named: bool) -> dict[str, tuple[Voice, ...]]:
    hears = topology.hears(session.names, session.luck("topology", 0))
    views = {}
    for member in session.members:
        weights = hears.get(member.annotator, {})
        shown = tuple(each.voice(named, weights[each.annotator]) for each in session.members if each.annotator in weights)
        if shown:
            views[member.annotator] = shown
    return views


def _told(voice: Voice) -> tuple[str, str]:
    return str(voice[1]), str(voice[2:])
