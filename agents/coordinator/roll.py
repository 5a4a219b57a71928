"""The roll: who may be asked, who of them is there, and who waits for a task."""

from collections.abc import Collection, Iterable

from agents.person import Person


class Roll:
    """Who is there, as far as is known.

    Args:
        names: the annotators.
        comers: those who come and go: until they say that they are there, they are not.
    """

    def __init__(self, names: Iterable[str], comers: Collection[str] = ()) -> None:
        self.present: dict[str, None] = dict.fromkeys(names)
        """Annotators who may be asked, now or when they are there again."""
        self.away: dict[str, int] = dict.fromkeys(comers, 0)
        """Those of them who are not there for now, and the instant at which they will be, as far as they have said it."""
        self.idle: dict[str, None] = {name: None for name in self.present if name not in self.away}
        """Those of them who are there, and have no task; longest idle first."""
        self.behind: set[str] = set()
        """Those who have let a lease pass, and are not heard of since: nobody knows when they will be free."""
        self.changes = 0
        """How often it has changed who is likely to take a question."""
        self._blocked: set[str] = set()
        self._gone: set[str] = set()
        # What they said last of when they will be there, whether anything is heard of them or not.
        self._until = dict(self.away)
        self._numbers: dict[str, int] = {}

    def is_unexpected(self, name: str) -> bool:
        """Return whether it is news that somebody can be asked."""
        return name not in self.present and name not in self._blocked and name not in self._gone

    def is_expected(self, name: str) -> bool:
        """Return whether somebody is likely to take a question sooner or later."""
        return name in self.present and name not in self.behind

    def is_there(self, name: str) -> bool:
        """Return whether somebody is likely to take a question as soon as they are done with what they are at."""
        return name in self.present and name not in self.away and name not in self.behind

    def free(self, name: str) -> None:
        """Note that somebody has no task any more."""
        if name in self.behind:
            self.behind.remove(name)
            self.changes += 1
        if name in self.present and name not in self.away:
            self.idle[name] = None

    def engage(self, name: str) -> None:
        """Note that somebody has a task."""
        self.idle.pop(name, None)

    def fall_behind(self, name: str) -> None:
        """Note that somebody has let a lease pass."""
        self.behind.add(name)

    def block(self, name: str) -> None:
        """Ask nothing more of somebody, whatever is heard of them."""
        self._blocked.add(name)
        self._strike_out(name)

    def hear(self, name: str, number: int, there: bool, until: int | None) -> bool:
        """Take in that somebody comes or goes, and return whether that is news.

        Args:
            name: the annotator.
            number: of their comings and goings; what is older than what is known is no news.
            there: whether they are there.
            until: if they are not, the instant at which they will be, in microseconds; None for never.
        """
        if number < self.number_of(name):
            return False
        self._numbers[name] = number
        self.changes += name in self.present
        if there:
            self._until.pop(name, None)
            self.away.pop(name, None)
        elif until is None:
            self._gone.add(name)
            self._strike_out(name)
        else:
            self._until[name] = until
            self.idle.pop(name, None)
            if name in self.present:
                self.away[name] = until
        return True

    def lose(self, name: str) -> None:
        """Note that nothing is heard of somebody."""
        self._strike_out(name)

    def find(self, name: str) -> None:
        """Note that somebody is heard of again; by their own word, they may not be there for all that."""
        self.present[name] = None
        self.changes += 1
        if name in self._until:
            self.away[name] = self._until[name]

    def _strike_out(self, name: str) -> None:
        self.changes += name in self.present
        for each in (self.present, self.idle, self.away):
            each.pop(name, None)

    def number_of(self, name: str) -> int:
        """Return the number of somebody's last coming or going; -1 before the first."""
        return self._numbers.get(name, -1)

    def is_gone(self, name: str) -> bool:
        """Return whether somebody has left for good."""
        return name in self._gone

    def is_blocked(self, name: str) -> bool:
        """Return whether somebody is asked nothing more."""
        return name in self._blocked

    def is_missing(self, name: str, number: int) -> bool:
        """Return whether somebody who was to come has not come since their going of that number."""
        return name in self.away and name in self.present and self.number_of(name) == number

    # After a restart

    def read(self, name: str, person: Person) -> None:
        """Take over what the log tells of somebody."""
        stays = person.stays
        if stays.number >= 0:
            self.hear(name, stays.number, stays.there, stays.until)
            self.free(name)
        if person.away:
            self.lose(name)
