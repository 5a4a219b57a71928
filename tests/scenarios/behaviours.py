"""A table of each noise, family and social conduct there is, for what must hold of all; and data that all of them can go by."""

import csv
from pathlib import Path
from typing import Any

MATRIX = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]
COIN = {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 6, "b": 2}}

NOISES: list[dict[str, Any]] = [
    COIN,
    {"kind": "confusion", "matrix": MATRIX},
    {"kind": "dirichlet-confusion", "matrix": MATRIX, "concentration": 5},
    {"kind": "ability-difficulty", "ability": {"kind": "normal", "mean": 1, "sd": 1}},
    {"kind": "item-effect", "of": COIN, "spread": 1.2},
    {"kind": "hammer-spammer", "hammers": 0.5},
    {"kind": "guess", "weights": [1, 2, 3]},
    {"kind": "constant", "label": 1},
    {"kind": "first-option", "share": 0.5, "of": COIN},
    {"kind": "adversarial", "of": COIN},
    {"kind": "seeming", "of": COIN, "seems": {"kind": "one-coin", "accuracy": 0.6}},
    {"kind": "boundary", "error": 0.9, "power": 0.5, "of": COIN},
    {"kind": "regions", "regions": 3, "spread": 2, "of": COIN},
    {"kind": "topics", "accuracies": {"art": 0.2}, "spread": 2, "of": COIN},
    {"kind": "mixture", "of": [COIN, "guess", {"kind": "regions", "regions": 2}], "by": "person"},
    {"kind": "mixture", "of": [COIN, "guess"], "by": "item"},
    {"kind": "mixture", "of": [COIN, "guess"], "by": "answer"},
]
"""All but `recorded`, which is as it was in a file."""

FAMILIES: list[dict[str, Any]] = [
    {"kind": "common-draw", "name": "kin", "share": 0.5, "alike": 0.5},
    {"kind": "beta-binomial", "name": "kin", "correlation": 0.5},
    {"kind": "copycats", "name": "kin", "share": 0.5, "leader": {"kind": "boundary", "error": 0.9}},
]


SOCIALS: list[dict[str, Any]] = [
    {"kind": "conformity", "openness": 0.6, "stubbornness": 0.1, "counts_oneself": True},
    {"kind": "conformity", "openness": 0.6, "pool": "logarithmic", "anchoring": 0.3, "effort": 0.5},
    {"kind": "bounded-confidence", "epsilon": 0.5},
    {"kind": "bounded-confidence", "epsilon": 0.7, "step": 0.5, "confidence_needed": 0.4},
    {"kind": "argument", "wrong_to_right": 0.5, "right_to_wrong": 0.3, "effort": 2},
    {"kind": "debate", "concentration": 3, "truth_bias": 0.5},
]


def write_items(path: Path, order: list[int]) -> None:
    """Write items with features, topics and truth, in an order."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "x", "y", "about", "label"])
        for item in order:
            rows.writerow([f"i{item}", (item * 7 % 11) / 11, (item * 5 % 13) / 13, "art" if item % 3 else "law", "abc"[item % 3]])


def data(path: Path) -> dict[str, Any]:
    """Return the table of the data."""
    return {"source": "csv", "path": path.name, "id": "id", "topic": "about", "truth": "label"}
