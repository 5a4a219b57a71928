"""A page of a plan: its answers, and where all candidates stand in money and time."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from bus.duration import format_duration
from scenarios.header import PARLEY_VERSION
from scenarios.planning.plan import Answer, Plan
from scenarios.planning.wording import cells, command, course, headline, heads, missing, nothing, sentence, terms, title
from scenarios.report.document import Picture, Report, Section, Table
from scenarios.report.inks import FAINT, INK, line

_SPANS = ((172_800.0, 86_400.0, "days"), (7_200.0, 3_600.0, "hours"), (120.0, 60.0, "minutes"), (0.0, 1.0, "seconds"))
"""From how many seconds on times are told in which unit, and how long that is."""

_SHOWN = 30
"""Candidates of the table."""

Dot = tuple[float, float]
"""Money, or people where nobody is paid, and seconds."""


def report_of_plan(plan: Plan) -> Report:
    """Return the report of a plan."""
    answers = plan.answers or ((plan.nearest,) if plan.nearest else ())
    findings = [*nothing(plan), *(sentence(plan, answer) for answer in answers), *missing(plan)]
    remarks = ["The search was broken off: nobody has judged what it proposes."] if plan.broken_off else []
    failed = len(plan.search.failed)
    if failed:
        remarks.append(f"{failed:,} runs of the search failed, and their candidates took no further part.")
    return Report(
        title=f"A plan for {plan.space.name}",
        subtitle=f"{headline(plan)}. {plan.runs:,} runs, Parley {PARLEY_VERSION}",
        findings=tuple(findings),
        remarks=tuple(remarks),
        sections=(_answered(plan, answers), _searched(plan, answers)),
    )


def _answered(plan: Plan, answers: Sequence[Answer]) -> Section:
    rows = tuple((title(answer), *cells(plan, answer)) for answer in answers)
    head = ("", *heads(plan))
    words = len(plan.space.columns) + 1
    commands = Table("How each is run", ("", "command"), tuple((title(answer), command(plan, answer)) for answer in answers))
    table = Table("The answers, with 95 % intervals", head, rows, tuple(range(words, len(head))))
    return Section("What it takes", (*terms(plan),), (table, commands))


def _searched(plan: Plan, answers: Sequence[Answer]) -> Section:
    picture = Picture(
        name="money-and-time",
        caption=(
            "Every candidate, where it would end: dark where it probably comes to the targets, faint where not, or where others "
            f"were better before that was known. {_marked(answers)} Bars are 95 % intervals."
        ),
        draw=partial(_draw, plan, answers),
        alt=" ".join(sentence(plan, answer) for answer in answers) or "No candidate comes to the targets.",
        wide=True,
    )
    return Section("Where the candidates stand", (course(plan),), (picture, _candidates(plan)))


def _marked(answers: Sequence[Answer]) -> str:
    names = ", ".join(title(answer) for answer in answers)
    return f"Marked as they were judged: {names}." if names else "No answer is marked."


def _candidates(plan: Plan) -> Table:
    found = sorted(plan.search.outlooks.items(), key=lambda each: (each[1].likely is None, each[1].possible is None, each[1].short))
    rows = []
    for number, outlook in found[:_SHOWN]:
        stop = outlook.end
        figures = f"{plan.space.labels[stop.at]:,}", f"{stop.accuracy:.3f}", f"{stop.cost:,.2f}", format_duration(stop.seconds)
        rows.append((*plan.space.candidates[number].words.values(), *figures, outlook.reaches))
    head = (*plan.space.columns, "labels", "accuracy", "money", "time", "comes to the targets")
    more = len(found) - len(rows)
    caption = "Candidates, by the seeds of the search" + (f"; {more:,} more come less near" if more else "")
    words = len(plan.space.columns)
    return Table(caption, head, tuple(rows), tuple(range(words, words + 4)))


def _draw(plan: Plan, answers: Sequence[Answer]) -> Figure:
    figure = Figure(figsize=(7.2, 3.6), layout="constrained")
    axes = figure.subplots()
    dots = {number: _dot(plan, number) for number in plan.search.outlooks}
    unit, name = _unit([seconds for _, seconds in dots.values()])
    fine = [number for number, each in plan.search.outlooks.items() if each.likely]
    for numbers, colour, size in (([*dots.keys() - {*fine}], FAINT, 10), (fine, INK, 14)):
        xs, ys = [dots[each][0] for each in numbers], [dots[each][1] / unit for each in numbers]
        axes.scatter(xs, ys, s=size, color=colour, zorder=2)
    for place, answer in enumerate(answers):
        _mark(axes, plan, answer, place, unit)
    _draw_targets(axes, plan, unit)
    axes.set(xlabel="money" if plan.space.paid else "annotators", ylabel=f"time, {name}")
    if all(x > 0 and y > 0 for x, y in dots.values()):
        axes.set(xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
            axis.set_minor_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}" if f"{value:.0e}"[0] in "25" else ""))
    axes.grid(visible=True)
    if answers:
        axes.legend()
    return figure


def _dot(plan: Plan, number: int) -> Dot:
    stop = plan.search.outlooks[number].end
    return stop.cost if plan.space.paid else float(plan.space.candidates[number].people), stop.seconds


def _mark(axes: Axes, plan: Plan, answer: Answer, place: int, unit: float) -> None:
    verdict, look = answer.verdict, line(place)
    people = plan.space.candidates[verdict.candidate].people
    money = verdict.cost if plan.space.paid else verdict.cost._replace(mean=float(people), half_width=0.0)
    axes.errorbar(
        [money.mean], [verdict.seconds.mean / unit],
        xerr=_bar(money.half_width), yerr=_bar(verdict.seconds.half_width / unit),
        color=look.color, marker=look.marker, markersize=8, linestyle="none", capsize=2, label=title(answer), zorder=3,
    )  # fmt: skip


def _bar(half: float) -> list[float]:
    return [half if half > 0 else 0.0]


def _draw_targets(axes: Axes, plan: Plan, unit: float) -> None:
    """Draw deadline and budget, where they are near enough to be seen without pressing everything else into a corner."""
    targets = plan.targets
    low, high = axes.get_xlim()
    if plan.space.paid and targets.budget is not None and targets.budget <= 2 * high:
        axes.axvline(targets.budget, color=FAINT, linestyle="dashed", linewidth=1)
    low, high = axes.get_ylim()
    if targets.deadline is not None and low <= targets.deadline / unit <= 2 * high:
        axes.axhline(targets.deadline / unit, color=FAINT, linestyle="dashed", linewidth=1)


def _unit(seconds: Sequence[float]) -> tuple[float, str]:
    longest = max(seconds, default=0.0)
    return next((unit, name) for least, unit, name in _SPANS if longest >= least)
