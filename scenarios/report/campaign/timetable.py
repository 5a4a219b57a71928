"""The timetable: who worked when."""

import numpy as np

from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.gantt import bars, shares
from scenarios.report.campaign.hours import Timetable, timetable_of
from scenarios.report.campaign.wording import counts, percent, span
from scenarios.report.document import Picture, Section

_BARS = 700
"""Stretches of work up to which each is drawn; of more, the first ones are, and all of them as shares of short stretches."""


def timetable(evidence: Evidence) -> Section | None:
    """Return the section, or None where nobody knows when people worked."""
    table = timetable_of(evidence)
    if not len(table.row):
        return None
    people = len(table.people)
    all_of_them = len(np.unique(evidence.books.answers.column("person")))
    who = "all who answered" if people == all_of_them else f"the {people} with most answers, of {all_of_them:,}"
    said = "pale: there, with nothing to do; empty: away or down." if table.there is not None else "empty: nobody says."
    parts = []
    many = len(table.row) > _BARS
    if many:
        until = _first_stretch(table)
        early = table.before(until)
        parts.append(
            Picture(
                "timetable-start",
                f"The first {span(until / 1e6)}, of those who were there; full: at work; {said}",
                lambda: bars(evidence, early, until),
                f"Gantt chart of {counts(len(early.people), 'annotator')} over the first {span(until / 1e6)}.",
                True,
            )
        )
    shade = "the fuller, the larger the share of a short stretch that they worked" if many else "full: at work"
    drawer = shares if many else bars
    caption = f"The whole campaign: {who}; {shade}; {said}"
    alt = f"Gantt chart of {counts(people, 'annotator')} over {span(evidence.end / 1e6)}."
    parts.append(Picture("timetable", caption, lambda: drawer(evidence, table, evidence.end), alt, True))
    return Section("Who worked when", _says(evidence), tuple(parts))


def _says(evidence: Evidence) -> tuple[str, ...]:
    use = evidence.summary.utilisation
    if use is not None:
        return (f"Of the time that people were there, they spent {percent(use)} on answers that were accepted.",)
    busy = [each.busy for each in evidence.summary.annotators if each.answers]
    if not busy:
        return ()
    return (f"People spent {percent(sum(busy) / len(busy))} of the campaign on answers that were accepted.",)


def _first_stretch(table: Timetable) -> int:
    """Return until when the first stretches of work are drawn one by one."""
    return int(max(table.end[:_BARS].max() // 2, table.start[min(_BARS // 2, len(table.start) - 1)], 1))
