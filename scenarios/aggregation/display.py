"""What people see of what answers amount to: a summary that fits one screen, and methods side by side."""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agents.inference.agreement import Agreement
from agents.inference.answers import Floats, Indices
from agents.inference.inference import Inferred
from agents.items import UNKNOWN
from scenarios.aggregation.problem import Problem
from scenarios.aggregation.verdict import Verdict
from scenarios.history.wording import plain, quoted

_SHOWN = 4
"""Items, and people, of a kind that are shown."""
_WIDTH = 24
"""Letters of the line on which skills are drawn."""
_CLASSES = 4

_Fact = tuple[str, str]


def show_verdict(name: str, problem: Problem, verdict: Verdict, agreement: Agreement, console: Console) -> None:
    """Print what a method makes of answers: how good that is, what is least certain, and who is how good.

    Args:
        name: what the answers are called.
        problem: the answers.
        verdict: what the method found.
        agreement: how much people agree.
        console: where to.
    """
    inferred, best = verdict.inferred, verdict.best
    if inferred is None or best is None:
        console.print(Text(f"{verdict.name} cannot be used on these answers: {plain(verdict.reason)}"))
        return
    parts: list[RenderableType] = [_facts(problem, verdict, inferred, best, agreement)]
    doubtful = _doubtful(problem, inferred, best)
    if doubtful is not None:
        parts += [Text(), doubtful]
    parts += [Text(), _people(inferred)]
    title = Text(f"{plain(name)}: {verdict.name}")
    console.print(Panel(Group(*parts), title=title, title_align="left", padding=(0, 2)))


def show_comparison(name: str, problem: Problem, verdicts: Sequence[Verdict], agreement: Agreement, console: Console) -> None:
    """Print methods side by side, in the order given, and why some cannot be used.

    Args:
        name: what the answers are called.
        problem: the answers.
        verdicts: what the methods found.
        agreement: how much people agree.
        console: where to.
    """
    judged = any(each.score is not None for each in verdicts)
    heads = ["accuracy", "behind", "macro F1", "calibration"] if judged else ["as others"]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ["method", *heads, "iterations", "seconds"]:
        table.add_column(head, justify="left" if head == "method" else "right")
    used = [each for each in verdicts if each.inferred is not None]
    for place, each in enumerate(used):
        assert each.inferred is not None
        cells = [f"{_merit(each):.2%}"]
        if each.score is not None:
            behind = 100 * (_merit(used[0]) - _merit(each))
            cells += [f"{behind:.2f}" if behind else "", f"{each.score.macro_f1:.4f}", f"{each.score.reliability.error:.4f}"]
        steps = f"{each.inferred.iterations:,}" + ("" if each.inferred.converged else ", not at rest")
        table.add_row(*map(Text, (each.name, *cells, steps, _seconds(each.seconds))), style="bold" if place == 0 else "")
    parts: list[RenderableType] = [_grid(_about(problem), _agreement(agreement)), Text(), table]
    for each in verdicts:
        if each.inferred is None:
            parts.append(Text(f"{each.name} cannot be used here: {plain_line(each.reason)}", style="dim"))
    if not judged and len(used) > 1:
        parts.append(Text("as others: share of the items that another method labels so too; --truth would tell more", style="dim"))
    console.print(Panel(Group(*parts), title=Text(plain(name)), title_align="left", padding=(0, 2)))


def plain_line(text: object) -> str:
    """Return a message on one line, in which nothing can move a terminal's cursor."""
    return "".join(each if each.isprintable() else " " for each in str(text))


def _merit(verdict: Verdict) -> float:
    return verdict.score.accuracy if verdict.score is not None else verdict.company or 0.0


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 10 else f"{seconds:,.1f}"


