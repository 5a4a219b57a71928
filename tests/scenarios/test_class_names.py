"""What classes are called, as the Hugging Face hub says it."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.sources import Jsonl
from scenarios.tables.class_names import names_in, read_class_names

README = """---
license: mit
dataset_info:
- config_name: plain
  features:
  - name: text
    dtype: string
  - name: fine
    dtype:
      class_label:
        names:
          '0': 'it''s A'
          '1': B
          '2': C
  - name: label
    dtype:
      class_label:
        names:
          '0': World
          '1': Sports
          "2": "Sci/Tech"
          3: Business
  splits:
  - name: train
---
# About
"""

INFOS = {"plain": {"features": {"label": {"num_classes": 2, "names": ["neg", "pos"], "_type": "ClassLabel"}}}, "version": 1}


def test_names_stand_at_the_beginning_of_a_readme(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(README, encoding="utf-8")
    assert read_class_names(path, "label") == ("World", "Sports", "Sci/Tech", "Business")
    assert read_class_names(path, "fine") == ("it's A", "B", "C")


def test_names_stand_in_json_of_one_configuration_or_several(tmp_path: Path) -> None:
    path = tmp_path / "dataset_infos.json"
    for content in (INFOS, INFOS["plain"], {**INFOS, "other": INFOS["plain"]}):
        path.write_text(json.dumps(content), encoding="utf-8")
        assert read_class_names(path, "label") == ("neg", "pos")


def test_a_column_within_another_is_found() -> None:
    label = {"_type": "ClassLabel", "names": ["a", "b"]}
    assert names_in({"said": {"label": label}}, "said.label") == names_in({"said.label": label}, "said.label") == ("a", "b")


def test_numbers_get_the_names_that_a_file_says(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"text": "goal", "label": 1}\n{"text": "bank", "label": 3}\n', encoding="utf-8")
    data = Jsonl(path="a.jsonl", truth="label", text="text", classes_file="README.md").load(tmp_path, Chance(7), features=False)
    assert data.classes == ("World", "Sports", "Sci/Tech", "Business")
    assert data.truth.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("README.md", README, "it does not say what the classes of 'topic' are called; list them in classes"),
        ("README.md", "# About\n", "it does not say what"),
        ("README.md", README.replace("name: fine", "name: topic").replace("'1': B", "'7': B"), "it does not say what"),
        ("infos.json", "{", "this is not JSON"),
        ("infos.json", "[1]", "it does not say what"),
        ("infos.json", json.dumps({"features": {"topic": {"_type": "ClassLabel", "names": ["a", "a"]}}}), "it does not say what"),
        (
            "infos.json",
            json.dumps({name: {"features": {"topic": {"_type": "ClassLabel", "names": [name, "z"]}}} for name in "ab"}),
            "several configurations call the classes of 'topic' differently",
        ),
    ],
)
def test_files_that_do_not_say_it_are_refused(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=rf"^[^\n]*{name}: {message}"):
        read_class_names(path, "topic")
    with pytest.raises(BadInput, match=r"none: No such file"):
        read_class_names(tmp_path / "none", "topic")


@given(st.integers(0, len(README)), st.integers(0, len(README)), st.binary(max_size=4), st.sampled_from(["r.md", "r.json"]))
def test_whatever_a_file_holds_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, start: int, end: int, piece: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    whole = README.encode() if name.endswith("md") else json.dumps(INFOS).encode()
    path.write_bytes(whole[:start] + piece + whole[end:])
    with suppress(BadInput):
        assert all(read_class_names(path, "label"))
