"""Posts to newsgroups: what the loader of scikit-learn keeps, read without running it."""

import os
import pickle
import zlib
from pathlib import Path
from typing import Any
from urllib.error import URLError

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pydantic import ValidationError
from sklearn.utils import Bunch
from typer.testing import CliRunner

from bus.chance import Chance
from scenarios.cli import app
from scenarios.errors import BadInput
from scenarios.source import Dataset
from scenarios.sources import Newsgroups
from tests.scenarios.campaigns import LEARNING, write

GROUPS = ["rec.autos", "sci.med", "sci.space"]

WORDS = {"rec.autos": "engine wheel brake road", "sci.med": "doctor patient fever pill", "sci.space": "orbit rocket moon launch"}


def part(start: int, count: int) -> Bunch:
    """Posts as the loader keeps them, with a header, a line of somebody else's and a signature."""
    targets = np.arange(count) % 3
    texts = [
        f"From: user{start + row}@x\nSubject: hello\n\n> quoted {row}\nThe {WORDS[GROUPS[target]]} n{start + row}.\n\n--\nme"
        for row, target in enumerate(targets)
    ]
    names = np.array([f"/home/x/{GROUPS[target]}/{start + row}" for row, target in enumerate(targets)])
    return Bunch(data=texts, filenames=names, target_names=[*GROUPS], target=targets, DESCR=None)


def keep(folder: Path, cache: object = None, protocol: int | None = None) -> Path:
    """Write what the loader would have kept, in its format."""
    whole = {"train": part(0, 60), "test": part(60, 30)} if cache is None else cache
    path = folder / "20news-bydate_py3.pkz"
    path.write_bytes(zlib.compress(pickle.dumps(whole, protocol)))
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    keep(tmp_path)
    return tmp_path


def load(folder: Path, features: bool = True, **dials: Any) -> Dataset:
    return Newsgroups(cache=str(folder), download=False, **dials).load(folder, Chance(7), features)


@pytest.mark.parametrize(("subset", "count"), [("train", 60), ("test", 30), ("all", 90)])
def test_each_part_has_its_posts_and_their_groups(kept: Path, subset: str, count: int) -> None:
    data = load(kept, subset=subset)
    assert data.classes == tuple(GROUPS)
    assert_array_equal(np.bincount(data.truth), [count // 3] * 3)
    assert data.features.shape[0] == len(data.ids) == count
    assert load(kept, features=False, subset=subset).features is None


@pytest.mark.parametrize("protocol", [4, 5])
def test_what_older_and_newer_pythons_kept_is_read(tmp_path: Path, protocol: int) -> None:
    keep(tmp_path, protocol=protocol)
    assert len(load(tmp_path).ids) == 60


def test_categories_are_those_that_are_named(kept: Path) -> None:
    data = load(kept, categories=("sci.space", "sci.med"))
    assert data.classes == ("sci.med", "sci.space")
    assert len(data.ids) == 40


def test_what_is_removed_is_in_no_feature(kept: Path) -> None:
    plain, bare = load(kept).features, load(kept, remove=("headers", "footers", "quotes")).features
    assert bare.shape[1] < plain.shape[1]


def test_neither_name_nor_place_says_which_group_a_post_is_from(kept: Path) -> None:
    data = load(kept)
    assert data.ids[:2] == ["post-00000", "post-00001"]
    assert data.truth[:6].tolist() != [0, 1, 2, 0, 1, 2]
    assert_array_equal(load(kept).truth, data.truth)


def test_a_campaign_learns_newsgroups(kept: Path) -> None:
    text = LEARNING.replace('source = "iris"', 'source = "20newsgroups"\nsubset = "all"\ncache = "."\ndownload = false')
    result = CliRunner().invoke(app, ["run", str(write(kept, text)), "--logs", str(kept / "logs"), "--json"])
    assert result.exit_code == 0, result.output
    assert '"accuracy":' in result.stdout


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("harm",)


def test_a_file_that_would_run_something_is_refused_and_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bad = {"train": part(0, 3), "test": Evil()}
    keep(tmp_path, bad)
    with pytest.raises(
        BadInput, match=r"20news-bydate_py3\.pkz: it would run \w+\.mkdir, which the loader never writes; delete it"
    ):
        load(tmp_path)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("cache", [{"train": part(0, 3)}, [1, 2], {"train": Bunch(data=[1]), "test": Bunch(data=[])}, None])
def test_a_file_that_is_damaged_or_holds_something_else_is_refused(tmp_path: Path, cache: object) -> None:
    path = keep(tmp_path, cache)
    if cache is None:
        path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(BadInput, match="this is not the file that scikit-learn's loader keeps, or a damaged one; delete it"):
        load(tmp_path)


def test_a_group_that_is_none_is_refused_with_the_nearest(kept: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no newsgroup 'sci.spice'; did you mean 'sci.space'\? there are rec.autos"):
        load(kept, categories=("sci.med", "sci.spice"))
    with pytest.raises(ValidationError, match="at least 2 items"):
        Newsgroups(categories=("sci.med",))


def test_without_the_file_and_without_leave_to_fetch_it_is_said_what_to_do(tmp_path: Path) -> None:
    scenario = write(tmp_path, LEARNING.replace('source = "iris"', 'source = "20newsgroups"\ncache = "kept"\ndownload = false'))
    result = CliRunner().invoke(app, ["run", str(scenario)])
    assert result.exit_code == 2
    assert "set download = true, or copy 20news-bydate_py3.pkz there" in " ".join(result.stderr.split())


def test_without_a_net_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_net(*_: object) -> None:
        raise URLError("Name or service not known")

    monkeypatch.setattr("sklearn.datasets._base.urlretrieve", no_net)
    monkeypatch.setattr("sklearn.datasets._base.time.sleep", lambda _: None)
    with pytest.raises(BadInput, match=r"cannot be fetched \(Name or service not known\); go online once, or copy"):
        Newsgroups(cache="kept").load(tmp_path, Chance(7), features=True)
