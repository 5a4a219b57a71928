"""Prose: text of docstrings as Markdown, in which nothing is taken for markup that is none."""

import re

_SPANS = re.compile(r"(`[^`]*`)")
# What stands between spaces is a sign, and so is a "<" that begins no tag.
_MARKS = re.compile(r"([\\_\[~$]|(?<!\s)\*|\*(?!\s)|<(?=[A-Za-z/!?])|&(?=#?\w+;))")
_OPENINGS = re.compile(r"^(\s*)([-+*#=>]|\d+(?=[.)]\s))", re.MULTILINE)


def prose(text: str) -> str:
    """Return a text as paragraphs: what stands between backticks is code, and all other signs are what they are."""
    return _OPENINGS.sub(_escaped, inline(text))


def inline(text: str) -> str:
    """Return the same for a text that begins no line."""
    pieces = _SPANS.split(text)
    pieces[::2] = [_MARKS.sub(r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _escaped(found: re.Match[str]) -> str:
    space, mark = found.groups()
    # Of a number, it is the dot that makes a list of it.
    return f"{space}{mark}\\" if mark[0].isdigit() else f"{space}\\{mark}"


def cell(text: str) -> str:
    """Return a text for a cell of a table, on one line."""
    return " ".join(inline(text).replace("|", "\\|").split())
