"""A report as a page: looked at in a browser."""

import asyncio
from pathlib import Path

from scenarios.report.document import Report, Section, Table
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


def test_long_tables_have_a_box_that_is_scrolled_by_keyboard_too_and_short_ones_have_none() -> None:
    def page(rows: int) -> str:
        table = Table("Every point", ("policy", "runs"), tuple((f"policy {number}", "3") for number in range(rows)), (1,))
        return html_of(Report("A study", "", ("Found.",), (), (Section("Points", (), (table,)),)))

    box = '<div class="scroll table long" tabindex="0" role="region" aria-label="Every point">'
    assert box in page(41) and box not in page(40)
    assert "41 rows, to be scrolled." in page(41) and "to be scrolled" not in page(40)


def test_a_per_cent_sign_stays_with_its_number() -> None:
    page = html_of(Report("A study", "", ("It is right 91.2 % of the time, by 5 % more.",), (), ()))
    assert "91.2\N{NO-BREAK SPACE}% of the time, by 5\N{NO-BREAK SPACE}% more" in page
