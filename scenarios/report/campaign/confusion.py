"""What is taken for what: the true class against what people answered, and against the labels that came of it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from agents.inference.answers import Floats
from scenarios.report.campaign.books import NOBODY, Numbers
from scenarios.report.campaign.drawing import HALF, WIDE, figure, heat_map, named, worded
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.wording import counts, percent
from scenarios.report.document import Picture, Section

MOST = 12
"""Classes that are shown; those of which least is known are put together."""

Pairs = tuple[str, str, Numbers, Numbers]
"""What stands in the rows and in the columns of a matrix, and of each case the numbers of both."""


def confusion(evidence: Evidence) -> Section | None:
    """Return the section, or None where nothing is known to be taken for anything."""
    item, label = (evidence.answers(name, "counted") for name in ("item", "label"))
    labelled = np.flatnonzero(evidence.final != NOBODY)
    # With one answer each, answers are labels.
    several = len(item) > 1.05 * len(labelled)
    matrices: list[Pairs] = []
    if evidence.knows_truth:
        if several:
            matrices.append(("truth", "answered", evidence.truth[item], label))
        matrices.append(("truth", "resolved", evidence.truth[labelled], evidence.final[labelled]))
    elif several:
        matrices.append(("resolved", "answered", evidence.final[item], label))
    matrices = [known for each in matrices if len((known := _known(each))[2])]
    if not matrices:
        return None
    shown, more = _shown(evidence, matrices)
    caption = "Counts; the brighter, the larger a cell's share of its row."
    if more:
        caption += f" Of {len(shown) + more} classes, the {len(shown)} most frequent; the others are one."
    caption += _explained(evidence, matrices)
    alt = "; ".join(_in_words(evidence, each) for each in matrices)
    wide = len(matrices) > 1
    picture = Picture("taken-for", caption, lambda: _draw(evidence, matrices, shown, more), f"Matrices of counts. {alt}.", wide)
    says = [_says(evidence, each) for each in matrices]
    if evidence.knows_truth and several:
        says.append(_outvoted(evidence, item, label))
    return Section("What was taken for what", tuple(each for each in says if each), (picture,))


def _outvoted(evidence: Evidence, item: Numbers, label: Numbers) -> str:
    """Return how often right and wrong answers became the label."""
    truth, final = evidence.truth[item], evidence.final[item]
    known = (truth != NOBODY) & (final != NOBODY)
    right, kept = (label == truth)[known], (label == final)[known]
    if not right.any() or right.all():
        return ""
    return (
        f"Of the right answers, {percent(float(1 - kept[right].mean()))} were overruled by the label of their item; of the wrong "
        f"ones, {percent(float(1 - kept[~right].mean()))}."
    )


def _explained(evidence: Evidence, matrices: Sequence[Pairs]) -> str:
    if evidence.knows_truth:
        return ""
    return " What is true is not known here: rows are the labels that the items got."


def _known(matrix: Pairs) -> Pairs:
    row, column, rows, columns = matrix
    both = (rows != NOBODY) & (columns != NOBODY)
    return row, column, rows[both], columns[both]


def _shown(evidence: Evidence, matrices: Sequence[Pairs]) -> tuple[list[int], int]:
    """Return the classes that are shown, and how many are not."""
    size = len(evidence.classes)
    totals = np.zeros(size)
    for _, _, rows, columns in matrices:
        totals += np.bincount(rows, minlength=size) + np.bincount(columns, minlength=size)
    there = np.flatnonzero(totals)
    if len(there) <= MOST:
        return there.tolist(), 0
    most = there[np.argsort(-totals[there], kind="stable")[: MOST - 1]]
    return sorted(most.tolist()), len(there) - len(most)


def _counted(matrix: Pairs, shown: Sequence[int], more: int, size: int) -> Floats:
    place = np.full(size, len(shown))
    place[list(shown)] = np.arange(len(shown))
    across = len(shown) + (more > 0)
    found = np.zeros((across, across))
    np.add.at(found, (place[matrix[2]], place[matrix[3]]), 1)
    return found


def _draw(evidence: Evidence, matrices: Sequence[Pairs], shown: Sequence[int], more: int) -> Figure:
    names = [named(evidence.classes[each], 12) for each in shown] + (["others"] if more else [])
    drawn = figure(WIDE if len(matrices) > 1 else HALF, 1.3 + 0.26 * max(len(names), 4))
    for axes, matrix in zip(drawn.subplots(1, len(matrices), squeeze=False)[0], matrices, strict=True):
        found = _counted(matrix, shown, more, len(evidence.classes))
        total = found.sum(axis=1, keepdims=True)
        share = np.divide(found, total, out=np.full_like(found, np.nan), where=total > 0)
        texts = [[f"{count:,.0f}" if count else "" for count in row] for row in found]
        heat_map(axes, share, texts, names, names)
        axes.set(xlabel=matrix[1], ylabel=matrix[0])
    return drawn


def _worst(evidence: Evidence, matrix: Pairs) -> tuple[int, int, int] | None:
    """Return what is taken for what most often, and how often; None for nothing."""
    _, _, rows, columns = matrix
    wrong = rows != columns
    size = len(evidence.classes)
    cells, number = np.unique(rows[wrong] * size + columns[wrong], return_counts=True)
    if not len(cells):
        return None
    most = int(number.argmax())
    return int(cells[most]) // size, int(cells[most]) % size, int(number[most])


def _in_words(evidence: Evidence, matrix: Pairs) -> str:
    row, column, rows, columns = matrix
    right = int((rows == columns).sum())
    return f"{column} equals {row} in {right:,} of {len(rows):,} cases, {percent(right / len(rows))}"


def _says(evidence: Evidence, matrix: Pairs) -> str:
    row, column, rows, columns = matrix
    right, total, worst = int((rows == columns).sum()), len(rows), _worst(evidence, matrix)
    noun = "label" if column == "resolved" else "answer"
    agree = "right" if row == "truth" else "what their item was labelled in the end"
    says = f"Of {counts(total, noun)}, {right:,} ({percent(right / total)}) {'is' if right == 1 else 'are'} {agree}."
    if worst is not None and worst[2] >= 5 and worst[2] > 2 * (total - right) / max(len(np.unique(rows)), 2):
        true, said, number = worst
        names = worded(evidence.classes[true]), worded(evidence.classes[said])
        says += f" Most often, “{names[0]}” is taken for “{names[1]}”: {counts(number, 'time')}."
    return says
