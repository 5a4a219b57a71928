"""The documentation of three libraries as data."""

import os
import re
import subprocess
import sys
from collections import Counter

import pytest

from scenarios.text import LIBRARIES, Sentence, documentation

PRINT_DIGEST = """
import hashlib
from scenarios.text import documentation
from scenarios.text_features import features_of
sentences = documentation(120)
features = features_of([sentence.text for sentence in sentences], None)
print(hashlib.sha256(repr(sentences).encode() + features.data.tobytes() + features.indices.tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def sentences() -> tuple[Sentence, ...]:
    return documentation(3000)


def test_the_libraries_have_as_many_sentences_each(sentences: tuple[Sentence, ...]) -> None:
    assert Counter(sentence.library for sentence in sentences) == dict.fromkeys(LIBRARIES, 1000)


def test_ids_and_sentences_come_once(sentences: tuple[Sentence, ...]) -> None:
    assert len({sentence.name for sentence in sentences}) == 3000
    assert len({sentence.text.lower() for sentence in sentences}) == 3000
    assert all(re.fullmatch(r"doc-\d{5}", sentence.name) for sentence in sentences)


def test_fewer_sentences_are_some_of_more(sentences: tuple[Sentence, ...]) -> None:
    assert {sentence.text for sentence in documentation(50)} < {sentence.text for sentence in sentences}


def test_neither_name_nor_place_says_which_library_a_sentence_is_from(sentences: tuple[Sentence, ...]) -> None:
    turns = Counter(sentence.library for sentence in sentences[::3])
    # Of 1,000 places each library has a third, within four standard errors of drawing without replacement.
    assert all(abs(count - 1000 / 3) < 4 * (1000 * 2 / 9 * 2 / 3) ** 0.5 for count in turns.values())


def test_sentences_are_whole_and_of_five_words_at_least(sentences: tuple[Sentence, ...]) -> None:
    for sentence in sentences:
        assert sentence.text[0].isupper() or sentence.text.startswith("library")
        assert sentence.text[-1] in ".!?"
        assert len(re.findall("[A-Za-z]{2,}", sentence.text)) >= 5
        assert ">>>" not in sentence.text
        assert "\n" not in sentence.text


def test_no_library_is_named(sentences: tuple[Sentence, ...]) -> None:
    name = re.compile(r"numpy|scipy|sklearn|scikit|(?<![a-z0-9])np(?![a-z0-9])", re.IGNORECASE)
    assert [sentence for sentence in sentences if name.search(sentence.text)] == []


def test_sentences_and_features_do_not_depend_on_the_hashes_of_a_process() -> None:
    digests = [
        subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert digests[0] == digests[1]
