"""Features of texts in any script."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from pydantic import ValidationError

from bus.chance import Chance
from scenarios.errors import BadInput
from scenarios.loading import load as loaded
from scenarios.run import Origin, run
from scenarios.sources import Csv, Docstrings
from scenarios.text_features import Characters, Hashed, TextFeatures, Words, features_of
from tests.scenarios.campaigns import LEARNING, write

ANY = [Words(), Characters(), Hashed(columns=64), Hashed(count="characters", columns=64)]

WRITTEN = {
    "characters": [
        "我爱北京天安门", "今日はいい天気ですね", "ラーメンを食べたい", "ภาษาไทยไม่เว้นวรรค", "ພາສາລາວ", "ភាសាខ្មែរ", "မြန်မာဘာသာ",
        "GPT 模型很大也很贵",
    ],
    "words": [
        "plain words", "слова через пробел", "한국어는 띄어 쓴다", "كلمات عربية", "हिन्दी में शब्द", "λέξεις",
        "the word 北京 in English",
    ],
}  # fmt: skip


def test_words_and_pairs_of_words_count() -> None:
    assert Words().of(["apple pie", "cherry pie"]).shape == (2, 5)
    assert Words(ngrams=(1, 1)).of(["apple pie", "cherry pie"]).shape == (2, 3)


def test_what_stands_in_one_text_counts_only_where_there_are_few_texts_unless_told() -> None:
    many = ["apple pie"] * 99 + ["cherry pie"]
    assert Words().of(many).shape == (100, 3)
    assert Words(rarest=1).of(many).shape == (100, 5)
    assert Words(vocabulary=2).of(many).shape == (100, 2)


@pytest.mark.parametrize("how", ANY, ids=str)
def test_text_in_which_nothing_counts_has_no_features(how: TextFeatures) -> None:
    with pytest.raises(ValueError, match=r"vocabulary|counts"):
        how.of(["", " "])


@pytest.mark.parametrize("how", ANY, ids=str)
@given(texts=st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_rows_are_of_length_one_or_nought_and_alike_where_texts_are(how: TextFeatures, texts: list[str]) -> None:
    try:
        features = how.of([*texts, texts[0], "some words"])
    except ValueError:
        return
    lengths = np.sqrt(features.multiply(features).sum(axis=1))
    assert ((np.abs(lengths - 1) < 1e-9) | (lengths == 0)).all()
    assert (features[0] != features[len(texts)]).nnz == 0


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WRITTEN.items() for text in texts])
def test_left_out_characters_count_where_no_spaces_are_written(kind: str, text: str) -> None:
    how = Characters() if kind == "characters" else Words()
    others = ["a b cd 北"] if kind == "words" else [""]
    assert_array_equal(features_of([text, *others], None).toarray(), how.of([text, *others]).toarray())


def test_words_of_india_do_not_fall_to_pieces() -> None:
    assert Words(ngrams=(1, 1)).of(["हिन्दी में लिखा", "தமிழ் எழுத்து"]).shape == (2, 5)


def test_hashed_features_say_the_same_as_a_vocabulary_where_none_share_a_column() -> None:
    texts = ["red apple pie", "green pie", "red red apple"]
    one, other = Words().of(texts), Hashed(columns=2**18).of(texts)
    assert np.allclose((one @ one.T).toarray(), (other @ other.T).toarray())


@pytest.mark.parametrize(
    ("dials", "message"),
    [
        ("wrds", "there is no text analyser 'wrds'; did you mean 'words'"),
        ({"kind": "words", "ngrams": [3, 1]}, r"\[3, 1\] counts nothing; the shortest stands first"),
        ({"kind": "words", "vocabulary": 0}, "greater than or equal to 1"),
        ({"kind": "characters", "ngrams": [0, 2]}, "greater than or equal to 1"),
        ({"kind": "hashed", "columns": 1}, "greater than or equal to 2"),
    ],
)
def test_dials_out_of_bounds_are_refused(dials: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Docstrings.model_validate({"text_features": dials})


def test_text_features_of_a_source_are_those_that_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,y\nred apple,a\nblue pie,b\n", encoding="utf-8")

    def columns(**dials: Any) -> int:
        source = Csv.model_validate({"path": "a.csv", "truth": "y", "text": "t", **dials})
        return int(source.load(tmp_path, Chance(7), True).features.shape[1])

    assert columns() == columns(text_features="words") == 6
    assert columns(text_features={"kind": "words", "vocabulary": 3}) == 3
    assert columns(text_features="characters") > 20
    assert columns(text_features={"kind": "hashed", "columns": 32}) == 32
    with pytest.raises(BadInput, match="there are no words in 't' that could be features"):
        columns(text_features={"kind": "words", "rarest": 3})


NOUNS = {"天气": "雨雪风云晴雷", "饮食": "饭面茶酒汤菜", "运动": "球跑跳泳棋拳"}


def chinese(count: int) -> str:
    """Sentences of Chinese, of which two characters in ten tell what they are about; drawn by hand, so that they stay the same."""
    common = "我们今天去那里看了很多人都说这个不错因为他也想要来"
    lines = []
    for row in range(count):
        topic, nouns = [*NOUNS.items()][row % 3]
        words = "".join(common[(row * 7 + place * (3 + row % 5)) % len(common)] for place in range(8))
        lines.append(f'{{"text": "{words[:4]}{nouns[row * 5 % 6]}{words[4:]}{nouns[row * 11 % 6]}。", "label": "{topic}"}}')
    return "\n".join(lines)


@pytest.mark.parametrize("how", ["", 'text_features = { kind = "hashed", count = "characters", columns = 4096 }'])
def test_a_campaign_on_chinese_text_beats_chance(tmp_path: Path, how: str) -> None:
    (tmp_path / "zh.jsonl").write_text(chinese(240), encoding="utf-8")
    source = f'source = "jsonl"\npath = "zh.jsonl"\ntext = "text"\ntruth = "label"\n{how}'
    text = LEARNING.replace('source = "iris"', source).replace("labels = 25", "labels = 60")
    summary = run(loaded(write(tmp_path, text)).scenario, logs=None, origin=Origin(folder=tmp_path))
    assert summary.accuracy is not None
    # Chance is a third; four standard errors of 72 held-out sentences are a fifth.
    assert summary.accuracy > 0.6
