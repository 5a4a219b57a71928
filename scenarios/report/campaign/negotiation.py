"""Negotiation: how long sessions took, and what became of minds."""

from collections import Counter

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scenarios.report.campaign.books import NOBODY
from scenarios.report.campaign.drawing import WIDE, figure, in_wholes, thousands, worded
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.wording import counts, listed, percent
from scenarios.report.document import Picture, Section
from scenarios.report.inks import line

_KINDS = ("wrong to right", "right to wrong", "wrong to wrong")

Flips = dict[str, Counter[int]]
"""How often minds changed in each round, by kind; where the truth is not known, of one kind."""

_OUTCOMES = {
    "consensus": "agreed",
    "stable": "came to rest",
    "rounds": "used up their rounds",
    "silence": "fell silent",
    "broken-off": "were broken off",
}


def negotiation(evidence: Evidence) -> Section | None:
    """Return the section, or None where nothing was talked over."""
    rounds, summary = evidence.books.rounds, evidence.summary
    if not summary.sessions:
        return None
    closed = sum(rounds.values())
    mean = sum(number * count for number, count in rounds.items()) / closed if closed else 0.0
    says = [f"{counts(summary.sessions, 'session was', 'sessions were')} held, with {counts(summary.positions, 'statement')}."]
    if closed:
        ended = evidence.books.outcomes.most_common()
        words = listed([f"{count:,} {_OUTCOMES.get(outcome, worded(outcome))}" for outcome, count in ended])
        says[0] += f" They took {mean:.1f} rounds on average; {words}."
    flips = flips_of(evidence)
    total = sum(sum(each.values()) for each in flips.values())
    if evidence.state.flips and any(evidence.state.flips):
        right_to_wrong, wrong_to_right, wrong_to_wrong = evidence.state.flips
        all_of_them = right_to_wrong + wrong_to_right + wrong_to_wrong
        says.append(
            f"Minds changed {counts(all_of_them, 'time')}: {wrong_to_right:,} for the better "
            f"({percent(wrong_to_right / all_of_them)}), {right_to_wrong:,} for the worse, {wrong_to_wrong:,} from one wrong label "
            "to another."
        )
    elif total:
        says.append(f"Minds changed {counts(total, 'time')}; whether for the better, nobody knows here.")
    else:
        says.append("Nobody changed their mind.")
    caption = "First, rounds until sessions closed; then, changes of mind, by round."
    picture = Picture("negotiation", caption, lambda: _draw(evidence, flips), " ".join(says), True)
    return Section("Negotiation", tuple(says), (picture,) if closed else ())


def flips_of(evidence: Evidence) -> Flips:
    """Return how minds changed, by round."""
    item, turn, before, after = (evidence.books.changes.column(name) for name in ("item", "turn", "before", "after"))
    truth = evidence.truth[item] if len(item) else item
    if not len(item) or (truth == NOBODY).any():
        return {"changes": Counter(turn.tolist())} if len(item) else {}
    kinds = np.where(after == truth, 0, np.where(before == truth, 1, 2))
    found = {name: Counter(turn[kinds == number].tolist()) for number, name in enumerate(_KINDS)}
    return {name: each for name, each in found.items() if each}


def _draw(evidence: Evidence, flips: Flips) -> Figure:
    drawn = figure(WIDE, 2.7)
    rounds = evidence.books.rounds
    left: Axes
    left, right = drawn.subplots(1, 2)
    _bars(left, {"sessions": rounds}, "sessions", "rounds until closed")
    if any(flips.values()):
        _bars(right, flips, "changes of mind", "round")
        if len(flips) > 1:
            right.legend(
                loc="lower left", bbox_to_anchor=(-0.05, 1.0), ncols=3, borderaxespad=0.1, columnspacing=0.9, handlelength=1.2
            )
    else:
        right.set_axis_off()
    return drawn


def _bars(axes: Axes, kinds: Flips, up: str, across: str) -> None:
    places = sorted({place for each in kinds.values() for place in each})
    at = np.arange(min(places), max(places) + 1)
    bottom = np.zeros(len(at))
    for number, (name, each) in enumerate(kinds.items()):
        height = np.array([each.get(int(place), 0) for place in at], dtype=float)
        hatch = ("", "////", "----")[number % 3]
        axes.bar(at, height, 0.8, bottom, color=line(number).color, hatch=hatch, edgecolor="white", linewidth=0, label=name)
        bottom += height
    axes.set(xlabel=across, ylabel=up, ylim=(0, 1.08 * bottom.max()))
    in_wholes(axes)
    thousands(axes)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.set_xlim(at[0] - 0.6 - 0.4 * (len(at) < 3), at[-1] + 0.6 + 0.4 * (len(at) < 3))
