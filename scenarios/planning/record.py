"""A plan for programs: one object with everything in it, and a table of all candidates."""

import csv
import json
import math
from io import StringIO
from typing import Any

from scenarios.planning.plan import Answer, Plan
from scenarios.planning.wording import command, settings_of
from scenarios.statistics.estimate import ERROR, Estimate


def record(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain tables; what is not defined is None."""
    space, targets = plan.space, plan.targets
    return {
        "scenario": space.name,
        "set": space.fixed,
        "targets": {"accuracy": targets.accuracy, "deadline": targets.deadline, "budget": targets.budget},
        "risk": targets.risk,
        "fee": targets.fee,
        "level": 1 - ERROR,
        "reached": bool(plan.answers),
        "answers": [_answer(plan, each) for each in plan.answers],
        "nearest": None if plan.nearest is None else _answer(plan, plan.nearest),
        "would_do": {gap.target: gap.needed for gap in plan.gaps},
        "search": {
            "candidates": len(space.candidates),
            "impossible": space.impossible,
            "labels": [*space.labels],
            "rounds": [{"candidates": each.candidates, "seeds": each.seeds} for each in plan.search.rounds],
            "judged": len(plan.verdicts),
            "refused": sum(bool(each.too_often(targets)) for each in plan.verdicts),
            "runs": plan.runs,
            "failed": len(plan.search.failed),
        },
        "interrupted": plan.broken_off,
        "candidates": rows(plan),
    }


def rows(plan: Plan) -> list[dict[str, Any]]:
    """Return a row for each candidate: what it is, and where by the search it would end, or comes nearest to the targets."""
    roles = {answer.verdict.candidate: " and ".join(answer.roles) for answer in plan.answers}
    return [_row(plan, number, roles.get(number)) for number in range(len(plan.space.candidates))]


def table(plan: Plan) -> bytes:
    """Return the rows as CSV."""
    text = StringIO(newline="")
    found = rows(plan)
    writer = csv.DictWriter(text, [*found[0]], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: json.dumps(cell) if isinstance(cell, dict) else cell for key, cell in row.items()} for row in found)
    return text.getvalue().encode()


def _row(plan: Plan, number: int, role: str | None) -> dict[str, Any]:
    space, outlook = plan.space, plan.search.outlooks.get(number)
    candidate, stop = space.candidates[number], None if outlook is None else outlook.end
    seeds = len(plan.search.readings[number])
    return {
        "candidate": number,
        **candidate.words,
        "people": candidate.people,
        "answer": role,
        "reaches": None if outlook is None else outlook.reaches,
        "seeds": seeds,
        "labels": None if stop is None else space.labels[stop.at],
        "accuracy": None if stop is None else stop.accuracy,
        "cost": None if stop is None else stop.cost,
        "simulated_seconds": None if stop is None else stop.seconds,
        "set": {} if stop is None else settings_of(plan, number, space.labels[stop.at]),
    }


def _answer(plan: Plan, answer: Answer) -> dict[str, Any]:
    verdict = answer.verdict
    candidate = plan.space.candidates[verdict.candidate]
    return {
        "roles": [*answer.roles],
        "candidate": verdict.candidate,
        **candidate.words,
        "people": candidate.people,
        "labels": verdict.labels,
        "runs": verdict.runs,
        "accuracy": _estimate(verdict.accuracy),
        "cost": _estimate(verdict.cost),
        "simulated_seconds": _estimate(verdict.seconds),
        "risks": {
            name: {"missed": risk.missed, "runs": risk.runs, "share": risk.share, "low": risk.interval[0], "high": risk.interval[1]}
            for name, risk in verdict.risks.items()
        },
        "set": settings_of(plan, verdict.candidate, verdict.labels),
        "command": command(plan, answer),
    }


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    low, high = estimate.interval
    return {"mean": _number(estimate.mean), "low": _number(low), "high": _number(high)}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
