"""The guide: the page of the documentation that shows every behaviour, and its pictures."""

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import NamedTuple

from agents.component import Component
from scenarios.catalogue import dials
from scenarios.errors import BadInput
from scenarios.gallery.frame import style, svg_of
from scenarios.gallery.hall import Exhibit, Wall, exhibits, walls

PAGE, PICTURES = "behaviours.md", "pictures"

_PREFACE = """\
# Behaviours of annotators

What annotators may be like, each with its formula and source, an example, its dials and a picture. Every picture is made by
watching simulated people; `parley gallery docs` makes this page and its pictures anew. All behaviours compose: noise, family,
latency, changes and the rest are keys of one `[[annotators]]` table, and any number among their dials may differ from person to
person.
"""


class Leaf(NamedTuple):
    """A file of the guide: its name, from the guide's folder, and what it holds."""

    name: str
    content: bytes


def write_guide(folder: Path) -> Iterator[Path]:
    """Write the page and the pictures, yielding each file as it is written.

    Raises:
        BadInput: they cannot be written there.
    """
    for leaf in leaves():
        path = folder / leaf.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(leaf.content)
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror}") from None
        yield path


def leaves() -> Iterator[Leaf]:
    """Yield the pictures, and the page last."""
    parts = [_PREFACE]
    for wall in walls():
        parts.append(f"## {wall.title}\n\n{wall.caption}\n")
        for exhibit in exhibits(wall.kind):
            name = f"{PICTURES}/{wall.kind}-{exhibit.component.kind}.svg"
            with style():
                yield Leaf(name, svg_of(wall.portrait(exhibit.component)))
            parts.append(_entry(wall, exhibit, name))
    yield Leaf(PAGE, "\n".join(parts).encode())


def _entry(wall: Wall, exhibit: Exhibit, picture: str) -> str:
    member = type(exhibit.component)
    said = cleandoc(member.__doc__ or "")
    return (
        f"### {member.kind}\n\n{said}\n\n```toml\n{exhibit.line}\n```\n\n{_table(member)}![{wall.kind} {member.kind}]({picture})\n"
    )


def _table(member: type[Component]) -> str:
    rows = [
        f"| `{name}` | {_cell(kind)} | {_cell(default)} | {_cell(sentence)} |" for name, kind, default, sentence in dials(member)
    ]
    if not rows:
        return ""
    return "\n".join(["| dial | | default | |", "|---|---|---|---|", *(row.replace("\n", " ") for row in rows)]) + "\n\n"


def _cell(text: str) -> str:
    return " ".join(text.removeprefix("= ").replace("|", "\\|").split())
