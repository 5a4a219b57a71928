"""What those say who negotiate, in words: over the label of an item, and over who gives it one."""

from typing import Any

from agents import negotiation as talk
from agents.escalation import ItemEscalated
from bus.clock import SECOND
from bus.duration import format_duration, format_time
from bus.upcasting import Json
from scenarios.history.phrases import Saying, counted, item_of, plain, quoted, said_beyond, several

_OUTCOMES = {
    "consensus": "enough of them agree",
    "stable": "nobody moves any more",
    "rounds": "there are no more rounds",
    "silence": "nobody says anything",
    "broken-off": "it is decided elsewhere",
}


def _called(event: Json, body: Any) -> str:
    reserve = body.get("reserve")
    most = "" if reserve is None else f", for {reserve:.6g} at most"
    return f"who does {item_of(body)}{most}? Bids until {format_time(body['deadline'])}"


def _proposed(event: Json, body: Any) -> str:
    price = f", for {body['price']:.6g}" if body["price"] else ""
    return f"would be done with {item_of(body)} in {format_duration(body['eta'] / SECOND)}{price}{said_beyond(body)}"


def _opened(event: Json, body: Any) -> str:
    members = several(map(plain, body["members"]), len(body["members"]), 5)
    return f"{members} talk {item_of(body)} over" + (f" ({plain(body['protocol'])})" if body["protocol"] else "")


def _stated(event: Json, body: Any) -> str:
    took = "" if body["began"] is None else f", after {format_duration((event['t'] - body['began']) / SECOND)}"
    return f"round {plain(body['turn'])}: {item_of(body)} is {quoted(body['label'])}{said_beyond(body)}{took}"


def _changed(event: Json, body: Any) -> str:
    after, before = quoted(body["after"]), quoted(body["before"])
    return f"{plain(body['annotator'])} changes their mind: {item_of(body)} is {after}, and not {before}"


def _closed(event: Json, body: Any) -> str:
    outcome = _OUTCOMES.get(body["outcome"], plain(body["outcome"]))
    return f"{item_of(body)} has been talked over for {counted(body['rounds'], 'round')}: {outcome}"


def _minds(event: Json, body: Any) -> str:
    worse, better, other = (f"{body[key]:,}" for key in ("right_to_wrong", "wrong_to_right", "wrong_to_wrong"))
    return f"minds changed: {better} to right, {worse} to wrong, {other} from one wrong label to another"


SENTENCES: dict[str, Saying] = {
    talk.CallForProposals.kind: _called,
    talk.Proposed.kind: _proposed,
    talk.ProposalRefused.kind: "makes no bid for {item}",
    talk.ProposalRejected.kind: "somebody else does {item}",
    talk.SessionOpened.kind: _opened,
    talk.PositionStated.kind: _stated,
    talk.MindChanged.kind: _changed,
    talk.SessionClosed.kind: _closed,
    talk.MindsJudged.kind: _minds,
    ItemEscalated.kind: "{item} goes up to tier {tier}",
}

NOUNS: dict[str, str] = {
    talk.CallForProposals.kind: "the call to {to}{for_item}",
    talk.Proposed.kind: "{from}'s bid{for_item}",
    talk.ProposalRefused.kind: "{from} making no bid{for_item}",
    talk.ProposalRejected.kind: "the rejection of {to}'s bid{for_item}",
    talk.SessionOpened.kind: "the session{on_item}",
    talk.PositionStated.kind: "{from}'s position{on_item}",
    talk.MindChanged.kind: "{annotator} changing their mind{on_item}",
    talk.SessionClosed.kind: "the end of the session{on_item}",
    talk.MindsJudged.kind: "the judgement of minds",
    ItemEscalated.kind: "the escalation{of_item}",
}
