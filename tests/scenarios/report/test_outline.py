"""Paths in few letters go where they went."""

import re

import numpy as np
import pytest
from matplotlib.path import Path as Drawn

from scenarios.report.outline import outline


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 10 20 L 12.5 20 L 12.5 18 L 10 18 z", "M10 20h2.5v-2h-2.5z"),
        ("M 0 0 L 0.5 -0.25 L 1 -0.5", "M0 0l.5-.25 .5-.25"),
        ("M 0 0 L 0 -3.5", "M0 0v-3.5"),
        ("M 5 5 L 5 5", "M5 5h0"),
        ("M 0 0 L 1 0 L 1 0 L 2 0", "M0 0h1 1"),
        ("M 0 3 C 0.8 3 1.56 2.68 2.12 2.12 z M 9 9 L 10 9", "M0 3c.8 0 1.56-.32 2.12-.88zM9 9h1"),
        ("M 0 0 A 1 1 0 0 1 2 2", "M 0 0 A 1 1 0 0 1 2 2"),
        ("", ""),
    ],
)
def test_a_path_is_told_by_its_steps(path: str, short: str) -> None:
    assert outline(path) == short


def test_a_long_path_ends_where_it_ended() -> None:
    at = np.random.default_rng(1).normal(size=(2000, 2)).cumsum(axis=0)
    path = Drawn(at)
    long = "M " + " L ".join(f"{x:.6f} {y:.6f}" for x, y in path.vertices)
    short = outline(long)
    assert len(short) < len(long) / 2
    corners = _corners(short)
    assert len(corners) > 1900
    assert np.abs(corners[-1] - at[-1]).max() <= 0.0501


def _corners(path: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Return where a path of M, h, v and l goes."""
    here, found, command, numbers = np.zeros(2), [], "", []
    for part in re.findall(r"[a-zA-Z]|-?\d*\.?\d+", path):
        if part.isalpha():
            command = part
            continue
        numbers.append(float(part))
        if len(numbers) < (1 if command in "hv" else 2):
            continue
        step = {"h": (numbers[0], 0.0), "v": (0.0, numbers[0])}.get(command, tuple(numbers))
        here = np.array(step) if command == "M" else here + step
        found.append(here)
        numbers = []
    return np.array(found)
