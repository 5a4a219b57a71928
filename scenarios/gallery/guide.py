"""The guides: pages of the documentation that show every component of some kinds, and their pictures."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from inspect import cleandoc
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure
from threadpoolctl import threadpool_limits

from agents.component import Component
from bus.table import nearest
from scenarios.catalogue import dials
from scenarios.errors import BadInput
from scenarios.gallery import behaviours, strategies
from scenarios.gallery.frame import style
from scenarios.gallery.hall import FORMATS, Exhibit, Wall, exhibits
from scenarios.gallery.prose import cell, prose

PICTURES = "pictures"


class Guide(NamedTuple):
    """A page.

    Attributes:
        name: of its file, without its ending.
        preface: what it begins with.
        walls: makes the kinds of component that it shows.
        overview: makes the picture that it shows first; None if there is none.
    """

    name: str
    preface: str
    walls: Callable[[], Sequence[Wall]]
    overview: Callable[[], Figure] | None = None


GUIDES = (
    Guide("behaviours", behaviours.PREFACE, behaviours.walls),
    Guide("strategies", strategies.PREFACE, strategies.walls, strategies.overview),
)


class Leaf(NamedTuple):
    """A file of a guide: its name, from the guide's folder, and what it holds."""

    name: str
    content: bytes


def write_guides(folder: Path, guides: Sequence[Guide] = GUIDES) -> Iterator[Path]:
    """Write pages and their pictures, yielding each file as it is written.

    Raises:
        BadInput: they cannot be written there.
    """
    for guide in guides:
        for leaf in leaves(guide):
            path = folder / leaf.name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(leaf.content)
            except OSError as error:
                raise BadInput(f"{path}: {error.strerror}") from None
            yield path


def files(guides: Sequence[Guide] = GUIDES) -> int:
    """Return how many files pages and their pictures are."""
    pictures = sum(len([*exhibits(wall.kind)]) for guide in guides for wall in guide.walls())
    return pictures + sum(1 + (guide.overview is not None) for guide in guides)


def guides_called(name: str | None) -> Sequence[Guide]:
    """Return the page of that name, or all of them for None.

    Raises:
        BadInput: there is none.
    """
    found = [guide for guide in GUIDES if name in (None, guide.name)]
    if not found:
        raise BadInput(f"there is no page called {name!r}; {nearest(str(name), [guide.name for guide in GUIDES])}")
    return found


def leaves(guide: Guide) -> Iterator[Leaf]:
    """Yield the pictures of a page, and the page last."""
    walls = guide.walls()
    for wall in walls:
        for exhibit in exhibits(wall.kind):
            yield Leaf(picture(wall, exhibit), drawn(partial(wall.portrait, exhibit.component), wall.format))
    if guide.overview is not None:
        yield Leaf(_overview(guide), drawn(guide.overview, "png"))
    yield Leaf(f"{guide.name}.md", page(guide, walls).encode())


def drawn(draws: Callable[[], Figure], form: str) -> bytes:
    """Return a picture in one of the formats: the same bytes each time on one machine."""
    with style(), threadpool_limits(1):
        return FORMATS[form](draws())


def page(guide: Guide, walls: Sequence[Wall]) -> str:
    """Return a page as Markdown."""
    parts = [guide.preface]
    if guide.overview is not None:
        parts.append(f"![all {guide.name}]({_overview(guide)})\n")
    for wall in walls:
        parts.append(f"## {wall.title}\n\n{wall.caption}\n")
        parts += [_entry(wall, exhibit) for exhibit in exhibits(wall.kind)]
    return "\n".join(parts)


def picture(wall: Wall, exhibit: Exhibit) -> str:
    """Return the name of the file that pictures a component, from the guide's folder."""
    return f"{PICTURES}/{wall.kind}-{exhibit.component.kind}.{wall.format}"


def _overview(guide: Guide) -> str:
    return f"{PICTURES}/{guide.name}.png"


def _entry(wall: Wall, exhibit: Exhibit) -> str:
    member = type(exhibit.component)
    said = [
        f"### {member.kind}",
        prose(cleandoc(member.__doc__ or "")),
        f"![{wall.kind} {member.kind}]({picture(wall, exhibit)})",
        *([prose(exhibit.look)] if exhibit.look else []),
        *wall.facts(exhibit.component),
        f"```toml\n{exhibit.line}\n```",
        *_table(member),
    ]
    return "\n\n".join(said) + "\n"


def _table(member: type[Component]) -> Iterator[str]:
    rows = [
        f"| `{name}` | {cell(kind)} | {cell(default.removeprefix('= '))} | {cell(sentence)} |"
        for name, kind, default, sentence in dials(member)
    ]
    if rows:
        yield "\n".join(["| dial | | default | |", "|---|---|---|---|", *rows])
