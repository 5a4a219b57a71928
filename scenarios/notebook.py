"""What a notebook shows: small tables, in which every text of data is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from scenarios.aggregation.names import printable
from scenarios.display import facts_of
from scenarios.summary import Summary


def summary_in_html(summary: Summary) -> str:
    """Return what a run amounts to, a line a fact."""
    stopped = "interrupted" if summary.stopped_by == "interrupted" else f"stopped by {summary.stopped_by}"
    log = [("log", summary.log)] if summary.log else []
    return table(f"{summary.name}, seed {summary.seed}: {stopped}", (), [*facts_of(summary), *log], 2)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], texts: int) -> str:
    """Return a table of HTML; what it holds is plain text.

    Args:
        caption: what stands above it.
        head: the names of the columns; none for a table without.
        rows: the cells.
        texts: columns, from the left, that are text: the others are figures, and stand to the right.
    """

    def line(cells: Sequence[str], tag: str) -> str:
        # Figures are not broken in two.
        sides = ["left" if at < texts else "right; white-space:nowrap" for at in range(len(cells))]
        told = (f'<{tag} style="text-align:{side}">{_told(cell)}</{tag}>' for side, cell in zip(sides, cells, strict=True))
        return f"<tr>{''.join(told)}</tr>"

    top = f"<thead>{line(head, 'th')}</thead>" if head else ""
    body = "".join(line(cells, "td") for cells in rows)
    return f'<table><caption style="text-align:left">{_told(caption)}</caption>{top}<tbody>{body}</tbody></table>'


def _told(text: str) -> str:
    return escape(printable(text))
