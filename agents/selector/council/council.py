"""The council as a component: who sits in it, and how it decides."""

import re
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from agents.component import Choice, Component
from agents.selector.council.rules.choice import AnyRule
from agents.selector.council.rules.ranks import Borda
from agents.selector.strategies.choice import KINDS, AnyStrategy
from agents.selector.strategy import Strategy


class Council(Component):
    """Several strategies, each an agent of its own, nominate items, and a rule decides between them (Tran et al., 2018).

    Of a large pool, a few nominations hardly ever name an item twice: then members take turns, by luck. Rankings are put together
    where many items are nominated; messages grow with them.
    """

    kind: ClassVar[str] = "council"

    members: tuple[AnyStrategy, ...]
    """The strategies; one that is named twice sits there twice."""
    rule: AnyRule = Borda()
    """How it is decided between their nominations."""
    nominations: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Items that each member nominates at a time; as many as are to be opened, where these are more."""

    @field_validator("members")
    @classmethod
    def _somebody_sits_there(cls, members: tuple[Strategy, ...]) -> tuple[Strategy, ...]:
        if not members:
            raise ValueError("a council needs members; name at least one strategy")
        return members

    @property
    def needs_model(self) -> bool:
        """Whether a member needs one, or the rule."""
        return self.rule.needs_model or any(member.rests_on_model for member in self.members)

    def names(self, selector: str) -> list[str]:
        """Return the members' names as agents, such as "selector-margin"; a second one of the same kind gets a number.

        Args:
            selector: name of the Selector.
        """
        names: list[str] = []
        for member in self.members:
            name = wanted = f"{selector}-{_kind(member)}"
            number = 1
            while name in names:
                number += 1
                name = f"{wanted}-{number}"
            names.append(name)
        return names


def _kind(member: Strategy) -> str:
    """Return what a strategy is called in an agent's name: its own kind, or its class, where it has none that could stand there."""
    owner = type(member)
    own = vars(owner).get("kind", "")
    return own if re.fullmatch(r"\w[\w.-]*", own) else owner.__name__


class QueryStrategyChoice(Choice):
    """A choice between strategies, and a council of several."""

    accepts: ClassVar[tuple[type[Component], ...]] = (Council,)


AnyQueryStrategy = Annotated[Strategy, QueryStrategyChoice("query strategy", *KINDS, Council)]
