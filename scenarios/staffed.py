"""Staffed: whether there are the people whom a policy asks, and all that it goes by."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from agents.annotator.saying import Saying
from agents.annotator.sayings.choice import SAYINGS
from agents.annotator.sayings.confidence import Confidence
from agents.annotator.sayings.soft import SoftLabel
from agents.component import within
from agents.coordinator.accuracy import Accuracy
from agents.coordinator.doubts.grounds import Posterior
from agents.coordinator.policy import Policy
from agents.coordinator.pool import Pool
from agents.coordinator.topologies.given import Given
from agents.coordinator.topology import Topology
from bus.table import nearest
from scenarios.annotators import AnnotatorsTable

_SHOWN = 20
"""People of a group who are named to somebody who has their names wrong."""


class _People(NamedTuple):
    """Whole groups, and single people of others."""

    groups: frozenset[str]
    single: frozenset[str]

    def are_among(self, others: "_People") -> bool:
        return self.groups <= others.groups and all(
            name in others.single or name.rpartition("-")[0] in others.groups for name in self.single
        )


def refuse_unstaffed(policy: Policy, groups: Sequence[AnnotatorsTable], learner: bool) -> None:
    """Refuse a policy that asks people who are not there, or goes by what nobody says or learns.

    Args:
        policy: the policy, and those that may decide after it.
        groups: the annotators, all of whom are known by now.
        learner: whether there is a model.

    Raises:
        ValueError: it is one.
    """
    for each in policy.chain:
        _refuse_too_few(each, groups)
    if len(policy.learners) > 1:
        names = " and ".join(repr(each.kind or type(each).__name__) for each in policy.learners)
        raise ValueError(f"coordination.policy: {names} each learn from all answers, but only one of a campaign's policies can")
    _refuse_groundless(policy, groups, learner)
    _refuse_strange_kin(policy, groups)
    _refuse_strangers(policy, groups)


def _refuse_too_few(policy: Policy, groups: Sequence[AnnotatorsTable]) -> None:
    sizes = {group.name: group.size or 0 for group in groups}
    wanted = [(of, _people(of, sizes), count) for of, count in policy.wanted()]
    for of, people, _ in wanted:
        # Whoever is asked by one tier is not asked by another: those who can only be had here must be enough for all of these.
        needed = sum(count for _, others, count in wanted if others.are_among(people))
        there = sum(sizes[name] for name in people.groups) + len(people.single)
        if needed > there:
            among = f" of {', '.join(map(repr, of))}" if of else ""
            are = "is 1 annotator" if there == 1 else f"are {there} annotators"
            raise ValueError(f"coordination.policy asks {needed} different people{among} about an item, but there {are}")


def _people(of: Sequence[str], sizes: dict[str, int], what: str = "asks") -> _People:
    """Return the people of groups and names; everybody, if there are none.

    Args:
        of: the names.
        sizes: how many people each group has.
        what: what is done with them.

    Raises:
        ValueError: one is neither a group nor anybody's name.
    """
    single = [name for name in of if name not in sizes]
    for name in single:
        group, _, number = name.rpartition("-")
        if not (number.isdecimal() and number[0] != "0" and 1 <= int(number) <= sizes.get(group, 0)):
            known = [*sizes, *islice((f"{each}-{n}" for each, size in sizes.items() for n in range(1, size + 1)), _SHOWN)]
            raise ValueError(
                f"coordination.policy {what} {name!r}, but there is no such group or annotator; {nearest(name, known)}"
            )
    whole = frozenset(of or sizes) & sizes.keys()
    return _People(whole, frozenset(name for name in single if name.rpartition("-")[0] not in whole))


def _refuse_groundless(policy: Policy, groups: Sequence[AnnotatorsTable], learner: bool) -> None:
    """Refuse doubt that goes by what there is not."""
    for doubt in policy.doubts:
        kind = repr(doubt.kind or type(doubt).__name__)
        if doubt.ground == "model" and not learner:
            raise ValueError(f"coordination.policy: doubt {kind} goes by the model, but there is no [learner]")
        if doubt.ground == "confidence" and not any(_says_how_sure(group) for group in groups):
            raise ValueError(
                f"coordination.policy: doubt {kind} goes by how sure people say they are, but nobody says so; "
                'set `says = { kind = "confidence" }` of annotators'
            )
        if isinstance(doubt, Posterior) and doubt.accuracy is None and not policy.learners:
            raise ValueError(
                f"coordination.policy: doubt {kind} goes by what the policy has learnt of people, but it learns nothing; "
                "set the doubt's `accuracy`"
            )


def _refuse_strangers(policy: Policy, groups: Sequence[AnnotatorsTable]) -> None:
    """Refuse people and groups who are named in how a committee talks and settles, and are not there."""
    sizes = {group.name: group.size or 0 for group in groups}
    for each in within(policy):
        if isinstance(each, Topology | Pool):
            what = f"has a {'topology' if isinstance(each, Topology) else 'pool'} that names"
            _people(each.people(), sizes, what)
        if isinstance(each, Given):
            _refuse_soliloquies(each, sizes)


def _refuse_soliloquies(topology: Given, sizes: Mapping[str, int]) -> None:
    """Refuse people who are to hear themselves: nobody does, and it would be as if it had not been said."""
    trusted = [(name, other) for name, others in topology.trust.items() for other in others]
    for name, other in [*topology.edges, *trusted]:
        if name == other and name not in sizes:
            raise ValueError(
                f"coordination.policy has a topology in which {name!r} hears {name!r}, but nobody hears themselves: how much they "
                "hold on to what they held is up to their `social`, such as the `openness` and `stubbornness` of conformity"
            )


def _refuse_strange_kin(policy: Policy, groups: Sequence[AnnotatorsTable]) -> None:
    """Refuse groups that are said to err together, and are not there."""
    names = [group.name for group in groups]
    for each in within(policy):
        for group in each.groups() if isinstance(each, Accuracy) else ():
            if group not in names:
                raise ValueError(f"coordination.policy: correlation names {group!r}, which is no group; {nearest(group, names)}")


def _says_how_sure(group: AnnotatorsTable) -> bool:
    """Return whether people of a group say how sure they are, as far as is known."""
    return group.differs("says") or any(isinstance(each, Confidence | SoftLabel) or _is_foreign(each) for each in group.says)


def _is_foreign(saying: Saying) -> bool:
    return type(saying) not in SAYINGS.members.values()
