"""Sources: where the items of a campaign come from, and what they truly are."""

from typing import Annotated

from agents.component import Choice
from scenarios.answers.source import Answered
from scenarios.source import Dataset, Source
from scenarios.sources.bundled import BreastCancer, Bundled, Digits, Iris, Wine
from scenarios.sources.docstrings import Docstrings
from scenarios.sources.hub import Hub, Jsonl, Parquet
from scenarios.sources.newsgroups import Newsgroups
from scenarios.sources.openml import OpenMl
from scenarios.sources.synthetic import Synthetic
from scenarios.sources.tabular import Csv, Npz, Tabular

__all__ = [
    "Answered", "AnyData", "BreastCancer", "Bundled", "Csv", "Dataset", "Digits", "Docstrings", "Hub", "Iris", "Jsonl",
    "Newsgroups", "Npz", "OpenMl", "Parquet", "Source", "Synthetic", "Tabular", "Wine",
]  # fmt: skip

OURS = (Digits, BreastCancer, Wine, Iris, Docstrings, Newsgroups, OpenMl, Synthetic, Csv, Npz, Jsonl, Parquet, Answered)

AnyData = Annotated[Source, Choice("data source", *OURS, tag="source")]
