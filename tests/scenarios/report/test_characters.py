"""What is shown of texts out of data: every character can be seen, and none does anything."""

import pytest

from scenarios.report.characters import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tof\r\ntext", "two lines of text"),
        ("\x1b[31mred\x00", r"\x1b[31mred\x00"),
        ("left\u202eright\u2066\u200f", r"left\u202eright\u2066\u200f"),
        ("half a pair \ud83d", r"half a pair \ud83d"),
        ("line\u2028line\u0085", r"line\u2028line\x85"),
        ("no character \ufffe\U000e0001", r"no character \ufffe\U000e0001"),
        ("naïve 日本 שלום 95\u00a0%", "naïve 日本 שלום 95\u00a0%"),
        ("\u0645\u06cc\u200c\u062e\u0648 👩\u200d🔬", "\u0645\u06cc\u200c\u062e\u0648 👩\u200d🔬"),
    ],
)
def test_what_hides_is_shown_as_its_number_and_letters_of_all_scripts_as_they_are(text: str, shown: str) -> None:
    assert plain(text) == shown
    assert plain(shown) == shown
