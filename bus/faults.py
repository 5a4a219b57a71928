"""Faults: what goes wrong between agents, and with them, as data. The bus carries it out."""

from collections import Counter
from fnmatch import fnmatchcase
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from bus.chance import Chance, Keyed
from bus.clock import microseconds
from bus.duration import Duration
from bus.table import Table

Rate = Annotated[float, Field(ge=0, le=1)]
Does = Literal["drop", "duplicate", "delay", "reorder"]


class Fate(NamedTuple):
    """What a fault does to one message; `by` is how long it is delayed, in microseconds."""

    does: Does
    by: int = 0


class Link(Table):
    """`[[faults.links]]`: how often what goes wrong with messages from one agent to another; the first that fits counts."""

    sender: str = "*"
    """Name of the sending agent, or a pattern such as "crowd-*"."""
    recipient: str = "*"
    """Name of the receiving agent, or a pattern."""
    drop: Rate = 0.0
    """Share of the messages that never arrive."""
    duplicate: Rate = 0.0
    """Share of the messages that arrive twice."""
    delay: Rate = 0.0
    """Share of the messages that arrive late."""
    delay_time: Annotated[Duration, Field(gt=0)] = 60.0
    """Mean of the delays, which are exponential."""
    reorder: Rate = 0.0
    """Share of the messages that arrive after the next one."""

    @model_validator(mode="after")
    def _is_a_share(self) -> Self:
        total = self.drop + self.duplicate + self.delay + self.reorder
        if total > 1 + 1e-9:
            raise ValueError(f"drop, duplicate, delay and reorder are shares of the same messages, but add up to {total:g}")
        return self

    def fits(self, sender: str, recipient: str) -> bool:
        """Return whether the link is the one from `sender` to `recipient`."""
        return fnmatchcase(sender, self.sender) and fnmatchcase(recipient, self.recipient)

    def fate(self, luck: Keyed, number: int) -> Fate | None:
        """Return what happens to the message of that number on the link, from 0; None for nothing."""
        draws = luck.luck(number)
        draw = draws.uniform()
        for does, rate in (("drop", self.drop), ("duplicate", self.duplicate), ("delay", self.delay), ("reorder", self.reorder)):
            if draw < rate:
                by = max(1, microseconds(self.delay_time * draws.exponential())) if does == "delay" else 0
                return Fate(does, by)  # type: ignore[arg-type]
            draw -= rate
        return None


class Strike(Table):
    """`[[faults.messages]]`: what goes wrong with one certain message."""

    sender: str
    """Name of the sending agent."""
    recipient: str
    """Name of the receiving agent."""
    number: Annotated[int, Field(ge=0)]
    """Which of the messages from the one to the other, from 0."""
    does: Does
    """What happens to it: drop, duplicate, delay, or reorder, which lets the next one overtake it."""
    by: Annotated[Duration, Field(gt=0)] = 60.0
    """How long it is delayed."""


class Crash(Table):
    """`[[faults.crashes]]`: an agent goes down, and comes back with what the log says of its past."""

    agent: str
    """Name of the agent."""
    at: Duration
    """When it goes down."""
    down: Annotated[Duration, Field(gt=0)] | None = None
    """How long it is down; left out, an annotator leaves for good."""


class Faults(Table):
    """`[faults]`: what goes wrong. Left out, nothing does."""

    drop: Rate = 0.0
    """Share of all messages that never arrive, where no entry of `links` fits."""
    duplicate: Rate = 0.0
    """Share of all messages that arrive twice, likewise."""
    delay: Rate = 0.0
    """Share of all messages that arrive late, likewise."""
    delay_time: Annotated[Duration, Field(gt=0)] = 60.0
    """Mean of those delays."""
    reorder: Rate = 0.0
    """Share of all messages that arrive after the next one of their sender, likewise."""
    links: tuple[Link, ...] = ()
    """Rates of certain links."""
    messages: tuple[Strike, ...] = ()
    """Faults of certain messages."""
    crashes: tuple[Crash, ...] = ()
    """Agents that go down."""
    until: Duration | None = None
    """Time from which links are sound again; left out, never."""
    retry: Annotated[Duration, Field(gt=0)] = 300.0
    """Time after which an agent looks for what it has missed, and an annotator who was not heard of is asked again."""
    tries: Annotated[int, Field(ge=1, le=20)] = 5
    """Reminders without a word after which an annotator counts as away; each waits twice as long as the one before."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        self._everywhere()
        struck = Counter((strike.sender, strike.recipient, strike.number) for strike in self.messages)
        for (sender, recipient, number), times in struck.items():
            if times > 1:
                raise ValueError(f"message {number} from {sender!r} to {recipient!r} has {times} entries, but suffers one fault")
        for agent in {crash.agent: None for crash in self.crashes}:
            free = 0.0
            for crash in self.crashes_of(agent):
                if crash.at < free:
                    raise ValueError(f"{agent!r} is to go down at {crash.at:g} s, when it is down already")
                free = crash.at + (crash.down or float("inf"))
        return self

    def crashes_of(self, agent: str) -> list[Crash]:
        """Return when an agent goes down, in order of time."""
        return sorted((crash for crash in self.crashes if crash.agent == agent), key=lambda crash: crash.at)

    def _everywhere(self) -> Link:
        rates = {name: getattr(self, name) for name in ("drop", "duplicate", "delay", "delay_time", "reorder")}
        return Link(**rates)

    def plan(self, chance: Chance) -> "Plan":
        """Return the faults of one run."""
        return Plan(self, self._everywhere(), chance)


class Plan:
    """Says of each message of a run what happens to it: the same in every run, whatever the other links do.

    Args:
        faults: what can go wrong.
        everywhere: the rates of links that are not named.
        chance: the run's randomness.
    """

    def __init__(self, faults: Faults, everywhere: Link, chance: Chance) -> None:
        self.retry = microseconds(faults.retry)
        self._links = (*faults.links, everywhere)
        self._until = None if faults.until is None else microseconds(faults.until)
        self._chance = chance
        self._strikes = {
            (strike.sender, strike.recipient, strike.number): Fate(strike.does, microseconds(strike.by))
            for strike in faults.messages
        }
        self._known: dict[tuple[str, str], tuple[Link, Keyed]] = {}
        self._sent: dict[tuple[str, str], int] = {}

    def fate(self, sender: str, recipient: str, now: int) -> Fate | None:
        """Return what happens to the next message from `sender` to `recipient`, sent at `now` (microseconds); None for nothing."""
        key = (sender, recipient)
        number = self._sent.get(key, 0)
        self._sent[key] = number + 1
        if self._until is not None and now >= self._until:
            return None
        strike = self._strikes.get((sender, recipient, number))
        if strike is not None:
            return strike
        if key not in self._known:
            link = next(link for link in self._links if link.fits(sender, recipient))
            self._known[key] = (link, self._chance.keyed("faults", sender, recipient))
        link, luck = self._known[key]
        return link.fate(luck, number)
