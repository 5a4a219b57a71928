"""The report of a study, made of its results."""

from collections.abc import Callable

from scenarios.report.document import Report, Section
from scenarios.report.study.differences import differences
from scenarios.report.study.learning import learning
from scenarios.report.study.means import means
from scenarios.report.study.method import lost, method
from scenarios.report.study.overview import overview
from scenarios.report.study.prices import prices
from scenarios.report.study.savings import savings
from scenarios.report.study.setting import influence, setting
from scenarios.report.study.standing import standing
from scenarios.report.study.view import View, view_of
from scenarios.study.results import Results


def _measured(view: View) -> Section | None:
    pictures, own = overview(view), view.own
    return Section(f"{own.measure.title[:1].upper()}{own.measure.title[1:]}", (), tuple(pictures)) if pictures and own else None


_SECTIONS: tuple[Callable[[View], Section | None], ...] = (
    setting,
    _measured,
    influence,
    learning,
    differences,
    savings,
    prices,
    standing,
    means,
    method,
    lost,
)
"""What makes the sections, in their order; each is left out where it has nothing to show."""


def report_of_study(results: Results) -> Report:
    """Return the report of a study, whatever failed, however few seeds there are, and whether or not anything is varied."""
    view = view_of(results)
    sections = tuple(section for make in _SECTIONS if (section := make(view)) is not None)
    return Report(results.name, _subtitle(view), _findings(view), view.found.remarks, sections)


def _subtitle(view: View) -> str:
    results = view.results
    versions = sorted({str(row["parley"]) for row in results.rows if row["parley"]})
    by = f", Parley {' and '.join(versions)}" if versions else ""
    return f"A study of {results.scenario}: {len(results.points):,} points, {len(results.rows):,} runs{by}"


def _findings(view: View) -> tuple[str, ...]:
    """Return the findings, the first paragraph being what people repeat; or that there are none."""
    told = view.found.sentences
    if told:
        first = view.found.opening
        return tuple(" ".join(part) for part in (told[:first], told[first:]) if part)
    return ("No run came to anything that could be told.",) if view.own is None else ()
