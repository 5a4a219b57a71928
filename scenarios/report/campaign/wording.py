"""How the report of a run puts figures into words."""

import math

from bus.duration import format_duration
from scenarios.report.campaign.proportion import Proportion


def percent(share: float, decimals: int = 1) -> str:
    """Return a share in per cent."""
    return "-" if math.isnan(share) else f"{100 * share:.{decimals}f} %"


def with_interval(share: Proportion, decimals: int = 1) -> str:
    """Return a share with its 95 % interval: "91.0 % (95 % interval 87.2 to 93.8 %)"."""
    low, high = 100 * share.low, 100 * share.high
    return f"{percent(share.share, decimals)} (95 % interval {low:.{decimals}f} to {high:.{decimals}f} %)"


def span(seconds: float, counted: bool = False) -> str:
    """Return a span of time, or the answers that it counts."""
    return f"{counts(round(seconds * 1e6), 'answer')}" if counted else format_duration(seconds)


def counts(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun."""
    return f"1 {noun}" if number == 1 else f"{number:,} {plural or f'{noun}s'}"


def money(amount: float) -> str:
    """Return an amount of money, in units of the user's currency."""
    return f"{amount:,.2f}"


def listed(parts: list[str]) -> str:
    """Return parts as a sentence lists them: "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
