"""Figures for papers, and files that are written together or not at all."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from scenarios.errors import BadInput
from scenarios.report.files import figure_files, picture_file, write_together
from scenarios.report.inks import INK
from tests.scenarios.report.reports import EVIL, SHOWN, curves, whole


@pytest.fixture(scope="module")
def files() -> dict[Path, bytes]:
    return dict(figure_files(whole(), Path("figures")))


def test_every_figure_is_a_file_of_both_kinds(files: dict[Path, bytes]) -> None:
    names = ["01-curves", "02-shades", "03-work", "04-dots"]
    assert [str(path) for path in files] == [f"figures/{name}{suffix}" for name in names for suffix in (".svg", ".pdf")]
    for path, content in files.items():
        if path.suffix == ".svg":
            assert ElementTree.fromstring(content).tag.endswith("svg")
        else:
            assert content.startswith(b"%PDF-")


def test_figures_are_the_same_bytes_each_time(files: dict[Path, bytes]) -> None:
    assert files == dict(figure_files(whole(), Path("figures")))


def test_words_in_figures_stay_words_in_black_and_those_of_data_do_nothing(files: dict[Path, bytes]) -> None:
    content = files[Path("figures/01-curves.svg")].decode()
    picture = ElementTree.fromstring(content)
    words = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count(SHOWN) == 2 and "labels" in words
    assert INK not in content and "fill:#000000" in content
    assert not [*picture.iter("{http://www.w3.org/2000/svg}script")]
    title = picture.find("{*}title")
    assert title is not None and title.text == f"Accuracy rises. {SHOWN}"


def test_what_has_thousands_of_dots_is_an_image_within_a_small_file(files: dict[Path, bytes]) -> None:
    content = files[Path("figures/04-dots.svg")]
    assert b"data:image/png" in content and len(content) < 200_000
    assert b"data:image/png" not in files[Path("figures/01-curves.svg")]


def test_powers_of_ten_are_numbers(files: dict[Path, bytes]) -> None:
    assert b">10,000<" in files[Path("figures/04-dots.svg")] and b"mathdefault" not in files[Path("figures/04-dots.svg")]


def test_a_picture_of_its_own_stands_on_white() -> None:
    assert b'fill="#ffffff"' in picture_file(curves, EVIL, ".svg")
    assert picture_file(curves, EVIL, ".PNG").startswith(b"\x89PNG")


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    one, other = tmp_path / "new" / "one.txt", tmp_path / "other.txt"
    write_together({one: b"1", other: b"2"})
    assert (one.read_bytes(), other.read_bytes()) == (b"1", b"2")
    (tmp_path / "taken").mkdir()
    with pytest.raises(BadInput, match=r"taken: this is a folder; name a file"):
        write_together({one: b"3", tmp_path / "taken": b"4"})
    assert one.read_bytes() == b"1"
    assert not [*tmp_path.rglob("*.partial")]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="file: this folder cannot be made"):
        write_together({tmp_path / "file" / "figure.svg": b""})
