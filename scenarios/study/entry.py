"""What the entries of a study's record hold: checked when it is read, for files go from hand to hand, and programs change."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, create_model, model_validator

from scenarios.errors import BadInput, explain
from scenarios.scenario import Name
from scenarios.study.file import MOST_SEEDS, Called, Figure
from scenarios.study.level import different
from scenarios.study.results import FIGURES, VERSIONS
from scenarios.study.tables import kind_of

Seeds = Annotated[int, Field(ge=1, le=MOST_SEEDS)]


class Header(BaseModel):
    """What a study is."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    name: Name
    scenario: str
    dials: list[str]
    points: Annotated[list[dict[str, JsonValue]], Field(min_length=1)]
    keys: list[str]
    measure: Figure
    compared: str | None
    against: JsonValue | None
    target: float | None
    precision: Annotated[float, Field(gt=0)] | None
    seeds: Seeds
    names: dict[str, list[Called]] = {}
    most_seeds: Seeds | None

    @model_validator(mode="after")
    def _fits_together(self) -> "Header":
        if len(self.keys) != len(self.points) or any({*point} != {*self.dials} for point in self.points):
            raise ValueError("its dials, points and keys do not fit together")
        if self.compared is not None and self.compared not in self.dials:
            raise ValueError(f"compared: {self.compared!r} is not varied")
        if self.against is not None and (
            self.compared is None or self.against not in [point[self.compared] for point in self.points]
        ):
            raise ValueError("against: nothing is set to that")
        for path, called in self.names.items():
            levels = different(point.get(path) for point in self.points)
            if path not in self.dials or len(called) != len(levels):
                raise ValueError(f"names: they are not those of the values of {path!r}")
        return self


class End(BaseModel):
    """That a study is finished, and how many runs each point has come to have."""

    model_config = ConfigDict(strict=True)

    runs: list[Annotated[int, Field(ge=0, le=MOST_SEEDS)]]


MOST = 10**18
"""A figure beyond which none is believed: squares of such can still be added up."""

_Number = Annotated[float, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
_Whole = Annotated[int, Field(ge=-MOST, le=MOST)]
_KINDS: dict[str, Any] = {"string": str, "float64": _Number, "int64": _Whole}
_Point = tuple[_Whole, _Number, _Number, _Number | None, _Number, _Number]
"""A point of a learning curve, as CURVE has it."""

_NOTHING: dict[str, Any] = dict.fromkeys([*FIGURES, "curve", "error", "log", "scenario", "data_digest", *VERSIONS])
"""What a run says of itself that says nothing."""

_FIELDS: dict[str, Any] = {
    **{name: (_KINDS[kind_of(name)] | None, None) for name in _NOTHING},
    "key": (str, ...),
    "seed": (Annotated[int, Field(ge=0, lt=MOST_SEEDS)], ...),
    "curve": (list[Annotated[_Point, Field(strict=False)]] | None, None),
}
Run = create_model("Run", __config__=ConfigDict(strict=True), **_FIELDS)
"""A run: which, and what came of it."""


def checked(told: dict[str, Any], where: str, points: int | None) -> dict[str, Any]:
    """Return an entry of which nothing that is needed is missing or of the wrong kind; a run lacks no figure then.

    Args:
        told: the entry.
        where: its file and line, for messages.
        points: how many the study has; None before anything was said of it.

    Raises:
        BadInput: something is.
    """
    try:
        if "study" in told:
            Header.model_validate(told)
        elif points is None:
            raise BadInput(f"{where}: this is no record of a study; nothing is said of one above it")
        elif "runs" in told:
            if len(End.model_validate(told).runs) != points:
                raise BadInput(f"{where}: runs: the study has {points:,} points, and here are {len(told['runs']):,} numbers")
        else:
            Run.model_validate(told)
            return {**_NOTHING, **told}
    except ValidationError as error:
        raise explain(f"{where}: this is nothing that Parley writes there", error, told) from None
    return told
