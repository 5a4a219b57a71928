"""Pages of reports are looked at by one browser."""

from tests.scenarios.report.browser import browser

__all__ = ["browser"]
