"""A report as Markdown: laid out again, it says what the report says, and nothing in it is markup."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from scenarios.report.document import Report, Section, Table
from scenarios.report.markdown import markdown_files, markdown_of
from tests.scenarios.report.reports import EVIL, SHOWN, whole


class Page(HTMLParser):
    """Notes the elements of a page, its words, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.said: list[str] = []
        self.feed(MarkdownIt("commonmark").enable("table").render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def words(self) -> str:
        return "".join(self.said)


def report(*texts: str) -> Report:
    return Report(texts[0], texts[0], texts, texts, (Section(texts[0], texts, (Table("", texts, (texts,)),)),))


@pytest.mark.parametrize(
    "text",
    [
        EVIL.partition(" $")[0], "# no heading", "- no item", "+ none", "1. none", "12) none", "> no quotation", "=== ---", "***",
        "`no code` ~~all~~ *of* _it_ __here__", "[no](link) ![no](picture)", "<https://nowhere.test> https://no.test www.no.test",
        "&lt; &amp; &#60;", "back\\slash\\", "```", "    no code", "<!-- no comment -->", "$x$ costs $5", "[^1]: none", "|", "a|b",
        "- [ ] none",
    ],
)  # fmt: skip
def test_no_text_of_data_is_markup(text: str) -> None:
    page = Page(markdown_of(report(text), "figures"))
    allowed = {"h1", "h2", "p", "blockquote", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "span"}
    assert {*page.tags} <= allowed
    assert page.tags.count("li") == 1 and page.tags.count("td") == 1
    assert page.words.count(text.strip()) == 8


def test_figures_lie_beside_the_text_and_every_picture_of_it_is_there(tmp_path: Path) -> None:
    target = tmp_path / "my report (1).md"
    files = dict(markdown_files(whole(), target))
    text = files[target].decode()
    page = Page(text)
    assert [*files][-1] == target
    places = [tmp_path / unquote(link) for link in page.loads]
    assert places == [*files][:-1] and {path.parent.name for path in places} == {"my report (1)-figures"}
    for place in places:
        picture = ElementTree.fromstring(files[place])
        assert picture.find("{*}title") is not None
        assert picture.find("{*}rect").attrib["fill"] == "#ffffff"  # type: ignore[union-attr]
    assert page.tags.count("table") == 2 and page.tags.count("img") == 4
    assert page.words.count(SHOWN) >= 40
