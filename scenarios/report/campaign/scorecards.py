"""Scorecards: what each annotator is worth, in a table and a figure."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.inference.answers import Floats
from bus.duration import format_duration
from scenarios.report.campaign.books import NOBODY
from scenarios.report.campaign.drawing import HALF, WIDE, figure, in_percent, worded
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.scores import Scores, scores_of
from scenarios.report.campaign.wording import counts, listed, money, percent
from scenarios.report.document import Picture, Section, Table
from scenarios.report.inks import FAINT, line

MOST = 30
"""People in the table."""

_BARRED = 60
"""People up to which each has their interval in the figure."""

_DOTS = 2000
"""People in the figure: of more, every so many-th."""


def scorecards(evidence: Evidence) -> Section | None:
    """Return the section, or None where nobody answered."""
    scores = scores_of(evidence)
    some = np.flatnonzero(scores.answers)
    if not len(some):
        return None
    says = [each for each in (_true(scores), _guess(scores), _idle(evidence, scores)) if each]
    parts: list[Picture | Table] = []
    panels = _panels(scores)
    if panels and len(some) > 1:
        parts.append(_picture(scores, panels, says))
    shown = np.sort(some[np.argsort(-scores.answers[some], kind="stable")][:MOST])
    parts.append(_table(evidence, scores, shown, len(some)))
    return Section("Annotators", tuple(says), tuple(parts))


def _true(scores: Scores) -> str:
    known = scores.known > 0
    if not known.any():
        return ""
    low, high = float(scores.accuracy[known].min()), float(scores.accuracy[known].max())
    overall = scores.right.sum() / scores.known.sum()
    if known.sum() == 1:
        return f"{percent(overall)} of the answers are right."
    return f"{percent(overall)} of the answers are right: from {percent(low)} to {percent(high)}, annotator by annotator."


def _guess(scores: Scores) -> str:
    both = np.isfinite(scores.accuracy) & np.isfinite(scores.estimate)
    if not both.any():
        return ""
    off = float(np.abs(scores.accuracy[both] - scores.estimate[both]).mean())
    inside = int(((scores.estimate_low <= scores.accuracy) & (scores.accuracy <= scores.estimate_high))[both].sum())
    return (
        f"What {scores.estimated_by} makes of them, without the truth, is {100 * off:.1f} points off on average; "
        f"{inside:,} of {counts(int(both.sum()), 'true accuracy', 'true accuracies')} lie in their 95 % intervals."
    )


def _idle(evidence: Evidence, scores: Scores) -> str:
    silent = [worded(scores.names[each]) for each in np.flatnonzero(scores.answers == 0).tolist()]
    if not silent:
        return ""
    return f"{counts(len(silent), 'annotator')} gave no answer: {listed(silent[:5])}{' and others' if len(silent) > 5 else ''}."


def _panels(scores: Scores) -> list[str]:
    found = []
    if (np.isfinite(scores.accuracy) & np.isfinite(scores.estimate)).sum() > 1:
        found.append("estimate")
    quality = _quality(scores)
    if (np.isfinite(quality[0]) & (scores.seconds > 0)).sum() > 1:
        found.append("speed")
    return found


def _quality(scores: Scores) -> tuple[Floats, Floats, Floats, str]:
    """Return how good people are, as far as that is known: truly, or else as they seem."""
    if np.isfinite(scores.accuracy).any():
        return scores.accuracy, scores.low, scores.high, "true accuracy"
    return scores.estimate, scores.estimate_low, scores.estimate_high, "estimated accuracy"


def _picture(scores: Scores, panels: list[str], says: list[str]) -> Picture:
    parts = {
        "estimate": f"true accuracy against what {scores.estimated_by} makes of each annotator (dashed: where both are the same)",
        "speed": f"{_quality(scores)[3]} against the median time of an answer",
    }
    caption = " and ".join(parts[each] for each in panels)
    some = int((scores.answers > 0).sum())
    caption = f"{caption[0].upper()}{caption[1:]}; " + ("lines: 95 % intervals." if some <= _BARRED else "a dot is an annotator.")
    alt = f"{counts(some, 'annotator')}, by accuracy. {' '.join(says)}"
    return Picture("annotators", caption, lambda: _draw(scores, panels), alt, len(panels) > 1)


def _draw(scores: Scores, panels: list[str]) -> Figure:
    drawn = figure(WIDE if len(panels) > 1 else HALF, 3.3)
    for axes, panel in zip(drawn.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        if panel == "estimate":
            _estimate(axes, scores)
        else:
            _speed(axes, scores)
        axes.grid()
        axes.set_axisbelow(True)
    return drawn


def _thinned(some: NDArray[np.bool_]) -> NDArray[np.intp]:
    found = np.flatnonzero(some)
    return found[:: max(1, -(-len(found) // _DOTS))]


def _estimate(axes: Axes, scores: Scores) -> None:
    some = _thinned(np.isfinite(scores.accuracy) & np.isfinite(scores.estimate))
    x, y = scores.estimate[some], scores.accuracy[some]
    lows, highs = np.append(scores.low[some], scores.estimate_low[some]), np.append(scores.high[some], scores.estimate_high[some])
    barred = len(some) <= _BARRED
    least = float(lows.min()) if barred else float(min(x.min(), y.min()))
    most = float(highs.max()) if barred else 1.0
    bounds = max(0.0, least - 0.03), min(1.02, most + 0.03)
    axes.plot(bounds, bounds, color=FAINT, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    across = [scores.estimate_low[some], scores.estimate_high[some]] if barred else None
    _dots(axes, x, y, [scores.low[some], scores.high[some]] if barred else None, across)
    axes.set(xlabel=f"estimated accuracy, by {scores.estimated_by}", ylabel="true accuracy", xlim=bounds, ylim=bounds)
    in_percent(axes)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.10g} %")


def _speed(axes: Axes, scores: Scores) -> None:
    quality, low, high, name = _quality(scores)
    some = _thinned(np.isfinite(quality) & (scores.seconds > 0))
    x = scores.seconds[some]
    _dots(axes, x, quality[some], [low[some], high[some]] if len(some) <= _BARRED else None, None)
    if x.max() > 8 * x.min():
        axes.set_xscale("log")
    axes.set(xlabel="median time of an answer, seconds", ylabel=name)
    in_percent(axes)


def _dots(axes: Axes, x: Floats, y: Floats, upward: list[Floats] | None, across: list[Floats] | None) -> None:
    ink = line(0)
    if upward is not None:
        axes.vlines(x, upward[0], upward[1], color=ink.color, linewidth=0.8, alpha=0.85)
    if across is not None:
        axes.hlines(y, across[0], across[1], color=ink.color, linewidth=0.8, alpha=0.85)
    many = upward is None
    axes.scatter(x, y, s=7 if many else 20, color=ink.color, marker=ink.marker, alpha=0.5 if many else 1.0, linewidths=0, zorder=3)


_Column = tuple[str, list[str], bool]
"""Its head, its cells, and whether these are figures."""


def _table(evidence: Evidence, scores: Scores, shown: NDArray[np.intp], answered: int) -> Table:
    columns = [each for each in _columns(evidence, scores, shown) if any(cell not in ("", "-") for cell in each[1])]
    caption = "" if answered <= len(shown) else f"The {len(shown)} with most answers, of {answered:,} who answered."
    rows = tuple(zip(*(cells for _, cells, _ in columns), strict=True))
    numbers = tuple(place for place, (_, _, is_figure) in enumerate(columns) if is_figure)
    return Table(caption, tuple(head for head, _, _ in columns), rows, numbers)


def _columns(evidence: Evidence, scores: Scores, shown: NDArray[np.intp]) -> list[_Column]:
    some = shown.tolist()
    truly = [_interval(scores.accuracy[each], scores.low[each], scores.high[each]) for each in some]
    seeming = [_interval(scores.estimate[each], scores.estimate_low[each], scores.estimate_high[each]) for each in some]
    gold = {each.name: f"{each.right:,} of {each.asked:,}" for each in evidence.summary.screened}
    late = [f"{scores.late[each]:,}" for each in some]
    return [
        ("annotator", [worded(scores.names[each], 40) for each in some], False),
        ("answers", [f"{scores.answers[each]:,}" for each in some], True),
        ("true accuracy", truly, True),
        (f"by {scores.estimated_by}", seeming, True),
        ("gold right", [gold.get(scores.names[each], "-") for each in some], True),
        ("median time", ["-" if np.isnan(scores.seconds[each]) else format_duration(scores.seconds[each]) for each in some], True),
        ("at work", [percent(float(scores.use[each]), 0) for each in some], True),
        ("late", late if scores.late.any() else [], True),
        ("cost", [money(scores.cost[each]) for each in some] if scores.cost.any() else [], True),
        ("label most given", [_favourite(evidence, scores, each) for each in some], False),
    ]


def _favourite(evidence: Evidence, scores: Scores, person: int) -> str:
    label = int(scores.favourite[person])
    return "-" if label == NOBODY else f"{worded(evidence.classes[label], 24)} ({percent(float(scores.share[person]), 0)})"


def _interval(share: float, low: float, high: float) -> str:
    return "-" if np.isnan(share) else f"{percent(share)} ({100 * low:.0f} to {100 * high:.0f})"
