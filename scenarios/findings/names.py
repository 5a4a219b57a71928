"""Names: the dials, levels and places of a study in few letters, by what tells them apart."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from scenarios.study.results import Results

LONGEST = 60
"""Letters that a name takes at most."""

_ADJECTIVES = {"social": "social influence"}
"""What a key of annotators is called that is an adjective."""

_TABLES_TOLD = ("stop", "data")
"""Tables of a scenario without whose name their keys say too little."""


class Names(NamedTuple):
    """What people call the dials of a study, their levels and its places.

    Attributes:
        dials: each dial's name, by its path; such as "noise", or "policy size".
        levels: of each dial a name for each of its values, in the order of `Results.levels`: "majority 3", or "0.8". They stand in
            tables, under the name of the dial.
        compared: a name for each level of the compared dial that stands alone, as in a sentence or a legend: "policy size 3"; empty
            if nothing is compared.
        places: a name for each place, in the order of `Results.places`: "noise one-coin 0.8, stop budget 250"; "" where no other
            dial has several values.
        where: the same as the end of a sentence: "where the noise is one-coin 0.8 and the stop is budget 250"; "" likewise.
        states: of each dial a clause for each of its values: "the noise is one-coin 0.8", "sigma is 0.25", "there are no links".
        at: the same in as few words as it goes where the dial has just been named: "with one-coin 0.8", "at 0.25", "without links".
    """

    dials: dict[str, str]
    levels: dict[str, list[str]]
    compared: list[str]
    places: list[str]
    where: list[str]
    states: dict[str, list[str]]
    at: dict[str, list[str]]


def names(results: Results) -> Names:
    """Return what people call what a study varies."""
    dials = dial_names(results.dials)
    values = {path: results.levels(path) for path in results.dials}
    levels = {path: [*(results.called.get(path) or names_of(values[path], path))] for path in results.dials}
    compared = results.compared
    called = {path for path in results.dials if path in results.called}
    alone = [] if compared is None else [
        name if compared in called else _alone(value, name, dials[compared])
        for value, name in zip(values[compared], levels[compared], strict=True)
    ]  # fmt: skip
    told = [path for path in results.told() if path != compared]
    settings = [[(path, values[path].index(place.settings[path])) for path in told] for place in results.places()]
    places = [
        ", ".join(_beside(values[path][at], levels[path][at], dials[path], path in called) for path, at in each)
        for each in settings
    ]
    each_of = {path: [*zip(values[path], levels[path], strict=True)] for path in results.dials}
    states = {path: [_state(value, name, dials[path], path in called) for value, name in each_of[path]] for path in each_of}
    at = {path: [_at(value, name, dials[path], path in called) for value, name in each_of[path]] for path in each_of}
    where = [f"where {' and '.join(states[path][number] for path, number in each)}" if each else "" for each in settings]
    return Names(dials, levels, alone, places, where, states, at)


def dial_names(paths: Sequence[str]) -> dict[str, str]:
    """Return a name for each path: the last words of it, and whose it is where that tells them apart."""
    short = {path: _dial(path) for path in paths}
    count = Counter(short.values())
    named = {path: name if count[name] == 1 else f"{_owner(path)} {name}" for path, name in short.items()}
    again = Counter(named.values())
    return {path: name if again[name] == 1 else path for path, name in named.items()}


def names_of(values: Sequence[Any], path: str) -> list[str]:
    """Return a name for each value of a dial: of a component its kind, and those of its dials that differ from others of the kind.

    Args:
        values: different ones.
        path: the dial.

    Returns:
        Different names, in the same order.
    """
    flat = [_flat(value, path) for value in values]
    peers = {kind: [leaves for other, leaves in flat if other == kind] for kind, _ in flat}
    found = [_cut(_name(kind, leaves, peers[kind])) for kind, leaves in flat]
    count: Counter[str] = Counter()
    for at, name in enumerate(found):
        count[name] += 1
        if count[name] > 1:
            found[at] = f"{name} ({count[name]})"
    return found


def spoken(dial: str) -> str:
    """Return a dial's name as a sentence has it: it is people who have an accuracy, and not their noise."""
    if not dial.endswith("noise accuracy"):
        return dial
    owner = dial.removesuffix("noise accuracy").strip()
    return f"accuracy of {owner}" if owner else "accuracy"


def several(dial: str) -> bool:
    """Return whether a dial's name is a plural, as far as its end tells."""
    return dial.split(" ")[-1] == "data" or (dial.endswith("s") and not dial.endswith(("ss", "us", "is", "as")))


