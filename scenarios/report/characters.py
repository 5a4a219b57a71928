"""Characters: texts of data as a page may show them, on which nothing hides, turns round or breaks a file."""

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
"""Categories of what is not seen and yet does something: controls, marks of direction, halves of pairs, separators of lines."""

_JOINERS = "\u200c\u200d"
"""What joins letters and emoji, or keeps letters apart: some scripts cannot be written without."""


def plain(text: object) -> str:
    """Return a text on one line, in which every character is seen: what cannot be is written as its number."""
    words = re.sub(r"[\t\n\r]+", " ", str(text))
    return words if words.isascii() and words.isprintable() else "".join(map(_seen, words))


def _seen(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    return ascii(character)[1:-1]
