"""A frame of the live view: the panes, put together so that they fill a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text

from scenarios.watch.glimpse import Glimpse
from scenarios.watch.panes import History, annotators, bars, curve, heading, queues, title

_TWO_COLUMNS = 76
"""Letters from which the curve and the queues stand side by side."""
_QUEUES = 36
"""Letters of the queues there."""
_LOW = 18
"""Lines below which there is no room for the news."""


class Frame:
    """Lines of text for rich, each cut to the width of the terminal: no more than a screen of them."""

    def __init__(self, lines: Sequence[Text]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines as they are: nothing is measured or wrapped."""
        for line in self.lines:
            yield from line.render(console)
            yield Segment.line()

    def condensed(self) -> "Frame":
        """Return the frame without the blank lines that fill the terminal."""
        lines = self.lines
        return Frame([line for at, line in enumerate(lines) if line.plain.strip() or (at and lines[at - 1].plain.strip())])


def frame_of(glimpse: Glimpse, history: History, news: Sequence[str], width: int, height: int) -> Frame:
    """Return a frame.

    Args:
        glimpse: the campaign.
        history: labels so far by simulated seconds, as far as they were seen.
        news: what has happened, the newest last.
        width, height: of the terminal, in letters and lines.
    """
    lines = [title(glimpse, width), *bars(glimpse, width), Text()]
    told = 0 if height < _LOW else 1 + min(6, max(1, (height - 20) // 4))
    room = height - len(lines) - told
    if width >= _TWO_COLUMNS:
        # What few annotators leave is the curve's.
        middle = max(7, min(13, room * 2 // 5), min(18, room - len(glimpse.annotators) - 1))
        left = width - _QUEUES - 2
        lines += _beside(curve(glimpse, history, left, middle), queues(glimpse, _QUEUES, middle), left)
    elif room >= 20:
        lines += [*curve(glimpse, history, width, 8), *queues(glimpse, width, 5)]
    else:
        lines += queues(glimpse, width, 4)
    lines += annotators(glimpse, width, max(2, height - told - len(lines)))
    if told:
        # News stand at the bottom, wherever the rest ends: what moves about is not read.
        lines = lines[: height - told]
        lines += [Text()] * (height - told - len(lines))
        lines += [heading("news", width), *(Text(each) for each in news[1 - told :])]
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Frame(lines[:height])


def _beside(left: Sequence[Text], right: Sequence[Text], width: int) -> Iterable[Text]:
    for at in range(max(len(left), len(right))):
        line = left[at].copy() if at < len(left) else Text()
        line.truncate(width, overflow="ellipsis", pad=True)
        yield Text.assemble(line, "  ", right[at] if at < len(right) else "")