def _dial(path: str) -> str:
    parts = [part.replace("_", " ") for part in path.split(".")]
    if parts[0] == "annotators" and len(parts) > 2:
        return f"number of {parts[1]}" if parts[2:] == ["count"] else _ADJECTIVES.get(parts[-1], " ".join(parts[2:][-2:]))
    return " ".join(parts[-2:]) if len(parts) > 2 or parts[0] in _TABLES_TOLD else parts[-1]


def _owner(path: str) -> str:
    parts = path.split(".")
    return parts[1 if parts[0] == "annotators" and len(parts) > 2 else 0]


def _alone(value: Any, name: str, dial: str) -> str:
    """Return a name that says by itself whose it is."""
    plain = isinstance(value, int | float) or (isinstance(value, list) and not any(isinstance(each, dict) for each in value))
    return _beside(value, name, dial, called=False) if plain else name


def _beside(value: Any, name: str, dial: str, called: bool) -> str:
    """Return a level with the name of its dial."""
    if called:
        return name if name.endswith(f" {dial}") else f"{dial} {name}"
    if isinstance(value, bool):
        return dial if value else f"no {dial}"
    return f"no {dial}" if value == [] else f"{dial} {name}"


def _state(value: Any, name: str, dial: str, called: bool) -> str:
    """Return a clause that says of a dial how it is set."""
    verb = "are" if several(dial) else "is"
    if not called and value == []:
        return f"there {verb} no {dial}"
    if not called and isinstance(value, int | float):
        return f"{spoken(dial)} {verb} {name}"
    return f"the {dial} {verb} {name.removesuffix(f' {dial}')}"


def _at(value: Any, name: str, dial: str, called: bool) -> str:
    """Return at which value of a dial something is, when the dial has just been named."""
    if called:
        return f"with {name}"
    if isinstance(value, bool) or value == []:
        return f"{'with' if value else 'without'} {dial}"
    return f"at {name}" if isinstance(value, int | float) else f"with {name}"


def _flat(value: Any, path: str) -> tuple[str, dict[str, Any]]:
    """Return the kind of a value, "" if it has none, and what else it holds, by the path within it."""
    if isinstance(value, dict):
        # Data have a source where components have a kind.
        tag = "kind" if "kind" in value else "source"
        return str(value.get(tag, "")).rpartition(".")[2], dict(_leaves({k: v for k, v in value.items() if k != tag}, ""))
    if not isinstance(value, list):
        return _plain(value), {}
    tables = [each for each in value if isinstance(each, dict)]
    if not tables:
        return ", ".join(map(_plain, value)) or "none", {}
    kinds = [_flat(each, path)[0] for each in value]
    what = " + ".join(kinds) if all(kinds) else f"{len(value)} {path.rpartition('.')[2]}"
    rest = [{k: v for k, v in each.items() if k != "kind"} if isinstance(each, dict) else {} for each in value]
    return what, {key: leaf for at, each in enumerate(rest) for key, leaf in _leaves(each, f"{at}.")}


def _leaves(value: Any, within: str) -> Iterator[tuple[str, Any]]:
    """Yield what a table holds, and the tables within it, each by its path; the kind of a table by that of the table."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, within.rstrip(".") if key == "kind" else f"{within}{key}.")
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for at, each in enumerate(value):
            yield from _leaves(each, f"{within}{at}.")
    else:
        yield within.rstrip("."), value


def _name(kind: str, leaves: dict[str, Any], peers: Sequence[dict[str, Any]]) -> str:
    """Return a kind, with what tells it from its peers, itself among them; of what has no kind, all that it holds."""
    keys = [*dict.fromkeys(key for each in peers for key in each)]
    differing = [key for key in keys if any(key not in each or each[key] != peers[0].get(key) for each in peers)]
    shown = differing if kind or len(peers) > 1 else keys
    bare = bool(kind) and len(differing) == 1 and not isinstance(leaves.get(differing[0]), bool)
    parts = [_leaf(key, leaves[key], bare and "." not in key) for key in shown if key in leaves]
    if kind and len(parts) > 1:
        return f"{kind} ({', '.join(parts)})"
    return f"{kind} {', '.join(parts)}".strip() or "none"


def _leaf(key: str, value: Any, bare: bool) -> str:
    words = [word for word in key.split(".") if not word.isdigit()]
    word = (words[-1] if words else key).replace("_", " ")
    if isinstance(value, bool):
        return word if value else f"not {word}"
    text = ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
    return text if bare else f"{word} {text}"


def _plain(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _cut(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    some = name[: LONGEST - 2]
    return f"{(some.rpartition(' ')[0] or some).rstrip(',')}\N{HORIZONTAL ELLIPSIS}" + (")" if name.endswith(")") else "")
