"""Text as data: sentences that are on every machine."""

import ast
import re
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from inspect import cleandoc
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

from bus.chance import number_of

LIBRARIES = {"numpy": "numpy", "scipy": "scipy", "scikit-learn": "sklearn"}
"""Import names, by the names that people use."""

# Tests, other projects' code that comes along, and what is there for one Python or one platform only.
_SKIPPED = {"tests", "conftest.py", "externals", "_lib", "_external", "_vendored", "_build_utils", "distutils", "__config__.py"}

_MASKED = re.compile(r"numpy|scipy|sklearn|scikit(?:[-_ ]?learn)?|(?<![a-z0-9])np(?![a-z0-9])", re.IGNORECASE)
_MASK = "library"

_UNDERLINE = re.compile(r"[-=~^*]{3,}\s*$")
_NO_PROSE = re.compile(r"\s|>>>|\.\.|[-*+|=#:]|\d+[.)]")
_ROLE = re.compile(r":[\w:+.-]+:`~?([^`<]*?)(?: *<[^`]*>)?`")
_CITATION = re.compile(r" ?\[[\w*]+\]_")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_WORD = re.compile(r"[A-Za-z]{2,}")

_WORDS_AT_LEAST = 5


class Sentence(NamedTuple):
    """A sentence of a library's documentation.

    Attributes:
        name: a number that says nothing of the library: "doc-00017".
        library: a key of LIBRARIES.
        text: the sentence, in which every library's name is masked.
    """

    name: str
    library: str
    text: str


@cache  # A study asks for the same sentences with every run, and to read them takes as long as a campaign.
def documentation(count: int) -> tuple[Sentence, ...]:
    """Return sentences from the documentation strings of the installed NumPy, SciPy and scikit-learn.

    The three take turns, as far as each has sentences left; no sentence comes twice. The same versions of the libraries give
    the same sentences.

    Args:
        count: how many at most; there are some ten thousand.
    """
    seen: set[str] = set()
    turns = zip_longest(*(_sentences_of(library, seen) for library in LIBRARIES))
    chosen = islice((sentence for turn in turns for sentence in turn if sentence is not None), count)
    # Neither the name nor the place of a sentence says which library it is from: they are there for all agents to see.
    shuffled = sorted(chosen, key=lambda sentence: (number_of(sentence.text), sentence.text))
    return tuple(sentence._replace(name=f"doc-{number:05d}") for number, sentence in enumerate(shuffled))


def _sentences_of(library: str, seen: set[str]) -> Iterator[Sentence]:
    for module in _modules(LIBRARIES[library]):
        for docstring in _docstrings(_parse(module)):
            for text in _sentences(docstring):
                if text.lower() not in seen:
                    seen.add(text.lower())
                    yield Sentence("", library, text)


def _modules(package: str) -> list[Path]:
    """List a package's source files, shuffled by the hashes of their names.

    Shuffled, so that a few sentences come from all over the library. Read rather than imported: that is faster, and runs nothing.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return []
    root = Path(spec.origin).parent
    names = [path.relative_to(root) for path in root.rglob("*.py")]
    kept = [name for name in names if _SKIPPED.isdisjoint(name.parts)]
    return [root / name for name in sorted(kept, key=lambda name: (number_of(name.as_posix()), name))]


def _parse(module: Path) -> ast.Module:
    with warnings.catch_warnings():
        # Backslashes in a docstring that is not raw: for the library's authors to mend.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return ast.parse(module.read_bytes())
        except (SyntaxError, ValueError):  # Written for another version of Python.
            return ast.Module([], [])


def _docstrings(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    docstring = ast.get_docstring(node, clean=False)
    if docstring:
        yield cleandoc(docstring)
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef) and not child.name.startswith("_"):
            yield from _docstrings(child)


def _sentences(docstring: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", _prose(docstring)):
        lines = paragraph.splitlines()
        if ":math:" in paragraph or any(_NO_PROSE.match(line) for line in lines):
            continue
        plain = _CITATION.sub("", _ROLE.sub(r"\1", " ".join(lines))).replace("`", "")
        for sentence in _SENTENCE_END.split(plain):
            whole = sentence[:1].isupper() and sentence.endswith((".", "!", "?"))
            if whole and len(_WORD.findall(sentence)) >= _WORDS_AT_LEAST:
                yield _MASKED.sub(_MASK, sentence)


def _prose(docstring: str) -> str:
    """Keep what stands before the first heading, and the notes: the other sections are tables, code and references."""
    lines = docstring.splitlines()
    kept: list[str] = []
    wanted = True
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line and _UNDERLINE.match(below):
            wanted = line.strip() == "Notes"
        elif _UNDERLINE.match(line):
            kept.append("")
        elif wanted:
            kept.append(line)
    return "\n".join(kept)
