"""The `parley` command. It makes sure that the packages it is about to import are its own, and hands over."""

import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("agents", "bus", "scenarios")


def foreign_packages(home: Path) -> list[str]:
    """Return a sentence for each of our packages that is missing, or that something else stands in for."""
    sentences = []
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is None:
            sentences.append(f"the package {name!r} is missing; it should be in {home}")
            continue
        # A folder without __init__.py has no origin.
        found = spec.origin or next(iter(spec.submodule_search_locations or ()), "nowhere")
        if home / name not in (Path(found).parent, Path(found)):
            sentences.append(f"the package {name!r} found at {found} is not Parley's, which is in {home / name}")
    return sentences


def main() -> None:
    """Run the command."""
    foreign = foreign_packages(Path(__file__).parent)
    if foreign:
        print("parley:", "; ".join(foreign), file=sys.stderr)
        print("run Parley from an environment of its own, and look at PYTHONPATH", file=sys.stderr)
        sys.exit(2)
    try:
        from scenarios.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
