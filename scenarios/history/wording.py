"""What events say, in words: for each kind a sentence, and a name by which others refer to it."""

from typing import Any

from agents import messages as said
from bus import message as noted
from bus.duration import format_time
from bus.upcasting import Json
from scenarios.history import learning, negotiating
from scenarios.history.phrases import Saying, counted, item_of, plain, quoted, said_beyond, several


def sentence(event: Json) -> str:
    """Return what an event says.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, ArithmeticError: it does not hold what an event of its kind holds.
    """
    saying = _SENTENCES.get(event["kind"], _anything)
    return saying.format_map(_Words(event)) if isinstance(saying, str) else saying(event, event["body"])


def noun(event: Json, item: object = None) -> str:
    """Return how others refer to an event, in a few words; raises as above.

    Args:
        event: the event.
        item: the item that is spoken of anyway.
    """
    return _NOUNS.get(event["kind"], "the {kind}").format_map(_Words(event, item))


def _anything(event: Json, body: Any) -> str:
    """Show an event of a kind that is not known here, as plug-ins and later versions may send."""
    fields = [f"{plain(key)} {quoted(value)}" for key, value in body.items()] if isinstance(body, dict) else [quoted(body)]
    return f"{plain(event['kind'])}: {several(fields, len(fields), 6)}" if fields else plain(event["kind"])


# Sentences


def _known(event: Json, body: Any) -> str:
    return f"known from the start: {_labels(body)}"


def _gold(event: Json, body: Any) -> str:
    return f"gold questions: {_labels(body)}"


def _scored(event: Json, body: Any) -> str:
    return f"gold: {plain(body['annotator'])} is {'right' if body['right'] else 'wrong'} about {item_of(body)}"


def _blocked(event: Json, body: Any) -> str:
    void = ", and all they said is void" if body["retroactive"] else ""
    return f"{plain(body['annotator'])} has failed, {_score(body)}, and is asked no more{void}"


def _qualified(event: Json, body: Any) -> str:
    return f"{plain(body['annotator'])} has passed, {_score(body)}"


def _score(body: Any) -> str:
    return f"{body['right']:,} of {counted(body['asked'], 'gold question')} right"


def _true(event: Json, body: Any) -> str:
    return f"the truth: {_labels(body)}"


def _labels(body: Any) -> str:
    pairs = (f"{quoted(item)} is {quoted(label)}" for item, label in zip(body["items"], body["labels"], strict=True))
    return several(pairs, len(body["items"]))


def _started(event: Json, body: Any) -> str:
    classes = body["classes"]
    return f"{counted(body['items'], 'item')} to label as {several(map(quoted, classes), len(classes), 5)}"


def _requested(event: Json, body: Any) -> str:
    return f"wants {item_of(body)}, score {plain(body['score'])}"


def _assigned(event: Json, body: Any) -> str:
    view = body.get("view")
    if view is not None and view[0]:
        return f"round {plain(view[0])}: {item_of(body)}, in view of {counted(len(view[3]), 'position')}{_terms(event, body)}"
    again = " again" if body["attempt"] else ""
    return f"label {item_of(body)}{again}{_terms(event, body)}"


def _terms(event: Json, body: Any) -> str:
    price, due = body["price"], body["lease_until"]
    left = None if due is None else due - event["t"]
    time = (
        ""
        if left is None
        else f", within {format_time(left)}"
        if left >= 0
        else f", though its time is over since {format_time(-left)}"
    )
    return (f" for {price:.6g}" if price else "") + time


def _reminded(event: Json, body: Any) -> str:
    return f"{item_of(body)} is still to be labelled{_terms(event, body)}"


def _answered(event: Json, body: Any) -> str:
    took = "" if body["began"] is None else f", after {format_time(event['t'] - body['began'])}"
    return f"{item_of(body)} is {quoted(body['label'])}{said_beyond(body)}{took}"


def _abstained(event: Json, body: Any) -> str:
    took = "" if body["began"] is None else f", after {format_time(event['t'] - body['began'])}"
    return f"cannot tell what {item_of(body)} is{took}"


