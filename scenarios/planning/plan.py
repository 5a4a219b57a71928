"""A plan: the cheapest, the fastest, and the knee between, of all that come to the targets."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from scenarios.errors import BadInput
from scenarios.grid import Row
from scenarios.planning.front import Outlay, cheapest, fastest, knee
from scenarios.planning.judgement import Proposal, Verdict, run_proposals, verdict
from scenarios.planning.outlook import Stop, outlooks
from scenarios.planning.reading import Reading
from scenarios.planning.search import Search, Tell
from scenarios.planning.space import Space
from scenarios.planning.targets import Targets
from scenarios.statistics.estimate import Estimate

Role = Literal["cheapest", "fastest", "knee", "nearest"]

MOST_JUDGED = 8
"""Proposals that are run with fresh seeds: where the first miss too often, the next in line take their place."""

_MORE = 1.1
"""How many times the labels a candidate is given whose accuracy turned out to be too low."""


class Answer(NamedTuple):
    """One answer: what it is, and what it comes to."""

    roles: tuple[Role, ...]
    verdict: Verdict


class Gap(NamedTuple):
    """What would have to give for there to be an answer: the target, and what it would have to be; None if nobody knows."""

    target: str
    needed: float | None


class Plan(NamedTuple):
    """What came of a search.

    Attributes:
        space, targets: what was asked.
        search: how it went.
        answers: the answers, the cheapest first; none if nothing comes to the targets.
        nearest: what comes nearest, where there is no answer.
        gaps: what would have to give then.
        verdicts: all that were judged, the refused among them.
        runs: how many there were in all.
        broken_off: whether somebody had enough before the end; then answers that nobody has judged have no risks.
        terminated: whether it was `kill` that ended it then, and not Ctrl-C.
    """

    space: Space
    targets: Targets
    search: Search
    answers: tuple[Answer, ...]
    nearest: Answer | None
    gaps: tuple[Gap, ...]
    verdicts: tuple[Verdict, ...]
    runs: int
    broken_off: bool
    terminated: bool = False


class _Bench:
    """Judges proposals, and remembers what came of them."""

    def __init__(self, space: Space, targets: Targets, seeds: int, jobs: int, tell: Tell, before: int) -> None:
        self.space, self.targets = space, targets
        self.seeds, self.jobs = seeds, jobs
        self.tell = tell
        self.runs = before
        self.verdicts: dict[Proposal, Verdict] = {}

    def judge(self, proposals: Sequence[Proposal]) -> None:
        rows: dict[int, list[Row]] = {number: [] for number, _ in proposals}
        expected = self.runs + len(proposals) * self.seeds
        for row in run_proposals(self.space, [*proposals], self.seeds, self.jobs):
            rows[row["candidate"]].append(row)
            self.runs += 1
            self.tell(self.runs, expected)
        for proposal in proposals:
            self.verdicts[proposal] = verdict(self.space, self.targets, proposal, rows[proposal[0]])

    def accepted(self) -> list[Verdict]:
        return [each for each in self.verdicts.values() if not each.too_often(self.targets)]


def make_plan(space: Space, targets: Targets, seeds: int, jobs: int, tell: Tell) -> Plan:
    """Search a space, judge what was found, and return what is best.

    Args:
        space: the candidates.
        targets: what they are to come to.
        seeds: fresh seeds that each answer is judged by; the search gives none more than so many.
        jobs: processes; -1 for as many as there are cores.
        tell: is told after each run how far it is.

    Raises:
        BadInput: every run failed.
    """
    search = Search(space, targets, seeds, jobs)
    bench, broken_off, terminated = _Bench(space, targets, seeds, jobs, tell, 0), False, False
    try:
        search.run(lambda done, expected: tell(done, expected + 3 * seeds))
        bench.runs = search.runs
        _judge(search, bench)
    except KeyboardInterrupt as error:
        bench.runs, broken_off = max(bench.runs, search.runs), True
        terminated = bool(getattr(error, "terminated", False))
    if not search.outlooks and not broken_off:
        raise BadInput(_nothing_known(search))
    verdicts = bench.accepted() or (_unjudged(search) if broken_off and not bench.verdicts else [])
    answers = _answers(space, verdicts)
    nearest = None if answers or broken_off else _nearest(search, bench)
    gaps = _gaps(search) if nearest else ()
    judged = tuple(bench.verdicts.values())
    return Plan(space, targets, search, answers, nearest, gaps, judged, bench.runs, broken_off, terminated)


def expected_runs(space: Space, targets: Targets, seeds: int) -> int:
    """Return how many runs there will be, at about."""
    return Search(space, targets, seeds).expected() + 3 * seeds


def _judge(search: Search, bench: _Bench) -> None:
    """Judge the cheapest, the fastest and the knee; where one misses too often, it is given more labels, or the next is judged."""
    space, proposals = search.space, search.proposals()
    while proposals and len(bench.verdicts) < MOST_JUDGED:
        outlays = {key: Outlay(stop.cost, stop.seconds, space.candidates[key].people) for key, stop in proposals.items()}
        chosen = {key: (key, space.labels[proposals[key].at]) for key in _chosen(outlays).values()}
        new = {key: proposal for key, proposal in chosen.items() if proposal not in bench.verdicts}
        if not new:
            return
        bench.judge([*new.values()])
        for key, proposal in new.items():
            missed = bench.verdicts[proposal].too_often(bench.targets)
            if missed:
                more = _more(proposals.pop(key), space.labels) if missed == ["accuracy"] else None
                proposals.update({} if more is None else {key: more})


def _more(stop: Stop, labels: Sequence[int]) -> Stop | None:
    """Return a later end; None if there is none. What it takes is in proportion."""
    now = labels[stop.at]
    later = [at for at, count in enumerate(labels) if at > stop.at and count >= _MORE * now]
    if not later:
        return None
    ratio = labels[later[0]] / now
    return Stop(later[0], stop.accuracy, stop.cost * ratio, stop.seconds * ratio)


def _chosen(outlays: dict[int, Outlay]) -> dict[Role, int]:
    chosen: dict[Role, int] = {"cheapest": cheapest(outlays), "fastest": fastest(outlays)}
    between = knee(outlays)
    return chosen if between is None else {**chosen, "knee": between}


def _answers(space: Space, verdicts: Sequence[Verdict]) -> tuple[Answer, ...]:
    if not verdicts:
        return ()
    by_place = dict(enumerate(verdicts))
    chosen = _chosen({place: each.outlay(space.candidates[each.candidate].people) for place, each in by_place.items()})
    order: tuple[Role, ...] = ("cheapest", "knee", "fastest")
    places = list(dict.fromkeys(chosen[role] for role in order if role in chosen))
    return tuple(Answer(tuple(role for role in order if chosen.get(role) == place), by_place[place]) for place in places)


def _unjudged(search: Search) -> list[Verdict]:
    """Return what the search alone proposes."""
    return [_supposed(search, key, stop) for key, stop in search.proposals().items()]


def _supposed(search: Search, key: int, stop: Stop) -> Verdict:
    accuracy, cost, seconds = (Estimate(value, math.nan) for value in (stop.accuracy, stop.cost, stop.seconds))
    return Verdict(key, search.space.labels[stop.at], search.rounds[-1].seeds, accuracy, cost, seconds, {})


def _nearest(search: Search, bench: _Bench) -> Answer | None:
    if not bench.verdicts:
        found = search.nearest()
        if found is None:
            return None
        key, stop = found
        bench.judge([(key, search.space.labels[stop.at])])
    best = min(bench.verdicts.values(), key=lambda each: (max(risk.share for risk in each.risks.values()), each.cost.mean))
    return Answer(("nearest",), best)


def _gaps(search: Search) -> tuple[Gap, ...]:
    """Return for each target what it would have to be, if the others were to stay."""
    targets, few = search.targets, search.rounds[0].seeds
    readings = {key: runs[:few] for key, runs in search.readings.items() if len(runs) >= few}
    found = []
    for target in targets.set[1:]:
        relaxed = outlooks(readings, targets._replace(deadline=None) if target == "deadline" else targets._replace(budget=None))
        ends = [each.middling for each in relaxed.values() if each.middling is not None]
        needed = [each.seconds if target == "deadline" else each.cost for each in ends]
        found.append(Gap(target, min(needed, default=None)))
    return (Gap("accuracy", _best_accuracy(search, readings)), *found)


def _best_accuracy(search: Search, readings: dict[int, list[Reading]]) -> float | None:
    """Return the accuracy, to a hundredth, that can be had with the money and time there is."""
    for hundredth in range(int(search.targets.accuracy * 100), 0, -1):
        easier = search.targets._replace(accuracy=hundredth / 100)
        if any(each.middling is not None for each in outlooks(readings, easier).values()):
            return hundredth / 100
    return None


def _nothing_known(search: Search) -> str:
    if search.failed:
        return f"every run failed: {search.failed[0]['error']}"
    return "no campaign came to any number of labels that was asked about, within the time and the money that there are"
