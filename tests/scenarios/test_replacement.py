"""Files that take the place of others."""

import os
import stat
from pathlib import Path

import pytest

from scenarios.errors import BadInput
from scenarios.replacement import replacement


class Mishap(Exception):
    pass


def test_what_was_there_is_replaced_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old")
    with replacement(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [*tmp_path.iterdir()] == [path]


def test_what_was_there_stays_if_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(Mishap), replacement(path) as file:
        file.write(b"new")
        raise Mishap
    assert path.read_text() == "old"
    assert [*tmp_path.iterdir()] == [path]


def test_nothing_is_left_of_a_file_that_was_never_whole(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacement(tmp_path / "table.csv") as file:
        file.write(b"new")
        raise KeyboardInterrupt
    assert [*tmp_path.iterdir()] == []


def test_a_link_still_leads_to_where_it_led(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with replacement(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    with replacement(Path(os.devnull)) as file:
        file.write(b"new")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_disk_that_is_full_is_said_of_the_file(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no full disk here")
    with pytest.raises(BadInput, match="/dev/full: it cannot be written: No space left on device"), replacement(full) as file:
        file.write(b"new")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="this is a folder"), replacement(tmp_path):
        pass


def test_a_folder_that_is_not_there_is_said_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "table.csv"
    with pytest.raises(BadInput, match=f"{path}: it cannot be written: No such file"), replacement(path):
        pass
