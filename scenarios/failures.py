"""Failures: which runs of a grid failed, those that failed alike told of together."""

from collections.abc import Sequence

from scenarios.grid import Row

_SHOWN_SEEDS = 5
"""Seeds that are named, of those whose runs failed alike."""


def failures(rows: Sequence[Row], who: str | None = None) -> list[str]:
    """Return a sentence for each error: which runs it hit, and how many of all.

    Args:
        rows: the runs.
        who: the column that names whose run it is; None where the seeds say enough.
    """
    return [_told(error, hit, len(rows), who) for error, hit in alike(rows).items()]


def alike(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the runs that failed, by their error."""
    failed: dict[str, list[Row]] = {}
    for row in rows:
        if row["error"]:
            failed.setdefault(row["error"], []).append(row)
    return failed


def _told(error: str, hit: Sequence[Row], runs: int, who: str | None) -> str:
    seeds = [str(seed) for seed in dict.fromkeys(row["seed"] for row in hit)]
    some = ", ".join(seeds[:_SHOWN_SEEDS]) + (f" and {len(seeds) - _SHOWN_SEEDS:,} more" if len(seeds) > _SHOWN_SEEDS else "")
    names = list(dict.fromkeys(row[who] for row in hit)) if who else []
    named = f"{', '.join(names)}, " if names else ""
    count = f" ({len(hit):,} of {runs:,} runs)" if len(hit) > 1 else ""
    return f"{named}seed{'s' if len(seeds) > 1 else ''} {some} failed{count}: {error}"
