"""Unmoved: committees that are paid to talk, and of whom nobody listens."""

from collections.abc import Sequence

from agents.annotator.people import Varied
from agents.annotator.socials.argument import Argument
from agents.coordinator.crowd import is_among
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.policy import Policy
from scenarios.annotators import AnnotatorsTable


def unmoved(policy: Policy, groups: Sequence[AnnotatorsTable]) -> list[str]:
    """Return a sentence for each negotiation of a chain in which no position can change, given who listens.

    It is no error, but money for nothing: rounds cost what answers cost.

    Args:
        policy: the policy, and those that may decide after it.
        groups: the annotators, all of whom are known by now.
    """
    sentences = []
    for depth, each in enumerate(policy.chain):
        if not isinstance(each, Negotiation) or not each.rounds:
            continue
        members = [group for group in groups if not each.of or _has_some_of(group, each.of)]
        where = "coordination.policy" + ".otherwise" * depth
        names = " and ".join(repr(group.name) for group in members)
        if not any(group.social is not None or group.differs("social") for group in members):
            sentences.append(
                f"{where}: nobody of {names} reacts to what others say, so {_IN_VAIN}; set their `social` (`parley list social`)"
            )
        elif not each.protocol.has_reasons and all(_heeds_reasons_alone(group) for group in members):
            sentences.append(
                f"{where}: {names} heed reasons alone (`social` is argument), and nobody gives any by this protocol, so "
                f"{_IN_VAIN}; set its `reasons`, or another `social`"
            )
    return sentences


_IN_VAIN = "rounds cost time and money, and change no position"


def _heeds_reasons_alone(group: AnnotatorsTable) -> bool:
    kind = group.social.table.get("kind") if isinstance(group.social, Varied) else group.social and group.social.kind
    return kind == Argument.kind


def _has_some_of(group: AnnotatorsTable, of: Sequence[str]) -> bool:
    """Return whether a group, or anybody in it, is among those who are asked."""
    return is_among(f"{group.name}-1", of) or any(name.rpartition("-")[0] == group.name for name in of)
