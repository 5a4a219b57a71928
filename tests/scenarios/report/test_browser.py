"""What looks at pages sees what is wrong with them."""

from pathlib import Path
from xml.etree.ElementTree import ParseError

import pytest

from tests.scenarios.report.browser import Browser

SVG = '<svg viewBox="0 0 300 200" width="300" height="200">{}</svg>'
MARKS = '<path d="M0 0L9 9"/><path d="M0 0L9 9"/><path d="M0 0L9 9"/><text x="9" y="9" fill="currentColor">9</text>'
FIGURE = f'<figure><div role="img" aria-label="what it shows">{SVG.format(MARKS)}</div></figure>'
SCHEME = "<style>:root { color-scheme: light dark }</style>"
GOOD = f'{SCHEME}<h1>A page</h1><h2 id="part">Part</h2><a href="#part">part</a>{FIGURE}' + "<p>Many words stand here.</p>" * 40

BAD = {
    "a script": (GOOD + "<script>1</script>", "there is a script"),
    "a script that speaks": (GOOD + "<script>console.warn('careful')</script>", "careful"),
    "a script that fails": (GOOD + "<script>nix()</script>", "nix is not defined"),
    "a dialog": (GOOD + "<script>alert(1)</script>", "a dialog: 1"),
    "a handler": (GOOD + "<p onclick='nix()'>words</p>", "onclick"),
    "an image from elsewhere": (GOOD + "<img src='http://127.0.0.1:9/x.png' alt=''>", "127.0.0.1"),
    "a dead anchor": (GOOD + "<a href='#nowhere'>there</a>", "#nowhere leads nowhere"),
    "a dead file": (GOOD + "<a href='nix.svg'>there</a>", "nix.svg leads to no file"),
    "a way out": (GOOD + "<a href='https://example.org'>there</a>", "leads out of the page"),
    "a picture that is none": (GOOD + "<a href='data:image/svg+xml;base64,AAAA'>there</a>", "not well-formed|no element found"),
    "an id twice": (GOOD + "<p id='part'>words</p>", "an id stands twice"),
    "a leap of headings": (GOOD + "<h4>deep</h4>", "headings leap"),
    "a table without a caption": (GOOD + "<table><tr><td>words</td></tr></table>", "caption"),
    "a head of no scope": (GOOD + "<table><caption>words</caption><tr><th>words</th></tr></table>", "scopes"),
    "a figure that says nothing": (GOOD + f"<figure>{SVG.format(MARKS)}</figure>", "does not say what it shows"),
    "a figure that is not drawn": (GOOD + "<figure><div role='img' aria-label='words'></div></figure>", "is not drawn"),
    "a figure without marks": (GOOD + FIGURE.replace(MARKS, ""), "is empty"),
    "a figure that stays black": (GOOD.replace("currentColor", "black"), "has the colour of the page's text"),
    "a page too wide": (GOOD + "<div style='width: 1000px'>words</div>", "1008 pixels wide in a window of 390"),
    "a page that stays light": (GOOD.replace(SCHEME, ""), "where it should be dark"),
}


def written(content: str, folder: Path) -> Path:
    page = folder / "page.html"
    page.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>{content}</html>')
    return page


def test_a_good_page_is_good(browser: Browser, tmp_path: Path) -> None:
    look = browser.look_at(written(GOOD, tmp_path))
    assert (look.alts, look.words, look.links) == (["what it shows"], ["9"], ["#part"])
    assert look.printed.startswith(b"%PDF-")
    assert {width for width, _ in look.pictures} == {390, 1280}


@pytest.mark.slow
@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_with_a_page_is_seen(what: str, browser: Browser, tmp_path: Path) -> None:
    content, complaint = BAD[what]
    with pytest.raises((AssertionError, ParseError), match=complaint):
        browser.look_at(written(content, tmp_path))
