"""Methods of truth inference, as people name them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from agents.component import Choice
from agents.inference.crowdlab import Crowdlab
from agents.inference.inference import Inference
from agents.inference.methods import AnyInference
from scenarios.errors import BadInput, explain
from scenarios.importable import importable

DEFAULT = "auto"
"""The method of those who name none."""

ALL = "all"
"""The word for every method there is."""


def method_of(value: Inference | Mapping[str, Any] | str, seed: int = 0) -> Inference:
    """Return a method.

    Args:
        value: the method, its name, or a table with its kind and its dials.
        seed: of methods that need chance and say nothing of a seed.

    Raises:
        TypeError: the value is none of these.
        ValidationError: there is no such method, or a dial is not what it should be.
    """
    if not isinstance(value, Inference | Mapping | str):
        shown = value.__name__ if isinstance(value, type) else repr(value)
        raise TypeError(f"a method is a name, a table with a kind, or a method that has been made, not {shown}")
    method: Inference = TypeAdapter(AnyInference).validate_python(value if isinstance(value, Inference | str) else {**value})
    return _seeded(method, seed)


def parse_methods(text: str, seed: int = 0) -> list[Inference]:
    """Return the method of a name or of an inline table of TOML, or every method there is for the word `all`.

    Raises:
        BadInput: there is no such method, or a dial is not what it should be.
    """
    if text.strip() == ALL:
        return all_methods(seed)
    with importable(Path()):
        try:
            return [method_of(_table(text), seed)]
        except ValidationError as error:
            raise explain("--method", error, {}) from None


def all_methods(seed: int = 0) -> list[Inference]:
    """Return every method there is, with its dials as they are by default."""
    return [method_of(name, seed) for name in _choice().members]


def described(method: Inference) -> dict[str, Any]:
    """Return a method as the table that would make it."""
    return _choice().dump(method)


def heeds_models(method: Inference) -> bool:
    """Return whether a method may use what a model says: of Parley's own only one does, and people's own may."""
    return isinstance(method, Crowdlab) or type(method) not in _choice().members.values()


def _choice() -> Choice:
    return next(each for each in get_args(AnyInference)[1:] if isinstance(each, Choice))


def _table(text: str) -> Any:
    if not text.lstrip().startswith("{"):
        return text.strip()
    try:
        return tomllib.loads(f"method = {text}")["method"]
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"--method {text!r}: this is no inline table of TOML ({error}); write {{kind = 'glad'}}") from None


def _seeded(method: Inference, seed: int) -> Inference:
    if "seed" not in type(method).model_fields or "seed" in method.model_fields_set:
        return method
    return method.model_copy(update={"seed": seed})
