"""Versions: of what the figures of a run depend on."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

_PACKAGES = {"parley": "parley-sim", "numpy": "numpy", "scipy": "scipy", "scikit_learn": "scikit-learn"}


@cache
def versions_now() -> Mapping[str, str]:
    """Return the versions of what a run's figures depend on, by the columns that tell them."""
    return {"python": platform.python_version(), **{column: version(package) for column, package in _PACKAGES.items()}}
