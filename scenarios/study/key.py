"""The key of a point: a digest of all that the figures of its runs depend on, but for their seed."""

import hashlib
import json
from typing import Any

from scenarios.scenario import Scenario
from scenarios.study.design import Design
from scenarios.study.named import Named
from scenarios.versions import versions_now


def keys_of(design: Design) -> tuple[str, ...]:
    """Return the key of each point, 16 hexadecimal digits.

    It is of the resolved scenario, the script that defined it, the files that it names, and the versions of what it is run with.
    Two points have the same key where they are the same scenario.
    """
    named, context = Named(design.origin.folder), {"script": design.origin.script, "versions": {**versions_now()}}
    keys = []
    for point in design.points:
        tables = resolved(point.scenario, 0)
        del tables["seed"]
        keys.append(digest_of({"scenario": tables, "files": named.digests(tables), **context}))
    return tuple(keys)


def resolved(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Return the tables of a scenario with every default written out, and with another seed."""
    return {**scenario.completed().tables(), "seed": seed}


def digest_of(content: Any) -> str:
    """Return the digest of what can be written as JSON, such as the tables of a scenario: 16 hexadecimal digits."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
