"""A report as a page: looked at in a browser."""

import asyncio
from pathlib import Path

from scenarios.report.html import html_of
from tests.scenarios.report.browser import Browser
from tests.scenarios.report.reports import SHOWN, whole


def test_a_page_keeps_what_every_page_promises_and_shows_data_as_text(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html_of(whole()), encoding="utf-8")
    look = browser.look_at(page)
    assert look.text.count(SHOWN) >= 8
    assert look.words.count(SHOWN) >= 4
    assert "img" not in look.tags
    assert len(look.alts) == 4


async def test_where_the_browser_runs_async_tests_run_too(browser: Browser) -> None:
    await asyncio.sleep(3600)
