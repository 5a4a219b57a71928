"""The page of a calibration: figures and pictures in one file of HTML that needs no other."""

import warnings
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from scenarios.aggregation.names import printable
from scenarios.crowds import pictures
from scenarios.crowds.calibration import Calibrated
from scenarios.crowds.sampled import Sampled, sample
from scenarios.crowds.summary import facts_of
from scenarios.gallery.frame import Drawing, framed, style, svg_of
from scenarios.header import PARLEY_VERSION
from scenarios.replacement import replacement

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin: 2rem 0 .3rem }
table { border-collapse: collapse } td, th { padding: .15rem 1.2rem .15rem 0; text-align: left; vertical-align: top }
td.number, th.number { text-align: right } figure { margin: .6rem 0 } svg { max-width: 100%; height: auto } p { margin: .3rem 0 }
@media (prefers-color-scheme: dark) { body { background: #1d1f21; color: #ddd } figure { background: #fff } }
"""


class Section(NamedTuple):
    """A part of the page.

    Attributes:
        title: its heading.
        says: what is to be seen.
        drawings: what draws it.
    """

    title: str
    says: str
    drawings: tuple[Drawing, ...]


def write_page(name: str, found: Calibrated, seed: int, path: Path) -> None:
    """Write the page of a calibration.

    Args:
        name: what the answers are called.
        found: the calibration.
        seed: of what is drawn for its pictures.
        path: the file.

    Raises:
        BadInput: it cannot be written.
    """
    content = page_of(name, found, sample(found, seed))
    with replacement(path) as file:
        file.write(content.encode())


def page_of(name: str, found: Calibrated, sampled: Sampled) -> str:
    """Return the page; whatever comes from the file is escaped."""
    title = escape(f"{printable(name)}: a crowd of {len(found.crowd.people):,}")
    parts = [f"<h1>{title}</h1>", _table([(what, value) for what, value in facts_of(found)])]
    if found.lacking:
        rows = "".join(f"<li>{escape(printable(each))}</li>" for each in found.lacking)
        parts.append(f"<h2>Not learnt</h2><ul>{rows}</ul>")
    for section in sections(found, sampled):
        with style(), warnings.catch_warnings():
            # A letter that the font lacks is no matter: whoever shows the page has fonts of their own.
            warnings.simplefilter("ignore", UserWarning)
            picture = svg_of(framed(*section.drawings, width=4.2, height=3.0)).decode()
        # What comes before the element is of no use within a page.
        picture = picture[picture.index("<svg") :]
        parts.append(f"<h2>{escape(section.title)}</h2><p>{escape(section.says)}</p><figure>{picture}</figure>")
    if found.times is not None:
        parts.append(_families(found))
    parts.append(
        f"<p>Parley {escape(PARLEY_VERSION)}; `parley fidelity` says how well such a crowd predicts items it has not seen.</p>"
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def sections(found: Calibrated, sampled: Sampled) -> Iterator[Section]:
    """Yield the parts of the page that have pictures."""
    fidelity = sampled.fidelity
    who = "accuracy beside load: of whom little is known, what is fitted lies near the rest of the crowd."
    if fidelity is not None:
        yield Section(
            "Votes",
            f"How often the majority of so many votes is right, and how items differ. Off by {fidelity.curve_mae:.2f} points in "
            f"the mean, {fidelity.curve_worst:.2f} at worst.",
            (lambda axes: pictures.votes(axes, fidelity), lambda axes: pictures.alike(axes, sampled)),
        )
        yield Section(
            "People",
            f"How accuracies are spread over people with five answers or more, and {who}",
            (lambda axes: pictures.accuracies(axes, fidelity), lambda axes: pictures.people(axes, found)),
        )
    else:
        yield Section(
            "Items and people",
            f"How far people are of one mind on an item; and {who} Nothing says what is true: accuracies are by what the crowd "
            "itself makes of the items.",
            (lambda axes: pictures.alike(axes, sampled), lambda axes: pictures.people(axes, found)),
        )
    yield Section("Confusion", "What all answers together take for what.", (lambda axes: pictures.confusion(axes, found),))
    if found.times is not None:
        yield Section(
            "Work times",
            f"Real times and simulated ones (largest distance {found.times.distance:.3f}; of two simulations "
            f"{found.times.chance:.3f}), and everybody's median time beside their accuracy.",
            (lambda axes: pictures.times(axes, sampled), lambda axes: pictures.speeds(axes, found)),
        )
    if found.sessions is not None:
        dated = (lambda axes: pictures.hours(axes, found),) if found.log.midnight is not None else ()
        yield Section(
            "Sessions",
            "How many leave after so many answers of a session, with 95 % intervals.",
            (lambda axes: pictures.leaving(axes, found), *dated),
        )


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><th>{escape(what)}</th><td>{escape(value)}</td></tr>" for what, value in rows)
    return f"<table>{cells}</table>"


def _families(found: Calibrated) -> str:
    times = found.times
    assert times is not None
    within = {each.name: each.aic for each in times.within}
    rows = "".join(
        f'<tr><td>{escape(each.name)}</td><td class="number">{each.aic:.3f}</td>'
        f'<td class="number">{within[each.name]:.3f}</td></tr>'
        if each.name in within
        else f'<tr><td>{escape(each.name)}</td><td class="number">{each.aic:.3f}</td><td></td></tr>'
        for each in times.families
    )
    rest = "".join(
        f'<tr><td>{escape(name)}</td><td></td><td class="number">{aic:.3f}</td></tr>'
        for name, aic in within.items()
        if name not in {each.name for each in times.families}
    )
    head = '<tr><th>family</th><th class="number">all times</th><th class="number">of one person on one item</th></tr>'
    return f"<h2>Families of work times</h2><p>Akaike's criterion an answer; lower is better.</p><table>{head}{rest}{rows}</table>"
