"""News: what has changed between one glimpse of a campaign and the next. Nobody says it, so that it costs nothing."""

from collections import deque
from collections.abc import Iterator

from bus.clock import SECOND
from bus.duration import format_duration
from scenarios.history.phrases import counted, plain, several
from scenarios.watch.glimpse import Doing, Glimpse

_KEPT = 50
_SAMPLES = 256
"""Moments at which the labels are remembered; then only every second."""
_TOLD: dict[Doing, str] = {
    "silent": "nothing is heard of {}", "blocked": "{} blocked", "gone": "{} left for good", "down": "{} down",
}  # fmt: skip


class News:
    """What was seen of a campaign so far.

    Attributes:
        lines: what has happened, the newest last.
        history: labels so far by simulated seconds, ascending.
    """

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=_KEPT)
        self.history: list[tuple[float, int]] = []
        self._before: Glimpse | None = None

    def take(self, glimpse: Glimpse) -> None:
        """Take in a glimpse."""
        before, self._before = self._before, glimpse
        if not self.history or glimpse.seconds > self.history[-1][0]:
            self.history.append((glimpse.seconds, glimpse.labels))
        if len(self.history) > _SAMPLES:
            del self.history[1:-1:2]
        if before is not None and not glimpse.repeating:
            self.lines.extend(_changes(before, glimpse))

    def say(self, line: str) -> None:
        """Take in a line that somebody has for the operator, as it is."""
        self.lines.append("".join(each if each.isprintable() else " " for each in line))


def _changes(before: Glimpse, now: Glimpse) -> Iterator[str]:
    for at, point in enumerate(now.curve[len(before.curve) :], len(before.curve)):
        change = f" ({point.accuracy - now.curve[at - 1].accuracy:+.4f})" if at else ""
        when = format_duration(point.time / SECOND)
        yield f"{when}: model {point.version:,}, on {counted(point.labels, 'label')}: accuracy {point.accuracy:.4f}{change}"
    for advice in now.advised[len(before.advised) :]:
        yield f"{format_duration(advice.time / SECOND)}: {plain(advice.rule)} says that it is time to stop"
    when = format_duration(now.seconds)
    had = {each.name: each.doing for each in before.annotators}
    for doing, sentence in _TOLD.items():
        names = [plain(each.name) for each in now.annotators if each.doing == doing != had.get(each.name)]
        if names:
            yield f"{when}: " + sentence.format(several(names, len(names)))
    if now.given_up > before.given_up:
        yield f"{when}: {counted(now.given_up - before.given_up, 'item')} given up"
