"""Presence: whether one person is there, what they say of it, and what of their work hangs on it."""

from collections.abc import Iterable, Sequence

from agents.annotator.availability import Availability, Lapse, Past, Span
from agents.messages import AbstentionSubmitted, AnnotatorCame, AnnotatorLeft, AnswerSubmitted, Item
from agents.negotiation import PositionStated
from bus.chance import Chance
from bus.message import Envelope

Word = AnnotatorCame | AnnotatorLeft
"""What somebody says of their being there."""

_FURTHEST = 1000
"""Times that a person's components are asked, one after the other, when they will be there, before it is taken for never."""


class Presence:
    """The comings and goings of one person: a function of their name, of the time, and of their own history.

    Args:
        name: the person's name.
        parts: what keeps them from being there.
        chance: the run's randomness; only the luck of this name is used.
        epoch: the campaign's beginning, in microseconds from Monday 0:00 UTC on.
        retry: microseconds after which they say again that they are there, if nobody says anything; None where nothing is lost.
        tries: how often they do, each time after twice as long.
    """

    def __init__(
        self, name: str, parts: Sequence[Availability], chance: Chance, epoch: int = 0, retry: int | None = None, tries: int = 0
    ) -> None:
        kinds = [part.kind for part in parts]
        self._parts = [
            (part, chance.keyed("annotator", name, "availability", kinds[at], str(kinds[:at].count(kinds[at]))))
            for at, part in enumerate(parts)
        ]
        self._past = Past(epoch=epoch)
        self._number = -1
        self._until: int | None = None
        self._retry, self._tries = retry, tries
        self._said = 0
        self._again: int | None = None
        self._is_over = False
        self._buckets = [part.buckets() for part in parts]

    @property
    def there(self) -> bool:
        """Whether they are there."""
        return self._past.there

    @property
    def due(self) -> int | None:
        """The instant at which there may be something to say; None for never."""
        if self._is_over:
            return None
        return self._until if self._again is None else self._again if self._until is None else min(self._until, self._again)

    def word(self, now: int) -> Word | None:
        """Return what is to be said at an instant, they having no task: that they come or go; None for nothing."""
        if self._is_over:
            return None
        past, spans = self._past, [part.at(now, self._past, luck) for part, luck in self._parts]
        there = all(span.there for span in spans)
        if there == past.there and self._number >= 0:
            return self._stay(now, spans) if there else self._stay_away(now)
        self._number += 1
        self._said = 0
        if not there:
            self._past = past._replace(there=False, left=now)
            self._until, self._again = self._back(now), None
            return AnnotatorLeft(number=self._number, until=self._until)
        first = now if past.visits == 0 else past.first
        self._past = past._replace(there=True, visits=past.visits + 1, first=first, came=now, position=0)
        self._until = _first(part.at(now, self._past, luck) for part, luck in self._parts)
        return self._say(now)

    def again(self) -> Word | None:
        """Return what they said last, for those who seem not to have heard it; None if they have said nothing yet."""
        if self._number < 0:
            return None
        return AnnotatorCame(number=self._number) if self.there else AnnotatorLeft(number=self._number, until=self._until)

    def heed(self) -> None:
        """Note that they are known to be there."""
        self._again = None

    def end(self) -> None:
        """Come and go no more, the campaign being over."""
        self._is_over = True

    def _say(self, now: int) -> AnnotatorCame:
        self._again = None if self._retry is None or self._said >= self._tries else now + (self._retry << self._said)
        self._said += 1
        return AnnotatorCame(number=self._number)

    def _stay(self, now: int, spans: Iterable[Span]) -> Word | None:
        self._until = _first(spans)
        return None if self._again is None or now < self._again else self._say(now)

    def _stay_away(self, now: int) -> Word | None:
        """Say that they come later than they said, if they were down when they were to come."""
        if self._until is None or now < self._until:
            return None
        self._until = self._back(now)
        return AnnotatorLeft(number=self._number, until=self._until)

    def _back(self, now: int) -> int | None:
        """Return when they, who are not there, will be; None for never."""
        for _ in range(_FURTHEST):
            away = [span for span in (part.at(now, self._past, luck) for part, luck in self._parts) if not span.there]
            if not away:
                return now
            if any(span.until is None for span in away):
                return None
            now = max(span.until for span in away if span.until is not None)
        return None

    # Their work

    def answered(self) -> None:
        """Take in that they gave an answer."""
        self._past = self._past._replace(answers=self._past.answers + 1, position=self._past.position + 1)

    def strict_end(self, now: int) -> int | None:
        """Return the instant at which they drop what they are at and leave; None if they finish it first."""
        return _first(part.at(now, self._past, luck) for part, luck in self._parts if part.is_strict())

    def lapse(self, item: Item, attempt: int) -> Lapse | None:
        """Return how they leave a task undone; None if they do it."""
        lapses = (part.lapse(item, attempt, luck) for part, luck in self._parts)
        return next((lapse for lapse in lapses if lapse is not None), None)

    def ready(self, item: Item, attempt: int, now: int) -> int:
        """Return the instant, from `now` on, at which they may begin on an answer."""
        ready = now
        for (part, luck), buckets in zip(self._parts, self._buckets, strict=True):
            if buckets:
                draughts = part.draught(item, attempt, luck)
                ready = max(ready, *(bucket.ready(draught) for bucket, draught in zip(buckets, draughts, strict=True)))
        return max(part.sets_out(ready) for part, _ in self._parts)

    def hands_in(self, done: int) -> int:
        """Return the instant at which they give an answer that is ready at `done`."""
        return max(part.hands_in(done) for part, _ in self._parts)

    def begin(self, item: Item, attempt: int, now: int) -> None:
        """Draw what an answer that is begun takes from the buckets."""
        for (part, luck), buckets in zip(self._parts, self._buckets, strict=True):
            if buckets:
                for bucket, draught in zip(buckets, part.draught(item, attempt, luck), strict=True):
                    bucket.draw(draught, now)

    def rebuild(self, name: str, history: Sequence[Envelope]) -> None:
        """Take up where they were, by what they said themselves."""
        done: set[tuple[Item, int]] = set()
        for envelope in history:
            body = envelope.body
            if envelope.sender != name:
                continue
            if isinstance(body, AnnotatorCame | AnnotatorLeft):
                self._read(body, envelope.time)
            elif isinstance(body, AnswerSubmitted | PositionStated | AbstentionSubmitted) and (body.item, body.attempt) not in done:
                done.add((body.item, body.attempt))
                self.answered()
                self.begin(body.item, body.attempt, envelope.time if body.began is None else body.began)

    def _read(self, word: Word, time: int) -> None:
        is_news, past, self._number = word.number > self._number, self._past, word.number
        if isinstance(word, AnnotatorLeft):
            self._past, self._until = past._replace(there=False, left=time if is_news else past.left), word.until
        elif is_news:
            first = time if past.visits == 0 else past.first
            self._past = past._replace(there=True, visits=past.visits + 1, first=first, came=time, position=0)


def _first(spans: Iterable[Span]) -> int | None:
    return min((span.until for span in spans if span.until is not None), default=None)
