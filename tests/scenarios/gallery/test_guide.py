"""The guides show every behaviour and every strategy there is, and are the same to the byte each time."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.catalogue import members
from scenarios.cli import app
from scenarios.gallery.guide import GUIDES, Guide, drawn, files, leaves, page, picture
from scenarios.gallery.hall import Wall, exhibits

DOCS = Path(__file__).parents[3] / "docs"
NOT_SHOWN = {"recorded"}
"""What is as it was in a file: there is nothing to picture."""

WALLS = {wall.kind: wall for guide in GUIDES for wall in guide.walls()}

each_wall = pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
each_guide = pytest.mark.parametrize("guide", GUIDES, ids=[guide.name for guide in GUIDES])


def test_strategies_pending_items_and_stop_rules_are_shown() -> None:
    assert {"strategy", "pending", "stop-rule"} <= {*WALLS}


@each_wall
def test_every_component_of_a_kind_has_an_example(wall: Wall) -> None:
    shown = [exhibit.component.kind for exhibit in exhibits(wall.kind)]
    assert sorted(shown) == sorted(member.kind for member in members(wall.kind) if member.kind not in NOT_SHOWN)


@pytest.mark.parametrize("kind", ["strategy", "pending", "stop-rule"])
def test_it_is_said_what_to_see_in_a_picture_of_what_selects_or_stops(kind: str) -> None:
    assert all(exhibit.look for exhibit in exhibits(kind))


@each_wall
def test_a_component_is_pictured_the_same_to_the_byte(wall: Wall) -> None:
    component = next(exhibits(wall.kind)).component
    first, again = (drawn(lambda: wall.portrait(component), wall.format) for _ in range(2))
    assert first == again
    assert first.startswith({"svg": b"<?xml", "png": b"\x89PNG"}[wall.format])


@each_guide
def test_the_documentation_is_what_the_command_makes(guide: Guide) -> None:
    written = (DOCS / f"{guide.name}.md").read_text(encoding="utf-8")
    assert written == page(guide, guide.walls()), f"draw it anew: parley gallery docs {guide.name}"


@each_wall
def test_the_documentation_has_a_picture_of_each_and_no_other(wall: Wall) -> None:
    there = {f"pictures/{path.name}" for path in (DOCS / "pictures").glob(f"{wall.kind}-*")}
    assert there == {picture(wall, exhibit) for exhibit in exhibits(wall.kind)}


def test_the_documentation_begins_with_a_picture_of_all_strategies() -> None:
    assert "(pictures/strategies.png)" in (DOCS / "strategies.md").read_text(encoding="utf-8").split("##")[0]
    assert (DOCS / "pictures" / "strategies.png").is_file()


@pytest.mark.slow
@each_guide
def test_every_picture_of_a_guide_can_be_drawn(guide: Guide) -> None:
    names = [leaf.name for leaf in leaves(guide)]
    assert len({*names}) == len(names) == files([guide])
    assert names[-1] == f"{guide.name}.md"


def test_the_guides_are_not_written_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "docs").write_text("in the way")
    result = CliRunner().invoke(app, ["gallery", str(tmp_path / "docs")])
    assert result.exit_code == 2
    assert "docs" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_page_that_there_is_not_is_refused_by_its_name(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["gallery", str(tmp_path), "stratagems"])
    assert result.exit_code == 2
    assert "there is no page called 'stratagems'; did you mean 'strategies'?" in result.stderr
    assert not [*tmp_path.iterdir()]
