"""The first line of a log: what run it is of, or where its answers come from."""

from importlib.metadata import version
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bus.replay import CorruptLog, LogReader

PARLEY_VERSION = version("parley-sim")


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Script(_Line):
    """The Python file that defined a scenario."""

    name: str
    digest: str


class Simulated(_Line):
    """A run: its scenario, resolved, and the digest of its data."""

    parley: str
    origin: Literal["simulated"] = "simulated"
    scenario: dict[str, Any]
    seed: int
    data: str
    script: Script | None = None

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.scenario.get("name", ""))


class AnswerFile(_Line):
    """The file that answers were imported from, and the digest of its bytes."""

    file: str
    digest: str


class Recorded(_Line):
    """Answers from outside, imported.

    Attributes:
        name: what the import is called.
        seed: seed of ties that were broken when its labels were made.
        source: the file of the answers.
        policy: how the labels were made of them, as a table of a scenario file.
        times: what the file said of times: when answers were begun ("starts"), how long they took ("durations"), or nothing but
            their order ("order"), where microseconds only count them.
    """

    parley: str
    origin: Literal["recorded"] = "recorded"
    name: str
    seed: int
    source: AnswerFile
    policy: dict[str, Any]
    times: Literal["starts", "durations", "order"]


Header = Simulated | Recorded

_ADAPTER: TypeAdapter[Header] = TypeAdapter(Annotated[Header, Field(discriminator="origin")])


def header_of(reader: LogReader) -> Header:
    """Return the header of a log.

    Raises:
        CorruptLog: it does not say what a header says.
    """
    line = {key: value for key, value in reader.header.items() if key not in ("log", "sum")}
    try:
        return _ADAPTER.validate_python(line)
    except ValidationError as error:
        first = error.errors()[0]
        raise CorruptLog(reader.path, 1, f"this header does not fit: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
