"""What is set at the points of a study, as people call it."""

from scenarios.findings.names import Names
from scenarios.study.results import Results


def settings_called(results: Results, called: Names) -> dict[str, list[str]]:
    """Return for each dial that has several values what it is set to at each point.

    Args:
        results: of the study.
        called: what people call what it varies.

    Returns:
        Names of levels, by path; shape (points,) each.
    """
    return {path: [called.levels[path][number] for number in results.level_numbers(path)] for path in results.told()}
