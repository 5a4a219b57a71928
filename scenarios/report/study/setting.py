"""What was varied: the dials of a study and their values, and what short names stand for."""

import json
from typing import Any

from scenarios.report.document import Section, Table
from scenarios.report.study.scale import probability
from scenarios.report.study.view import View
from scenarios.study.results import VERSIONS

_VALUES = 12
"""Values of a dial that are listed; of more, the range or the number is told."""

_PACKAGES = {"parley": "Parley", "python": "Python", "numpy": "NumPy", "scipy": "SciPy", "scikit_learn": "scikit-learn"}


def setting(view: View) -> Section:
    """Return what was varied, over how many runs, with which versions."""
    parts = [_dials(view)] if view.results.dials else []
    legend = _legend(view)
    return Section("What was varied", _says(view), (*parts, *([legend] if legend else [])))


def _says(view: View) -> tuple[str, ...]:
    results = view.results
    points, runs = len(results.points), len(results.rows)
    failed = runs - len(results.good)
    said = (
        f"The scenario is {results.scenario}. {_counted(points, 'point')}, {seeds_told(view)}: {_counted(runs, 'run')}, of which "
        f"{failed or 'none'} failed."
    )
    scenarios = len({row["scenario"] for row in results.rows})
    return said, f"{_versions(view)} {_counted(scenarios, 'resolved scenario')}; the digest of each is in the table of the runs."


def seeds_told(view: View) -> str:
    """Return how many seeds each point was run with, as a part of a sentence."""
    counts = sorted({sum(row["point"] == point for row in view.results.rows) for point in range(len(view.results.points))})
    if len(counts) > 1:
        return f"from {counts[0]} to {counts[-1]:,} seeds a point"
    return f"{_counted(counts[0] if counts else 0, 'seed')} a point"


def _versions(view: View) -> str:
    told = []
    for column in VERSIONS:
        found = sorted({str(row[column]) for row in view.results.rows if row[column] is not None})
        if found:
            told.append(f"{_PACKAGES[column]} {' and '.join(found)}")
    return f"Run with {', '.join(told)}." if told else "Nobody knows with which versions."


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _dials(view: View) -> Table:
    names, rows = view.found.names, []
    effects = {each.dial: each for each in view.found.effects}
    for path in view.results.dials:
        effect = effects.get(path)
        share = "-" if effect is None or effect.share != effect.share else f"{100 * effect.share:.0f} %"
        rows.append((names.dials[path], path, _values(view, path), _role(view, path), share))
    whole = [*zip(*rows, strict=True)]
    told = [0, 1, 2, *([3] if {*whole[3]} - {"varied", "fixed"} else []), *([4] if {*whole[4]} != {"-"} else [])]
    head = ("dial", "path", "values", "role", "share of the variance")
    own = view.own
    explained = f"; the share of the variance between points of {own.measure.title} that goes with it" if own and 4 in told else ""
    return Table(
        f"The dials and their values{explained}",
        tuple(head[at] for at in told),
        tuple(tuple(row[at] for at in told) for row in rows),
        (told.index(4),) if 4 in told else (),
    )


def _role(view: View, path: str) -> str:
    base = view.found.baseline
    if len(view.results.levels(path)) < 2:
        return "fixed"
    if base is None or path != view.results.compared or len(view.levels) < 2:
        return "varied"
    return f"compared with {view.found.names.compared[base]}"


def _values(view: View, path: str) -> str:
    levels, numbers = view.found.names.levels[path], view.numbers(path)
    if len(levels) <= _VALUES:
        return "; ".join(levels)
    if numbers is not None:
        return f"{min(numbers):.6g} to {max(numbers):.6g}, {len(numbers)} different ones"
    return f"{'; '.join(levels[:_VALUES])}; and {len(levels) - _VALUES} more"


def _legend(view: View) -> Table | None:
    """Return what names stand for that say less than the setting; None if all say everything."""
    rows = []
    for path in view.results.dials:
        values, names = view.results.levels(path), view.found.names.levels[path]
        if any(isinstance(value, dict | list) for value in values):
            rows += [
                (view.found.names.dials[path], name, written(value))
                for value, name in zip(values, names, strict=True)
                if not _says_all(value, name)
            ]
    return Table("What names stand for", ("dial", "name", "setting"), tuple(rows)) if rows else None


def _says_all(value: Any, name: str) -> bool:
    """Return whether a name leaves nothing out: it is the setting itself, or a kind with no dials set."""
    return written(value) == name or (isinstance(value, dict) and value == {"kind": name})


def written(value: Any) -> str:
    """Return a value as a scenario file has it, on one line."""
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {written(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False)


def influence(view: View) -> Section | None:
    """Return what the other dials do to the measure, and whether they change who wins; None where nothing is to be told."""
    own = view.own
    if own is None or not view.found.effects or (not view.sampled and not view.compares):
        return None
    parts = [each for each in (_effects(view), _interactions(view)) if each is not None]
    return Section("What the dials do" if view.sampled else "What the other dials do", (), tuple(parts)) if parts else None


def _effects(view: View) -> Table | None:
    own = view.own
    assert own is not None
    rows = []
    for each in view.found.effects:
        names = view.found.names.levels[each.dial]
        share = "-" if each.share != each.share else f"{100 * each.share:.0f} %"
        rank = "-" if each.correlation != each.correlation else f"{each.correlation:+.2f}"
        low = "-" if each.lowest is None else f"{names[each.lowest]}: {_written(view, each.means[each.lowest].mean)}"
        high = "-" if each.highest is None else f"{names[each.highest]}: {_written(view, each.means[each.highest].mean)}"
        rows.append((view.found.names.dials[each.dial], low, high, share, rank))
    keep = [at for at in range(5) if any(row[at] != "-" for row in rows)]
    head = ("dial", "lowest mean", "highest mean", "share of the variance", "rank correlation")
    return Table(
        f"What each dial does to {own.measure.title}, whatever else is set",
        tuple(head[at] for at in keep),
        tuple(tuple(row[at] for at in keep) for row in rows),
        tuple(place for place, at in enumerate(keep) if at > 2),
    )


def _written(view: View, value: float) -> str:
    own = view.own
    assert own is not None
    return own.measure.unit.written(value, own.measure.unit.digits[0])


def _interactions(view: View) -> Table | None:
    if not view.found.interactions:
        return None
    rows = []
    for each in view.found.interactions:
        names, compared = view.found.names.levels[each.dial], view.found.names.compared
        winners = "; ".join(
            f"{name}: {compared[winner]}" for name, winner in zip(names, each.winners, strict=True) if winner is not None
        )
        most = f"{compared[each.level]}, between {names[each.between[0]]} and {names[each.between[1]]}"
        verdict = "significant" if each.real else "not significant"
        rows.append((view.found.names.dials[each.dial], winners, most, probability(each.p_holm), verdict))
    head = ("dial", "who is best", "whose difference depends on it most", "p (Holm)", "verdict")
    return Table("Whether it depends on the other dials who wins, and by how much", head, tuple(rows), (3,))
