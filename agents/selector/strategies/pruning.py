"""Prunings: what labels say of a cluster tree, and down to which clusters it pays to look."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from agents.selector.strategies.cluster_tree import ClusterTree

Seen = tuple[int, int]
"""The leaf of a labelled item, and its class."""

NOBODY = -1


class _Verdict(NamedTuple):
    """What is held of a node.

    Attributes:
        label: the class that its items may be given, by which it errs least; NOBODY if there is none.
        doubt: the share of its items that may be of other classes, at most.
        error: the share that is estimated to be of other classes, it and what is below being labelled at best.
        splits: whether two labels, one for each child, are better than one.
    """

    label: int
    doubt: float
    error: float
    splits: bool


_UNSEEN = _Verdict(NOBODY, 1.0, 1.0, False)


class Pruning:
    """The clusters among which items are drawn: a pruning of the tree, which becomes finer as labels come (Dasgupta and Hsu, 2008).

    A label counts for the clusters under the one from which it was drawn, of which alone it is a fair sample, and for that one. The
    share p of a class among n labels of a cluster is true to within 1/n + sqrt(p (1 - p) / n), each term less for the share of the
    cluster that is labelled. A class may be the label of a cluster where by these bounds it errs less than twice as often as any
    other would; then the cluster gives way to its children once their labels err less.

    It follows from the labels, in the order in which they were asked for.

    Args:
        tree: the clusters.
        classes: how many classes there are.
    """

    def __init__(self, tree: ClusterTree, classes: int) -> None:
        nodes = len(tree.children)
        self.tree = tree
        self._counts = [[0] * classes for _ in range(nodes)]
        self._verdicts = [_UNSEEN] * nodes
        self._is_split = [False] * nodes
        self._seen: list[Seen] = []
        self._steps: list[tuple[list[int], list[int]]] = []

    def read(self, seen: Sequence[Seen]) -> None:
        """Come to know these labels and no others, in this order; what was read before is not read again."""
        same = 0
        for old, new in zip(self._seen, seen, strict=False):
            if old != new:
                break
            same += 1
        while len(self._seen) > same:
            self._take_back()
        for each in seen[same:]:
            self._add(each)

    @property
    def clusters(self) -> list[tuple[int, float]]:
        """The clusters, and for each the share of its items that may be of other classes than its label."""
        found = []
        waiting = [(self.tree.root, NOBODY)]
        while waiting:
            node, above = waiting.pop()
            verdict = self._verdicts[node]
            label = above if verdict.label == NOBODY else verdict.label
            if self._is_split[node]:
                waiting += [(child, label) for child in self.tree.children[node]]
            else:
                found.append((node, self._doubt(node, label)))
        return found

    def _doubt(self, node: int, label: int) -> float:
        """Return the share of a node's items that may be of other classes than this."""
        verdict = self._verdicts[node]
        if verdict.label == label or label == NOBODY:
            return verdict.doubt
        return 1.0 - self._bounds(node)[label][0]

    def _add(self, seen: Seen) -> None:
        leaf, label = seen
        path = self.tree.path(leaf)
        top = next(place for place in reversed(range(len(path))) if not self._is_split[path[place]])
        drawn = path[: top + 1]
        self._count(drawn, label, 1)
        split = []
        waiting = [drawn[-1]]
        while waiting:
            node = waiting.pop()
            if self._verdicts[node].splits:
                self._is_split[node] = True
                split.append(node)
                waiting += self.tree.children[node]
        self._seen.append(seen)
        self._steps.append((drawn, split))

    def _take_back(self) -> None:
        """Forget the last label."""
        (_, label), (drawn, split) = self._seen.pop(), self._steps.pop()
        for node in split:
            self._is_split[node] = False
        self._count(drawn, label, -1)

    def _count(self, path: list[int], label: int, step: int) -> None:
        for node in path:
            self._counts[node][label] += step
            self._verdicts[node] = self._judged(node)

    def _bounds(self, node: int) -> list[tuple[float, float]]:
        """Return the least and the greatest share that each class may have in a node."""
        counts, size = self._counts[node], self.tree.sizes[node]
        known = sum(counts)
        if not known:
            return [(0.0, 1.0)] * len(counts)
        rest = 1.0 - known / size
        found = []
        for count in counts:
            share = count / known
            width = rest / known + math.sqrt(rest * share * (1.0 - share) / known)
            found.append((max(count / size, share - width), min(1.0 - (known - count) / size, share + width)))
        return found

    def _judged(self, node: int) -> _Verdict:
        counts, children = self._counts[node], self.tree.children[node]
        known = sum(counts)
        if not known:
            return _UNSEEN
        bounds = self._bounds(node)
        admissible = [label for label in range(len(counts)) if _may_be_label(label, bounds)]
        if not admissible:
            return _UNSEEN
        label = max(admissible, key=counts.__getitem__)
        error, sizes = 1.0 - counts[label] / known, self.tree.sizes
        below = sum(sizes[child] * self._verdicts[child].error for child in children) / sizes[node] if children else 1.0
        return _Verdict(label, 1.0 - bounds[label][0], min(error, below), below < error)


def _may_be_label(label: int, bounds: list[tuple[float, float]]) -> bool:
    """Return whether a class errs less than twice as often as any other, at worst."""
    rival = max((upper for other, (_, upper) in enumerate(bounds) if other != label), default=0.0)
    return 1.0 - bounds[label][0] < 2.0 * (1.0 - rival)
