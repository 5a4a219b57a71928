"""Halls: what is shown of each kind of component, in which order, and how it is pictured."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from pydantic import TypeAdapter

from agents.component import Component
from scenarios.catalogue import KINDS
from scenarios.gallery.examples import EXAMPLES
from scenarios.gallery.frame import indexed_png_of, svg_of
from scenarios.gallery.selecting_examples import SELECTING

FORMATS = {"svg": svg_of, "png": indexed_png_of}
"""How pictures are written: lines as SVG, and what has many dots as PNG."""


def no_facts(component: Component) -> Sequence[str]:
    """Return nothing."""
    return ()


class Wall(NamedTuple):
    """One kind of component.

    Attributes:
        kind: its word in `parley list`.
        title: its heading.
        caption: what its pictures show.
        portrait: what pictures one component of the kind.
        format: how pictures are written, one of FORMATS.
        facts: what is said of a component beside its docstring and its dials, a paragraph each, as Markdown.
    """

    kind: str
    title: str
    caption: str
    portrait: Callable[[Any], Figure]
    format: str = "svg"
    facts: Callable[[Any], Sequence[str]] = no_facts


class Exhibit(NamedTuple):
    """One component: the line of TOML that asks for it, the component that the line makes, and what to see in its picture."""

    line: str
    component: Component
    look: str = ""


def exhibits(kind: str) -> Iterator[Exhibit]:
    """Yield the examples of a kind of component."""
    adapter = TypeAdapter[Any](KINDS[kind])
    shown = SELECTING[kind] if kind in SELECTING else ((line, "") for line in EXAMPLES[kind])
    for line, look in shown:
        (value,) = tomllib.loads(line).values()
        yield Exhibit(line, adapter.validate_python(value), look)
