"""Sources: where the items of a campaign come from, and what they truly are."""

from typing import Annotated

from agents.component import Choice
from scenarios.answers.source import Answered
from scenarios.source import Dataset, Source
from scenarios.sources.bundled import BreastCancer, Bundled, Digits, Iris, Wine
from scenarios.sources.docstrings import Docstrings
from scenarios.sources.hub import Hub, Jsonl, Parquet
from scenarios.sources.synthetic import Synthetic
from scenarios.sources.tabular import Csv, Npz, Tabular

__all__ = [
    "Answered", "AnyData", "BreastCancer", "Bundled", "Csv", "Dataset", "Digits", "Docstrings", "Hub", "Iris", "Jsonl",
    "Npz", "Parquet", "Source", "Synthetic", "Tabular", "Wine",
]  # fmt: skip

AnyData = Annotated[
    Source,
    Choice(
        "data source", Digits, BreastCancer, Wine, Iris, Docstrings, Synthetic, Csv, Npz, Jsonl, Parquet, Answered, tag="source"
    ),
]
