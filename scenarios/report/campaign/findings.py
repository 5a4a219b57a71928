"""What a run came to, in words, with intervals; and what one must know before believing it."""

import numpy as np
from scipy.stats import binomtest

from scenarios.report.campaign.drawing import worded
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.proportion import proportion, told_apart
from scenarios.report.campaign.scores import scores_of
from scenarios.report.campaign.wording import counts, listed, money, percent, span, with_interval
from scenarios.statistics.estimate import ERROR

_STOPPED = {
    "labels": "it had the labels that were wanted",
    "budget": "its money was spent",
    "time": "its time was over",
    "pool": "nothing was left to ask for",
    "rule": "a stop rule fired",
    "interrupted": "it was broken off",
}


def findings(evidence: Evidence) -> tuple[str, ...]:
    """Return the first paragraphs."""
    first = " ".join(words for each in (_outcome, _ending) if (words := each(evidence)))
    found = (_model, _rules, _work, _talk, _losses, _class, _people)
    return (first, *(words for each in found if (words := each(evidence))))


def _outcome(evidence: Evidence) -> str:
    summary, (judged, right) = evidence.summary, evidence.judged
    labels = counts(summary.labels, "item was labelled", "items were labelled")
    says = f"{labels} with {counts(summary.answers, 'answer')}"
    says += f" in {span(summary.simulated_seconds)}" if not evidence.counted else ""
    says += f" and for {money(summary.cost)}" if summary.cost else ""
    says += "."
    if judged:
        share = proportion(right, judged)
        which = "Of these labels" if judged >= summary.labels else f"What is true is known of {judged:,} of them; of these labels"
        says += f" {which}, {right:,} {'is' if right == 1 else 'are'} right: {with_interval(share)}."
    if summary.revised:
        says += f" Labels took the place of earlier ones {counts(summary.revised, 'time')}."
    if len(summary.decided) > 1:
        last = listed([f"{worded(name)} ({number:,})" for name, number in summary.decided.items()])
        says += f" The last word had {last}."
    return says


def _model(evidence: Evidence) -> str:
    curve, held_out = evidence.state.curve, evidence.held_out
    if not curve:
        return ""
    last, best = curve[-1], evidence.summary.best
    if held_out is None:
        score = percent(last.accuracy)
    else:
        score = with_interval(proportion(round(last.accuracy * held_out), held_out)) + f" of {counts(held_out, 'held-out item')}"
    given = evidence.setting("data", "seed_labels")
    of_them = f" ({given:,} of them given at the start)" if isinstance(given, int) and 0 < given < last.labels else ""
    says = f"The last model, trained on {counts(last.labels, 'label')}{of_them}, gets {score} right."
    if best is not None and best.accuracy - last.accuracy > 0.01:
        says += f" An earlier one, of {counts(best.labels, 'label')}, got {percent(best.accuracy)}."
    return says


def _rules(evidence: Evidence) -> str:
    """Return what stopping by the rule that fired first would have meant."""
    advised = evidence.summary.advised
    if not advised:
        return ""
    first, last = advised[0], evidence.state.curve[-1] if evidence.state.curve else None
    says = f"{counts(len(advised), 'stop rule')} fired, {worded(first.rule)} first, at {counts(first.labels, 'label')}"
    if first.accuracy is None or last is None or last.labels <= first.labels:
        return f"{says}."
    return (
        f"{says}: the model then got {percent(first.accuracy)} of the held-out items right, {100 * (first.loss or 0.0):.1f} points "
        f"less than the best; {counts(last.labels - first.labels, 'label')} came after it."
    )


def _work(evidence: Evidence) -> str:
    people = [each for each in evidence.summary.annotators if each.answers]
    if not people:
        return ""
    most = max(people, key=lambda each: each.answers)
    total = evidence.summary.answers
    says = f"{counts(len(people), 'person')} answered." if len(people) == 1 else f"{len(people):,} people answered."
    if len(people) > 1:
        share = percent(most.answers / total, 0 if most.answers > 0.1 * total else 1)
        says += f" {worded(most.name)} gave most answers, {most.answers:,} of {total:,} ({share})."
    unanimous, alpha = evidence.summary.unanimous, evidence.summary.alpha
    if unanimous is not None:
        says += f" Where several answered an item, all agreed on {percent(unanimous, 0)} of the items"
        says += f"; Krippendorff's alpha is {alpha:.3f}." if alpha is not None else "."
    return says


