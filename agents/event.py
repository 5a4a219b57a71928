"""An event, as a log has it."""

from typing import Any

from bus.message import Envelope

Event = dict[str, Any]
"""An event as a log has it: seq, t, kind, from, to, cause, body."""


def event_of(envelope: Envelope) -> Event:
    """Return an event as a log would have it."""
    seq, time, sender, recipient, cause, body = envelope
    return {"seq": seq, "t": time, "kind": body.kind, "from": sender, "to": recipient, "cause": cause, "body": body.model_dump()}
