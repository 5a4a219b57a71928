"""Campaigns whose strategies are made of others, or heed what is under way: as users run them, and whatever goes wrong."""

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from agents.annotator.case import Case
from agents.annotator.latencies.fixed import FixedTime
from agents.component import Trust
from agents.messages import AnswerSubmitted, ItemBilled, ItemRequested, ItemResolved, ModelPublished, TaskAssigned
from agents.selector.selector import Selector
from agents.selector.strategies.chance import InOrder
from agents.selector.strategies.combinations import WeightedSum
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategy import Strategy
from bus.chance import Chance, Luck
from bus.clock import SECOND
from scenarios.catalogue import members, schema
from scenarios.errors import BadInput
from scenarios.loading import load, make
from scenarios.run import Origin, prepare
from scenarios.scenario import Scenario
from scenarios.source import Dataset, Source
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import run_logged, write
from tests.scenarios.fuzz import COMMANDS, parley
from tests.scenarios.striking import LEARNING as LEARNS
from tests.scenarios.striking import PEOPLE, SERVICES, crash, played, scenario_of
from tests.scenarios.test_faults import campaigns, happened

VALIDATOR = Draft202012Validator(schema())

SUM = {"kind": "weighted-sum", "parts": ["entropy", "random"], "weights": [1, 0.5], "scale": "rank"}
PRODUCT = {"kind": "product", "parts": ["margin", {"kind": "product", "parts": ["entropy"]}], "exponents": [1, 2]}
STRATEGIES: dict[str, Any] = {
    "weighted-sum": SUM,
    "product": PRODUCT,
    "rank-product": {"kind": "rank-product", "parts": [SUM, "entropy", "random"]},
    "then-by": {"kind": "then-by", "first": "entropy", "then": SUM, "step": 0.05},
    "subsample": {"kind": "subsample", "of": {"kind": "filter", "by": "margin", "best": 4, "then": "random"}, "number": 8},
    "filter": {"kind": "filter", "by": {"kind": "subsample", "of": "entropy", "share": 0.5}, "best": 5, "then": SUM},
    "cost-aware": {"kind": "cost-aware", "of": "entropy", "refit": 2},
    "council": {"kind": "council", "members": [{"kind": "cost-aware", "of": PRODUCT, "refit": 1}, SUM], "nominations": 3},
}
PENDINGS: dict[str, Any] = {
    "local-penalisation": {"kind": "local-penalisation"},
    "kriging-believer": {"kind": "kriging-believer", "refit": 2},
    "most-frequent": {"kind": "constant-liar"},
    "least-frequent": {"kind": "constant-liar", "lie": "least-frequent"},
    "uniform": {"kind": "constant-liar", "lie": "uniform"},
}
SELECTORS = {name: {"strategy": strategy} for name, strategy in STRATEGIES.items()}
SELECTORS |= {name: {"strategy": "margin", "pending": pending} for name, pending in PENDINGS.items()}
SELECTORS["both"] = {"strategy": STRATEGIES["filter"], "pending": PENDINGS["kriging-believer"]}
SELECTORS["in a council"] = {"strategy": STRATEGIES["council"], "pending": PENDINGS["local-penalisation"]}

FILE = """
name = "choosing"
seed = 3
[data]
source = "iris"
seed_labels = 6
[learner]
retrain_every = 5
train_time = "10s"
[selector]
in_flight = 3
strategy = "margin"
[[annotators]]
count = 4
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "exponential", mean = "30s" }
price = 0.1
[stop]
labels = 20
[faults]
drop = 0.05
delay = 0.1
retry = "60s"
crashes = [{ agent = "selector", at = "50s", down = "20s" }, { agent = "coordinator", at = "120s", down = "10s" }]
"""


def in_flight(selector: dict[str, Any], faults: dict[str, Any], **others: Any) -> Scenario:
    return scenario_of(faults, **{**LEARNS, "selector": {"in_flight": 3, **selector}, **others})


# As users run them


