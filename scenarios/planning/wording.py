"""A plan in words: what its answers are, how they are run, and how they were found."""

import math
import shlex
from collections.abc import Iterator
from typing import Any

from bus.duration import format_duration, parse_duration
from scenarios.history.phrases import counted
from scenarios.planning.front import CLOSE
from scenarios.planning.judgement import Risk, Verdict
from scenarios.planning.outlook import LIKELY
from scenarios.planning.plan import Answer, Gap, Plan
from scenarios.planning.space import LABELS
from scenarios.statistics.estimate import Estimate
from scenarios.toml import toml

Line = tuple[str, ...]


def headline(plan: Plan) -> str:
    """Return what was asked, in a line."""
    what = "the model is right" if plan.space.learner else "the labels are right"
    targets = plan.targets.worded()
    risk = f"at most {plan.targets.risk:.3g} of all campaigns may miss {'each of these' if len(targets) > 1 else 'that'}"
    return f"{what} at least {plan.targets.accuracy:g} of the time{''.join(f', {each}' for each in targets[1:])}; {risk}"


def heads(plan: Plan) -> Line:
    """Return what a table says of each answer, in order."""
    risks = [f"misses {name}" for name in plan.targets.set]
    return (*plan.space.columns, "labels", "accuracy", *(["money"] if plan.space.paid else []), "time", *risks)


def cells(plan: Plan, answer: Answer) -> Line:
    """Return what a table says of an answer, under `heads`."""
    verdict = answer.verdict
    words = plan.space.candidates[verdict.candidate].words.values()
    money = [_with_half(verdict.cost, ".2f")] if plan.space.paid else []
    risks = [risk_words(verdict.risks.get(name)) for name in plan.targets.set]
    return (*words, f"{verdict.labels:,}", _with_half(verdict.accuracy, ".3f"), *money, time_words(verdict.seconds), *risks)


def title(answer: Answer) -> str:
    """Return what an answer is called: cheapest, knee, fastest, or several of these."""
    return " and ".join(answer.roles)


def risk_words(risk: Risk | None) -> str:
    """Return a risk, and between what it lies, in per cent."""
    if risk is None or not risk.runs:
        return "not judged"
    low, high = risk.interval
    return f"{100 * risk.share:.0f} % ({100 * low:.0f} to {100 * high:.0f})"


def time_words(estimate: Estimate) -> str:
    """Return a mean time and half its interval."""
    half = f" ± {format_duration(estimate.half_width)}" if estimate.half_width > 0 else ""
    return f"{format_duration(estimate.mean)}{half}" if math.isfinite(estimate.mean) else "-"


def sentence(plan: Plan, answer: Answer) -> str:
    """Return an answer in a sentence, with its intervals."""
    verdict = answer.verdict
    accuracy, cost = verdict.accuracy, verdict.cost
    whose = "the model is" if plan.space.learner else "they are"
    low, high = accuracy.interval
    interval = f" ({low:.3f} to {high:.3f})" if math.isfinite(low) else ""
    paid = f" for {cost.mean:,.2f}" if plan.space.paid else ""
    missed = _missed(plan, verdict)
    return (
        f"{title(answer)}: {_what(plan, answer)}, {verdict.labels:,} labels: {whose} right {accuracy.mean:.3f} of the time"
        f"{interval},{paid} in {format_duration(verdict.seconds.mean)}; {missed}."
    )


def command(plan: Plan, answer: Answer) -> str:
    """Return the command line by which an answer is run."""
    settings = settings_of(plan, answer.verdict.candidate, answer.verdict.labels)
    parts = [f"--set {shlex.quote(f'{path}={toml(value)}')}" for path, value in settings.items()]
    return " ".join(["parley run", shlex.quote(plan.space.asked), *parts])


def settings_of(plan: Plan, number: int, labels: int) -> dict[str, Any]:
    """Return what is set for a candidate that ends with so many labels, by path: what the plan was asked with among it.

    Limits are the targets themselves. A campaign that comes to neither does not notice them.
    """
    space, targets = plan.space, plan.targets
    settings = {**space.fixed, **space.candidates[number].settings, LABELS: labels}
    if targets.budget is not None and targets.budget != space.own.budget:
        settings["stop.budget"] = int(targets.budget) if targets.budget.is_integer() else targets.budget
    if targets.deadline is not None and targets.deadline != space.own.time:
        settings["stop.time"] = _as_written(targets.deadline)
    return settings


