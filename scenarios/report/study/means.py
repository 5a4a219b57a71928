"""All means: every point of a study, with everything that was measured there."""

from scenarios.findings.quantities import Quantity
from scenarios.report.document import Section, Table
from scenarios.report.study.scale import headed, with_intervals
from scenarios.report.study.view import View
from scenarios.statistics.estimate import estimate


def means(view: View) -> Section | None:
    """Return the means of every point; None if no run came to anything."""
    told = [each for each in view.found.quantities if not each.key.startswith(("area_", "target_"))]
    if not told:
        return None
    alike, differing = [each for each in told if _alike(each)], [each for each in told if not _alike(each)]
    shown = differing or told[:1]
    dials = [path for path in view.results.dials if path in view.results.told()]
    columns = [
        with_intervals(each.measure, [estimate([*values.values()]) for values in each.values]) for each in shown
    ]  # fmt: skip
    rows = []
    for point in range(len(view.results.points)):
        settings = [view.setting(point, path) for path in dials]
        rows.append((*settings, str(len(view.results.of(point))), *(column[point] for column in columns)))
    head = (*(view.found.names.dials[path] for path in dials), "runs", *(headed(each.measure) for each in shown))
    table = Table(
        "Means over the runs of each point, with half their 95 % intervals", head, tuple(rows), tuple(range(len(dials), len(head)))
    )
    return Section("Every point", _says(alike if differing else []), (table,))


def _alike(found: Quantity) -> bool:
    """Return whether every run has the same."""
    return len({value for values in found.values for value in values.values()}) == 1 and sum(map(len, found.values)) > 1


def _says(alike: list[Quantity]) -> tuple[str, ...]:
    told = [f"{each.measure.title} {_same(each)}" for each in alike]
    return (f"The same in every run: {', '.join(told)}.",) if told else ()


def _same(found: Quantity) -> str:
    value = next(value for values in found.values for value in values.values())
    unit = found.measure.unit
    text = unit.written(value, unit.fineness([value], []))
    return f"{text} {unit.name}".strip()