def _left(event: Json, body: Any) -> str:
    until = body["until"]
    return "has left for good" if until is None else f"is not there until {format_time(until)}"


def _cancelled(event: Json, body: Any) -> str:
    return f"never mind {item_of(body)}{'; the work is paid' if body['paid'] else ''}"


def _reopened(event: Json, body: Any) -> str:
    kept, voided = len(body["kept"]), len(body["voided"])
    why = f"{voided} of its {kept + voided} answers being void" if voided else "for one more answer"
    return f"{item_of(body)} is open again, {why}"


def _counted(event: Json, body: Any) -> str:
    pairs = zip(body["annotators"], body["labels"], strict=True)
    answers = several((f"{quoted(label)} by {plain(name)}" for name, label in pairs), len(body["labels"]))
    return f"{item_of(body)} has {counted(len(body['labels']), 'answer')}" + (f": {answers}" if answers else "")


def _resolved(event: Json, body: Any) -> str:
    revision = f", revision {plain(body['revision'])}" if body["revision"] else ""
    by = f", as {plain(body['by'])} has it" if body.get("by") is not None else ""
    return f"{item_of(body)} is {quoted(body['label'])}, by {counted(body['votes'], 'vote')}{revision}{by}"


def _judged(event: Json, body: Any) -> str:
    right, labels = body["right"], body["labels"]
    return f"{right:,} of {counted(labels, 'label')} are right" + (f" ({right / labels:.1%})" if labels else "")


def _delayed(event: Json, body: Any) -> str:
    when = "after the next one" if body["until"] is None else f"only at {format_time(body['until'])}"
    return f"#{plain(body['message'])} will be with {plain(body['to'])} {when}"


def _crashed(event: Json, body: Any) -> str:
    until = "for good" if body["until"] is None else f"until {format_time(body['until'])}"
    return f"{plain(body['agent'])} is down, {until}"


class _Words:
    """The words that a saying is filled in with: those of the envelope, and those of the body."""

    def __init__(self, event: Json, item: object = None) -> None:
        self._event = event
        self._item = item

    def __getitem__(self, name: str) -> str:
        if name in _OF_ITEM:
            body = self._event["body"]
            known = self._item is not None and body["item"] == self._item
            return "" if known else f"{_OF_ITEM[name]}{item_of(body)}"
        if name == "to_whom":
            return plain(self._event["body"]["to"])
        return plain(self._event[name] if name in _OF_ENVELOPE else self._event["body"][name])


_OF_ENVELOPE = ("kind", "from", "to")
_OF_ITEM = {"item": "", "for_item": " for ", "of_item": " of ", "to_item": " to ", "on_item": " on "}
"""How an item is spoken of; where it is spoken of anyway, it is not."""

_SENTENCES: dict[str, Saying] = {
    said.CampaignStarted.kind: _started,
    said.LabelsKnown.kind: _known,
    said.GoldKnown.kind: _gold,
    said.ItemRequested.kind: _requested,
    said.PoolExhausted.kind: "nothing is left to ask for",
    said.TaskAssigned.kind: _assigned,
    said.TaskExpired.kind: "{annotator}'s time for {item} is over",
    said.TaskCancelled.kind: _cancelled,
    said.TaskDeclined.kind: "no answer to {item}",
    said.TaskReturned.kind: "gives {item} back",
    said.TaskReminded.kind: _reminded,
    said.TaskUnderWay.kind: "{item} is under way",
    said.AnswerSubmitted.kind: _answered,
    said.AbstentionSubmitted.kind: _abstained,
    said.AnswerRepeated.kind: "{annotator} has answered {item} again: not counted",
    said.AnswerLate.kind: "{annotator} was too late with {item}: not counted",
    said.AnnotatorCame.kind: "is there, and may be asked",
    said.AnnotatorLeft.kind: _left,
    said.AnnotatorAway.kind: "{annotator} is away, and asked no more",
    said.AnnotatorBack.kind: "{annotator} is back, and may be asked again",
    said.GoldAnswered.kind: _scored,
    said.AnnotatorQualified.kind: _qualified,
    said.AnnotatorBlocked.kind: _blocked,
    said.AnswersCounted.kind: _counted,
    said.ItemResolved.kind: _resolved,
    said.ItemClosed.kind: "{item} is closed: an authority has decided",
    said.ItemReopened.kind: _reopened,
    said.ItemGivenUp.kind: "{item} gets no label: {reason}",
    said.CampaignEnded.kind: "the campaign is over, stopped by {stopped_by}",
    said.TruthTold.kind: _true,
    said.LabelsJudged.kind: _judged,
    noted.MailboxFull.kind: "no room at {mailbox} for #{message} (rule: {rule})",
    noted.MessageDropped.kind: "#{message} never gets to {to_whom}",
    noted.MessageDelayed.kind: _delayed,
    noted.MessageDuplicated.kind: "#{message} gets to {to_whom} twice",
    noted.MessageLost.kind: "#{message} is lost, for {to_whom} is down",
    noted.MessageArrived.kind: "#{message} is with {to_whom} now",
    noted.AgentCrashed.kind: _crashed,
    noted.AgentRestarted.kind: "{agent} is up again",
}

