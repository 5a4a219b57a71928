"""What people see of what answers amount to: a summary that fits one screen, and methods side by side."""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agents.inference.agreement import Agreement
from agents.inference.answers import Floats, Indices
from agents.inference.inference import Inferred
from agents.items import UNKNOWN
from scenarios.aggregation.names import cut, printable, quoted, shortened
from scenarios.aggregation.problem import Problem
from scenarios.aggregation.verdict import Verdict

_SHOWN = 3
"""Items, and people, of a kind that are shown."""
_WIDTH = 20
"""Letters of the line on which skills are drawn."""
_CLASSES = 3
"""Classes that are named."""
_LABEL = 16
"""Columns of a terminal for a class: what stands beside a name is worth more than all of it."""
_NAME = 12, 60
"""Columns for an item's or a person's name, at least and at most."""
_BESIDE = 60
"""Columns that what stands beside a person's name takes, with the frame."""
_AROUND = 12
"""Columns of the frame, and between four columns."""

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
        console.print(Text(f"{verdict.name} cannot be used on these answers: {printable(verdict.reason)}"))
        return
    parts: list[RenderableType] = [_facts(problem, verdict, inferred, best, agreement)]
    room = min(max(console.width - _BESIDE, _NAME[0]), _NAME[1])
    doubtful = _doubtful(problem, inferred, best, room)
    if doubtful is not None:
        parts += [Text(), doubtful]
    parts += [Text(), _people(inferred, room)]
    title = Text(f"{printable(name)}: {verdict.name}", overflow="ellipsis")
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
    heads = ["accuracy", "macro F1", "ECE"] if judged else ["as others"]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for head in ["method", *heads, "iterations", "seconds"]:
        table.add_column(head, justify="left" if head == "method" else "right", no_wrap=True)
    used = [each for each in verdicts if each.inferred is not None]
    for place, each in enumerate(used):
        assert each.inferred is not None
        cells = [f"{_merit(each):.2%}"]
        if each.score is not None:
            cells += [f"{each.score.macro_f1:.4f}", f"{each.score.reliability.error:.4f}"]
        steps = f"{each.inferred.iterations:,}" + (" " if each.inferred.converged else "*")
        table.add_row(*map(Text, (each.name, *cells, steps, _seconds(each.seconds))), style="bold" if place == 0 else "")
    parts: list[RenderableType] = [_grid(_about(problem), _agreement(agreement)), Text(), table]
    if any(each.inferred is not None and not each.inferred.converged for each in used):
        parts.append(Text("* stopped before it came to rest", style="dim"))
    for each in verdicts:
        if each.inferred is None:
            parts.append(Text(f"{each.name} cannot be used here: {printable(each.reason)}", style="dim"))
    if not judged and len(used) > 1:
        parts.append(Text("as others: share of the items that another method labels so too; --truth would tell more", style="dim"))
    console.print(Panel(Group(*parts), title=Text(printable(name)), title_align="left", padding=(0, 2)))


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
    kappa = "" if agreement.kappa is None else f"kappa {agreement.kappa:.3f}"
    beyond = [("agreement", alpha + kappa)] if alpha + kappa else []
    return [*beyond, ("pairs agree", f"{agreement.pairwise:.1%}")]


def _shares(inferred: Inferred, best: Indices) -> str:
    """Say how many items got which label, the most frequent first."""
    counts = np.bincount(best, minlength=len(inferred.table.classes))
    order = np.argsort(-counts, kind="stable").tolist()
    names = inferred.table.classes
    shown = [f"{quoted(names[place], _LABEL)} {counts[place] / max(1, len(best)):.0%}" for place in order[:_CLASSES]]
    return ", ".join(shown) + (f" and {len(order) - _CLASSES:,} more" if len(order) > _CLASSES else "")


def _doubtful(problem: Problem, inferred: Inferred, best: Indices, room: int) -> RenderableType | None:
    """Show the items whose label is the least certain, and what was answered."""
    table = inferred.table
    certainty = inferred.posterior[np.arange(len(best)), best]
    unknown = np.flatnonzero(table.gold == UNKNOWN)
    order = unknown[np.argsort(certainty[unknown], kind="stable")].tolist()
    if not order:
        return None
    rows = []
    for item in order[:_SHOWN]:
        probability = float(certainty[item])
        right = "" if problem.truth[item] == UNKNOWN else " ✓" if problem.truth[item] == best[item] else " ✗"
        label = quoted(table.classes[best[item]], _LABEL) + right
        bar = f"{'█' * round(10 * probability):<10} {probability:.3f}"
        rows.append((quoted(table.items[item], room), label, bar, _votes(inferred, table.votes[item])))
    found = _listing("least certain", "label", "", "answers")
    # As wide as the line of a person's skill, and what stands beside it, are together.
    left = room + _BESIDE - _AROUND - sum(max(cell_len(row[place]) for row in rows) for place in range(3))
    for *row, votes in rows:
        found.add_row(*map(Text, (*row, cut(votes, left))))
    return found


def _votes(inferred: Inferred, votes: Floats) -> str:
    order = [place for place in np.argsort(-votes, kind="stable").tolist() if votes[place]]
    shown = [f"{int(votes[place]):,} {quoted(inferred.table.classes[place], _LABEL)}" for place in order[:_CLASSES]]
    return ", ".join(shown) + (", ..." if len(order) > _CLASSES else "")


def _people(inferred: Inferred, room: int) -> RenderableType:
    """Show who is worst and who is best, each with an interval."""
    table, skill = inferred.table, inferred.skill()
    low, high = inferred.skill_interval()
    order = np.argsort(skill, kind="stable").tolist()
    many = len(order) > 2 * _SHOWN
    found = _listing("worker", "answers", f"{'0 skill':<{_WIDTH - 1}}1", "", "95 % interval")
    shown = [*order[:_SHOWN], None, *order[-_SHOWN:]] if many else order
    for person in shown:
        if person is None:
            found.add_row(Text(f"... {len(order) - 2 * _SHOWN:,} more", style="dim"))
            continue
        name = Text(shortened(printable(table.people[person]), room))
        line = _interval(float(low[person]), float(skill[person]), float(high[person]))
        between = f"{low[person]:.3f} to {high[person]:.3f}"
        found.add_row(name, Text(f"{table.answers_of_person[person]:,}"), line, Text(f"{skill[person]:.3f}"), Text(between))
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
        right = head == "answers" and len(heads) == 5
        table.add_column(Text(head), justify="right" if right else "left", no_wrap=True)
    return table
