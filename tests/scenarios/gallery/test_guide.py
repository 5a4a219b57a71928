"""The guide to behaviours shows every one there is, and is the same to the byte each time."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.catalogue import members
from scenarios.cli import app
from scenarios.gallery.frame import style, svg_of
from scenarios.gallery.hall import Wall, exhibits, walls

DOCS = Path(__file__).parents[3] / "docs"
NOT_SHOWN = {"recorded"}
"""What is as it was in a file: there is nothing to picture."""

KINDS = [wall.kind for wall in walls()]


def wall_of(kind: str) -> Wall:
    return next(wall for wall in walls() if wall.kind == kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_behaviour_of_a_kind_has_an_example(kind: str) -> None:
    assert {exhibit.component.kind for exhibit in exhibits(kind)} == {member.kind for member in members(kind)} - NOT_SHOWN


@pytest.mark.parametrize("kind", KINDS)
def test_a_behaviour_is_pictured_the_same_to_the_byte(kind: str) -> None:
    component = next(exhibits(kind)).component
    with style():
        first, again = (svg_of(wall_of(kind).portrait(component)) for _ in range(2))
    assert first == again
    assert first.startswith(b"<?xml")


@pytest.mark.parametrize("kind", KINDS)
def test_the_documentation_shows_every_behaviour(kind: str) -> None:
    page = (DOCS / "behaviours.md").read_text(encoding="utf-8")
    for exhibit in exhibits(kind):
        assert exhibit.line in page
        assert (DOCS / "pictures" / f"{kind}-{exhibit.component.kind}.svg").is_file()


def test_the_guide_is_not_written_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "docs").write_text("in the way")
    result = CliRunner().invoke(app, ["gallery", str(tmp_path / "docs")])
    assert result.exit_code == 2
    assert "docs" in result.stderr
    assert "Traceback" not in result.stderr
