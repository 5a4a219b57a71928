"""Prunings of cluster trees, against the same in words: clusters as sets of items, everything computed anew after each label."""

import math
from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.strategies.cluster_tree import ClusterTree
from agents.selector.strategies.groups import Groups
from agents.selector.strategies.pruning import NOBODY, Pruning

CLASSES = 3


def tree_of(*items: int, linkage: str = "ward") -> ClusterTree:
    """Return the tree of leaves at 0, 1, 4, 9, ..., which hold so many items."""
    of = np.repeat(np.arange(len(items)), items)
    centres = np.arange(len(items), dtype=np.float64)[:, np.newaxis] ** 2
    return ClusterTree(Groups(centres[of], centres, of), linkage)


class Literal(NamedTuple):
    """The algorithm as the paper has it."""

    tree: ClusterTree

    def items(self, node: int) -> set[int]:
        return set(np.flatnonzero(np.isin(self.tree.leaf, self.tree.leaves(node))).tolist())

    def under(self, node: int) -> list[int]:
        return [node] + [each for child in self.tree.children[node] for each in self.under(child)]

    def bounds(self, node: int, drawn: dict[int, list[int]], label: int) -> tuple[float, float]:
        size, labels = len(self.items(node)), drawn.get(node, [])
        if not labels:
            return 0.0, 1.0
        count, rest = labels.count(label), 1 - len(labels) / size
        p = count / len(labels)
        delta = rest / len(labels) + math.sqrt(rest * p * (1 - p) / len(labels))
        return max(count / size, p - delta), min(1 - (len(labels) - count) / size, p + delta)

    def admissible(self, node: int, drawn: dict[int, list[int]]) -> list[int]:
        limits = [self.bounds(node, drawn, label) for label in range(CLASSES)]
        ok = [y for y in range(CLASSES) if all(1 - limits[y][0] < 2 * (1 - limits[z][1]) for z in range(CLASSES) if z != y)]
        return ok if drawn.get(node) else []

    def best(self, node: int, drawn: dict[int, list[int]]) -> tuple[float, list[int]]:
        """Return the least error of a node's prunings, and such a pruning; the coarser of equals."""
        labels = self.admissible(node, drawn)
        if not labels:
            return 1.0, [node]
        own = min(1 - drawn[node].count(label) / len(drawn[node]) for label in labels)
        if self.tree.children[node]:
            parts = [(len(self.items(child)), *self.best(child, drawn)) for child in self.tree.children[node]]
            below = sum(size * error for size, error, _ in parts) / len(self.items(node))
            if below < own:
                return below, [each for _, _, clusters in parts for each in clusters]
        return own, [node]

    def clusters(self, labels: dict[int, int]) -> tuple[list[int], dict[int, list[int]]]:
        pruning, drawn = [self.tree.root], {}
        for item, label in labels.items():
            (top,) = [node for node in pruning if item in self.items(node)]
            for node in self.under(top):
                if item in self.items(node):
                    drawn.setdefault(node, []).append(label)
            place = pruning.index(top)
            pruning[place : place + 1] = self.best(top, drawn)[1]
        return pruning, drawn

    def doubt(self, node: int, drawn: dict[int, list[int]]) -> float:
        """Return 1 - LB of a cluster's label: its own, or the nearest that one above has."""
        holder = node
        while not self.admissible(holder, drawn):
            if holder == self.tree.root:
                return 1.0
            holder = self.tree.parent[holder]
        label = max(self.admissible(holder, drawn), key=drawn[holder].count)
        return 1 - self.bounds(node, drawn, label)[0]


sizes = st.lists(st.integers(1, 8), min_size=1, max_size=7)


@st.composite
def histories(draw: st.DrawFn) -> tuple[ClusterTree, dict[int, int]]:
    tree = tree_of(*draw(sizes))
    items = draw(st.permutations(range(len(tree.leaf))))
    kinds = draw(st.lists(st.integers(0, CLASSES - 1), min_size=len(items), max_size=len(items)))
    pure = draw(st.sampled_from([0.0, 0.8, 1.0]))
    noise = draw(st.randoms(use_true_random=False))
    labels = {
        item: int(tree.leaf[item]) % CLASSES if noise.random() < pure else kind for item, kind in zip(items, kinds, strict=True)
    }
    return tree, dict(list(labels.items())[: draw(st.integers(0, len(items)))])


def read(tree: ClusterTree, labels: dict[int, int]) -> Pruning:
    pruning = Pruning(tree, CLASSES)
    pruning.read([(int(tree.leaf[item]), label) for item, label in labels.items()])
    return pruning


@given(histories())
def test_it_is_the_algorithm_as_the_paper_has_it(history):
    tree, labels = history
    literal = Literal(tree)
    clusters, drawn = literal.clusters(labels)
    found = dict(read(tree, labels).clusters)
    assert sorted(found) == sorted(clusters)
    for node, doubt in found.items():
        assert doubt == pytest.approx(literal.doubt(node, drawn))


@given(histories(), st.data())
def test_what_was_read_before_leaves_no_trace(history, data):
    tree, labels = history
    pruning = read(tree, labels)
    others = dict(data.draw(st.permutations([*labels.items()]))[: data.draw(st.integers(0, len(labels)))])
    for each in (others, labels):
        pruning.read([(int(tree.leaf[item]), label) for item, label in each.items()])
        assert pruning.clusters == read(tree, each).clusters


@given(histories())
def test_the_clusters_part_the_items_and_become_finer(history):
    tree, labels = history
    before: Counter[int] = Counter()
    for count in range(len(labels) + 1):
        clusters = [node for node, _ in read(tree, dict(list(labels.items())[:count])).clusters]
        assert Counter(leaf for node in clusters for leaf in tree.leaves(node)) == Counter(range(len(set(tree.leaf.tolist()))))
        assert len(clusters) >= sum(before.values())
        before = Counter(clusters)


def test_before_there_are_labels_there_is_one_cluster_in_doubt():
    tree = tree_of(2, 2, 2)
    assert read(tree, {}).clusters == [(tree.root, 1.0)]
    assert NOBODY not in dict(read(tree, {}).clusters)


def test_a_tree_puts_near_leaves_together_first_and_knows_how_many_items_they_hold():
    for linkage in ("ward", "average"):
        tree = tree_of(5, 1, 2, 7, linkage=linkage)
        assert sorted(tree.children[4]) == [0, 1]
        assert tree.sizes == [5, 1, 2, 7, 6, 8, 15]
        assert tree.path(0) == [0, 4, 5, 6]
        assert sorted(tree.leaves(5)) == [0, 1, 2]
    assert tree_of(3).path(0) == [0]
