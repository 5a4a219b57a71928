"""Vector graphics: figures as SVG, small, the same each time, and fit to stand within a page beside others."""

import re
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from itertools import groupby
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure as Drawn

from scenarios.report.characters import plain
from scenarios.report.inks import INK
from scenarios.report.outline import outline

DPI = 200
"""Dots an inch of what is an image within a figure."""

FONTS = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_COORDINATES = ("x", "y", "width", "height", "points")
_FONT = re.compile(r"(?<![\w-])font: ((?:\S+ )*?)([\d.]+px) [^;]*;?")
_FAMILY = re.compile(r"(?<![\w-])font-family: [^;]*;? ?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


class Vector(NamedTuple):
    """A figure as SVG.

    Attributes:
        root: the element, without what a page does not need. No id stands in it to which nothing refers.
        width, height: in points.
    """

    root: Element
    width: float
    height: float

    def within(self, prefix: str) -> str:
        """Return it as part of a page, in the colour of the page's text; its ids begin with the prefix."""
        root = _renamed(self.root, prefix)
        for key in ("version", "xmlns", "xmlns:xlink", "width", "height"):
            root.attrib.pop(key, None)
        root.set("aria-hidden", "true")
        return ElementTree.tostring(root, encoding="unicode").replace(INK, "currentColor")

    def alone(self, alt: str, ground: str | None = None) -> str:
        """Return it as a file, in black.

        Args:
            alt: what it shows.
            ground: the colour behind it; None for none.
        """
        root = deepcopy(self.root)
        root.set("font-family", FONTS)
        root.set("role", "img")
        title = Element("title")
        title.text = plain(alt)
        root.insert(0, title)
        if ground is not None:
            root.insert(1, Element("rect", {"width": "100%", "height": "100%", "fill": ground}))
        return ElementTree.tostring(root, encoding="unicode").replace(INK, "#000000") + "\n"


def vector_of(drawn: Drawn) -> Vector:
    """Return a figure as SVG. It is to be called within the style in which it was drawn."""
    buffer = BytesIO()
    drawn.savefig(buffer, format="svg", dpi=DPI, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = _without_namespaces(ElementTree.fromstring(buffer.getvalue()))  # noqa: S314 (matplotlib has just written it)
    for parent in [*root.iter()]:
        for child in [*parent]:
            if child.tag in ("metadata", "style") or (child.tag == "defs" and not [*child.iter()][1:]):
                parent.remove(child)
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    for element in root.iter():
        _lighten(element)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    root = _renamed(root, "i")
    _flatten(root)
    return Vector(root, width, height)


def _without_namespaces(root: Element) -> Element:
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        element.attrib = {key.replace(_XLINK, "xlink:"): value for key, value in element.attrib.items()}
    root.attrib.update({"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"})
    return root


def _lighten(element: Element) -> None:
    """Leave out what nobody sees: blanks, digits beyond a hundredth of a point, turns by nothing, lists of fonts."""
    for key in _COORDINATES:
        if key in element.attrib:
            element.attrib[key] = " ".join(_NUMBER.sub(_rounded, element.attrib[key]).split())
    if "d" in element.attrib:
        element.attrib["d"] = outline(element.attrib["d"])
    if element.tag != "tspan" or element.text != " ":
        element.text = element.text if element.tag in ("text", "tspan") and (element.text or "").strip() else None
    element.tail = None
    if element.attrib.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if "style" in element.attrib:
        style = _FAMILY.sub("", _FONT.sub(_longhand, element.attrib["style"]))
        element.attrib["style"] = style.replace(": ", ":").replace("; ", ";").strip(";")
    for key, value in element.attrib.items():
        if key == "xlink:href" and value.startswith("data:"):
            element.attrib[key] = "".join(value.split())


def _flatten(element: Element) -> None:
    """Leave out groups that say nothing, and let those that follow each other and look the same say it once."""
    children: list[Element] = []
    for child in element:
        _flatten(child)
        if child.tag != "g" or child.attrib:
            children.append(child)
        else:
            children.extend(child)
    element[:] = children
    if element.tag in ("svg", "g"):
        element[:] = [each for look, alike in groupby(children, _look) for each in _gathered(look, [*alike])]


def _look(element: Element) -> tuple[str, str] | None:
    """Return what a group can say for an element; None where it would be seen: what is half transparent shines through itself."""
    style = element.attrib.get("style", "")
    if (
        element.tag not in ("path", "use", "text")
        or "transform" in element.attrib
        or style.startswith("opacity")
        or ";opacity" in style
    ):
        return None
    return style, element.attrib.get("clip-path", "")


def _gathered(look: tuple[str, str] | None, alike: list[Element]) -> list[Element]:
    if look is None or len(alike) < 3 or look == ("", ""):
        return alike
    group = Element("g", {key: value for key, value in zip(("style", "clip-path"), look, strict=True) if value})
    for each in alike:
        each.attrib.pop("style", None)
        each.attrib.pop("clip-path", None)
        group.append(each)
    return [group]


def _rounded(number: re.Match[str]) -> str:
    short = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _longhand(found: re.Match[str]) -> str:
    parts = [f"font-size: {found[2]}; "]
    for word in found[1].split():
        parts.append(f"font-{'style' if word in ('italic', 'oblique') else 'weight'}: {word}; ")
    return "".join(parts)


def _renamed(root: Element, prefix: str) -> Element:
    """Return a copy, in which ids that are referred to are numbered after a prefix, and others are left out."""
    copy = deepcopy(root)
    names = {name: f"{prefix}{number}" for number, name in enumerate(dict.fromkeys(_references(copy)))}
    seen: set[str] = set()
    for parent in [*copy.iter()]:
        for child in [*parent]:
            name = child.attrib.get("id")
            # The mark of several series stands there for each of them, under one name.
            if name in seen:
                parent.remove(child)
            elif name in names:
                seen.add(name)
    for element in copy.iter():
        for key, value in [*element.attrib.items()]:
            if key == "id" and value not in names:
                del element.attrib[key]
            else:
                element.attrib[key] = _with_new_names(key, value, names)
    return copy


def _with_new_names(key: str, value: str, names: dict[str, str]) -> str:
    if key == "id":
        return names[value]
    if key == "xlink:href" and value.startswith("#"):
        return f"#{names[value[1:]]}"
    return _REFERENCE.sub(lambda found: f"url(#{names[found[1]]})", value) if "url(#" in value else value


def _references(root: Element) -> Iterator[str]:
    """Yield the ids that something refers to, as often as it does."""
    for element in root.iter():
        link = element.attrib.get("xlink:href", "")
        if link.startswith("#"):
            yield link[1:]
        for value in element.attrib.values():
            yield from _REFERENCE.findall(value)
