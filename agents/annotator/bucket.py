"""A token bucket: it refills steadily up to its brim, and work waits until there is enough in it."""


class Bucket:
    """A bucket whose content is counted in microseconds of refilling, so that it is exact.

    Args:
        brim: the time that it takes to fill the empty bucket, in microseconds.
    """

    __slots__ = ("_brim", "_full")

    def __init__(self, brim: int) -> None:
        self._brim = brim
        # The instant at which it is full if nothing is drawn any more (the generic cell rate algorithm, ITU-T I.371).
        self._full = 0

    def ready(self, draught: int) -> int:
        """Return the instant from which so much can be drawn: what is more than the bucket holds, when it is full."""
        return self._full + min(draught, self._brim) - self._brim

    def draw(self, draught: int, now: int) -> None:
        """Draw so much at an instant."""
        self._full = max(self._full, now) + draught
