"""What those say who learn, and who choose what is to be learned, in words."""

from typing import Any

from agents import messages as said
from agents.committee import MemberTrained, TrainingWanted
from bus.duration import format_time
from bus.upcasting import Json
from scenarios.history.phrases import Saying, counted, item_of, plain, quoted, several


def _wanted(event: Json, body: Any) -> str:
    purse = "" if body["tokens"] is None else f", with {counted(body['tokens'], 'token')} to bid"
    return f"wants {counted(body['count'], 'nomination')} by model {plain(body['version'])}{purse}"


def _nominated(event: Json, body: Any) -> str:
    bids = body["bids"] or [None] * len(body["items"])
    pairs = zip(body["items"], bids, strict=True)
    named = (quoted(item) if bid is None else f"{quoted(item)} for {plain(bid)}" for item, bid in pairs)
    return f"nominates {several(named, len(body['items']), 5) or 'nothing, for nothing is left'}"


def _settled(event: Json, body: Any) -> str:
    chosen = several(map(quoted, body["items"]), len(body["items"]), 5)
    say = several((f"{weight:.2f}" for weight in body["weights"]), len(body["weights"]), 8)
    return f"of all nominations takes {chosen}{f'; the members weigh {say}' if say else ''}"


def _trains(event: Json, body: Any) -> str:
    return f"training model {plain(body['version'])} on {counted(body['labels'], 'label')}"


def _published(event: Json, body: Any) -> str:
    members = "" if body.get("members") is None else f", by {counted(len(body['members']), 'member')} of the committee"
    return f"model {plain(body['version'])} is ready, trained on {counted(body['labels'], 'label')}{members}"


def _trained(event: Json, body: Any) -> str:
    return f"has trained for model {plain(body['version'])}, on {counted(body['labels'], 'label')}"


def _evaluated(event: Json, body: Any) -> str:
    return f"model {plain(body['version'])} has accuracy {body['accuracy']:.4f}"


def _advised(event: Json, body: Any) -> str:
    return f"it is time to stop, by {plain(body['rule'])}: model {plain(body['version'])} comes to {plain(body['measure'])}"


def _billed(event: Json, body: Any) -> str:
    took = f", and {format_time(body['time'])} of work" if body["time"] else ""
    return f"{item_of(body)} has cost {body['price']:.6g}{took}"


SENTENCES: dict[str, Saying] = {
    said.NominationsWanted.kind: _wanted,
    said.ItemsNominated.kind: _nominated,
    said.NominationsSettled.kind: _settled,
    said.TrainingStarted.kind: _trains,
    said.ModelPublished.kind: _published,
    said.LearningEnded.kind: "no more training: model {version} saw all labels",
    said.ModelEvaluated.kind: _evaluated,
    said.StoppingAdvised.kind: _advised,
    said.ItemBilled.kind: _billed,
    TrainingWanted.kind: "wants a vote in model {version}",
    MemberTrained.kind: _trained,
}

NOUNS: dict[str, str] = {
    said.NominationsWanted.kind: "the call for nominations to {to}",
    said.ItemsNominated.kind: "{from}'s nominations",
    said.NominationsSettled.kind: "the choice among nominations",
    said.TrainingStarted.kind: "the training of model {version}",
    said.ModelPublished.kind: "model {version} being ready",
    said.LearningEnded.kind: "the end of training",
    said.ModelEvaluated.kind: "the evaluation of model {version}",
    said.StoppingAdvised.kind: "the advice to stop, by {rule}",
    said.ItemBilled.kind: "the bill{of_item}",
    TrainingWanted.kind: "the call to {to} to train for model {version}",
    MemberTrained.kind: "{from}'s training for model {version}",
}
