"""The results of a study as frames of pandas, where that is installed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from scenarios.errors import BadInput
from scenarios.grid import Row
from scenarios.study.results import CURVE, Results, curves_of
from scenarios.study.tables import converted, kinds_of

if TYPE_CHECKING:
    from pandas import DataFrame  # type: ignore[import-untyped, unused-ignore]

_GAPS = {"int64": "Int64", "bool": "boolean"}
"""The types of pandas of columns with gaps; numbers with a point and texts have gaps as they are."""
_TYPES = {"string": "str"}


def frame_of(results: Results) -> "DataFrame":
    """Return a row a run, as `results.csv` has them.

    Dials that are numbers are numbers, and components JSON, as in the file. Whole numbers that some run does not have are pandas'
    own Int64, so that they stay whole.

    Raises:
        BadInput: pandas is not installed.
    """
    return _frame(results, results.columns, results.rows)


def curves_frame_of(results: Results) -> "DataFrame":
    """Return a row a point of each learning curve, as `curves.csv` has them.

    Raises:
        BadInput: pandas is not installed.
    """
    told = ["point", *results.dials, "seed"]
    return _frame(results, [*told, "version", *CURVE], [*curves_of(results.rows, told)])


def _frame(results: Results, columns: Sequence[str], rows: Iterable[Row]) -> "DataFrame":
    try:
        import pandas  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise BadInput(
            "pandas is not installed, and a frame is its; `pip install pandas` installs it, or read `results.rows`"
        ) from None
    rows = [*rows]
    found: dict[str, Any] = {}
    for name, kind in kinds_of(results, columns).items():
        cells = [converted(kind, row[name]) for row in rows]
        dtype = _GAPS.get(kind, kind) if None in cells else kind
        found[name] = pandas.Series(cells, dtype=_TYPES.get(dtype, dtype))
    return pandas.DataFrame(found, columns=[*columns])
