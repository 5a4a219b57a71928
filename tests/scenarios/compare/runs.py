"""Rows of runs that never were."""

from typing import Any

from scenarios.grid import Row

FIGURES: dict[str, Any] = {
    "stopped_by": "pool", "labels": 100, "given_up": 0, "accuracy": None, "label_accuracy": 0.8, "answers": 300, "positions": 0,
    "cost": 15.0, "simulated_seconds": 3600.0, "right_to_wrong": 0, "wrong_to_right": 0, "wrong_to_wrong": 0,
}  # fmt: skip


def a_run(policy: str, seed: int, **figures: Any) -> Row:
    return {"policy": policy, "seed": seed, **FIGURES, "error": None, **figures}


def failed(policy: str, seed: int) -> Row:
    return {"policy": policy, "seed": seed, **dict.fromkeys(FIGURES), "error": "Stalled: everybody waits"}


def runs(policy: str, **figures: list[Any]) -> list[Row]:
    """Return a run for each seed; of each figure there is a value a seed."""
    count = len(next(iter(figures.values())))
    return [a_run(policy, seed, **{key: values[seed] for key, values in figures.items()}) for seed in range(count)]
