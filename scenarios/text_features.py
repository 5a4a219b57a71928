"""Features of texts, in any script: words, characters, or either of them hashed, weighted by TF-IDF."""

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer, TfidfVectorizer

from agents.component import Choice, Component
from agents.items import Features

_FEW_TEXTS = 100

_LETTER = re.compile(r"[^\W\d_]")

# Thai and Lao; Burmese; Khmer; kana; Chinese characters, also as Japanese has them.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def _in_order(ngrams: tuple[int, int]) -> tuple[int, int]:
    if ngrams[0] > ngrams[1]:
        raise ValueError(f"{[*ngrams]} counts nothing; the shortest stands first, and the longest second")
    return ngrams


_JOINERS = "\u200c\u200d"
"""Marks of Persian and of scripts of India that join letters, or keep them apart, within a word."""

Length = Annotated[int, Field(ge=1, le=20)]
Ngrams = Annotated[tuple[Length, Length], AfterValidator(_in_order)]


class TextFeatures(Component):
    """Base class of what is counted in texts. Letters count alike, large or small; nothing but the texts is looked at."""

    @abstractmethod
    def of(self, texts: Sequence[str]) -> Features:
        """Return the features of texts: a sparse matrix in rows, a row a text, each of length 1, or 0 where nothing counts.

        Raises:
            ValueError: there is nothing in any text that counts.
        """


class Words(TextFeatures):
    """Words of two letters at least, and pairs of words; weighted (1 + log frequency) * inverse document frequency."""

    kind: ClassVar[str] = "words"

    ngrams: Ngrams = (1, 2)
    """How many words in a row count as one thing, from and to."""
    vocabulary: Annotated[int, Field(ge=1)] = 20_000
    """How many different ones count at most: the most frequent."""
    rarest: Annotated[int, Field(ge=1)] | None = None
    """In how many texts one must stand to count; left out, 2, and 1 where there are fewer than 100 texts."""

    def of(self, texts: Sequence[str]) -> Features:
        """Return the features of texts."""
        return _tf_idf(texts, "words", self.ngrams, self.vocabulary, self.rarest)


class Characters(TextFeatures):
    """Characters in a row, within what spaces part; weighted (1 + log frequency) * inverse document frequency.

    For scripts that write no spaces between words (Chinese, Japanese, Thai, ...), and for text with many misspellings.
    """

    kind: ClassVar[str] = "characters"

    ngrams: Ngrams = (1, 3)
    """How many characters in a row count as one thing, from and to."""
    vocabulary: Annotated[int, Field(ge=1)] = 20_000
    """How many different ones count at most: the most frequent."""
    rarest: Annotated[int, Field(ge=1)] | None = None
    """In how many texts one must stand to count; left out, 2, and 1 where there are fewer than 100 texts."""

    def of(self, texts: Sequence[str]) -> Features:
        """Return the features of texts."""
        return _tf_idf(texts, "characters", self.ngrams, self.vocabulary, self.rarest)


class Hashed(TextFeatures):
    """Words or characters, each in a column that its hash says, so that no vocabulary is kept: for millions of long texts.

    Different ones may share a column (Weinberger et al., 2009, without their signs).
    """

    kind: ClassVar[str] = "hashed"

    count: Literal["words", "characters"] = "words"
    """What is hashed."""
    ngrams: Ngrams | None = None
    """How many in a row count as one thing, from and to; left out, 1 to 2 words or 1 to 3 characters."""
    columns: Annotated[int, Field(ge=2, le=2**24)] = 2**18
    """How many features there are."""

    def of(self, texts: Sequence[str]) -> Features:
        """Return the features of texts."""
        ngrams = self.ngrams or ((1, 2) if self.count == "words" else (1, 3))
        counts = HashingVectorizer(
            **_analysis(self.count, ngrams), n_features=self.columns, norm=None, alternate_sign=False
        ).transform(texts)
        if not counts.nnz:
            raise ValueError("no word or character counts")
        return TfidfTransformer(sublinear_tf=True).fit_transform(counts)


AnyTextFeatures = Annotated[TextFeatures, Choice("text analyser", Words, Characters, Hashed)]


def features_of(texts: Sequence[str], how: TextFeatures | None) -> Features:
    """Return the features of texts: those that are told, or what fits the script.

    Left out, characters count if more than half of all letters are of a script that writes no spaces between words, and words
    otherwise.

    Raises:
        ValueError: there is nothing in any text that counts.
    """
    return (how or (Characters() if _are_unspaced(texts) else Words())).of(texts)


def refuse_unclear(text: str | None, how: TextFeatures | None, named: bool) -> None:
    """Refuse what leaves it open whether features are of text.

    Args:
        text: the column of the text; None if there is none.
        how: what is to be counted in it, if that is told.
        named: whether columns of features are named.

    Raises:
        ValueError: both are told, or how and not of what.
    """
    if text is not None and named:
        raise ValueError("give either features or text: TF-IDF features and others do not mix")
    if text is None and how is not None:
        raise ValueError("text_features says what is counted in text, but there is none; name it in text")


def _are_unspaced(texts: Sequence[str]) -> bool:
    letters = unspaced = 0
    for text in texts:
        letters += len(_LETTER.findall(text))
        unspaced += 0 if text.isascii() else len(_UNSPACED.findall(text))
    return 2 * unspaced > letters


def _tf_idf(texts: Sequence[str], what: str, ngrams: Ngrams, most: int, rarest: int | None) -> Features:
    fewest = rarest or (1 if len(texts) < _FEW_TEXTS else 2)
    return TfidfVectorizer(**_analysis(what, ngrams), sublinear_tf=True, min_df=fewest, max_features=most).fit_transform(texts)


def _analysis(what: str, ngrams: Ngrams) -> dict[str, Any]:
    if what == "characters":
        return {"analyzer": "char_wb", "ngram_range": ngrams}
    return {"token_pattern": _word(), "ngram_range": ngrams}


@cache
def _word() -> str:
    """Return the pattern of a word: vowel signs and other marks are part of it, which to Python are no letters.

    Without them, words of Hindi or Tamil would fall to pieces.
    """
    marks = "".join(mark for mark in map(chr, range(0x300, 0x20000)) if unicodedata.category(mark).startswith("M"))
    return rf"\w[\w{marks}{_JOINERS}]+"
