"""Unmoved: committees that are paid to talk, and of whom nobody listens."""

from collections.abc import Sequence

from agents.annotator.people import Varied
from agents.annotator.socials.argument import Argument
from agents.annotator.socials.conformity import Conformity
from agents.coordinator.crowd import is_among
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.policy import Policy
from agents.coordinator.protocols.argument import Argument as Exchange
from agents.coordinator.protocols.delphi import Delphi
from scenarios.annotators import AnnotatorsTable


def unmoved(policy: Policy, groups: Sequence[AnnotatorsTable]) -> list[str]:
    """Return a sentence for each negotiation of a chain in which no label can change, given who listens.

    It is no error, but money for nothing: rounds cost what answers cost.

    Args:
        policy: the policy, and those that may decide after it.
        groups: the annotators, all of whom are known by now.
    """
    sentences = []
    for depth, each in enumerate(policy.chain):
        if isinstance(each, Negotiation) and each.rounds:
            members = [group for group in groups if not each.of or _has_some_of(group, each.of)]
            why, remedy = _why(each, members)
            if why:
                where = "coordination.policy" + ".otherwise" * depth
                sentences.append(f"{where}: {why}, so rounds cost time and money, and change no label; {remedy}")
    return sentences


def _why(policy: Negotiation, members: Sequence[AnnotatorsTable]) -> tuple[str, str]:
    """Return why nobody of a committee changes their label, and what would mend it; empty if somebody may."""
    names = " and ".join(repr(group.name) for group in members)
    if not any(group.social is not None or group.differs("social") for group in members):
        return f"nobody of {names} reacts to what others say", "set their `social` (`parley list social`)"
    if not policy.protocol.has_reasons and all(_heeds_reasons_alone(group) for group in members):
        return (
            f"{names} heed reasons alone (`social` is argument), and nobody gives any",
            "set the protocol's `reasons`, or another `social`",
        )
    if _ends_when_labels_stay(policy) and all(_keeps_label_for_a_round(group) for group in members):
        return (
            f"one round changes no label of {names} (by the `openness` of their `social` others weigh half at most), and after a "
            "round that changes none the talk is over"
        ), "set a higher openness, or `stable = 0` of the policy, or let them say how sure they are (`says`)"
    return "", ""


def _has_some_of(group: AnnotatorsTable, of: Sequence[str]) -> bool:
    """Return whether a group, or anybody in it, is among those who are asked."""
    return is_among(f"{group.name}-1", of) or any(name.rpartition("-")[0] == group.name for name in of)


def _heeds_reasons_alone(group: AnnotatorsTable) -> bool:
    kind = group.social.table.get("kind") if isinstance(group.social, Varied) else group.social and group.social.kind
    return kind == Argument.kind


def _ends_when_labels_stay(policy: Negotiation) -> bool:
    return isinstance(policy.protocol, Delphi | Exchange) and policy.stable in (None, 1)


def _keeps_label_for_a_round(group: AnnotatorsTable) -> bool:
    """Return whether somebody who says a label, and no more, keeps it even if all others say another."""
    if group.social is None:
        return not group.differs("social")
    if not isinstance(group.social, Conformity) or group.says or group.differs("says"):
        return False
    return (1 - group.social.stubbornness) * group.social.openness <= 0.5
