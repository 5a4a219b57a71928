"""A browser that looks at pages: Chromium without a window, one for all tests of a process."""

import os
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

PHONE, DESK = 390, 1280
"""Widths of a window, in pixels."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FACTS = """() => {
  const ink = getComputedStyle(document.body).color;
  const box = each => each.getBoundingClientRect();
  const drawn = svg => [...svg.querySelectorAll('path, use, image, rect, text, circle')].filter(each => {
    const {width, height} = box(each);
    return (width > 0 || height > 0) && getComputedStyle(each).visibility === 'visible';
  }).length;
  return {
    text: document.body.innerText,
    words: [...document.querySelectorAll('svg text')].map(each => each.textContent),
    tags: [...document.querySelectorAll('*')].map(each => each.localName),
    ids: [...document.querySelectorAll('[id]')].map(each => each.id),
    links: [...document.querySelectorAll('a')].map(each => each.getAttribute('href')),
    figures: [...document.querySelectorAll('figure')].map(figure => ({
      alt: figure.querySelector('[role=img]')?.getAttribute('aria-label') || '',
      words: [...figure.querySelectorAll('text, tspan')].filter(each => getComputedStyle(each).fill === ink).length,
      drawings: [...figure.querySelectorAll('svg')].map(svg => ({...box(svg).toJSON(), marks: drawn(svg)}))
        .filter(each => each.width > 0),
    })),
    headings: [...document.querySelectorAll('h1, h2, h3, h4')].map(each => Number(each.localName[1])),
    tables: [...document.querySelectorAll('table')].map(table => ({
      caption: table.caption?.textContent || '', scopes: [...table.querySelectorAll('th')].map(th => th.getAttribute('scope')),
    })),
    lang: document.documentElement.lang, title: document.title,
    handlers: [...document.querySelectorAll('*')].flatMap(each => each.getAttributeNames()).filter(name => name.startsWith('on')),
  };
}"""
_WIDTHS = "() => [document.documentElement.scrollWidth, window.innerWidth]"

T = TypeVar("T")


class Look(NamedTuple):
    """What was seen of a page.

    Attributes:
        text: what can be read, but for figures.
        words: what can be read in figures.
        tags: its elements, in order.
        alts: what its figures show, for those who do not see them.
        links: where they lead.
        pictures: the whole page by width and scheme, such as (390, "dark").
        printed: the page as Chromium prints it: a PDF.
    """

    text: str
    words: list[str]
    tags: list[str]
    alts: list[str]
    links: list[str]
    pictures: dict[tuple[int, str], Image.Image]
    printed: bytes


class Browser:
    """Chromium, in a thread of its own: where async tests run there must be no other loop."""

    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._playwright, self._chromium = self._do(lambda: _launch(path))

    def look_at(self, page: Path) -> Look:
        """Look at a page in every way, and hold it to what every page promises.

        It loads nothing but itself, complains of nothing, runs no script; every figure is drawn and says what it shows, every link
        leads somewhere, headings go down by one level, tables have captions, and on a phone as at a desk, in the light as in the
        dark, it is neither blank nor wider than the window.
        """
        return self._do(lambda: _look_at(self._chromium, page))

    def close(self) -> None:
        """End it."""
        self._do(lambda: (self._chromium.close(), self._playwright.stop()))
        self._thread.shutdown()

    def _do(self, what: Callable[[], T]) -> T:
        return self._thread.submit(what).result()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROME") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        reason = f"there is no browser to look with: none of {', '.join(_NAMES)} is there, and CHROME names none"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    found = Browser(path)
    yield found
    found.close()


def _launch(path: str) -> Any:
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    return playwright, playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def _look_at(chromium: Any, page: Path) -> Look:
    complaints: list[str] = []
    pictures, facts, printed = {}, {}, b""
    tab = chromium.new_page()
    try:
        _listen(tab, page, complaints)
        tab.goto(page.resolve().as_uri())
        printed = tab.pdf(format="A4")
        for width in (PHONE, DESK):
            tab.set_viewport_size({"width": width, "height": 800})
            for scheme in ("light", "dark"):
                tab.emulate_media(color_scheme=scheme)
                wide, window = tab.evaluate(_WIDTHS)
                assert wide <= window, f"{page.name} is {wide} pixels wide in a window of {window}"
                pictures[width, scheme] = Image.open(BytesIO(tab.screenshot(full_page=True))).convert("RGB")
        facts = tab.evaluate(_FACTS)
    finally:
        tab.close()
    assert not complaints, "\n".join(complaints)
    for (_, scheme), picture in pictures.items():
        _check_picture(picture, scheme)
    _check_figures(facts["figures"])
    _check_structure(facts)
    for link in facts["links"]:
        _check_link(link, facts["ids"], page)
    alts = [each["alt"] for each in facts["figures"]]
    return Look(facts["text"], facts["words"], facts["tags"], alts, facts["links"], pictures, printed)


def _listen(tab: Any, page: Path, complaints: list[str]) -> None:
    """Note whatever a good page does not do."""
    own = page.resolve().as_uri()

    def dismiss(dialog: Any) -> None:
        complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    tab.on("console", lambda message: complaints.append(f"console: {message.type}: {message.text}"))
    tab.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    tab.on("dialog", dismiss)
    tab.on("request", lambda each: None if each.url == own or each.url.startswith("data:") else complaints.append(each.url))


def _check_picture(picture: Image.Image, scheme: str) -> None:
    """See that something is there, and that it is as light or dark as people want it."""
    dots = np.asarray(picture.convert("L"), float)
    assert dots.std() > 5, "the page is blank"
    ground = np.median(dots)
    assert ground > 200 if scheme == "light" else ground < 60, f"the ground is {ground} of 255 where it should be {scheme}"


def _check_figures(figures: list[dict[str, Any]]) -> None:
    for number, figure in enumerate(figures, 1):
        assert figure["alt"], f"figure {number} does not say what it shows"
        assert len(figure["drawings"]) == 1, f"figure {number} is not drawn"
        drawing = figure["drawings"][0]
        assert drawing["width"] > 100 and drawing["height"] > 50 and drawing["marks"] > 3, f"figure {number} is empty: {drawing}"
        assert figure["words"], f"no word of figure {number} has the colour of the page's text"


def _check_structure(facts: dict[str, Any]) -> None:
    assert facts["lang"] and facts["title"], "the page does not say its language, or what it is called"
    assert "script" not in facts["tags"], "there is a script"
    assert not facts["handlers"], f"there are scripts in attributes: {facts['handlers']}"
    assert len(facts["ids"]) == len({*facts["ids"]}), "an id stands twice"
    levels = facts["headings"]
    assert levels[0] == 1 and levels.count(1) == 1, f"the page has not one title: {levels}"
    assert all(below <= above + 1 for above, below in pairwise(levels)), f"headings leap: {levels}"
    for table in facts["tables"]:
        assert table["caption"] and all(scope in ("col", "row") for scope in table["scopes"]), f"a table: {table}"


def _check_link(link: str, ids: list[str], page: Path) -> None:
    if link.startswith("#"):
        assert link[1:] in ids, f"{link} leads nowhere"
    elif link.startswith("data:"):
        kind, _, content = link.partition(",")
        assert kind in ("data:image/svg+xml;base64", "data:image/svg+xml;charset=utf-8"), kind
        file = b64decode(content) if kind.endswith("base64") else unquote(content)
        assert ElementTree.fromstring(file).tag.endswith("svg")
    else:
        assert ":" not in link, f"{link} leads out of the page"
        assert (page.parent / unquote(link)).is_file(), f"{link} leads to no file"
