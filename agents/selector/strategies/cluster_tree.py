"""Cluster trees: the items of a pool in groups, which are in larger groups, and so on."""

from typing import Literal

import numpy as np
from scipy.cluster.hierarchy import linkage as merged

from agents.component import Unusable
from agents.selector.strategies.groups import Groups
from agents.selector.strategies.places import ENDLESS

Linkage = Literal["ward", "average"]
"""How far two clusters are apart: by how much they would grow as one (Ward, 1963), or the mean distance of their items."""


class ClusterTree:
    """A binary tree of clusters.

    Nodes are numbered, leaves first, each parent after its children, the root last. A leaf may hold several items.

    Args:
        groups: the leaves.
        linkage: by what measure the two nearest are put together, until there is one.

    Raises:
        Unusable: their distances are too large.

    Attributes:
        leaf: the leaf of each item; shape (items,).
        children: the two children of each node; empty for a leaf.
        parent: the parent of each node; the root is its own.
        sizes: how many items each node holds.
    """

    def __init__(self, groups: Groups, linkage: Linkage) -> None:
        self.leaf = groups.of
        leaves = len(groups.centres)
        try:
            # SciPy puts no single cluster together.
            pairs = merged(groups.centres, linkage)[:, :2].astype(int).tolist() if leaves > 1 else []
        except ValueError:
            # Some distance is infinite.
            raise Unusable(ENDLESS) from None
        self.children: list[list[int]] = [[] for _ in range(leaves)] + pairs
        self.parent = list(range(len(self.children)))
        self.sizes: list[int] = np.bincount(groups.of, minlength=leaves).tolist()
        for node, pair in enumerate(pairs, leaves):
            self.sizes.append(sum(self.sizes[child] for child in pair))
            for child in pair:
                self.parent[child] = node

    @property
    def root(self) -> int:
        """The node that holds all items."""
        return len(self.children) - 1

    def path(self, leaf: int) -> list[int]:
        """Return the nodes from a leaf up to the root."""
        nodes = [leaf]
        while nodes[-1] != self.root:
            nodes.append(self.parent[nodes[-1]])
        return nodes

    def leaves(self, node: int) -> list[int]:
        """Return the leaves under a node."""
        found, waiting = [], [node]
        while waiting:
            node = waiting.pop()
            waiting += self.children[node]
            if not self.children[node]:
                found.append(node)
        return found