def missing(plan: Plan) -> list[str]:
    """Return why there are fewer answers than three."""
    roles = {role for answer in plan.answers for role in answer.roles}
    if not plan.answers or "knee" in roles:
        return []
    if len(plan.answers) == 1:
        return ["Nothing that comes to the targets is faster, so the cheapest is the fastest: there is nothing between."]
    return ["There is no knee between: nothing lies well below the straight line from the cheapest to the fastest."]


def nothing(plan: Plan) -> list[str]:
    """Return what is to be said where nothing comes to the targets: that, what comes nearest, and what would have to give."""
    if plan.nearest is None:
        return []
    told = [f"Nothing here reaches {_listed(plan.targets.worded())} often enough."]
    told += [each for gap in plan.gaps for each in _gap(plan, gap)]
    return told


def terms(plan: Plan) -> list[str]:
    """Return how answers were chosen, and how they were judged."""
    risk, space = plan.targets.risk, plan.space
    enough = "So many labels are chosen" if space.learner and len(space.labels) > 1 else "Candidates are chosen"
    seeds = max((each.runs for each in plan.verdicts), default=0)
    judged = f" How often they do is told by {seeds:,} campaigns with seeds that nothing was chosen by." if seeds else ""
    told = [
        f"{enough} that with a chance of {LIKELY:g} each target is missed by at most {risk:.3g} of all campaigns (--risk).{judged} "
        "Intervals are of 95 %."
    ]
    if not space.paid:
        told.append("Nobody has a price here, so everything costs nothing: the cheapest is what needs the fewest annotators.")
    else:
        told.append(
            f"Of what costs the same to within {100 * CLOSE:.0f} %, what needs the fewest annotators counts as the cheapest"
            f"{'' if plan.targets.fee else '; --fee says what each of them costs beside their answers'}."
        )
    return told


def course(plan: Plan) -> str:
    """Return how the search went."""
    space, rounds = plan.space, plan.search.rounds
    left_out = f" ({space.impossible:,} more combinations are not possible)" if space.impossible else ""
    searched = ", ".join(f"{each.candidates:,} with {each.seeds:,} seeds" for each in rounds) or "none with two seeds yet"
    refused = sum(bool(each.too_often(plan.targets)) for each in plan.verdicts)
    judged = f"; {len(plan.verdicts):,} judged on fresh seeds" if plan.verdicts else ""
    judged += f", of which {refused:,} missed too often" if refused else ""
    labels = f", up to {space.labels[-1]:,} labels" if space.learner and len(space.labels) > 1 else f", {space.labels[-1]:,} labels"
    return f"{counted(len(space.candidates), 'candidate')}{left_out}{labels}: {searched}{judged}; {plan.runs:,} runs."


def _as_written(seconds: float) -> str | float:
    """Return a duration as people write it, if that says it exactly."""
    text = format_duration(seconds)
    return text if parse_duration(text) == seconds else seconds


def _what(plan: Plan, answer: Answer) -> str:
    words = plan.space.candidates[answer.verdict.candidate].words
    people = plan.space.candidates[answer.verdict.candidate].people
    rest = [word for key, word in words.items() if key != "annotators"]
    return f"{words['annotators']} annotator{'' if people == 1 else 's'}, {', '.join(rest)}"


def _missed(plan: Plan, verdict: Verdict) -> str:
    if not verdict.risks:
        return "nobody has judged that yet"
    counts = [f"{risk.missed:,} missed the {name}" for name, risk in verdict.risks.items() if risk.missed]
    if not counts:
        return f"none of {verdict.runs:,} campaigns missed any target"
    return f"of {verdict.runs:,} campaigns, {_listed(counts)}"


def _gap(plan: Plan, gap: Gap) -> Iterator[str]:
    targets, others = plan.targets, [name for name in plan.targets.set if name != gap.target]
    kept = f" With {_listed([f'the {name}' for name in others])} as asked," if others else ""
    if gap.target == "accuracy":
        if gap.needed is None:
            yield "No accuracy can be had with the money and the time that there is."
        elif gap.needed < targets.accuracy:
            yield f"{kept.strip()} an accuracy of about {gap.needed:g} can be had.".strip().capitalize()
    elif gap.needed is not None:
        much = format_duration(gap.needed) if gap.target == "deadline" else f"{gap.needed:,.2f}"
        yield f"{kept.strip()} a {gap.target} of about {much} would do.".strip()


def _with_half(estimate: Estimate, form: str) -> str:
    if not math.isfinite(estimate.mean):
        return "-"
    return format(estimate.mean, f",{form}") + (f" ± {format(estimate.half_width, form)}" if estimate.half_width > 0 else "")


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