def _grid(*columns: Sequence[_Fact]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for _ in columns:
        table.add_column(style="bold")
        table.add_column()
    for row in zip_longest(*columns, fillvalue=("", "")):
        table.add_row(*(Text(cell) for fact in row for cell in fact))
    return table


def _facts(problem: Problem, verdict: Verdict, inferred: Inferred, best: Indices, agreement: Agreement) -> RenderableType:
    """Show how good the labels are and how they were found on the left, and what was answered on the right."""
    left: list[_Fact] = []
    judged = int((problem.truth != UNKNOWN).sum())
    if verdict.score is not None:
        score = verdict.score
        left += [
            ("accuracy", f"{score.accuracy:.2%} of {judged:,}"),
            ("macro F1", f"{score.macro_f1:.4f}"),
            ("calibration", f"off by {score.reliability.error:.4f}"),
            ("log loss", f"{score.log_loss:.4f}"),
        ]
    left.append(("iterations", f"{inferred.iterations:,}{'' if inferred.converged else ', not at rest yet'}"))
    if inferred.log_likelihood:
        left.append(("log likelihood", f"{inferred.log_likelihood[-1]:,.1f}"))
    left.append(("seconds", _seconds(verdict.seconds)))
    return _grid(left, [*_about(problem), *_agreement(agreement), ("labels", _shares(inferred, best))])


def _about(problem: Problem) -> list[_Fact]:
    table = problem.table
    answers = f"{len(table):,}, {len(table) / max(1, len(table.items)):.3g} an item"
    known = f", {len(table.known):,} gold" if len(table.known) else ""
    declined = f", {problem.declined:,} declined" if problem.declined else ""
    return [("items", f"{len(table.items):,}{known}"), ("people", f"{len(table.people):,}"), ("answers", answers + declined)]


def _agreement(agreement: Agreement) -> list[_Fact]:
    if agreement.pairwise is None:
        return [("agreement", "nobody answered what others did")]
    alpha = "" if agreement.alpha is None else f"alpha {agreement.alpha:.3f}, "
    kappa = "" if agreement.kappa is None else f"kappa {agreement.kappa:.3f}, "
    return [("agreement", f"{alpha}{kappa}pairs {agreement.pairwise:.0%}")]


def _shares(inferred: Inferred, best: Indices) -> str:
    """Say how many items got which label, the most frequent first."""
    counts = np.bincount(best, minlength=len(inferred.table.classes))
    order = np.argsort(-counts, kind="stable").tolist()
    shown = [f"{quoted(inferred.table.classes[place])} {counts[place] / max(1, len(best)):.0%}" for place in order[:_CLASSES]]
    return ", ".join(shown) + (f" and {len(order) - _CLASSES:,} more" if len(order) > _CLASSES else "")


def _doubtful(problem: Problem, inferred: Inferred, best: Indices) -> RenderableType | None:
    """Show the items whose label is the least certain, and what was answered."""
    table = inferred.table
    certainty = inferred.posterior[np.arange(len(best)), best]
    unknown = np.flatnonzero(table.gold == UNKNOWN)
    order = unknown[np.argsort(certainty[unknown], kind="stable")].tolist()
    if not order:
        return None
    found = _listing("least certain", "label", "", "answers")
    for item in order[:_SHOWN]:
        probability = float(certainty[item])
        bar = f"{'█' * round(10 * probability):<10} {probability:.3f}"
        answers = _votes(inferred, table.votes[item])
        right = "" if problem.truth[item] == UNKNOWN else " ✓" if problem.truth[item] == best[item] else " ✗"
        found.add_row(*map(Text, (quoted(table.items[item]), quoted(table.classes[best[item]]) + right, bar, answers)))
    return found


def _votes(inferred: Inferred, votes: Floats) -> str:
    order = [place for place in np.argsort(-votes, kind="stable").tolist() if votes[place]]
    shown = [f"{int(votes[place]):,} {quoted(inferred.table.classes[place])}" for place in order[:_CLASSES]]
    return ", ".join(shown) + (", ..." if len(order) > _CLASSES else "")


def _people(inferred: Inferred) -> RenderableType:
    """Show who is worst and who is best, each with an interval."""
    table, skill = inferred.table, inferred.skill()
    low, high = inferred.skill_interval()
    order = np.argsort(skill, kind="stable").tolist()
    many = len(order) > 2 * _SHOWN
    found = _listing("worker", "answers", f"{'0 skill':<{_WIDTH - 1}}1", "", "95 % between")
    shown = [*order[:_SHOWN], None, *order[-_SHOWN:]] if many else order
    for person in shown:
        if person is None:
            found.add_row(Text(f"... {len(order) - 2 * _SHOWN:,} more", style="dim"))
            continue
        line = _interval(float(low[person]), float(skill[person]), float(high[person]))
        count = f"{table.answers_of_person[person]:,}"
        between = f"{low[person]:.3f} and {high[person]:.3f}"
        found.add_row(Text(plain(table.people[person])), Text(count), line, Text(f"{skill[person]:.3f}"), Text(between))
    return found


def _interval(low: float, middle: float, high: float) -> Text:
    """Draw an interval, and the value in it, on a line from 0 to 1."""
    first, place, last = (min(_WIDTH - 1, int(value * _WIDTH)) for value in (low, middle, high))
    line = Text("·" * _WIDTH, style="dim")
    drawn = Text.assemble(line[:first], ("━" * (place - first), "cyan"), ("●", "bold cyan"), ("━" * (last - place), "cyan"))
    return Text.assemble(drawn, line[last + 1 :])


def _listing(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for head in heads:
        table.add_column(Text(head), justify="right" if head == "answers" and len(heads) == 5 else "left", no_wrap=True)
    return table
