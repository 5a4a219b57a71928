"""A campaign's state as JSON, and back: what an index keeps, so that nobody need read a log from its start."""

from dataclasses import asdict
from typing import Any

from agents.advice import Advice
from agents.coordinator.agreement import Agreement
from agents.judgement import Evaluation, Flips, Judgement
from agents.mishaps import Mishaps
from agents.open_item import OpenItem, Talk, Vote
from agents.people import People
from agents.person import Person, Stays, Task, shown
from agents.state import State

_PLAIN = (
    "seq", "time", "items", "seeds", "reserved", "committed", "resolved", "given_up", "revised", "repeated", "voided", "reopened",
    "tenders", "cancelled", "cancelled_cost", "staleness", "exhausted", "training", "version", "trained_on", "stopped_by", "ended",
    "sessions", "rounds", "escalated",
)  # fmt: skip


def dump(state: State) -> dict[str, Any]:
    """Return a state as JSON can hold it. It is settled, so this is for the end of an instant."""
    state.settle()
    return {
        **{name: getattr(state, name) for name in _PLAIN},
        "classes": state.classes,
        "gold": [*state.gold.items()],
        "open": [[item, asdict(each)] for item, each in state.open.items()],
        "people": {name: asdict(person) for name, person in state.people.items()},
        "agreement": state.agreement.dump(),
        "curve": state.curve,
        "advice": state.advice,
        "judged": state.judged,
        "flips": state.flips,
        "decided": state.decided,
        "mishaps": state.mishaps.dump(),
    }


def load(dumped: dict[str, Any]) -> State:
    """Return the state that `dump` was given.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    state = State()
    for name in _PLAIN:
        setattr(state, name, dumped[name])
    state.classes = tuple(dumped["classes"])
    state.gold = dict(dumped["gold"])
    state.open = {item: _open_item(each) for item, each in dumped["open"]}
    state.people = People({name: _person(each) for name, each in dumped["people"].items()})
    state.agreement = Agreement.load(dumped["agreement"])
    state.curve = [Evaluation(*each) for each in dumped["curve"]]
    state.advice = [Advice(*each) for each in dumped["advice"]]
    state.judged = None if dumped["judged"] is None else _judgement(*dumped["judged"])
    state.flips = Flips(*dumped["flips"])
    state.decided = dict(dumped["decided"])
    state.mishaps = Mishaps.load(dumped["mishaps"])
    return state


def _open_item(each: dict[str, Any]) -> OpenItem:
    statements = [(turn, _vote(vote)) for turn, vote in each["statements"]]
    talk = None if each["talk"] is None else Talk(**each["talk"])
    return OpenItem(**{**each, "votes": [_vote(vote) for vote in each["votes"]], "statements": statements, "talk": talk})


def _vote(each: list[Any]) -> Vote:
    vote = Vote(*each)
    return vote if vote.chances is None else vote._replace(chances=tuple(vote.chances))


def _person(each: dict[str, Any]) -> Person:
    task = None if each["task"] is None else _task(each["task"])
    beside, stays = [_task(beside) for beside in each["beside"]], Stays(**each["stays"])
    return Person(**{**each, "task": task, "beside": beside, "stays": stays})


def _task(each: dict[str, Any]) -> Task:
    return Task(**{**each, "view": None if each["view"] is None else shown(each["view"])})


def _judgement(labels: int, right: int, by_class: list[list[int]]) -> Judgement:
    return Judgement(labels, right, tuple((count, correct) for count, correct in by_class))