@pytest.mark.parametrize("name", [*SELECTORS])
def test_a_campaign_in_which_agents_crash_is_run_verified_and_resumed(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    sets = {f"selector.{key}": value for key, value in SELECTORS[name].items()}
    summary, log = run_logged(load(path, sets).scenario, tmp_path)
    assert summary.labels == 20
    result = parley("verify", log)
    assert (result.exit_code, result.stderr) == (0, "")
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: int(len(lines) * 0.6)]))
    assert parley("resume", log).exit_code == 0
    assert log.read_bytes() == whole


@pytest.mark.parametrize("name", [*SELECTORS])
def test_nested_tables_meet_the_schema_and_come_back_from_a_log(name: str) -> None:
    scenario = in_flight(SELECTORS[name], {})
    VALIDATOR.validate(scenario.tables())
    assert make(scenario.tables(), "again", {}, Trust()) == scenario


def test_they_are_listed_each_with_what_it_costs() -> None:
    kinds = {member.kind: member for member in members("strategy")}
    assert {*STRATEGIES} <= {*kinds}
    assert all("O(" in kinds[kind].cost for kind in STRATEGIES if kind != "council")
    assert [member.kind for member in members("pending")] == ["ignore", "local-penalisation", "kriging-believer", "constant-liar"]


def test_dials_of_parts_are_set_by_their_path(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    sets = {"selector.strategy": STRATEGIES["rank-product"], "selector.strategy.parts.weighted-sum.scale": "range"}
    assert load(path, sets).scenario.selector.strategy.parts[0].scale == "range"
    deep = {"selector.strategy": STRATEGIES["subsample"], "selector.strategy.of.best": 7}
    assert load(path, deep).scenario.selector.strategy.of.best == 7


# What cannot be


@pytest.mark.parametrize(
    ("selector", "others", "words"),
    [
        ({"strategy": SUM}, {"learner": None}, "selector.strategy 'entropy' needs a model, but there is no [learner]"),
        (
            {"strategy": "random", "pending": "kriging-believer"},
            {"learner": None},
            "selector.pending 'kriging-believer' needs a model, but there is no [learner]",
        ),
        (
            {"strategy": "margin", "pending": PENDINGS["uniform"]},
            {"learner": {"estimator": {"kind": "sklearn.neighbors.KNeighborsClassifier"}}},
            "selector.pending 'constant-liar': lie = \"uniform\" needs a classifier that takes sample_weight",
        ),
        (
            {"strategy": "margin", "pending": "constant-liar"},
            {"learner": {"committee": [{"count": 3}]}},
            "selector.pending 'constant-liar' trains models like the learner's",
        ),
        ({"strategy": {**SUM, "weights": [1]}}, {}, "selector.strategy: there are 2 strategies and 1 weights"),
        ({"strategy": {"kind": "filter", "by": "margn", "then": "random"}}, {}, "selector.strategy.by"),
        ({"strategy": {"kind": "subsample", "of": {"kind": "filter", "by": "random"}}}, {}, "selector.strategy.of.then"),
        (
            {"pending": {"kind": "kriging-believer", "refits": 3}},
            {},
            "selector.pending: unknown key 'refits'; did you mean 'refit'",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_the_message_says_where(selector: dict[str, Any], others: dict[str, Any], words: str) -> None:
    tables = {
        "name": "wrong",
        "data": {"source": "iris"},
        "learner": {},
        "selector": selector,
        "annotators": [{"name": "w", "count": 3}],
        **others,
    }
    with pytest.raises(BadInput) as refused:
        make({key: table for key, table in tables.items() if table is not None}, "wrong", {}, Trust())
    assert words in str(refused.value)


class Few(InOrder):
    """Takes small pools only."""

    kind: ClassVar[str] = "few"
    most_items: ClassVar[int | None] = 10


@pytest.mark.parametrize(
    ("strategy", "size"),
    [
        (Few(), 12),
        (Filter(by=Few(), then=InOrder()), 12),
        (Subsample(of=Few(), number=11), 11),
        (Subsample(of=Filter(by=InOrder(), then=Few()), share=0.9), 11),
        (Subsample(of=Subsample(of=Few(), share=0.9), number=99), 11),
        (Subsample(of=Few(), number=10), None),
        (Subsample(of=Few(), share=0.75), None),
        (Subsample(of=WeightedSum(parts=(Subsample(of=Few(), share=0.5), InOrder()))), None),
    ],
    ids=str,
)
def test_what_takes_small_pools_only_is_refused_a_large_one_but_not_a_sample_of_it(strategy: Strategy, size: int | None) -> None:
    scenario = scenario_of({}, data={"source": "synthetic", "items": 12}, selector={"strategy": strategy})
    if size is None:
        prepare(scenario, Origin())
        return
    with pytest.raises(
        BadInput, match=rf"selector\.strategy 'few' costs O\(n\), and takes 10 items at most, but would look at {size}"
    ):
        prepare(scenario, Origin())


# What labels cost


def check_bills(record: Any) -> None:
    """Check that the bill before each label is for the accepted answers there were, by books of their own."""
    prices = {(event.recipient, event.body.item, event.body.attempt): event.body.price for event in record.of(TaskAssigned)}
    answers = record.of(AnswerSubmitted)
    bills = {event.body.item: event for event in record.of(ItemBilled)}
    for event in record.of(ItemResolved):
        bill = bills[event.body.item]
        assert (bill.time, bill.cause) == (event.time, event.cause) and bill.seq < event.seq
        # One that was lost is given again, and took as long.
        told = (each for each in answers if each.body.item == event.body.item and each.seq < bill.seq)
        counted = {(each.sender, each.body.attempt): each for each in told}.values()
        assert len(counted) == event.body.votes
        assert bill.body.price == pytest.approx(sum(prices[each.sender, each.body.item, each.body.attempt] for each in counted))
        assert bill.body.time == sum(each.time - each.body.began for each in counted)


@pytest.mark.parametrize("agent", ["selector", "coordinator", None])
@pytest.mark.parametrize("name", ["cost-aware", "council"])
def test_each_label_is_said_with_what_it_cost_and_a_crash_forgets_nothing(name: str, agent: str | None) -> None:
    people = [{"name": "w", "count": 3, "latency": {"kind": "exponential", "mean": 10}, "price": 0.1}]
    people += [{"name": "v", "count": 2, "latency": {"kind": "exponential", "mean": 60}, "price": 0.03}]
    crashes = [] if agent is None else [crash(agent, 25, 12), crash(agent, 80, 7)]
    _, record = played(in_flight(SELECTORS[name], {"crashes": crashes}, annotators=people, stop=None))
    assert len(record.of(ItemResolved)) == len(record.of(ItemBilled)) == 8
    check_bills(record)


class Parted(Source):
    """Items with one feature by which their labels go, and another by which it goes how long people think about them."""

    kind: ClassVar[str] = "parted"

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return eighty items, every second of which is slow."""
        rows = np.arange(80)
        matrix = np.stack([rows // 2 % 10 - 4.5, rows % 2], axis=1).astype(np.float64)
        return Dataset(rows.tolist(), matrix, (matrix[:, 0] > 0).astype(np.intp), (0, 1))


class Thoughtful(FixedTime):
    """Every second item takes ten times as long."""

    kind: ClassVar[str] = "thoughtful"

    def seconds(self, case: Case, luck: Luck) -> float:
        """Return the time, or ten times it."""
        return self.time * (10 if case.item % 2 else 1)


def test_once_it_is_known_which_items_take_long_quick_ones_go_first() -> None:
    people = [{"name": "w", "count": 2, "latency": Thoughtful(time=10), "price": 0.1}]
    selector = {"strategy": {"kind": "cost-aware", "of": "entropy", "refit": 4, "price_weight": 0}, "in_flight": 2}
    data = Parted(test_fraction=0.2, seed_labels=4)
    policy = {"policy": {"kind": "majority", "size": 1}}
    stop = {"labels": 24}
    _, record = played(in_flight(selector, {}, data=data, annotators=people, coordination=policy, stop=stop))
    bills = [event.seq for event in record.of(ItemBilled)]
    before, after = [], []
    for event in record.of(ItemRequested):
        (before if event.seq < bills[7] else after).append(event.body.item % 2)
    assert 0 < sum(before) < len(before), "nobody knew at first"
    assert not any(after)


def test_every_command_reads_a_log_that_tells_what_labels_cost(tmp_path: Path) -> None:
    path = write(tmp_path, FILE.partition("[faults]")[0])
    _, log = run_logged(load(path, {"selector.strategy": STRATEGIES["cost-aware"]}).scenario, tmp_path)
    for command in (each for each in COMMANDS if each != "resume"):
        result = parley(command, log)
        assert (result.exit_code, result.stderr) == (0, ""), command
    assert "has cost 0.1, and " in parley("replay", log).stdout


def test_nobody_is_told_what_labels_cost_where_nobody_goes_by_it() -> None:
    _, record = played(in_flight(SELECTORS["product"], {}))
    assert not record.of(ItemBilled)


# Staleness


@pytest.mark.parametrize("name", [*PENDINGS, "filter"])
def test_requests_name_their_model_and_staleness_is_counted(name: str) -> None:
    campaign, record = played(in_flight(SELECTORS[name], {}, stop=None))
    published = 0
    labels: list[int] = []
    asked: dict[Any, int] = {}
    stale = 0
    for event in record:
        if isinstance(event.body, ModelPublished):
            published = event.body.version
        elif isinstance(event.body, ItemRequested):
            assert event.body.version <= published
            asked[event.body.item] = len(labels)
        elif isinstance(event.body, ItemResolved):
            stale += len(labels) - asked[event.body.item]
            labels.append(event.seq)
    assert campaign.summary(None).staleness == pytest.approx(stale / len(labels))
    assert stale > 0


# Whatever goes wrong

down_for = st.sampled_from([0, 1, SECOND, 10 * SECOND, 35 * SECOND])


@st.composite
def strikes(draw: st.DrawFn) -> tuple[Scenario, dict[str, Any]]:
    """Draw whom it strikes, and when; mostly the Selector."""
    faults = {"drop": 0.05, "delay": 0.15, "reorder": 0.1, "delay_time": 20}
    selector = {**SELECTORS[draw(st.sampled_from([*SELECTORS]))], "barrier": draw(st.booleans())}
    victim = draw(st.sampled_from(["selector", "selector", "selector", *SERVICES, "learner", PEOPLE[0]]))
    struck = {
        "victim": victim,
        "event": draw(st.integers(1, 150)),
        "turns": draw(st.integers(0, 5)),
        "down": draw(down_for),
    }
    return in_flight(selector, faults, stop={"labels": 8}), struck


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_whoever_goes_down_at_whatever_event_the_campaign_comes_to_a_sane_end(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strikes())
def test_in_many_campaigns_whoever_goes_down_they_come_to_a_sane_end(strike: tuple[Scenario, dict[str, Any]]) -> None:
    scenario, struck = strike
    played(scenario, **struck)


@st.composite
def with_selectors(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small campaign with a learner in which something goes wrong, gold questions and revisions among it."""
    drawn = draw(campaigns().filter(lambda each: "learner" in each))
    drawn["selector"] = {**drawn["selector"], **SELECTORS[draw(st.sampled_from([*SELECTORS]))]}
    return drawn


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[*HealthCheck])
@given(with_selectors())
def test_whatever_goes_wrong_nothing_is_asked_twice_and_nothing_is_stranded(drawn: dict[str, Any]) -> None:
    campaign, log, _ = happened(drawn)
    audit(campaign, log)


def test_a_selector_that_comes_back_knows_what_labels_have_cost() -> None:
    campaign, _ = played(in_flight(SELECTORS["cost-aware"], {"crashes": [crash("selector", 60, 40)]}, stop=None))
    selector = next(agent for agent in campaign._agents.values() if isinstance(agent, Selector))
    assert len(selector._pool.bills) == 8
