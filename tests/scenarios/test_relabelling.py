"""Campaigns that ask again for items that have a label: from the file to the log, and whatever goes wrong."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.component import Trust
from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.run import resume, run
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import LABELLING, LEARNING, events, run_logged, write
from tests.scenarios.test_faults import campaigns, happened

KINDS = ("fixed", "label-uncertainty", "model-uncertainty", "label-and-model", "activelab")
ASKING = LEARNING.replace('strategy = { kind = "margin" }', 'strategy = { kind = "margin" }\nrelabel = %s')


def asked(log: list[dict[str, Any]]) -> list[int]:
    """Return the items in the order in which they were asked for."""
    return [event["body"]["item"] for event in log if event["kind"] == "item-requested"]


def again(items: list[int]) -> list[bool]:
    return [item in items[:place] for place, item in enumerate(items)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.8])
def test_the_share_of_requests_that_ask_again_is_kept(kind: str, share: float, tmp_path: Path) -> None:
    text = ASKING.replace("count = 4", "count = 12") % f'{{ kind = "{kind}", share = {share} }}'
    text = text.replace("[selector]", "[selector]\nin_flight = 4")
    summary, log = run_logged(load(write(tmp_path, text)).scenario, tmp_path)
    repeats = again(asked(events(log)))
    assert summary.labels == 25
    # What cannot be asked again while nothing has a label yet is made up for.
    for count in range(25, len(repeats) + 1):
        assert abs(sum(repeats[:count]) - share * count) <= 0.5


def test_a_label_rests_on_all_the_answers_and_costs_what_they_cost(tmp_path: Path) -> None:
    text = LABELLING.replace("size = 3", "size = 1") + '[selector]\nrelabel = { kind = "fixed", most = 4 }\n'
    summary, log = run_logged(load(write(tmp_path, text)).scenario, tmp_path)
    votes: dict[int, int] = {}
    for event in events(log):
        if event["kind"] == "item-resolved":
            assert event["body"]["revision"] == votes.get(event["body"]["item"], 0)
            votes[event["body"]["item"]] = event["body"]["votes"]
    assert set(votes.values()) == {4}
    assert (summary.labels, summary.answers, summary.stopped_by) == (60, 240, "pool")
    assert summary.cost == pytest.approx(12.0)
    assert summary.revised == 180


@pytest.mark.parametrize("kind", KINDS)
def test_uncertainty_over_all_items_does_not_ask_for_one_item_for_ever(kind: str, tmp_path: Path) -> None:
    free = ASKING % f'{{ kind = "{kind}", share = "free", most = 3 }}'
    summary, file = run_logged(load(write(tmp_path, free.replace("labels = 25", "labels = 80"))).scenario, tmp_path)
    log = events(file)
    assert summary.labels == 80
    assert max(Counter(asked(log)).values()) <= 3
    given = [(event["from"], event["body"]["item"]) for event in log if event["kind"] == "answer-submitted"]
    assert len(set(given)) == len(given), "somebody was asked twice"
    is_open: set[int] = set()
    for event in log:
        if event["kind"] == "item-requested":
            assert event["body"]["item"] not in is_open, "what is in flight was asked for again"
            is_open.add(event["body"]["item"])
        elif event["kind"] == "item-resolved":
            is_open.discard(event["body"]["item"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_campaign_that_was_cut_off_goes_on_as_if_it_had_not(kind: str, tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, ASKING % f'"{kind}"')).scenario, tmp_path)
    whole = log.read_bytes()
    log.write_bytes(b"".join(whole.splitlines(keepends=True)[:150]))
    resume(log, Trust())
    assert log.read_bytes() == whole


def test_nobody_being_left_to_ask_ends_it(tmp_path: Path) -> None:
    shy = 'noise = { kind = "tests.scenarios.shy.Shy", share = 0.5 }'
    text = LABELLING.replace("size = 3", "size = 1").replace('noise = { kind = "one-coin", accuracy = 0.7 }', shy)
    summary = run(load(write(tmp_path, text + '[selector]\nrelabel = "fixed"\n')).scenario, None)
    assert summary.stopped_by == "pool"
    assert summary.declined > 50
    assert summary.answers > 60


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ('relabel = "activelab"', "selector.relabel 'activelab' needs a model, but there is no [learner]"),
        ('relabel = { kind = "fixed", most = 9 }', "most is 9, but nobody answers an item twice, and there are 5 annotators"),
        ('relabel = { kind = "fixed", most = 3 }', "coordination.policy asks for 3 before it has a label"),
        ('relabel = { kind = "fixed", share = 1.5 }', "a share is a number from 0 to 1, or 'free', but it is 1.5"),
        ('relabel = "fixd"', "did you mean 'fixed'?"),
    ],
)
def test_what_makes_no_sense_is_refused(extra: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"selector\.relabel") as refusal:
        load(write(tmp_path, f"{LABELLING}[selector]\n{extra}\n"))
    assert complaint in str(refusal.value)


def test_with_one_annotator_there_is_nobody_to_ask_for_one_more_answer(tmp_path: Path) -> None:
    alone = LABELLING.replace("count = 5", "count = 1").replace('kind = "majority", size = 3', 'kind = "sequential", most = 1')
    with pytest.raises(BadInput, match=r"selector\.relabel asks for further answers, .* there is 1 annotator$"):
        load(write(tmp_path, f'{alone}[selector]\nrelabel = "fixed"\n'))


@st.composite
def relabelling_campaigns(draw: st.DrawFn) -> dict[str, Any]:
    drawn = draw(campaigns())
    kinds = KINDS if "learner" in drawn else KINDS[:2]
    relabel = {"kind": draw(st.sampled_from(kinds)), "share": draw(st.sampled_from([0, 0.3, 0.5, 1, "free"]))}
    (people,) = drawn["annotators"]
    policy = drawn["coordination"]["policy"]
    if policy["size"] >= people["count"]:
        people = {**people, "count": policy["size"] + 1}
    if draw(st.booleans()):
        people = {**people, "noise": {"kind": "tests.scenarios.shy.Shy", "share": 0.3}}
    return {**drawn, "annotators": [people], "selector": {**drawn["selector"], "relabel": relabel}}


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(relabelling_campaigns())
def test_whatever_goes_wrong_each_request_for_one_more_answer_comes_to_an_end(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None, suppress_health_check=[*HealthCheck])
@given(relabelling_campaigns())
def test_in_many_campaigns_each_request_for_one_more_answer_comes_to_an_end(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)
