"""Events in words: every kind has a sentence and a name, and nothing that a log says moves a terminal's cursor."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import committee, escalation, messages, negotiation
from bus import message as noted
from bus.message import Message
from scenarios.history.phrases import LONGEST, counted, plain, quoted, several
from scenarios.history.wording import KINDS, noun, sentence

BODIES: list[Message] = [
    messages.CampaignStarted(items=3, classes=("a", "b")),
    messages.LabelsKnown(items=(1, 2), labels=("a", "b")),
    messages.GoldKnown(items=(3, 4), labels=("a", "b")),
    messages.ItemRequested(item=5, version=2, score=0.5),
    messages.PoolExhausted(),
    messages.NominationsWanted(round=2, version=3, count=10, tokens=None),
    messages.ItemsNominated(round=2, items=(5, "a b", 7), bids=()),
    messages.NominationsSettled(round=2, items=(5, 7), scores=(2.0, 1.0), weights=()),
    messages.TaskAssigned(item=5, attempt=0, price=0.05, lease_until=61_000_000),
    messages.TaskExpired(item=5, annotator="ann", attempt=0),
    messages.TaskCancelled(item=5, attempt=0, paid=True),
    messages.TaskDeclined(item=5, attempt=0),
    messages.TaskReturned(item=5, attempt=0),
    messages.TaskReminded(item=5, attempt=0, price=0.0, lease_until=None),
    messages.TaskUnderWay(item=5, attempt=0),
    messages.AnswerSubmitted(item=5, attempt=0, label="in doubt", began=0),
    messages.AbstentionSubmitted(item=5, attempt=0, began=0),
    messages.AnswerRepeated(item=5, annotator="ann", attempt=0),
    messages.AnswerLate(item=5, annotator="ann", attempt=0),
    messages.AnnotatorCame(number=0),
    messages.AnnotatorLeft(number=1, until=90_000_000),
    messages.AnnotatorAway(annotator="ann"),
    messages.AnnotatorBack(annotator="ann"),
    messages.GoldAnswered(item=5, annotator="ann", right=False),
    messages.AnnotatorQualified(annotator="ann", right=9, asked=10),
    messages.AnnotatorBlocked(annotator="ann", right=2, asked=5, retroactive=True),
    messages.AnswersCounted(item=5, annotators=("ann", "bob"), labels=("a", "b")),
    messages.ItemBilled(item=5, price=0.15, time=90_000_000),
    messages.ItemResolved(item=5, label="a", votes=3, revision=1),
    messages.ItemClosed(item=5),
    messages.ItemReopened(item=5, kept=(("ann", "a", 1_000_000, 7),), voided=(("bob", "b", 2_000_000, 8),)),
    messages.ItemGivenUp(item=5, reason="budget"),
    messages.TrainingStarted(version=2, labels=20),
    messages.ModelPublished(version=2, labels=1),
    messages.LearningEnded(version=2),
    messages.ModelEvaluated(version=2, labels=20, accuracy=0.75, macro_f1=0.7, log_loss=0.5),
    messages.StoppingAdvised(rule="kappa", version=2, labels=20, measure=0.99),
    messages.CampaignEnded(stopped_by="labels"),
    messages.TruthTold(items=(7, 9), labels=("yes", "no")),
    messages.LabelsJudged(labels=4, right=3, by_class=((2, 2), (2, 1))),
    negotiation.CallForProposals(tender=3, item=5, deadline=90_000_000),
    negotiation.Proposed(tender=3, item=5, eta=25_000_000, price=0.05, confidence=0.8),
    negotiation.ProposalRefused(tender=3, item=5),
    negotiation.ProposalRejected(tender=3, item=5),
    negotiation.SessionOpened(item=5, protocol="delphi", members=("ann", "bob", "cem")),
    negotiation.PositionStated(item=5, attempt=1, turn=2, label="a", began=0, confidence=0.8),
    negotiation.MindChanged(item=5, annotator="ann", turn=2, before="b", after="a"),
    negotiation.SessionClosed(item=5, rounds=1, outcome="consensus"),
    negotiation.MindsJudged(right_to_wrong=1, wrong_to_right=2, wrong_to_wrong=0),
    escalation.ItemEscalated(item=5, tier=1),
    committee.TrainingWanted(version=2),
    committee.MemberTrained(version=2, labels=20),
    noted.MailboxFull(mailbox="ann", rule="wait", message=7),
    noted.MessageDropped(message=7, to="ann"),
    noted.MessageDelayed(message=7, to="ann", until=90_000_000),
    noted.MessageDuplicated(message=7, to="ann"),
    noted.MessageLost(message=7, to="ann"),
    noted.MessageArrived(message=7, to="ann"),
    noted.AgentCrashed(agent="ann", until=None),
    noted.AgentRestarted(agent="ann"),
]
VOCABULARY = {
    each.kind
    for module in (messages, negotiation, escalation, committee, noted)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Message) and each is not Message
}


def event(body: Any, kind: str | None = None, **more: Any) -> dict[str, Any]:
    if isinstance(body, Message):
        kind, body = body.kind, body.model_dump()
    return {"seq": 9, "t": 1_000_000, "kind": kind, "from": "ann", "to": "bob", "cause": None, "body": body, **more}


def said(kind: str) -> str:
    return next(sentence(event(body)) for body in BODIES if body.kind == kind)


def test_every_kind_of_the_vocabulary_has_words() -> None:
    assert {body.kind for body in BODIES} == VOCABULARY == {*KINDS}
    for body in BODIES:
        for words in (sentence(event(body)), noun(event(body))):
            assert words and words.isprintable()
            assert "{" not in words and "  " not in words
        # Not the words for what is not known here.
        assert not sentence(event(body)).startswith(body.kind)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("campaign-started", "3 items to label as a, b"),
        ("labels-known", "known from the start: 1 is a, 2 is b"),
        ("truth-told", "the truth: 7 is yes, 9 is no"),
        ("item-requested", "wants item 5, score 0.5"),
        ("nominations-wanted", "wants 10 nominations by model 3"),
        ("items-nominated", 'nominates 5, "a b", 7'),
        ("nominations-settled", "of all nominations takes 5, 7"),
        ("task-assigned", "label item 5 for 0.05, within 1m"),
        ("task-reminded", "item 5 is still to be labelled"),
        ("task-cancelled", "never mind item 5; the work is paid"),
        ("task-declined", "no answer to item 5"),
        ("task-returned", "gives item 5 back"),
        ("annotator-came", "is there, and may be asked"),
        ("annotator-left", "is not there until 1m 30s"),
        ("call-for-proposals", "who does item 5? Bids until 1m 30s"),
        ("proposed", "would be done with item 5 in 25s, for 0.05 (80% sure)"),
        ("proposal-refused", "makes no bid for item 5"),
        ("proposal-rejected", "somebody else does item 5"),
        ("training-wanted", "wants a vote in model 2"),
        ("member-trained", "has trained for model 2, on 20 labels"),
        ("session-opened", "ann, bob, cem talk item 5 over (delphi)"),
        ("position-stated", "round 2: item 5 is a (80% sure), after 1s"),
        ("mind-changed", "ann changes their mind: item 5 is a, and not b"),
        ("session-closed", "item 5 has been talked over for 1 round: enough of them agree"),
        ("minds-judged", "minds changed: 2 to right, 1 to wrong, 0 from one wrong label to another"),
        ("item-escalated", "item 5 goes up to tier 1"),
        ("task-expired", "ann's time for item 5 is over"),
        ("item-billed", "item 5 has cost 0.15, and 1m 30s of work"),
        ("answer-submitted", 'item 5 is "in doubt", after 1s'),
        ("abstention-submitted", "cannot tell what item 5 is, after 1s"),
        ("answer-late", "ann was too late with item 5: not counted"),
        ("gold-known", "gold questions: 3 is a, 4 is b"),
        ("gold-answered", "gold: ann is wrong about item 5"),
        ("annotator-qualified", "ann has passed, 9 of 10 gold questions right"),
        ("annotator-blocked", "ann has failed, 2 of 5 gold questions right, and is asked no more, and all they said is void"),
        ("answers-counted", "item 5 has 2 answers: a by ann, b by bob"),
        ("item-resolved", "item 5 is a, by 3 votes, revision 1"),
        ("model-published", "model 2 is ready, trained on 1 label"),
        ("campaign-ended", "the campaign is over, stopped by labels"),
        ("labels-judged", "3 of 4 labels are right (75.0%)"),
        ("message-delayed", "#7 will be with ann only at 1m 30s"),
        ("agent-crashed", "ann is down, for good"),
    ],
)
def test_a_sentence_says_what_was_said(kind: str, words: str) -> None:
    assert said(kind) == words


def test_of_an_auction_bids_and_purses_are_told_and_who_has_nothing_to_nominate_says_so() -> None:
    assert sentence(event(messages.NominationsWanted(round=1, version=0, count=1, tokens=900))) == (
        "wants 1 nomination by model 0, with 900 tokens to bid"
    )
    assert sentence(event(messages.ItemsNominated(round=1, items=(5, 7), bids=(20, 10)))) == "nominates 5 for 20, 7 for 10"
    assert sentence(event(messages.ItemsNominated(round=1, items=(), bids=()))) == "nominates nothing, for nothing is left"
    settled = messages.NominationsSettled(round=1, items=(5,), scores=(2.0,), weights=(0.75, 0.25))
    assert sentence(event(settled)) == "of all nominations takes 5; the members weigh 0.75, 0.25"


def test_who_leaves_for_good_is_said_to() -> None:
    assert sentence(event(messages.AnnotatorLeft(number=3, until=None))) == "has left for good"


def test_an_answer_tells_what_it_says_beyond_its_label() -> None:
    said = {"confidence": 0.75, "chances": (0.75, 0.2, 0.05), "ranking": ("a", "b\x1b", "c")}
    body = messages.AnswerSubmitted(item=5, attempt=0, label="a", began=None, **said)
    assert sentence(event(body)) == "item 5 is a (75% sure; chances 0.75, 0.20, 0.05; before b\\x1b, c)"
    body = messages.AnswerSubmitted(item=5, attempt=0, label="a", began=None, ranking=("a",))
    assert sentence(event(body)) == "item 5 is a"


def test_a_second_attempt_is_told() -> None:
    body = messages.TaskAssigned(item=5, attempt=1, price=0.0, lease_until=None)
    assert sentence(event(body)) == "label item 5 again"


def test_who_is_called_to_a_round_is_told_which_and_what_a_call_pays_at_most_is_said() -> None:
    voice = (None, "a", None, None, 1.0)
    body = messages.TaskAssigned(item=5, attempt=1, price=0.02, lease_until=None, view=(2, False, voice, (voice, voice)))
    assert sentence(event(body)) == "round 2: item 5, in view of 2 positions for 0.02"
    call = negotiation.CallForProposals(tender=3, item=5, deadline=90_000_000, reserve=0.5)
    assert sentence(event(call)) == "who does item 5, for 0.5 at most? Bids until 1m 30s"


def test_an_item_that_is_spoken_of_anyway_is_not_named_again() -> None:
    answer = event(messages.AnswerSubmitted(item=5, attempt=0, label="a", began=None))
    assert noun(answer, item=6) == "ann's answer to item 5"
    assert noun(answer, item=5) == "ann's answer"


def test_a_kind_that_is_not_known_is_shown_by_its_fields() -> None:
    assert sentence(event({"cups": 2, "with": "much sugar"}, "coffee-break")) == 'coffee-break: cups 2, with "much sugar"'
    assert sentence(event({}, "coffee-break")) == "coffee-break"
    assert sentence(event([1, 2], "coffee-break")) == 'coffee-break: "[1, 2]"'
    assert noun(event({}, "coffee-break")) == "the coffee-break"
    many = sentence(event({f"key{number}": number for number in range(50)}, "coffee-break"))
    assert many.endswith("key5 5 and 44 more")


@pytest.mark.parametrize("body", [None, {}, {"item": 5}, {"item": 5, "attempt": 0, "label": 1, "began": "x"}, 5])
def test_an_event_that_does_not_hold_what_its_kind_holds_is_told_by_its_error(body: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        sentence(event(body, "answer-submitted"))


@given(st.text())
def test_text_of_a_log_is_short_and_moves_nothing(text: str) -> None:
    assert plain(text).isprintable()
    if text.isprintable():
        assert plain(text) == (text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


@given(st.text(min_size=1), st.text(min_size=1))
def test_labels_that_would_move_the_cursor_are_shown_as_they_are_written(item: str, label: str) -> None:
    words = sentence(event({"item": item, "attempt": 0, "label": label, "began": None}, "answer-submitted"))
    assert words.isprintable()


def test_values_are_shown_as_people_write_them() -> None:
    assert [plain(each) for each in (5, -0.0, 0.123456, "x\x1b[2J", True, None)] == [
        "5", "0", "0.1235", "x\\x1b[2J", "True", "None",
    ]  # fmt: skip
    assert [quoted(each) for each in ("", "a b", "ab")] == ['""', '"a b"', "ab"]
    assert [counted(count, "item") for count in (0, 1, 1234)] == ["0 items", "1 item", "1,234 items"]
    lists = ["", "a, b", "a, b, c", "a, b, c, d", "a, b, c and 2 more"]
    assert [several("abcde"[:count], count) for count in (0, 2, 3, 4, 5)] == lists