def _talk(evidence: Evidence) -> str:
    """Return whether talking did good, by an exact test of the minds that changed for the better and the worse (McNemar, 1947)."""
    worse, better, _ = evidence.state.flips
    if not worse + better:
        return ""
    p = float(binomtest(better, better + worse).pvalue)
    did = "did neither good nor harm beyond chance" if p > ERROR else "did good" if better > worse else "did harm"
    return f"Talking items over {did}: {better:,} minds changed for the better, {worse:,} for the worse."


def _losses(evidence: Evidence) -> str:
    summary = evidence.summary
    parts = [
        (summary.late, counts(summary.late, "answer came too late", "answers came too late")),
        (summary.expired, counts(summary.expired, "lease ran out", "leases ran out")),
        (summary.cancelled, counts(summary.cancelled, "task was cancelled", "tasks were cancelled")),
        (summary.declined, counts(summary.declined, "task was declined", "tasks were declined")),
        (summary.abstained, counts(summary.abstained, "task was abstained from", "tasks were abstained from")),
        (summary.voided, counts(summary.voided, "answer became void", "answers became void")),
        (summary.given_up, counts(summary.given_up, "item got no label", "items got no label")),
    ]
    lost = [words for number, words in parts if number]
    says = f"Lost on the way: {listed(lost)}." if lost else ""
    blocked = sum(each.verdict == "failed" for each in summary.screened)
    if blocked:
        says += f" {counts(blocked, 'annotator')} failed on gold questions and {'was' if blocked == 1 else 'were'} asked no more."
    if summary.cancelled_cost:
        says += f" What was cancelled cost {money(summary.cancelled_cost)}."
    return says


def _class(evidence: Evidence) -> str:
    """Return the class whose labels are right least often, where that is told from the rest."""
    judged = evidence.state.judged
    if judged is None:
        return ""
    total, right = np.array(judged.by_class, dtype=float).reshape(-1, 2).T
    worse = told_apart(right, total)
    if not worse:
        return ""
    own, label = proportion(int(right[worse[0]]), int(total[worse[0]])), evidence.state.classes[worse[0]]
    return (
        f"“{worded(label)}” is mistaken more often than the other classes, beyond chance: of {own.total:,} items of this class, "
        f"{own.number:,} have the right label, {with_interval(own, 0)}."
    )


def _people(evidence: Evidence) -> str:
    """Return who is told from the rest, for the worse: three at most, by what is true or else by what they seem."""
    scores = scores_of(evidence)
    if scores.known.any():
        share, total, how = scores.accuracy, scores.known.astype(float), "are right"
    elif scores.estimated_by == "truth inference":
        share, total, how = scores.estimate, scores.answers.astype(float), "are right by truth inference"
    else:
        return ""
    worse = told_apart(np.nan_to_num(share) * total, total)
    if not worse:
        return ""
    names = listed([f"{worded(scores.names[each])} ({percent(float(share[each]), 0)})" for each in worse[:3]])
    more = f", the first of {len(worse):,} such annotators" if len(worse) > 3 else ""
    return f"Worse than the others, beyond chance: {names}{more}; shown is the share of their answers that {how}."


def remarks(evidence: Evidence) -> tuple[str, ...]:
    """Return what one must know: whether it ended, what is missing, what went wrong."""
    found = [_unfinished(evidence)]
    if evidence.torn:
        found.append(f"The last line of the log was cut short: {counts(evidence.torn, 'byte')} of it are left out.")
    faults = evidence.summary.faults
    if faults:
        kinds = listed([f"{worded(kind)} ({number:,})" for kind, number in faults.items()])
        found.append(f"There were faults: {kinds}.")
    if evidence.state.mishaps.down:
        found.append(f"Down at the end: {listed([worded(each) for each in [*evidence.state.mishaps.down][:5]])}.")
    if evidence.actual.missing:
        found.append(evidence.actual.missing)
    if evidence.counted:
        found.append("Nothing but the order of the answers is known: in place of times, figures count answers.")
    return tuple(each for each in found if each)


def _unfinished(evidence: Evidence) -> str:
    if _ended(evidence):
        return ""
    left = len(evidence.state.open)
    open_items = f"; {counts(left, 'item was', 'items were')} open" if left else ""
    return f"The run is not finished: what follows is as far as its log goes{open_items}."


def _ended(evidence: Evidence) -> bool:
    return evidence.state.stopped_by is not None and evidence.finished


def _ending(evidence: Evidence) -> str:
    """Return why the campaign ended; nothing of one that did not, or that took place elsewhere."""
    if not _ended(evidence) or evidence.header.origin == "recorded":
        return ""
    stopped = evidence.state.stopped_by or ""
    return f"The campaign ended because {_STOPPED.get(stopped, worded(stopped))}."