_NOUNS: dict[str, str] = {
    said.CampaignStarted.kind: "the campaign's start",
    said.LabelsKnown.kind: "the labels known from the start",
    said.GoldKnown.kind: "the gold questions",
    said.ItemRequested.kind: "the request{for_item}",
    said.PoolExhausted.kind: "the end of the pool",
    said.TaskAssigned.kind: "{to}'s task{of_item}",
    said.TaskExpired.kind: "{annotator}'s time{for_item} being over",
    said.TaskCancelled.kind: "{to}'s task{of_item} being cancelled",
    said.TaskDeclined.kind: "{from} having no answer{to_item}",
    said.TaskReturned.kind: "{from} giving the task{of_item} back",
    said.TaskReminded.kind: "the reminder{of_item} to {to}",
    said.TaskUnderWay.kind: "word from {from}{on_item}",
    said.AnswerSubmitted.kind: "{from}'s answer{to_item}",
    said.AbstentionSubmitted.kind: "{from} not being able to tell{of_item}",
    said.AnswerRepeated.kind: "{annotator}'s repeated answer{to_item}",
    said.AnswerLate.kind: "{annotator}'s late answer{to_item}",
    said.AnnotatorCame.kind: "{from} being there",
    said.AnnotatorLeft.kind: "{from} having left",
    said.AnnotatorAway.kind: "{annotator} being away",
    said.AnnotatorBack.kind: "{annotator} being back",
    said.GoldAnswered.kind: "the scoring of {annotator}'s answer{to_item}",
    said.AnnotatorQualified.kind: "{annotator} having passed",
    said.AnnotatorBlocked.kind: "{annotator} being blocked",
    said.AnswersCounted.kind: "the answers{to_item}",
    said.ItemResolved.kind: "the label{of_item}",
    said.ItemClosed.kind: "the closing{of_item}",
    said.ItemReopened.kind: "the reopening{of_item}",
    said.ItemGivenUp.kind: "the giving up{of_item}",
    said.CampaignEnded.kind: "the campaign's end",
    said.TruthTold.kind: "the truth",
    said.LabelsJudged.kind: "the judgement of the labels",
    noted.MailboxFull.kind: "no room for #{message}",
    noted.MessageDropped.kind: "the loss of #{message}",
    noted.MessageDelayed.kind: "the delay of #{message}",
    noted.MessageDuplicated.kind: "the doubling of #{message}",
    noted.MessageLost.kind: "the loss of #{message}",
    noted.MessageArrived.kind: "the arrival of #{message}",
    noted.AgentCrashed.kind: "{agent} going down",
    noted.AgentRestarted.kind: "{agent} coming up again",
}

for page in (learning, negotiating):
    _SENTENCES.update(page.SENTENCES)
    _NOUNS.update(page.NOUNS)

KINDS = tuple(_SENTENCES)
"""The kinds of events that are known here."""
