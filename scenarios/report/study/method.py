"""How a study was done, and which of its runs failed."""

from scenarios.failures import failures
from scenarios.report.document import Section, Table
from scenarios.report.study.setting import seeds_told
from scenarios.report.study.view import View

_FAILURES = 200
"""Failed runs that are listed."""


def method(view: View) -> Section:
    """Return how figures were made, and how they are to be read."""
    results = view.results
    said = [
        f"Points were run with {seeds_told(view)}. A seed means the same people, the same items and the same luck at every point "
        "(common random numbers), so that points are compared in pairs of runs, and what both share cancels out."
    ]
    if results.precision is not None:
        own = view.own
        unit = own.measure.unit if own else None
        wide = (
            f"{results.precision:g}" if unit is None else f"{unit.written(results.precision, unit.digits[1])} {unit.name}".strip()
        )
        said.append(
            f"Seeds were added until the 95 % interval of each mean reached {wide} to "
            "either side, or no more were allowed: points may differ in how many they have, and only seeds of both are pairs."
        )
    said.append("Means have 95 % intervals by Student's t over the seeds; a mean of one run has none.")
    if view.compares:
        said.append(_tests(view))
    if view.found.order is not None and len(view.found.order.levels) > 2:
        said.append(
            "Ranks are compared by Friedman's test in the form of Iman and Davenport (1980), and mean ranks by Nemenyi's critical "
            "difference, q sqrt(k (k + 1) / (6 N)) (Dem\u0161ar, 2006)."
        )
    return Section("How it was done", tuple(said))


def _tests(view: View) -> str:
    own = view.own
    tests = sum(each.tested for each in view.found.contrasts_by(own.key)) if own else 0
    family = f"the {tests} differences of its kind" if tests > 1 else "the one difference that there is"
    return (
        "A difference is tested by the paired t test, and beside it by Wilcoxon's signed ranks. p-values are corrected by Holm for "
        f"a family of tests: all levels at all places by one figure, here {family}; and the differences over all places are a "
        "family of their own. So the probability is 5 % at most that in a family anything is called significant that is chance. "
        "The effect size is the mean difference in standard deviations of a difference (Cohen's d_z, with Hedges's correction)."
    )


def lost(view: View) -> Section | None:
    """Return which runs failed, and why; None if none did."""
    failed = [row for row in view.results.rows if row["error"]]
    if not failed:
        return None
    rows = tuple(
        (view.name(row["point"]), str(row["seed"]), str(row["error"]), str(row["log"] or "-")) for row in failed[:_FAILURES]
    )
    says = tuple(f"{told[:1].upper()}{told[1:]}" for told in failures(view.results.rows))
    more = (f"The first {_FAILURES} of {len(failed):,} are listed.",) if len(failed) > _FAILURES else ()
    return Section("Runs that failed", (*says[:5], *more), (Table("", ("point", "seed", "error", "log"), rows, (1,)),))
